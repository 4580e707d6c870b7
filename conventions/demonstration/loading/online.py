"""Invented conventions signed online, through the very verbs of the ceremony: links, codes, accounts, seals.

Everything is of today, at the real hour: a link sent long ago would open nothing, and a certificate does not seal the
past.
"""

from conventions.domain.acts import lifecycle, signing
from conventions.domain.acts.requests import codes
from conventions.domain.acts.signing import sealing
from conventions.enums import Event
from conventions.models import Act, Convention, SignatureRequest, User


def play(act: Act, signatures: int, *, by: User) -> Act:
    """Freeze and invite; then the first `signatures` signatories sign, in their order."""
    act = lifecycle.apply(act, Event.FREEZE, by=by)
    rows = SignatureRequest.objects.filter(document=act.frozen_document_id).order_by("rank", "pk")
    for key in list(rows.values_list("pk", flat=True))[:signatures]:
        sign(key)
    return Act.objects.get(pk=act.pk)


def seal(convention: Convention) -> None:
    """What the worker does after signatures: seals, then the attestation of what is signed by all."""
    act = convention.acts.get(rank=0)
    if act.frozen_document_id is not None:
        sealing.seal(act.frozen_document_id)
        sealing.attest(act.pk)


def sign(key: int) -> None:
    """Whom this request invites opens the link, reads and signs: by a code, or by account for OPT-NC."""
    asked = signing.for_reader(key)
    if asked is None:
        raise ValueError(f"No request {key} to sign")
    person = asked.signatory
    entry = signing.Entry(
        typed_name=f"{person.first_name} {person.last_name}",
        consents=True,
        shown_sha256=asked.document.sha256,
    )
    signing.open_request(asked)
    signing.mark_read(asked)
    if signing.signs_with_account(asked):
        user = User.objects.get(mandates=person.representative)
        signing.sign_with_account(asked, entry, by=user, second_factor=True)
    else:
        code = signing.ask_code(asked, shown_sha256=entry.shown_sha256)
        signing.sign_with_code(asked, entry, digits=codes.mint(code.pk) or "")
