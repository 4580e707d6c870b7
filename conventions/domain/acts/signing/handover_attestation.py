"""The attestation of a procès-verbal de remise signed on screen; its core is that of an act (`attestation`)."""

from __future__ import annotations

from conventions.domain.acts.handover import reference_of
from conventions.domain.acts.signing import attestation
from conventions.domain.documents import sealing, storage
from conventions.domain.documents.context import (
    AttestationContext,
    AttestedFileContext,
    AttestedSignatureContext,
)
from conventions.enums import DocumentKind, SignatureMethod
from conventions.formats import elide
from conventions.models import Document, HandoverSignature, JournalEntry

# What the journal tells of a remise signed on screen, in words.
TOLD = {
    "materiel_remis": "Procès-verbal établi par l’OPT-NC",
    "materiel_refuse": "Matériel refusé à la remise",
    "materiel_recu": "Réception confirmée",
    "code_de_remise_demande": "Code demandé",
    "remise_signee": "Signature",
    "proces_verbal_scelle": "Sceau posé",
}
DRAWING = "dessin-signature-1.png"


def attest(signature: HandoverSignature, sealed: Document) -> Document:
    """The attestation of this signature, made now or already there. Raises SealingError, DamagedDocument."""
    if done := attestation_of(sealed):
        return done
    act, lines = signature.handover.act, lines_of(signature)
    context = context_of(signature, sealed, lines, code=storage.new_code())
    drawing = drawing_of(signature)
    enclosed = [
        ("document-signe.pdf", "Le procès-verbal signé", storage.read_bytes(sealed)),
        (
            "journal.json",
            "Les lignes du journal",
            attestation.journal_json(act, lines, proces_verbal=context.reference),
        ),
        *([(DRAWING, f"Dessin de la signature {elide('de', str(signature))}", drawing)] if drawing else []),
    ]
    return attestation.keep(
        context,
        enclosed,
        act=act,
        of=signature.handover.document or sealed,
        kind=DocumentKind.HANDOVER_ATTESTATION,
        made=lambda: attestation_of(sealed),
        made_from=sealed.made_from,
    )


def attestation_of(sealed: Document) -> Document | None:
    """The attestation of a sealed procès-verbal, if it is made."""
    kind = DocumentKind.HANDOVER_ATTESTATION
    return Document.objects.filter(made_from=sealed.made_from_id, kind=kind).first()


def lines_of(signature: HandoverSignature) -> list[JournalEntry]:
    """The lines of the convention's journal that tell of this remise, in order."""
    convention = signature.handover.act.convention_id
    rows = JournalEntry.objects.filter(convention=convention, event__in=TOLD).order_by("sequence")
    return [row for row in rows if attestation.details_of(row).get("remise") == signature.handover_id]


def drawing_of(signature: HandoverSignature) -> bytes:
    """The drawn signature (PNG), its hash checked; empty without one. Raises DamagedDocument."""
    if not signature.drawing_sha256:
        return b""
    told = f"Le dessin de la signature {signature.pk}"
    return storage.checked_bytes(signature.drawing_name, signature.drawing_sha256, told=told)


def context_of(
    signature: HandoverSignature, sealed: Document, lines: list[JournalEntry], *, code: str
) -> AttestationContext:
    """Everything the attestation prints. `code`: its own, by which it is verified."""
    handover, paper = signature.handover, sealed.made_from or sealed
    seal = sealed.revisions.get()
    return AttestationContext(
        act_kind=handover.act.kind,
        is_handover=True,
        reference=reference_of(handover),
        title=handover.act.convention.title,
        code=paper.code,
        address=sealing.verification_address(paper.code),
        page_count=paper.page_count,
        completed_at=attestation.show_moment(signature.signed_at),
        certificate=seal.certificate_fingerprint,
        time_source=seal.time_source,
        proof=attestation.proof_told([seal]),
        own_code=code,
        own_address=sealing.verification_address(code),
        signatures=(_signed(signature),),
        files=(
            AttestedFileContext(label="Procès-verbal établi", size=paper.size, sha256=paper.sha256),
            AttestedFileContext(
                label=f"Après la signature {elide('de', str(signature))}",
                size=sealed.size,
                sha256=sealed.sha256,
            ),
        ),
        events=tuple(attestation.event_told(row, TOLD[row.event]) for row in lines),
    )


def _signed(signature: HandoverSignature) -> AttestedSignatureContext:
    return AttestedSignatureContext(
        name=str(signature),
        title=signature.title,
        party=signature.representative.partner.name,
        method=str(SignatureMethod.EMAIL_CODE.label),
        identity_check=signature.identity_check,
        typed_name=signature.typed_name,
        consent=signature.consent,
        signed_at=attestation.show_moment(signature.signed_at),
        has_drawing=bool(signature.drawing_sha256),
        drawing_file=DRAWING if signature.drawing_sha256 else "",
        drawing_sha256=signature.drawing_sha256,
    )
