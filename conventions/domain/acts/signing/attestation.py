"""The attestation of a signed act: a PDF of its own, sealed, that encloses the signed document and the journal's lines.

Made by the worker once the act is signed, exactly once, and finished by the sweep. The agreement itself is never
touched: a page added to it would break its seals.
"""

from __future__ import annotations

import datetime
import json
import logging
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from conventions.domain.documents import annexes, sealing, storage
from conventions.domain.documents.context import (
    AttestationContext,
    AttestedEventContext,
    AttestedFileContext,
    AttestedSignatureContext,
)
from conventions.domain.documents.rendering import render_attestation
from conventions.enums import ActState, DocumentKind, Event, SigningPath
from conventions.formats import elide, long_date
from conventions.models import Act, Document, JournalEntry, SealedRevision, SignatureAct

logger = logging.getLogger(__name__)
CERTIFICATION = 0  # the revision sealed as the text is frozen, told by the freezing itself

# How the seals are dated, where the file does not hold what proves them for later.
UNSTAMPED = "Aucune autorité d’horodatage n’a daté les sceaux."
UNPROVED = "le fichier ne contient pas les preuves de leurs certificats."
PARTLY_STAMPED = f"Une autorité d’horodatage n’a daté qu’une partie des sceaux, et {UNPROVED}"
ALL_STAMPED = f"Une autorité d’horodatage a daté chaque sceau, mais {UNPROVED}"
REGISTER = (
    "Passé la fin de leur certificat, le registre de l’OPT-NC prouve le document ; le fichier ne suffit plus à le"
    " prouver."
)
ITSELF = (
    "Cette attestation porte un seul sceau, daté par {}, et n’est pas renouvelée : passé la fin de son certificat,"
    " le registre de l’OPT-NC la prouve."
)

# What the journal tells of a signing, in words; lines of other events stay inside.
TOLD = {
    Event.FREEZE.value: "Texte figé, sceau de départ posé",
    Event.TAKE_BACK.value: "Texte repris : les signatures d’avant ne comptent plus",
    Event.CORRECT_BEFORE_SIGNING.value: "Texte repris : les signatures d’avant ne comptent plus",
    "invitation_renvoyee": "Invitation envoyée de nouveau{who}",
    "adresse_corrigee": "Adresse de courriel corrigée{who}",
    "convention_consultee": "Lien ouvert{who}",
    "convention_lue": "Fin du texte affichée{who}",
    "code_de_signature_demande": "Code demandé{who}",
    Event.SIGN.value: "Signature{who}",
    Event.SIGN_LAST.value: "Signature{who}, la dernière",
    "sceau_pose": "Sceau posé",
    "sceaux_sans_preuves": "Sceaux terminés sans leurs preuves de long terme",
    "horodatage_pose": "Preuves des sceaux réunies, document horodaté",
    Event.SEAL.value: "Document signé de tous",
}


def attest(act_id: int) -> Document | None:
    """The attestation of an act signed online, made now or already there; None when there is nothing to attest.

    Raises sealing.SealingError (nothing written, to be tried again) and documents.DamagedDocument.
    """
    act = (
        Act.objects.select_related("convention", "frozen_document", "signed_document")
        .filter(pk=act_id)
        .first()
    )
    if act is None or act.state != ActState.SIGNED or act.path != SigningPath.ONLINE:
        return None
    frozen, signed = act.frozen_document, act.signed_document
    if frozen is None or signed is None:
        return None
    if done := _made(act):
        return done
    lines = lines_of(act)
    context = attestation_context(act, frozen, lines, code=storage.new_code())
    enclosed = (
        ("document-signe.pdf", "Le document signé", storage.read_bytes(signed)),
        ("journal.json", "Les lignes du journal", journal_json(act, lines)),
        *(
            (name, f"Dessin de la signature {elide('de', who)}", content)
            for name, who, content in drawings_of(frozen)
        ),
    )
    return keep(context, enclosed, act=act, of=frozen, kind=DocumentKind.ATTESTATION, made=lambda: _made(act))


def keep(
    context: AttestationContext,
    enclosed: Sequence[tuple[str, str, bytes]],
    *,
    act: Act,
    of: Document,
    kind: DocumentKind,
    made: Callable[[], Document | None],
    **columns: Any,
) -> Document:
    """An attestation drawn, sealed and stored, unless `made` says that somebody did meanwhile; `of`: what was signed.

    Raises sealing.SealingError, documents.DamagedDocument.
    """
    pdf = render_attestation(context, enclosed=enclosed)
    sealed = sealing.seal_alone(pdf.content, reason="Attestation de signature")
    with transaction.atomic():
        locked = Act.objects.select_for_update(of=("self",)).select_related("convention").get(pk=act.pk)
        return made() or storage.store(
            pdf,
            kind=kind,
            title=f"Attestation de signature – {of.title}",
            by=None,
            act=locked,
            context=context,
            code=context.own_code,
            sealed=sealed.content,
            **columns,
        )


def _made(act: Act) -> Document | None:
    return act.documents.filter(kind=DocumentKind.ATTESTATION).latest_version()


def unattested() -> list[int]:
    """Ids of acts signed online without their attestation: what the sweep has to finish."""
    rows = Act.objects.filter(state=ActState.SIGNED, path=SigningPath.ONLINE)
    return list(
        rows.exclude(documents__kind=DocumentKind.ATTESTATION).order_by("pk").values_list("pk", flat=True)
    )


def lines_of(act: Act) -> list[JournalEntry]:
    """The lines of the convention's journal that tell of this act's signing, in order."""
    rows = JournalEntry.objects.filter(convention=act.convention_id, event__in=TOLD).order_by("sequence")
    return [row for row in rows if details_of(row).get("acte", act.pk) == act.pk]


def details_of(entry: JournalEntry) -> dict[str, Any]:
    return json.loads(entry.payload)["details"]


def journal_json(act: Act, lines: list[JournalEntry], **more: str) -> bytes:
    """The lines as they are hashed: whoever holds them can recompute each one's hash. UTF-8 JSON."""
    told = {
        "acte": act.reference,
        **more,
        "chaine": lines[0].chain if lines else "",
        "regle": "hash = SHA-256 de : previous_hash, chaine, sequence et payload, séparés par un retour à la ligne",
        "lignes": [
            {
                "sequence": row.sequence,
                "payload": row.payload,
                "previous_hash": row.previous_hash,
                "hash": row.hash,
            }
            for row in lines
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _signatures(frozen: Document) -> list[SignatureAct]:
    """In their order: that of the names of their drawings."""
    rows = frozen.signatures.select_related("signatory__party__partner", "request")
    return list(rows.order_by("signed_at", "pk"))


def _drawing_file(rank: int, row: SignatureAct) -> str:
    return f"dessin-signature-{rank}.png" if row.drawing_sha256 else ""


def drawings_of(frozen: Document) -> list[tuple[str, str, bytes]]:
    """(file name, whose, PNG) of each drawn signature, its hash checked. Raises documents.DamagedDocument."""
    return [
        (
            _drawing_file(rank, row),
            str(row.signatory),
            storage.checked_bytes(
                row.drawing_name, row.drawing_sha256, told=f"Le dessin de la signature {row.pk}"
            ),
        )
        for rank, row in enumerate(_signatures(frozen), start=1)
        if row.drawing_sha256
    ]


def attestation_context(
    act: Act, frozen: Document, lines: list[JournalEntry], *, code: str
) -> AttestationContext:
    """Everything the attestation prints, read once. `code`: its own, by which it is verified."""
    signatures = _signatures(frozen)
    revisions = list(frozen.revisions.select_related("signature__signatory").order_by("revision"))
    last_seal = [row for row in revisions if not row.is_stamp][-1]
    names = {row.signatory_id: str(row.signatory) for row in signatures}
    return AttestationContext(
        act_kind=act.kind,
        reference=act.reference,
        title=act.convention.title,
        code=frozen.code,
        address=sealing.verification_address(frozen.code),
        page_count=frozen.page_count,
        completed_at=show_moment(signatures[-1].signed_at),
        certificate=last_seal.certificate_fingerprint,
        time_source=last_seal.time_source,
        proof=proof_told(revisions),
        annexes=annexes.frozen_in(frozen),
        own_code=code,
        own_address=sealing.verification_address(code),
        signatures=tuple(_signature(rank, row) for rank, row in enumerate(signatures, start=1)),
        files=tuple(_file(row) for row in revisions),
        events=tuple(_event(row, names) for row in lines if details_of(row).get("revision") != CERTIFICATION),
    )


def proof_told(revisions: list[SealedRevision]) -> str:
    """How long the file can prove its seals by itself, then how long the attestation, sealed now, can be proved."""
    return f"{_proof(revisions)} {_itself()}"


def _itself() -> str:
    source = sealing.time_source()
    return ITSELF.format(
        "l’horloge du serveur" if source == sealing.SERVER_CLOCK else "une autorité d’horodatage"
    )


def _proof(revisions: list[SealedRevision]) -> str:
    last = revisions[-1]
    if last.stamp_ends_at is None:
        dated = [row.time_source != sealing.SERVER_CLOCK for row in revisions]
        how = ALL_STAMPED if all(dated) else PARTLY_STAMPED if any(dated) else UNSTAMPED
        return f"{how} {REGISTER}"
    day = long_date(timezone.localdate(last.stamp_ends_at))
    return (
        "Le document contient les certificats et les listes de révocation de ses sceaux, et un horodatage du fichier"
        f" entier, qui se prouve jusqu’au {day}. L’OPT-NC le renouvelle avant cette date."
    )


def _signature(rank: int, row: SignatureAct) -> AttestedSignatureContext:
    """What was observed of a signature, and no more: a link opened is not a text read."""
    return AttestedSignatureContext(
        name=str(row.signatory),
        title=row.signatory.title,
        party=row.signatory.party.partner.name,
        method=str(row.get_method_display()),
        identity_check=row.identity_check,
        typed_name=row.typed_name,
        consent=row.consent,
        signed_at=show_moment(row.signed_at),
        has_drawing=bool(row.drawing_sha256),
        drawing_file=_drawing_file(rank, row),
        drawing_sha256=row.drawing_sha256,
        link_opened=show_moment(row.request.opened_at) if row.request else "",
        end_shown=show_moment(row.request.read_at) if row.request else "",
    )


def _file(row: SealedRevision) -> AttestedFileContext:
    label = "Texte figé et scellé"
    if row.signature:
        label = f"Après la signature {elide('de', str(row.signature.signatory))}"
    if row.is_stamp:
        label = "Avec les preuves des sceaux, horodaté"
    return AttestedFileContext(label=label, size=row.size, sha256=row.sha256)


def _event(row: JournalEntry, names: dict[int, str]) -> AttestedEventContext:
    name = names.get(details_of(row).get("signataire", 0), "")
    return event_told(row, TOLD[row.event].format(who=f" : {name}" if name else ""))


def event_told(row: JournalEntry, words: str) -> AttestedEventContext:
    """A line of the journal, with its moment in Nouméa."""
    return AttestedEventContext(at=f"{timezone.localtime(row.at):%d/%m/%Y, %H:%M:%S}", text=words)


def show_moment(moment: datetime.datetime | None) -> str:
    """« 14 mars 2026 à 10 h 32 min 05 s », in Nouméa."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{long_date(local.date())} à {local.hour} h {local:%M} min {local:%S} s"
