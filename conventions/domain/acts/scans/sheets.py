"""A batch as its page shows it: each copy with what is missing or twice there, what waits, what was set aside.

A fixed number of queries, whatever the number of pages.
"""

from collections import Counter
from dataclasses import dataclass

from conventions.domain.acts.scans import sorting
from conventions.domain.foundation import pdf_sandbox
from conventions.enums import ActState
from conventions.formats import counted, join_list, plural, typeset
from conventions.models import Act, ScanBatch, ScanFile, ScanPage, ScanPart

# Of pages: what is told of one, of several.
BLANK = (
    "page laissée de côté car blanche : regardez-la.",
    "pages laissées de côté car blanches : regardez-les.",
)
FAINT = (
    "page sans rien de foncé porte une écriture pâle : regardez-la.",
    "pages sans rien de foncé portent une écriture pâle : regardez-les.",
)
TOGETHER = (
    "feuille porte plusieurs pages imprimées : vérifiez que tout se lit.",
    "feuilles portent plusieurs pages imprimées : vérifiez que tout se lit.",
)
TWO_ACTS = (
    f"feuille porte des pages de deux actes : {pdf_sandbox.APART}.",
    f"feuilles portent des pages de deux actes : {pdf_sandbox.APART}.",
)


@dataclass(frozen=True, kw_only=True)
class PageView:
    """One page: `label` says which it is, `note` what is wrong with it."""

    page: ScanPage
    label: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class PartView:
    """One copy of one act: `remarks` are French sentences about its pages; empty when it is whole.

    `refusal`: why it cannot be filed at all, and what to do.
    """

    part: ScanPart
    act: Act
    pages: list[PageView]
    expected: int
    remarks: list[str]
    refusal: str = ""

    @property
    def title(self) -> str:
        """« Exemplaire 1 »: as its pages say."""
        return f"Exemplaire {self.part.copy}" if self.part.copy else "Exemplaire sans numéro"

    @property
    def is_signed(self) -> bool:
        """A page of it comes from a file that bears an electronic signature."""
        return any(view.page.file.is_signed for view in self.pages)

    @property
    def is_filed(self) -> bool:
        return self.part.document_id is not None

    @property
    def is_further_copy(self) -> bool:
        """The act is signed already: this is another copy of the same paper."""
        return self.act.state == ActState.SIGNED


@dataclass(frozen=True, kw_only=True)
class BatchSheet:
    """Everything the page of a batch shows."""

    batch: ScanBatch
    files: list[ScanFile]
    parts: list[PartView]
    waiting: list[PageView]
    aside: list[PageView]

    @property
    def to_file(self) -> list[PartView]:
        return [part for part in self.parts if not part.is_filed]

    @property
    def told(self) -> list[str]:
        """What somebody should look at, with counts; French sentences."""
        placed = [view for part in self.parts if not part.is_filed for view in part.pages]
        pages = [view.page for view in (*placed, *self.waiting, *self.aside)]
        return [
            *_counted(BLANK, sum(view.page.is_blank for view in self.aside)),
            *_counted(FAINT, sum(page.is_faint for page in pages)),
            *_counted(TOGETHER, sum(bool(page.also_printed) for page in pages)),
            *_counted(TWO_ACTS, sum(page.beside == pdf_sandbox.TWO_ACTS for page in pages)),
        ]

    @property
    def signed(self) -> list[ScanFile]:
        """Files that bear somebody's electronic signature."""
        return [file for file in self.files if file.is_signed]

    @property
    def refused(self) -> list[ScanFile]:
        """Files that could not be read, with the reason."""
        return [file for file in self.files if file.error]

    def part(self, key: int) -> PartView | None:
        return next((view for view in self.parts if view.part.pk == key), None)


def batch_sheet(batch: ScanBatch) -> BatchSheet:
    """Three queries."""
    files = list(batch.files.all())
    pages = list(
        ScanPage.objects.filter(file__batch=batch)
        .select_related("file", "document__act")
        .order_by("position", "file__position", "number")
    )
    parts = batch.parts.select_related("act__frozen_document", "act__convention").order_by("pk")
    return BatchSheet(
        batch=batch,
        files=files,
        parts=[_part(row, [page for page in pages if page.part_id == row.pk]) for row in parts],
        waiting=[_loose(page) for page in pages if page.part_id is None and not page.set_aside],
        aside=[_loose(page) for page in pages if page.set_aside],
    )


def _part(part: ScanPart, pages: list[ScanPage]) -> PartView:
    paper = part.act.frozen_document
    expected = paper.page_count if paper else len(pages)
    seen = Counter(number for page in pages for number in page.printed_pages)
    twice = sorted(number for number, times in seen.items() if times > 1)
    by_hand = sum(not page.printed_page for page in pages)
    missing = [number for number in range(1, expected + 1) if number not in seen] if not by_hand else []
    beside = sorting.beside(pages)
    remarks = _remarks(len(pages), expected, missing, twice, by_hand)
    return PartView(
        part=part,
        act=part.act,
        pages=[_placed(page, expected, twice) for page in pages],
        expected=expected,
        remarks=remarks + [_together(page) for page in pages if page.also_printed],
        refusal=pdf_sandbox.refusal(beside) if beside else "",
    )


def _remarks(found: int, expected: int, missing: list[int], twice: list[int], by_hand: int) -> list[str]:
    told = []
    if missing:
        told.append(f"Il manque {_numbers(missing)}.")
    if twice:
        told.append(f"En double : {_numbers(twice)}. Laissez de côté celle qui est de trop.")
    if by_hand:
        told.append(f"{counted(by_hand, 'page placée', 'pages placées')} à la main : vérifiez l’ordre.")
    if found != expected and not missing and not twice:
        told.append(f"{counted(found, 'page')} au lieu de {expected} dans le document figé.")
    return told


def _counted(words: tuple[str, str], count: int) -> list[str]:
    return [typeset(f"{counted(count, *words)}")] if count else []


def _together(page: ScanPage) -> str:
    return f"Sur une même feuille : {_numbers(page.printed_pages)}. Vérifiez que tout se lit."


def _numbers(numbers: list[int]) -> str:
    """« la page 2 », « les pages 2 et 4 »."""
    listed = join_list([str(number) for number in numbers])
    return f"{plural(len(numbers), 'la page', 'les pages')} {listed}"


def _placed(page: ScanPage, expected: int, twice: list[int]) -> PageView:
    label = pdf_sandbox.pages_told(page.printed_pages or [page.paper_number])
    label += f" sur {expected}" if page.printed_page else ""
    notes = {
        page.beside: bool(page.beside),
        "placée à la main": not page.printed_page,
        "en double": page.printed_page in twice,
    }
    return PageView(page=page, label=label, note=", ".join(note for note, told in notes.items() if told))


def _loose(page: ScanPage) -> PageView:
    return PageView(page=page, label=f"{page.file.original_name}, page {page.number}", note=_reason(page))


def _reason(page: ScanPage) -> str:
    """Why a page is in no copy."""
    if not page.thumbnail:
        return "page illisible"
    if page.beside:
        return typeset(f"{page.beside} : {pdf_sandbox.way_out(page.beside)}")
    if page.is_blank:
        return "page blanche"
    if page.is_faint:
        return "écriture pâle"
    if page.document is None or page.document.act is None:
        return "sans code reconnu"
    act = page.document.act
    if act.frozen_document_id != page.document_id:
        return f"version remplacée de l’acte {act.reference}"
    return f"acte {act.reference}, {act.get_state_display()}"
