"""What each event writes, besides the state. Called by `apply` inside its transaction, the act locked.

Each effect returns the columns of the act to update; it never writes the state itself.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from conventions.domain import documents, inking, numbering, reading
from conventions.domain.context import AgreementContext, context_hash
from conventions.domain.rendering import RenderedPdf, render_agreement
from conventions.enums import DocumentKind, Event
from conventions.models import Act, Document


class ContentChanged(Exception):
    """The file changed while its document was being rendered."""


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A document rendered before the transaction, with the context it was rendered from."""

    context: AgreementContext
    pdf: RenderedPdf


def prepare(act: Act, event: Event, *, by) -> Prepared | None:
    """The slow part of an event, outside any transaction: for freezing, the number and the render."""
    if event != Event.FREEZE:
        return None
    numbering.give_number(act, by=by)
    context = reading.agreement_context(
        act, is_draft=False, version=_next_version(act), code=documents.new_code()
    )
    pdf = render_agreement(context)
    name = Document(sha256=hashlib.sha256(pdf.content).hexdigest()).storage_name
    documents.put_bytes(pdf.content, name)
    return Prepared(context=context, pdf=pdf)


def _next_version(act: Act) -> int:
    return act.documents.filter(kind=DocumentKind.FROZEN).count() + 1


def run(act: Act, event: Event, *, by, prepared: Prepared | None, details: dict[str, Any]) -> dict[str, Any]:
    """Columns of the act to update for this event. Raises ContentChanged, ValueError (French)."""
    effect = _EFFECTS.get(event)
    return effect(act, by=by, prepared=prepared, **details) if effect else {}


def _submit(act: Act, *, by, prepared, **details) -> dict[str, Any]:
    return {"submitted_at": timezone.now(), "prepared_by": by, "correction_note": ""}


def _request_correction(act: Act, *, by, prepared, reason: str, **details) -> dict[str, Any]:
    return {"correction_note": reason, "approved_at": None, "approved_by": None}


def _approve(act: Act, *, by, prepared, **details) -> dict[str, Any]:
    return {"approved_at": timezone.now(), "approved_by": by}


def _freeze(act: Act, *, by, prepared: Prepared, **details) -> dict[str, Any]:
    frozen = prepared.context
    now = reading.agreement_context(act, is_draft=False, version=frozen.version, code=frozen.code)
    if context_hash(now) != context_hash(frozen):
        raise ContentChanged(
            "Le contenu a changé pendant la préparation du document. Relisez-le, puis recommencez."
        )
    title = f"{now.kind_label} n° {now.reference} – {act.convention.title}"
    document = documents.store(
        prepared.pdf, kind=DocumentKind.FROZEN, title=title, by=by, act=act, context=frozen, code=frozen.code
    )
    return {"frozen_document": document, "frozen_at": timezone.now()}


def _take_back(act: Act, *, by, prepared, reason: str, **details) -> dict[str, Any]:
    return {
        "frozen_document": None,
        "frozen_at": None,
        "approved_at": None,
        "approved_by": None,
        "submitted_at": None,
        "correction_note": reason,
    }


def _file_scan(act: Act, *, by, prepared, **details) -> dict[str, Any]:
    return inking.file_signed_copy(act, by=by, **details)


def _record_reprise(act: Act, *, by, prepared, **details) -> dict[str, Any]:
    return {"prepared_by": by}


def _attest(act: Act, *, by, prepared, **details) -> dict[str, Any]:
    return {"attested_at": timezone.now(), "approved_by": by, "approved_at": timezone.now()}


def _end(act: Act, *, by, prepared, reason: str, **details) -> dict[str, Any]:
    return {"ended_at": timezone.now(), "end_reason": reason}


_EFFECTS: dict[Event, Callable[..., dict[str, Any]]] = {
    Event.SUBMIT: _submit,
    Event.REQUEST_CORRECTION: _request_correction,
    Event.APPROVE: _approve,
    Event.FREEZE: _freeze,
    Event.TAKE_BACK: _take_back,
    Event.FILE_SCAN: _file_scan,
    Event.RECORD_REPRISE: _record_reprise,
    Event.ATTEST_REPRISE: _attest,
    Event.DECLINE: _end,
    Event.CANCEL: _end,
    Event.EXPIRE: _end,
    Event.ABANDON: _end,
}
