"""The door of a scan that is filed: read apart before anything is locked, whoever calls the verb.

What readers draw over its pages is drawn on them, what they hide is left out; the file itself is kept beside.
"""

import hashlib

from conventions.domain.documents.rendering import sheet_of
from conventions.domain.foundation import pdf_sandbox
from conventions.domain.foundation.pdf_sandbox import InspectedPdf
from conventions.domain.foundation.refusals import Refused
from conventions.enums import DocumentKind
from conventions.formats import typeset
from conventions.models import Act, Document


class PlacementRefused(Refused):
    """Pages cannot go there; str() says why, in French."""


def inspected(content: bytes, *, act: Act, name: str = "") -> InspectedPdf:
    """The same bytes once read apart, when they are nothing but the drawing of pages; else these pages as readers show.

    No page is of another act. What was inspected before comes back at once; else outside any transaction, since a
    process reads the file, called `name`. Raises UnreadablePdf, PlacementRefused.
    """
    if isinstance(content, InspectedPdf):
        return content
    pages = list(pdf_sandbox.read_pages(content, pictures=False))
    if beside := {page["page"]: page["beside"] for page in pages if page["beside"]}:
        raise pdf_sandbox.UnreadablePdf(pdf_sandbox.refusal(beside))
    _check_codes(act, pages)
    if pages[0]["whole"] or _is_ours(content, act):
        return InspectedPdf(content, page_count=len(pages))
    return pdf_sandbox.cut([(content, page["page"], 0) for page in pages], names={content: name})


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
    papers = papers_of({code for _number, code in named})
    for number, code in named:
        if code in papers:
            check_named(act, {number: papers[code]})


def papers_of(codes: set[str]) -> dict[str, Document]:
    """The frozen document behind each code; one query."""
    kinds = (DocumentKind.FROZEN, DocumentKind.COPIES)
    rows = Document.objects.filter(code__in=codes, kind__in=kinds).select_related("act", "made_from__act")
    return {row.code: row.made_from or row for row in rows}


def check_named(act: Act, papers: dict[int, Document]) -> None:
    """Raises PlacementRefused when the code of a page, by its number, names a document of another act."""
    for number, paper in papers.items():
        if paper.act is not None and paper.act_id != act.pk:
            name = paper.act.reference
            raise PlacementRefused(
                typeset(
                    f"La page {number} porte le code d’un autre acte, {name} : elle ne se classe qu’avec lui. "
                    "Choisissez le bon fichier ou la bonne page."
                )
            )
