"""The procès-verbal of a remise, signed on screen by who receives: the same ceremony as an act, for one person.

The name and the consent, a code sent by mail for these very bytes, then one transaction: the signature, the receipt,
the journal, the mails. The seal and the attestation come after, by the worker, each made once. What is not signed here
is signed on paper: the same pages are printed.
"""

from __future__ import annotations

import logging

from django.db import transaction
from django.utils import timezone

from conventions.domain import journal
from conventions.domain.acts import handover_papers
from conventions.domain.acts.lifecycle.effects import HANDOVER_WORKER
from conventions.domain.acts.requests import handover_codes
from conventions.domain.acts.requests.addresses import masked_address
from conventions.domain.acts.requests.refusals import SigningRefused
from conventions.domain.acts.signing import handover_attestation
from conventions.domain.acts.signing.entries import (
    Entry,
    consent_sentence,
    faults,
    is_name_of,
    store_drawing,
)
from conventions.domain.acts.signing.verbs import STALE, FaultyEntry
from conventions.domain.documents import sealing, storage
from conventions.domain.documents.context import HandoverContext, SnapshotError, from_snapshot
from conventions.domain.documents.rendering import VignetteContext, render_vignette
from conventions.domain.foundation import outbox, work
from conventions.domain.foundation.failures import Failures
from conventions.domain.journal import clock
from conventions.enums import ActState, DocumentKind, PartyRole, SignatureMethod
from conventions.formats import elide
from conventions.models import Act, Document, Handover, HandoverSignature, Representative, User

logger = logging.getLogger(__name__)
FIELD = f"{sealing.FIELD_PREFIX}1"  # of who receives
ALREADY = "Ce procès-verbal est déjà signé."
ON_PAPER = "Ce procès-verbal est déjà signé sur papier : l’exemplaire signé est classé."
NOT_HERE = "Ce procès-verbal se signe sur papier."
NO_ADDRESS = "Votre compte n’a pas d’adresse de courriel : signez sur papier, ou prévenez l’OPT-NC."
MISSING = "Vous avez signalé un manque : l’OPT-NC le règle d’abord avec vous. Ce procès-verbal ne se signe plus ici."


def paper_of(handover: Handover) -> Document | None:
    """Its procès-verbal, where who receives may sign it on screen: it has the field for that."""
    paper = handover.document
    if paper is None or handover.act.state != ActState.SIGNED or handover.act.is_reprise:
        return None
    try:
        printed = from_snapshot(paper.snapshot or {})
    except SnapshotError:
        return None
    return paper if isinstance(printed, HandoverContext) and printed.signed_on_screen else None


def why_not(handover: Handover, mandate: Representative) -> str:
    """Why this person cannot sign its procès-verbal on screen now, in French; empty when he or she can."""
    if paper_of(handover) is None:
        return NOT_HERE
    if HandoverSignature.objects.filter(handover=handover).exists():
        return ALREADY
    if handover_papers.is_filed_signed(handover):
        return ON_PAPER
    if handover.missing:
        return MISSING
    named = handover.received_by.partition(",")[0].strip()
    if not is_name_of(named, mandate):
        return (
            f"Le procès-verbal nomme {named or 'personne'} pour le recevoir : cette personne seule le signe ici, avec "
            "son accès à l’espace. Sinon, signez-le sur papier."
        )
    return "" if mandate.user and mandate.user.email else NO_ADDRESS


def signer_of(handover: Handover) -> User | None:
    """Who may sign its procès-verbal on screen: the person it names, in office and with an access that sends."""
    partners = handover.act.convention.parties.exclude(role=PartyRole.OPT).values("partner")
    mandates = Representative.objects.in_office().filter(
        partner__in=partners, user__is_active=True, reads_only=False
    )
    found = mandates.select_related("user").order_by("position", "pk")
    return next((one.user for one in found if not why_not(handover, one)), None)


def refuse_unless_signable(handover: Handover, entry: Entry, *, mandate: Representative) -> None:
    """Raise what stands in the way before any code is used; clock.ClockHeld too."""
    clock.require()
    reason, paper = why_not(handover, mandate), paper_of(handover)
    if reason or paper is None:
        raise SigningRefused(reason or NOT_HERE)
    if entry.shown_sha256 != paper.sha256:
        raise SigningRefused(STALE)
    if found := faults(entry, mandate):
        raise FaultyEntry(found)


def sign(
    handover: Handover, entry: Entry, *, digits: str, mandate: Representative, by: User
) -> HandoverSignature:
    """Sign it: the typed name, the consent and the code sent to the account. It is also the receipt of the equipment.

    The caller checked that `by` acts by this mandate. Raises FaultyEntry, SigningRefused, WrongCode, CodeOver: in
    French, nothing signed.
    """
    refuse_unless_signable(handover, entry, mandate=mandate)
    handover_codes.check(handover, by=by, shown_sha256=entry.shown_sha256, typed=digits)
    drawing = store_drawing(entry.drawing)
    convention = handover.act.convention
    with transaction.atomic():
        journal.hold(convention)
        row = (
            Handover.objects.select_for_update(of=("self",))
            .select_related("act", "document")
            .get(pk=handover.pk)
        )
        refuse_unless_signable(row, entry, mandate=mandate)
        now = timezone.now()
        signature = HandoverSignature.objects.create(
            handover=row,
            representative=mandate,
            user=by,
            first_name=mandate.first_name,
            last_name=mandate.last_name,
            title=mandate.title,
            document_sha256=entry.shown_sha256,
            typed_name=" ".join(entry.typed_name.split()),
            consent=consent_sentence(row, mandate),
            identity_check=f"code envoyé à l’adresse {masked_address(by.email)}",
            drawing_sha256=drawing,
            signed_at=now,
        )
        if row.acknowledged_at is None:
            row.acknowledged_at, row.acknowledged_by = now, by
            row.save(update_fields=["acknowledged_at", "acknowledged_by"])
        details = {"remise": row.pk, "signature": signature.pk, "sha256": signature.document_sha256}
        journal.record("remise_signee", by=by, convention=convention, details=details, holds_chain=True)
        outbox.queue("materiel_accuse", params={"remise": row.pk}, convention=convention)
        transaction.on_commit(lambda: work.enqueue(HANDOVER_WORKER, signature.pk, queue=work.SEALS))
    return signature


@work.worker(HANDOVER_WORKER)
def seal(signature_id: int) -> Document | None:
    """The sealed procès-verbal, then its attestation: made now, or already there. Safe to repeat.

    A seal or a file that fails is kept on the act (`seal_error`) and tried again by the sweep, never raised.
    """
    rows = HandoverSignature.objects.select_related("handover__act__convention", "handover__document")
    signature = rows.filter(pk=signature_id).first()
    if signature is None:
        return None
    act = signature.handover.act
    try:
        clock.require()
        sealed = sealed_of(signature.handover) or _seal(signature)
        handover_attestation.attest(signature, sealed)
    except (sealing.SealingError, storage.DamagedDocument, clock.ClockHeld) as error:
        logger.warning("Procès-verbal de la remise %s non scellé : %s", signature.handover_id, error)
        Act.objects.filter(pk=act.pk).update(seal_error=str(error)[:255])
        return None
    Act.objects.filter(pk=act.pk).exclude(seal_error="").update(seal_error="")
    return sealed


def sealed_of(handover: Handover) -> Document | None:
    """Its procès-verbal with the seal of its signature."""
    rows = Document.objects.filter(made_from=handover.document_id, kind=DocumentKind.HANDOVER_SIGNED)
    return rows.first() if handover.document_id else None


def _seal(signature: HandoverSignature) -> Document:
    handover = signature.handover
    paper = handover.document
    if paper is None or paper.sha256 != signature.document_sha256:
        raise sealing.SealRefused("Le procès-verbal signé n’est plus celui de la remise.")
    who = ", ".join(part for part in (str(signature), signature.title) if part)
    method = sealing.METHODS[SignatureMethod.EMAIL_CODE]
    sealed = sealing.seal_signature(
        storage.read_bytes(paper),
        field=FIELD,
        reason=f"Signature {elide('de', who)}. {method}",
        vignette=render_vignette(_vignette(signature, paper)),
        name=str(signature),
        place=handover.place,
        alone=True,
    )
    with transaction.atomic():
        journal.hold(handover.act.convention)
        locked = Handover.objects.select_for_update(of=("self",)).get(pk=handover.pk)
        if done := sealed_of(locked):
            return done
        document = storage.store_signed_handover(sealed.content, paper=paper)
        sealing.record_alone(document, sealed)
        params: dict[str, int | str] = {"remise": handover.pk}
        outbox.queue("recu_de_remise", params=params, convention=handover.act.convention)
    return document


def _vignette(signature: HandoverSignature, paper: Document) -> VignetteContext:
    return VignetteContext(
        name=str(signature),
        title=signature.title,
        signed_at=signature.signed_at,
        method=sealing.METHODS[SignatureMethod.EMAIL_CODE],
        code=paper.code,
        drawing=handover_attestation.drawing_of(signature),
        address=sealing.verification_address(paper.code),
    )


def unfinished(act: Act | None = None) -> list[int]:
    """Ids of signatures whose procès-verbal waits for its seal or its attestation: what the sweep has to finish."""
    attested = Document.objects.filter(kind=DocumentKind.HANDOVER_ATTESTATION).values("made_from")
    rows = HandoverSignature.objects.exclude(handover__document__in=attested)
    rows = rows.filter(handover__act=act) if act is not None else rows
    return list(rows.order_by("pk").values_list("pk", flat=True))


def finish(failures: Failures) -> int:
    """Do again what was left; how many were looked at."""
    found = unfinished()
    for pk in found:
        with failures.of(f"Sceau de la signature de remise {pk}"):
            seal(pk)
    return len(found)
