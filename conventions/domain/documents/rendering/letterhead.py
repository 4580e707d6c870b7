"""What acts share above and below: who issues it and where, the nature of the act and its number; signature boxes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import count
from typing import Any

from conventions.domain.documents.context import PartialDate, PartyContext, SignatoryContext
from conventions.domain.documents.rendering.text import compose, full_name
from conventions.enums import DatePrecision, PartyRole
from conventions.formats import capitalise, show_code
from conventions.reference.lists import OPT

HALF_PAGE = 125  # millimetres; boxes that take more may go on to the next page after those of a party
BOX, SMALL_BOX, BOX_HEAD = (
    37,
    32,
    12,
)  # millimetres: one of two columns, one of three, what a party adds above
WIDE = 2  # signatories of one party above which its boxes stand side by side, not one below the other
TEXT_LINES, LINE = 5, 110  # lines of text on the page of the boxes; signs of a full line, at most
LONG_TITLE = 90  # signs from which a title is printed smaller


def letterhead(parties: Sequence[PartyContext] = ()) -> dict[str, Any]:
    """The mark, name and coordinates of OPT-NC; of its coordinates, those that its row gives to the act."""
    ours = next((party for party in parties if party.role == PartyRole.OPT), None)
    address = ", ".join(ours.address) if ours else ""
    lines = [address, " · ".join(ours.identifiers) if ours else ""]
    return {
        "mark": OPT["acronym"],
        "name": compose(OPT["name"]),
        "lines": [compose(line) for line in lines if line],
    }


def running_title(title: str) -> str:
    """A title as the footer of each page says it: a long one is cut after a word."""
    if len(title) <= LONG_TITLE:
        return title
    start = title[:LONG_TITLE]
    return (start.rpartition(" ")[0] or start).rstrip(" ,;:–-") + "…"


def heading(title: str, kind: str, number: str, parties: Sequence[PartyContext] = ()) -> dict[str, Any]:
    """What `pdf/base.html` prints on top: letterhead, nature and number of the document, then its title."""
    return {
        "office": letterhead(parties),
        "kicker": compose(f"{kind} {number}" if number else kind),
        "title": compose(title),
        "is_long": len(title) > LONG_TITLE,
        "name": named(f"{kind} {number}" if number else kind, title),
    }


def named(kind: str, title: str) -> str:
    """What a window calls the file, and a screen reader: « Procès-verbal de remise n° 2026-042-R1 : Dojo »."""
    return compose(f"{kind} : {title}")


def identity(
    *, code: str = "", reference: str | None = None, on: date | PartialDate | None = None
) -> dict[str, str]:
    """What the file says of itself to programs: by what it is known, its date as far as its context knows it."""
    return {"identifier": show_code(code) if code else reference or "", "made": _w3c(on)}


def _w3c(on: date | PartialDate | None) -> str:
    """« 2026-11-30 », « 2026-11 », « 2026 »: no more than is known."""
    if not isinstance(on, PartialDate):
        return on.isoformat() if on else ""
    if on.wording:
        return ""
    known = {DatePrecision.DAY: 10, DatePrecision.MONTH: 7, DatePrecision.YEAR: 4}
    return on.value.isoformat()[: known.get(DatePrecision(on.precision), 4)]


def boxes_by_party(parties: Iterable[tuple[str, Sequence[SignatoryContext]]]) -> dict[str, Any]:
    """The signature boxes, numbered from 1: (« Pour l’Association », who signs for it) gives one group of them."""
    ranks = count(1)
    groups = [
        {"party": compose(intro), "boxes": [_box(person, next(ranks)) for person in (people or (None,))]}
        for intro, people in parties
    ]
    sizes = [len(group["boxes"]) for group in groups]
    is_wide = max(sizes, default=0) > WIDE
    return {"groups": groups, "is_wide": is_wide, "is_crowded": _height(sizes, is_wide) > HALF_PAGE}


def _height(sizes: Sequence[int], is_wide: bool) -> int:
    """About how high the boxes of parties of these sizes stand, in millimetres."""
    if is_wide:
        return sum(BOX_HEAD + SMALL_BOX * -(-size // 3) for size in sizes)
    return sum(BOX_HEAD + BOX * max(sizes[start : start + 2]) for start in range(0, len(sizes), 2))


def _box(person: SignatoryContext | None, rank: int) -> dict[str, Any]:
    if person is None:
        return {"rank": rank, "name": "", "title": "", "capacity": ""}
    said = {"name": full_name(person), "title": capitalise(person.title), "capacity": person.capacity}
    return {"rank": rank} | {key: compose(value) for key, value in said.items()}


def keep_with_boxes(articles: Sequence[dict[str, Any]], below: Sequence[str]) -> None:
    """Mark the last blocks that go wherever the boxes go: with what stands `below` them, `TEXT_LINES` at least.

    An article that stays with the one before is marked too.
    """
    lines = sum(map(_lines, below))
    for article in reversed(articles):
        for block in reversed(article["blocks"]):
            if lines >= TEXT_LINES:
                return
            block["keep"] = True
            lines += _block_lines(block)
        article["keep"] = lines < TEXT_LINES


def _block_lines(block: dict[str, Any]) -> int:
    if block["kind"] == "table":
        return len(block["table"].rows)
    return sum(map(_lines, block["items"] if block["kind"] == "list" else (block["text"],)))


def _lines(text: str) -> int:
    """How many lines a text takes at least."""
    return -(-len(text) // LINE)
