"""The door of a scan that is filed as it was sent, whole: the form of an act, a reprise, whoever calls the verbs."""

import hashlib

from conventions.domain.documents import InspectedPdf
from conventions.domain.rendering import sheet_of
from conventions.domain.scans import sandbox, sorting
from conventions.models import Act


def inspected(content: bytes, *, act: Act) -> InspectedPdf:
    """The same bytes, once read apart: nothing acts, nothing is seen over the pages, no page is of another act.

    What was inspected before comes back at once; else outside any transaction, since a process reads the file. Raises
    UnreadablePdf, PlacementRefused: ValueError, in French.
    """
    if isinstance(content, InspectedPdf):
        return content
    pages = list(sandbox.read_pages(content, pictures=False))
    if beside := {page["page"]: page["beside"] for page in pages if page["beside"]}:
        raise sandbox.UnreadablePdf(sandbox.refusal(beside))
    try:
        sandbox.count_pages(content, as_it_is=True)
    except sandbox.UnreadablePdf:
        if not _is_ours(content, act):
            raise
    _check_codes(act, pages)
    return InspectedPdf(content, page_count=len(pages))


def _is_ours(content: bytes, act: Act) -> bool:
    """The frozen text carries its own data as a file."""
    return act.documents.filter(sha256=hashlib.sha256(content).hexdigest()).exists()


def _check_codes(act: Act, pages: list[dict]) -> None:
    """Whatever code of a page names a document of ours."""
    named = [
        (page["page"], sheet.code)
        for page in pages
        for code in page.get("codes", ())
        if (sheet := sheet_of(code["text"]))
    ]
    papers = sorting.papers_of({code for _number, code in named})
    for number, code in named:
        if code in papers:
            sorting.check_named(act, {number: papers[code]})
