"""Pages that are full enough: the same text laid out again, a little tighter or looser, when one is half empty.

What cannot be cut (signature boxes and the lines they go with, a short table) goes to the next page whole and may leave
a hole above. Lines nearer or farther from each other by some hundredths close it. The first spacing that leaves none is
kept, so the same context always gives the same pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

FULL = 0.62  # of the height of the text area; pages are promised to be full to 60 %
SIZE = 9.75  # points
AT_MOST = 60  # pages laid out again for one document
USUAL = ""


def _spacing(line: float, gap: float, size: float = SIZE) -> str:
    """A sheet: height of a line, space around blocks as a share of the usual one, size of letters in points."""
    rules = {
        "html, .sheet": f"font-size: {size}pt; line-height: {line}",
        "p, ul": f"margin-bottom: {2.2 * gap:.2f}mm",
        "h2": f"margin-top: {6 * gap:.2f}mm",
        ".sheet h2, .sheet .beside h2": f"margin-top: {4.5 * gap:.2f}mm",
        ".party": f"margin-bottom: {5 * gap:.2f}mm",
        ".title-block, .sheet .title-block": f"margin-bottom: {7 * gap:.2f}mm",
        ".crowded .recall p": f"margin-bottom: {1.4 * gap:.2f}mm",
        ".crowded .signature .sign-here": f"height: {min(17, 14.5 + 2.5 * gap):.2f}mm",
        ".lines td, .facts td, .facts th": f"padding-top: {1.5 * gap:.2f}mm; padding-bottom: {1.5 * gap:.2f}mm",
    }
    if size < SIZE:
        rules[".sheet .party, .sheet .notice"] = f"margin-bottom: {3 * gap:.2f}mm"
        rules[".statement, .published"] = f"margin-top: {4 * gap:.2f}mm"
        rules[".lead"] = f"font-size: {1.2 * size:.2f}pt; margin-bottom: {4 * gap:.2f}mm"
        rules[".letterhead, .sheet .letterhead"] = f"margin-bottom: {5 * gap:.2f}mm"
    return " ".join(f"{which} {{ {what} }}" for which, what in rules.items())


# Wide tables upright, last, where turning their page leaves the page before half empty however it is spaced.
UPRIGHT = ".annex.wide { page: auto }"
SPACINGS = (
    USUAL,
    *(
        _spacing(*pair)
        for pair in ((1.47, 0.9), (1.42, 0.75), (1.58, 1.2), (1.38, 0.6), (1.65, 1.4), (1.34, 0.5))
    ),
    UPRIGHT,
    _spacing(1.42, 0.75) + UPRIGHT,
    _spacing(1.65, 1.4) + UPRIGHT,
)
ON_ONE_PAGE = (
    USUAL,
    *(
        _spacing(*three)
        for three in ((1.42, 0.7, 9.5), (1.36, 0.55, 9.25), (1.34, 0.42, 9), (1.3, 0.3, 8.75))
    ),
)


def fitted(lay_out: Callable[[str], Any], *, one_page: bool = False) -> Any:
    """What `lay_out(spacing)` makes with the first spacing that fits, else with the best of those tried."""
    first = best = lay_out(USUAL)
    if one_page and len(first.pages) == 2:
        for spacing in ON_ONE_PAGE[1:]:
            document = lay_out(spacing)
            if len(document.pages) == 1:
                return document
    spent = 0
    for spacing in SPACINGS[1:]:
        if lowest(best) >= FULL or spent + len(first.pages) > AT_MOST:
            break
        document = lay_out(spacing)
        spent += len(document.pages)
        best = max(best, document, key=lowest)
    return best


def lowest(document: Any) -> float:
    """How full the least full page is, from 0 to 1; the last page does not count."""
    return min(fills(document)[:-1], default=1.0)


def fills(document: Any) -> list[float]:
    """How far down each page is printed, as a share of its text area."""
    return [_fill(page._page_box) for page in document.pages]


def _fill(page: Any) -> float:
    top, height = page.content_box_y(), page.height
    return (max(_bottoms(page), default=top) - top) / height


def _bottoms(page: Any) -> Iterator[float]:
    """Where each line of text, image, cell and place to sign ends; blocks that only hold others do not count."""
    from weasyprint.formatting_structure.boxes import LineBox, MarginBox, ReplacedBox, TableCellBox

    def below(box: Any) -> Iterator[float]:
        box = getattr(box, "_box", box)
        if isinstance(box, MarginBox):
            return
        if isinstance(box, (LineBox, ReplacedBox, TableCellBox)) or box.border_bottom_width:
            yield box.position_y + box.margin_height()
        for child in getattr(box, "children", ()):
            yield from below(child)

    yield from below(page)
