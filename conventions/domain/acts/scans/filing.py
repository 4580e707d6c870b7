"""A part becomes a document of its act: the first makes it signed, the next are further copies of the same paper."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.acts import lifecycle
from conventions.domain.acts.paper import inspecting, signed_copy
from conventions.domain.acts.paper.signed_copy import InkSignature
from conventions.domain.acts.scans import sorting
from conventions.domain.acts.scans.receiving import bytes_of
from conventions.domain.foundation import pdf_sandbox
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ActState, DocumentKind, Event, ScanState
from conventions.models import Act, Document, ReceivedFile, ScanBatch, ScanPage, ScanPart, User

ALREADY = "Cet exemplaire est déjà classé. Rechargez la page."
CHANGED = "Les pages de cet exemplaire ont changé. Rechargez la page, puis recommencez."


def file_part(
    part: ScanPart,
    *,
    by: User,
    signed_on: datetime.date | None = None,
    signatures: Iterable[InkSignature] = (),
    confirmed_pages: int | None = None,
) -> Document | None:
    """File the pages of a part as one PDF. Its pages are cut out before the transaction that writes.

    An act to be signed becomes signed, with `signed_on` and `signatures` as in `inking.file_signed_copy`; a signed act
    gets a further copy. Raises inking.PageCountDiffers, lifecycle.EventRefused, UnreadablePdf, Refused.
    """
    permissions.require(permissions.can_file_scans, by)
    pages = _pages(part)
    _check_seen(part, pages)
    content = _extract(pages)
    told = {"lot": part.batch_id, "exemplaire": part.copy or None}
    with transaction.atomic():
        _check_unchanged(part, pages)
        act = Act.objects.select_related("convention").get(pk=part.act_id)
        if act.state == ActState.SIGNED:
            _check_count(act, len(pages), confirmed_pages)
            signed_copy.add_copy(act, by=by, scan=content, confirmed_pages=confirmed_pages, **told)
        else:
            lifecycle.apply(
                act,
                Event.FILE_SCAN,
                by=by,
                scan=content,
                signed_on=signed_on,
                signatures=tuple(signatures),
                confirmed_pages=confirmed_pages,
                **told,
            )
        document = act.documents.of_kind(DocumentKind.SCAN).latest_version()
        ScanPart.objects.filter(pk=part.pk).update(document=document)
        finish_if_done(part.batch)
    return document


def kept_beside(part: ScanPart) -> list[str]:
    """What to say of the files kept beside a part that was just filed, for what acts in them; one query."""
    rows = ReceivedFile.objects.filter(document__scan_part=part).exclude(acting="")
    return [pdf_sandbox.told_of(words) for words in dict.fromkeys(rows.values_list("acting", flat=True))]


def _pages(part: ScanPart) -> list[ScanPage]:
    return list(part.pages.select_related("file", "document__act").order_by("position", "pk"))


def _check_seen(part: ScanPart, pages: list[ScanPage]) -> None:
    """Each page is of this act, and nothing of it would be lost. `cut` looks at it again, whoever read it."""
    if beside := sorting.beside(pages):
        raise pdf_sandbox.UnreadablePdf(pdf_sandbox.refusal(beside))
    inspecting.check_named(part.act, {page.paper_number: page.document for page in pages if page.document})


def _extract(pages: list[ScanPage]) -> pdf_sandbox.InspectedPdf:
    """The pages as they were seen, each file read once. Raises UnreadablePdf."""
    files = {page.file_id: page.file for page in pages}
    sent = {key: bytes_of(file) for key, file in files.items()}
    return pdf_sandbox.cut(
        [(sent[page.file_id], page.number, page.turn) for page in pages],
        names={content: files[key].original_name for key, content in sent.items()},
    )


def _check_unchanged(part: ScanPart, pages: list[ScanPage]) -> None:
    """Nobody filed the part, nor moved its pages, while they were being cut out."""
    batch = ScanBatch.objects.select_for_update().get(pk=part.batch_id)
    if batch.state != ScanState.TO_FILE or batch.parts.filter(pk=part.pk, document=None).first() is None:
        raise Refused(ALREADY)
    if not pages or [page.pk for page in _pages(part)] != [page.pk for page in pages]:
        raise Refused(CHANGED)
    if not sorting.takes_pages(part.act):
        raise Refused("Cet acte n’attend plus d’exemplaire signé. Laissez ces pages de côté.")


def _check_count(act: Act, found: int, confirmed: int | None) -> None:
    expected = act.frozen_document.page_count if act.frozen_document else found
    if found not in (*signed_copy.usual_pages(act.frozen_document), expected, confirmed):
        raise signed_copy.PageCountDiffers(found, expected)


def finish_if_done(batch: ScanBatch) -> bool:
    """End a batch in which nothing waits any more and something was filed. In the caller's transaction."""
    waiting = ScanPage.objects.filter(file__batch=batch, set_aside=False, part=None).exists()
    parts = ScanPart.objects.filter(batch=batch)
    if waiting or parts.filter(document=None).exists() or not parts.exists():
        return False
    return bool(_end(batch, ScanState.FILED))


def discard(batch: ScanBatch, *, by: User) -> None:
    """Give up what was not filed; the sweep erases its files. What was filed stays filed."""
    permissions.require(permissions.can_file_scans, by)
    with transaction.atomic():
        locked = ScanBatch.objects.select_for_update().get(pk=batch.pk)
        if not locked.is_open:
            return
        filed = locked.parts.exclude(document=None).count()
        locked.pages_of_batch().filter(part__document=None).update(part=None, set_aside=True, position=0)
        locked.parts.filter(document=None).delete()
        _end(locked, ScanState.FILED if filed else ScanState.DISCARDED)
        journal.record("scans_abandonnes", by=by, details={"lot": locked.pk, "classés": filed})


def _end(batch: ScanBatch, state: ScanState) -> int:
    rows = ScanBatch.objects.filter(pk=batch.pk, ended_at=None)
    return rows.update(state=state, ended_at=timezone.now())
