"""What acts share above and below: who issues it and where, the nature of the act and its number; signature boxes."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import count
from typing import Any

from conventions.domain.documents.context import PartialDate, PartyContext, SignatoryContext
from conventions.domain.documents.rendering.text import compose, full_name
from conventions.enums import DatePrecision, PartyRole
from conventions.formats import capitalise, contract, show_code
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


def letterhead(
    parties: Sequence[PartyContext] = (), logos: Mapping[str, bytes] | None = None
) -> dict[str, Any]:
    """The mark, name and coordinates of OPT-NC, as its row gives them to the act; beside, those of each party that has
    a logo among `logos` ({hash: PNG})."""
    ours = next((party for party in parties if party.role == PartyRole.OPT), None)
    known = logos or {}
    lines = [", ".join(ours.address), " · ".join(ours.identifiers)] if ours else []
    beside = [party for party in parties if party is not ours and party.logo in known]
    return {
        "mark": OPT["acronym"],
        "logo": _logo(ours, known) if ours else None,
        "name": compose(OPT["name"]),
        "lines": [compose(line) for line in lines if line],
        "beside": [
            {
                "logo": _logo(party, known),
                "name": compose(party.name),
                "lines": [compose(", ".join(party.address))] if party.address else [],
            }
            for party in beside
        ],
        "is_many": len(beside) > 1,
    }


def _logo(party: PartyContext, logos: Mapping[str, bytes]) -> dict[str, str] | None:
    if party.logo not in logos:
        return None
    return {
        "src": f"data:image/png;base64,{b64encode(logos[party.logo]).decode()}",
        "alt": compose(f"Logo {contract('de', party.name)}"),
    }


def running_title(title: str) -> str:
    """A title as the footer of each page says it: a long one is cut after a word."""
    if len(title) <= LONG_TITLE:
        return title
    start = title[:LONG_TITLE]
    return (start.rpartition(" ")[0] or start).rstrip(" ,;:–-") + "…"


def heading(
    title: str,
    kind: str,
    number: str,
    parties: Sequence[PartyContext] = (),
    logos: Mapping[str, bytes] | None = None,
) -> dict[str, Any]:
    """What `pdf/base.html` prints on top: letterhead, nature and number of the document, then its title."""
    return {
        "office": letterhead(parties, logos),
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
    beside = 1 if is_wide else 2
    return {
        "groups": groups,
        "rows": [groups[start : start + beside] for start in range(0, len(groups), beside)],
        "recall": [],
        "is_wide": is_wide,
        "is_crowded": _height(sizes, is_wide) > HALF_PAGE,
    }


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
    inner = [one for item in block.get("nested") or block.get("ordered") or () for one in item[-1]]
    said = sum(map(_lines, block["items"] if block["kind"] == "list" else (block["text"],)))
    return said + sum(map(_block_lines, inner))


def _lines(text: str) -> int:
    """How many lines a text takes at least."""
    return -(-len(text) // LINE)
