"""A reprise completed later: the scan of the signed paper is found, its date at last known. Then it is attested."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.acts.paper import inspecting
from conventions.domain.documents import storage
from conventions.domain.foundation import pdf_sandbox
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ActState, DatePrecision, DocumentKind
from conventions.models import Act, Document, User

CLOSED = "Cette reprise est attestée, ou n’est pas encore enregistrée : elle ne reçoit plus de scan."
IN_FUTURE = "La date de signature est dans le futur. Donnez la date portée sur le papier."


def accepts_scan(act: Act) -> bool:
    """Recorded, and nobody has attested it yet."""
    return act.is_reprise and act.state == ActState.SIGNED and act.attested_at is None


def page_picture(document: Document, number: int) -> bytes | None:
    """A page of the scan as a reader sees it, drawn apart: JPEG bytes; None without such a page.

    Raises scans.UnreadablePdf, storage.DamagedDocument.
    """
    for rank, told in enumerate(pdf_sandbox.read_pages(storage.read_bytes(document)), start=1):
        if rank == number:
            return told.get("picture")
    return None


def file_scan(act: Act, *, by: User, scan: bytes, signed_on: datetime.date | None = None) -> Document:
    """Keep the scan of the signed paper with the reprise; `signed_on` (plain date) when the paper tells it.

    The date of the source stays in its own words beside. Raises Refused, scans.UnreadablePdf: in French.
    """
    permissions.require(permissions.can_file_scans, by)
    if signed_on is not None and signed_on > timezone.localdate():
        raise Refused(IN_FUTURE)
    inspected = inspecting.inspected(scan, act=act)
    with transaction.atomic():
        locked = Act.objects.select_for_update(of=("self",)).select_related("convention").get(pk=act.pk)
        if not accepts_scan(locked):
            raise Refused(CLOSED)
        title = f"{locked.convention.title} – exemplaire signé"
        document = storage.store_upload(inspected, kind=DocumentKind.SCAN, title=title, by=by, act=locked)
        columns: dict[str, Any] = {"signed_document": document}
        changes: dict[str, list] = {}
        if signed_on is not None and (signed_on, DatePrecision.DAY) != (
            locked.signed_on,
            locked.signed_on_precision,
        ):
            changes["act.signed_on"] = [locked.signed_on, signed_on]
            columns |= {"signed_on": signed_on, "signed_on_precision": DatePrecision.DAY}
        Act.objects.filter(pk=locked.pk).update(**columns)
        journal.record(
            "reprise_completee",
            by=by,
            convention=locked.convention,
            changes=changes,
            details={
                "acte": locked.pk,
                "document": document.pk,
                "sha256": document.sha256,
                **inspected.provenance(),
            },
        )
    return document
