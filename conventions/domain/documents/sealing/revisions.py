"""The seals of an act signed online: one revision per signature, applied exactly once, each kept with its hash.

The bytes of a revision are stored before the row that names them. Sealing is done outside any transaction (a
time-stamping authority may be slow); the row is then inserted under the document's lock, if nobody did meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db import transaction
from django.db.models import F

from conventions.domain import journal
from conventions.domain.documents import storage
from conventions.domain.documents.context import (
    AgreementContext,
    SignatoryContext,
    SnapshotError,
    from_snapshot,
    rows,
)
from conventions.domain.documents.rendering import VignetteContext, render_vignette
from conventions.domain.documents.rendering.text import full_name
from conventions.domain.documents.sealing import proofs, signing
from conventions.domain.documents.sealing.errors import SealRefused
from conventions.enums import ActState, DocumentKind, SignatureMethod, SigningPath
from conventions.formats import elide
from conventions.models import Act, Document, SealedRevision, Signatory, SignatureAct, User
from conventions.models.documents import bytes_name

CERTIFICATION = 0
ATTEMPTS = 5  # another worker may seal another signature of the same document meanwhile
METHODS = {
    SignatureMethod.EMAIL_CODE: "Identité vérifiée par un code envoyé par courriel",
    SignatureMethod.ACCOUNT: "Compte de l’OPT-NC et second facteur",
}


def record_certification(document: Document, sealed: signing.Sealed) -> SealedRevision:
    """Note seal 0 of a document just frozen, in the transaction that inserts it."""
    return _insert(document, CERTIFICATION, sealed, signature=None)


def record_alone(document: Document, sealed: signing.Sealed) -> SealedRevision:
    """Note the one seal of a paper that one person signed, in the transaction that inserts it."""
    return _insert(document, CERTIFICATION, sealed, signature=None, event="proces_verbal_scelle")


def waiting(document: Document) -> list[SignatureAct]:
    """Signatures made online that bear no seal yet, in the order they were made."""
    rows = document.signatures.filter(method__in=METHODS, seal__isnull=True)
    return list(rows.select_related("signatory__party__partner", "document__act__convention").order_by("pk"))


def documents_to_seal() -> list[int]:
    """Ids of the frozen documents of which a signature waits for its seal: what the sweep has to finish.

    A text that was replaced since waits for nothing any more.
    """
    rows = SignatureAct.objects.filter(
        method__in=METHODS,
        seal__isnull=True,
        document=F("document__act__frozen_document"),
        document__act__path=SigningPath.ONLINE,
    ).exclude(document__act__state=ActState.SIGNED)
    return sorted(set(rows.values_list("document", flat=True)))


def apply_seals(document: Document) -> list[SealedRevision]:
    """Seal each signature that waits, in order; safe to call twice, or by two workers. Raises SealingError.

    Stops at the first seal that fails: those before it are kept, the rest is for the next try.
    """
    return [apply_seal(signature) for signature in waiting(document)]


def apply_seal(signature: SignatureAct) -> SealedRevision:
    """The revision that seals this signature: made now, or already there. Raises SealingError."""
    document = signature.document
    for _ in range(ATTEMPTS):
        done = SealedRevision.objects.filter(signature=signature).first()
        if done is not None:
            return done
        last = _last(document)
        sealed = signing.seal_signature(
            storage.read_bytes(last),
            field=field_of(document, signature.signatory),
            reason=_reason(signature),
            vignette=render_vignette(_vignette(signature)),
            name=_name(signature.signatory),
            place=_act(document).place,
        )
        storage.put_bytes(sealed.content, bytes_name(sealed.sha256))
        row = _insert_after(last, sealed, signature)
        if row is not None:
            return row
    raise SealRefused("Ce document est scellé par plusieurs travaux à la fois. Réessayez dans une minute.")


def _act(document: Document) -> Act:
    if document.act is None:
        raise SealRefused("Ce document n’est pas celui d’un acte : il ne se signe pas en ligne.")
    return document.act


def _last(document: Document) -> SealedRevision:
    last = document.revisions.order_by("-revision").first()
    if last is None:
        raise SealRefused("Ce document n’a pas été scellé quand il a été figé : il ne se signe pas en ligne.")
    return last


def _insert_after(
    last: SealedRevision, sealed: signing.Sealed, signature: SignatureAct | None
) -> SealedRevision | None:
    """None when another revision came meanwhile: the bytes just made do not follow it."""
    with transaction.atomic():
        journal.hold(_act(last.document).convention)
        document = Document.objects.select_for_update(of=("self",)).get(pk=last.document_id)
        if _last(document).pk != last.pk:
            return None
        return _insert(document, last.revision + 1, sealed, signature=signature)


def _insert(
    document: Document,
    rank: int,
    sealed: signing.Sealed,
    *,
    signature: SignatureAct | None,
    event: str = "sceau_pose",
) -> SealedRevision:
    row = SealedRevision.objects.create(
        document=document,
        revision=rank,
        signature=signature,
        size=len(sealed.content),
        sha256=sealed.sha256,
        certificate_fingerprint=sealed.fingerprint,
        time_source=sealed.time_source,
        stamp_ends_at=sealed.stamp_ends_at,
    )
    details = {
        "acte": document.act_id,
        "document": document.pk,
        "revision": rank,
        "sha256": row.sha256,
        "heure": row.time_source,
    }
    if signature is not None:
        details["signature"] = signature.pk
    told = "horodatage_pose" if row.is_stamp else event
    journal.record(told, by=None, convention=_act(document).convention, details=details)
    return row


def is_complete(document: Document) -> bool:
    """Whether every signatory of the act signed this document and bears a seal."""
    sealed = SealedRevision.objects.filter(document=document, signature__isnull=False)
    people = set(_act(document).signatories.values_list("pk", flat=True))
    return bool(people) and people == set(sealed.values_list("signature__signatory", flat=True))


def close(document: Document) -> SealedRevision | None:
    """The revision that proves the seals for later, made once they all are; now, or already there.

    None without a time-stamping authority. Raises SealingError.
    """
    if not settings.TSA_URL:
        return None
    for _ in range(ATTEMPTS):
        last = _last(document)
        if last.is_stamp:
            return last
        if (row := _prove_after(last)) is not None:
            return row
    raise SealRefused("Ce document est scellé par plusieurs travaux à la fois. Réessayez dans une minute.")


def _prove_after(last: SealedRevision) -> SealedRevision | None:
    proved = proofs.prove(storage.read_bytes(last))
    storage.put_bytes(proved.content, bytes_name(proved.sha256))
    return _insert_after(last, proved, None)


def signed_document(document: Document, *, by: User | None = None) -> Document:
    """The signed document of an act whose every signature is sealed, inserted once. Raises SealRefused."""
    with transaction.atomic():
        journal.hold(_act(document).convention)
        frozen = Document.objects.select_for_update(of=("self",)).select_related("act").get(pk=document.pk)
        if not is_complete(frozen):
            raise SealRefused("Il manque encore une signature ou un sceau : le document n’est pas signé.")
        last = _last(frozen)
        done = Document.objects.filter(act=_act(frozen), kind=DocumentKind.SIGNED, sha256=last.sha256).first()
        return done or storage.store_signed(storage.read_bytes(last), frozen=frozen, by=by)


def renew(last: SealedRevision) -> Document | None:
    """The signed document with a newer time stamp: one document more, beside the signed one, which stays as it is.

    None when somebody renewed meanwhile. Raises SealingError, DamagedDocument.
    """
    proved = proofs.prove(storage.read_bytes(last))
    storage.put_bytes(proved.content, bytes_name(proved.sha256))
    with transaction.atomic():
        row = _insert_after(last, proved, None)
        return storage.store_stamped(proved.content, frozen=last.document) if row is not None else None


def field_of(document: Document, signatory: Signatory) -> str:
    """Name of the field made for this person when the document was frozen. Raises SealRefused."""
    for name, party, person in _fields(document):
        if party == signatory.party_id and person is not None and _same(person, signatory):
            return name
    raise SealRefused(f"Le document figé n’a pas d’emplacement de signature pour {signatory}.")


def _fields(document: Document) -> Iterator[tuple]:
    """(field, party id, person as printed or None) in the order of the boxes of `rendering.agreement`."""
    try:
        context = from_snapshot(document.snapshot or {})
    except SnapshotError as error:
        raise SealRefused("Le contenu figé de ce document est illisible.") from error
    parties = list(_act(document).convention.parties.values_list("pk", flat=True))
    if not isinstance(context, AgreementContext) or len(parties) != len(context.parties):
        raise SealRefused("Les parties de la convention ne sont plus celles du document figé.")
    rank = 0
    for party, printed in zip(parties, context.parties, strict=True):
        people: list[SignatoryContext | None] = [*sorted(printed.signatories, key=lambda row: row.order)]
        for person in people or [None]:
            rank += 1
            yield f"{signing.FIELD_PREFIX}{rank}", party, person


def _same(person: SignatoryContext, signatory: Signatory) -> bool:
    names = ("order", "civility", "first_name", "last_name", "title")
    return all(getattr(person, name) == getattr(signatory, name) for name in names)


def verification_address(code: str) -> str:
    """Where anyone verifies the document of this code; what the QR codes hold."""
    return f"{settings.SITE_URL}/verifier/{code}/"


def _vignette(signature: SignatureAct) -> VignetteContext:
    person = signature.signatory
    if signature.signed_at is None:
        raise SealRefused("Cette signature n’a pas d’heure : elle n’a pas été faite en ligne.")
    return VignetteContext(
        name=_name(person),
        title=person.title,
        signed_at=signature.signed_at,
        method=METHODS[SignatureMethod(signature.method)],
        code=signature.document.code,
        drawing=_drawing(signature),
        address=verification_address(signature.document.code),
    )


def _drawing(signature: SignatureAct) -> bytes:
    """The signature drawn by who wished, its hash checked; empty without one."""
    if not signature.drawing_name:
        return b""
    told = f"Le dessin de la signature {signature.pk}"
    return storage.checked_bytes(signature.drawing_name, signature.drawing_sha256, told=told)


def _name(person: Signatory) -> str:
    return full_name(rows.signatory_context(person))


def _reason(signature: SignatureAct) -> str:
    """Kept inside the seal: who signed, under which title, how."""
    person = signature.signatory
    who = ", ".join(part for part in (_name(person), person.title) if part)
    return f"Signature {elide('de', who)}. {METHODS[SignatureMethod(signature.method)]}"
