"""Which act each page belongs to: by its code, else by hand. Order within a copy follows the printed numbers."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from conventions import permissions
from conventions.domain.acts.paper import inspecting
from conventions.domain.acts.paper.inspecting import PlacementRefused
from conventions.domain.documents.rendering import Sheet, sheet_of
from conventions.domain.foundation import pdf_sandbox
from conventions.enums import AWAITING_SIGNATURE_STATES, ActState, ScanState, SigningPath
from conventions.formats import normalise_reference
from conventions.models import Act, Document, ScanBatch, ScanPage, ScanPart, User

FILEABLE_STATES = (*AWAITING_SIGNATURE_STATES, ActState.SIGNED)


def sort(batch: ScanBatch, found: list[tuple[ScanPage, list[dict[str, Any]]]]) -> None:
    """Insert the pages read, each in the part its code names; the others wait, blank ones are set aside."""
    sheets = [_sheets(codes) for _page, codes in found]
    papers = inspecting.papers_of({sheet.code for several in sheets for sheet in several})
    parts: dict[tuple[int, int], ScanPart] = {}
    for (page, _codes), several in zip(found, sheets, strict=True):
        known = [(sheet, paper) for sheet in several if (paper := papers.get(sheet.code)) and paper.act]
        page.set_aside = page.is_blank
        if known:
            _recognise(page, known)
            paper, act = known[0][1], known[0][1].act
            if act and page.printed_page and page.beside != pdf_sandbox.TWO_ACTS and takes_pages(act, paper):
                key = (act.pk, page.printed_copy)
                if key not in parts:
                    parts[key] = ScanPart.objects.create(batch=batch, act=act, copy=page.printed_copy)
                page.part = parts[key]
        page.save()
    for part in parts.values():
        arrange(part)


def _sheets(codes: list[dict[str, Any]]) -> list[Sheet]:
    """What the codes of a page say, each once, in the order of the paper."""
    found = {sheet for code in codes if (sheet := sheet_of(code["text"]))}
    return sorted(found, key=lambda sheet: (not sheet.page, sheet.copy, sheet.page, sheet.code))


def _recognise(page: ScanPage, known: list[tuple[Sheet, Document]]) -> None:
    """Note what is printed there: one page, or several of one copy on a sheet; never of two acts."""
    first, page.document = known[0]
    page.printed_copy, page.printed_page = first.copy, first.page
    others = [
        sheet.page
        for sheet, paper in known[1:]
        if sheet.page and (paper.pk, sheet.copy) == (page.document_id, first.copy)
    ]
    page.also_printed = " ".join(map(str, others))[:40]
    if len({paper.act_id for _sheet, paper in known}) > 1:
        page.beside = pdf_sandbox.TWO_ACTS


def takes_pages(act: Act, paper: Document | None = None) -> bool:
    """Whether a signed copy of this act may be filed: printed from its present frozen text, to be signed in ink."""
    current = paper is None or act.frozen_document_id == paper.pk
    return act.path == SigningPath.INK and act.state in FILEABLE_STATES and current


def arrange(part: ScanPart) -> None:
    """Pages in the order they were printed; those placed by hand fill what is missing, in the order of the scan."""
    pages = list(part.pages.select_related("file").order_by("file__position", "number"))
    known = [page for page in pages if page.printed_page]
    expected = part.act.frozen_document.page_count if part.act.frozen_document else 0
    seen = {number for page in known for number in page.printed_pages}
    holes = [number for number in range(1, expected + 1) if number not in seen]
    by_hand = [page for page in pages if not page.printed_page]
    after = max([expected, *(page.printed_page for page in known)]) + 1
    slots = {page.pk: page.printed_page for page in known}
    slots |= {page.pk: holes[rank] if rank < len(holes) else after for rank, page in enumerate(by_hand)}
    pages.sort(key=lambda page: slots[page.pk])
    for rank, page in enumerate(pages, start=1):
        page.position = rank
    ScanPage.objects.bulk_update(pages, ["position"])


def place(batch: ScanBatch, keys: Iterable[int], reference: str, *, by: User) -> ScanPart:
    """Put these pages in the copy of the act that bears this number. Raises PermissionDenied, PlacementRefused."""
    permissions.require(permissions.can_file_scans, by)
    act = _act(reference)
    with transaction.atomic():
        pages = _movable(batch, keys)
        _check_pages(pages, act)
        part = _part_for(batch, act)
        left = _leave(pages)
        _move(pages, part=part, set_aside=False)
        for other in {part, *left}:
            _settle(other)
    return part


def set_aside(batch: ScanBatch, keys: Iterable[int], *, by: User) -> None:
    """Leave these pages out of every copy. Raises PermissionDenied, PlacementRefused."""
    permissions.require(permissions.can_file_scans, by)
    _take_out(batch, keys, aside=True)


def put_back(batch: ScanBatch, keys: Iterable[int], *, by: User) -> None:
    """Have these pages wait for their place again. Raises PermissionDenied, PlacementRefused."""
    permissions.require(permissions.can_file_scans, by)
    _take_out(batch, keys, aside=False)


def _take_out(batch: ScanBatch, keys: Iterable[int], *, aside: bool) -> None:
    with transaction.atomic():
        pages = _movable(batch, keys)
        left = _leave(pages)
        _move(pages, part=None, set_aside=aside)
        for part in left:
            _settle(part)


def _act(reference: str) -> Act:
    number = normalise_reference(reference)
    rows = Act.objects.select_related("frozen_document", "convention")
    act = rows.filter(number=number).first() if number else None
    if act is None:
        raise PlacementRefused(
            "Aucun acte ne porte ce numéro. Écrivez-le comme sur le papier, par exemple 2026-014."
        )
    if act.frozen_document is None or not takes_pages(act):
        raise PlacementRefused(
            f"L’acte {number} n’attend pas d’exemplaire signé à l’encre ({act.get_state_display()})."
        )
    return act


def _check_pages(pages: list[ScanPage], act: Act) -> None:
    if beside := {page.number: page.beside for page in pages if page.beside}:
        raise PlacementRefused(pdf_sandbox.refusal(beside))
    inspecting.check_named(act, {page.number: page.document for page in pages if page.document})


def beside(pages: Iterable[ScanPage]) -> dict[int, str]:
    """What would be lost of the pages of a copy, by their number on the paper; those of which something would."""
    return {page.paper_number: page.beside for page in pages if page.beside}


def _movable(batch: ScanBatch, keys: Iterable[int]) -> list[ScanPage]:
    locked = ScanBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.state != ScanState.TO_FILE:
        raise PlacementRefused("Ce lot n’attend plus rien. Rechargez la page.")
    rows = ScanPage.objects.filter(file__batch=locked, pk__in=list(keys))
    pages = list(rows.select_related("part", "document__act").order_by("file__position", "number"))
    if not pages:
        raise PlacementRefused("Cochez au moins une page.")
    if any(page.part and page.part.document_id for page in pages):
        raise PlacementRefused("Une de ces pages est déjà classée : elle ne bouge plus.")
    return pages


def _part_for(batch: ScanBatch, act: Act) -> ScanPart:
    """The copy of this act that waits in the batch, else a new one of unknown number."""
    waiting = batch.parts.filter(act=act, document=None).order_by("copy", "pk").first()
    if waiting is not None:
        return waiting
    if batch.parts.filter(act=act, copy=0).exists():
        raise PlacementRefused(
            "Un exemplaire de cet acte est déjà classé depuis ce lot. Envoyez l’autre dans un nouveau lot."
        )
    return ScanPart.objects.create(batch=batch, act=act)


def _leave(pages: list[ScanPage]) -> set[ScanPart]:
    return {page.part for page in pages if page.part is not None}


def _move(pages: list[ScanPage], *, part: ScanPart | None, set_aside: bool) -> None:
    keys = [page.pk for page in pages]
    ScanPage.objects.filter(pk__in=keys).update(part=part, set_aside=set_aside, position=0)


def _settle(part: ScanPart) -> None:
    """A part without pages is no part."""
    if part.pages.exists():
        arrange(part)
    else:
        part.delete()
