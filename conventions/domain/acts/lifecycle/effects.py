"""What each event writes, besides the state. Called by `apply` inside its transaction, the act locked.

Each effect returns the columns of the act to update; it never writes the state itself.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from conventions import permissions
from conventions.domain import following
from conventions.domain.acts import amending, numbering
from conventions.domain.acts.content import assembling, loading
from conventions.domain.acts.drafting import chronology
from conventions.domain.acts.lifecycle import approved, steps
from conventions.domain.acts.lifecycle.table import TABLE, Effect
from conventions.domain.acts.paper import inspecting, signed_copy
from conventions.domain.acts.requests import invitations
from conventions.domain.documents import annexes, logos, sealing, storage
from conventions.domain.documents.context import AgreementContext, context_hash
from conventions.domain.documents.rendering import RenderedPdf, render_agreement
from conventions.domain.foundation import work
from conventions.domain.foundation.pdf_sandbox import InspectedPdf
from conventions.domain.foundation.refusals import Refused
from conventions.domain.people import partner_accounts
from conventions.enums import DocumentKind, Event, PageSection, SignatureMethod, SigningPath
from conventions.models import Act, Correction, Document, SignatureAct, SignatureRequest, User
from conventions.models.documents import bytes_name

# What the worker does next, above this (`signing.sealing`).
SEAL_WORKER = "sceau"
ATTEST_WORKER = "attestation"
HANDOVER_WORKER = "sceau_de_remise"

# (section, note), in the order of the page.
Corrections = tuple[tuple[str, str], ...]


class ContentChanged(Refused):
    """The file changed while its document was being rendered."""


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A document rendered before the transaction, the context it was rendered from, its first seal if it has one."""

    context: AgreementContext
    pdf: RenderedPdf
    sealed: sealing.Sealed | None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Columns of the act to update; the act that the event began, if any.

    `told`: the verb that was called wrote the journal line. `was_read`: a lawyer has read the terms as they are.
    `kept`: details that its line of the journal keeps besides.
    """

    columns: dict[str, Any] = field(default_factory=dict)
    began: Act | None = None
    told: bool = False
    was_read: bool = False
    kept: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """An act of signature about to be written: everything but its time."""

    request: SignatureRequest
    method: SignatureMethod
    typed_name: str
    consent: str
    identity_check: str
    drawing_sha256: str = ""


def needs_preparation(event: Event) -> bool:
    return TABLE[event].effect == Effect.FREEZE


def prepare(act: Act, event: Event, *, by: User | None, row: Act | None = None) -> Prepared | None:
    """The slow part of an event, outside any transaction: for freezing, the number, the render and the seal.

    `row` is the act as `loading.loaded` gives it. Raises ContentChanged when it is not the text
    that was validated, Refused when an online act cannot be sealed.
    """
    if not needs_preparation(event):
        return None
    row = row or loading.loaded(act)
    if changed := approved.changed_since(row):
        raise ContentChanged(changed)
    row.number = numbering.give_number(act, by=by)
    steps.passed("number")
    context = assembling.agreement_context(
        row, is_draft=False, version=_next_version(act), code=storage.new_code(), row=row
    )
    context = replace(context, made_on=timezone.localdate())
    enclosed, printed = _files(context)
    pdf = render_agreement(context, annexes=enclosed, logos=printed)
    sealed = _certified(pdf) if act.path == SigningPath.ONLINE else None
    content, sha256 = (sealed.content, sealed.sha256) if sealed else (pdf.content, pdf.sha256)
    storage.put_bytes(content, bytes_name(sha256))
    steps.passed("bytes")
    return Prepared(context=context, pdf=pdf, sealed=sealed)


def _files(context: AgreementContext) -> tuple[tuple[bytes, ...], dict[str, bytes]]:
    """What the act embeds and what its letterhead prints. Raises Refused for what is damaged."""
    try:
        enclosed = annexes.enclosed(context)
    except storage.DamagedDocument as damage:
        raise Refused(f"{damage} Choisissez-le de nouveau dans les annexes de l’acte.") from damage
    try:
        return enclosed, logos.bytes_of(context)
    except storage.DamagedDocument as damage:
        raise Refused(f"{damage} Choisissez-le de nouveau dans la fiche du partenaire.") from damage


def inspected(act: Act, scan: bytes) -> InspectedPdf:
    """The scan of this act, read apart before anything is locked. Raises Refused."""
    return inspecting.inspected(scan, act=act)


def _certified(pdf: RenderedPdf) -> sealing.Sealed:
    try:
        return sealing.certify(pdf.content)
    except sealing.SealingError as error:
        raise Refused(f"Le texte n’est pas figé, car son sceau n’a pas pu être posé. {error}") from error


def _next_version(act: Act) -> int:
    return act.documents.filter(kind=DocumentKind.FROZEN).count() + 1


def run(
    act: Act,
    event: Event,
    *,
    by: User | None,
    prepared: Prepared | None,
    details: dict[str, Any],
    row: Act | None = None,
) -> Outcome:
    """Do what the event's row names. Raises ContentChanged, Refused, PermissionDenied."""
    return EFFECTS[TABLE[event].effect](act, by=by, prepared=prepared, row=row, **details)


def _submit(act: Act, *, by: User | None, **details: Any) -> Outcome:
    return Outcome(columns={"submitted_at": timezone.now(), "prepared_by": by, "correction_note": ""})


def _ask_correction(
    act: Act, *, by: User | None, reason: str, corrections: Corrections = (), **details: Any
) -> Outcome:
    now = timezone.now()
    if corrections:
        Correction.objects.bulk_create(
            Correction(act=act, section=PageSection(section), note=note, asked_by=by, asked_at=now)
            for section, note in corrections
        )
    columns = {"correction_note": reason, "approved_at": None, "approved_by": None}
    return Outcome(columns=columns, was_read=_reads(by))


def _reads(user: User | None) -> bool:
    """A request by the direction does not tell that a lawyer has read."""
    return user is not None and permissions.can_edit_clauses(user)


def _approve(act: Act, *, by: User | None, row: Act | None, **details: Any) -> Outcome:
    columns = {"approved_at": timezone.now(), "approved_by": by}
    return Outcome(columns=columns, was_read=_reads(by), kept=approved.read_now(row or loading.loaded(act)))


def _freeze(act: Act, *, by: User, prepared: Prepared, row: Act | None, **details: Any) -> Outcome:
    frozen = prepared.context
    now = assembling.agreement_context(act, is_draft=False, version=frozen.version, code=frozen.code, row=row)
    if context_hash(replace(now, made_on=frozen.made_on)) != context_hash(frozen):
        raise ContentChanged(
            "Le contenu a changé pendant la préparation du document. Relisez-le, puis recommencez."
        )
    title = f"{now.kind_label} n° {now.reference} – {act.convention.title}"
    sealed = prepared.sealed
    document = storage.store(
        prepared.pdf,
        kind=DocumentKind.FROZEN,
        title=title,
        by=by,
        act=act,
        context=frozen,
        code=frozen.code,
        sealed=sealed.content if sealed else None,
    )
    partner_accounts.open_to_signatories(act, by=by)
    if sealed:
        sealing.record_certification(document, sealed)
        invitations.invite(act, document)
    return Outcome(columns={"frozen_document": document, "frozen_at": timezone.now()})


def _take_back(act: Act, *, by: User | None, reason: str, **details: Any) -> Outcome:
    _revoke_links(act, "l’acte est repris")
    columns = {"submitted_at": None, "correction_note": reason}
    return Outcome(columns=_UNFROZEN | columns)


def _correct_frozen(act: Act, *, by: User | None, reason: str, **details: Any) -> Outcome:
    """The text goes back to its officer under the same number; who had signed it will sign the next version."""
    _revoke_links(act, "une correction est demandée")
    act.signatories.update(signed_on=None)
    asked = _ask_correction(act, by=by, reason=reason, **details)
    return Outcome(columns=_UNFROZEN | asked.columns)


_UNFROZEN = {"frozen_document": None, "frozen_at": None, "approved_at": None, "approved_by": None}


def _revoke_links(act: Act, reason: str) -> None:
    """Nobody can sign this document any more."""
    if act.frozen_document_id is None:
        return
    invitations.revoke_all(act, reason=reason)


def _file_scan(act: Act, *, by: User, prepared: Prepared | None, row: Act | None, **details: Any) -> Outcome:
    amending.require_lines_in_force(act)
    return Outcome(columns=signed_copy.file_signed_copy(act, by=by, **details))


def _sign(act: Act, *, by: User | None, signature: Signature, **details: Any) -> Outcome:
    """The act of signature, then the mails of the next rank; the seal comes after, by the worker."""
    document, person, now = signature.request.document, signature.request.signatory, timezone.now()
    SignatureAct.objects.create(
        document=document,
        signatory=person,
        request=signature.request,
        method=signature.method,
        document_sha256=document.sha256,
        typed_name=signature.typed_name,
        consent=signature.consent,
        identity_check=signature.identity_check,
        drawing_sha256=signature.drawing_sha256,
        signed_at=now,
        signed_on=timezone.localdate(now),
    )
    act.signatories.filter(pk=person.pk).update(signed_on=timezone.localdate(now))
    invitations.send_next(act, document)
    transaction.on_commit(lambda: work.enqueue(SEAL_WORKER, document.pk, queue=work.SEALS))
    return Outcome()


def _seal(act: Act, *, by: User | None, document: Document, **details: Any) -> Outcome:
    """`document` holds every seal: the worker stored it just before, and it is the act's own."""
    if (document.act_id, document.kind) != (act.pk, DocumentKind.SIGNED):
        raise Refused("Ce document n’est pas le document signé de cet acte.")
    last = SignatureAct.objects.filter(document=act.frozen_document_id).aggregate(last=Max("signed_on"))[
        "last"
    ]
    transaction.on_commit(lambda: work.enqueue(ATTEST_WORKER, act.pk, queue=work.SEALS))
    return Outcome(columns={"signed_document": document, "signed_on": last})


def _record_reprise(act: Act, *, by: User | None, **details: Any) -> Outcome:
    chronology.settle(act.convention, recording=act)
    return Outcome(columns={"prepared_by": by})


def _attest(act: Act, *, by: User | None, **details: Any) -> Outcome:
    now = timezone.now()
    return Outcome(columns={"attested_at": now, "approved_by": by, "approved_at": now})


def _end(act: Act, *, by: User | None, reason: str, **details: Any) -> Outcome:
    _revoke_links(act, "l’acte ne sera pas signé")
    return Outcome(columns={"ended_at": timezone.now(), "end_reason": reason})


def _start_amendment(
    act: Act, *, by: User, reason: str, ends_on: datetime.date | None = None, **details: Any
) -> Outcome:
    began = amending.start_amendment(act.convention, by=by, reason=reason, ends_on=ends_on)
    return Outcome(began=began, told=True)


def _start_termination(
    act: Act, *, by: User, reason: str, effective_on: datetime.date, ground: str = "", **details: Any
) -> Outcome:
    began = amending.start_termination(
        act.convention, by=by, reason=reason, effective_on=effective_on, ground=ground
    )
    return Outcome(began=began, told=True)


def _close(
    act: Act, *, by: User, closed_on: datetime.date, confirmed: bool = False, **details: Any
) -> Outcome:
    following.close(act.convention, closed_on=closed_on, by=by, confirmed=confirmed)
    return Outcome(told=True)


EFFECTS: dict[Effect, Callable[..., Outcome]] = {
    Effect.SUBMIT: _submit,
    Effect.ASK_CORRECTION: _ask_correction,
    Effect.APPROVE: _approve,
    Effect.FREEZE: _freeze,
    Effect.TAKE_BACK: _take_back,
    Effect.CORRECT_FROZEN: _correct_frozen,
    Effect.FILE_SCAN: _file_scan,
    Effect.SIGN: _sign,
    Effect.SEAL: _seal,
    Effect.RECORD_REPRISE: _record_reprise,
    Effect.ATTEST: _attest,
    Effect.END: _end,
    Effect.START_AMENDMENT: _start_amendment,
    Effect.START_TERMINATION: _start_termination,
    Effect.CLOSE: _close,
}
