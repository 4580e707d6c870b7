"""Is each value of a frozen content in the text of its stored PDF? Asked of documents made with another layout.

Rendering them again would tell of our changes, not of theirs. Only signs that carry meaning are compared: letters and
digits, so that spaces, quotes and line breaks, which belong to a layout, do not count.
"""

import io
import re
import unicodedata
from collections.abc import Iterator

from conventions.domain.documents.context import AgreementContext, EquipmentContext, PartyContext
from conventions.domain.documents.merge_fields import FIELD
from conventions.formats import show_code

_SPARE = re.compile(r"[\W_]+")
_PIECE = 20  # letters: no page begins nor ends with less of a paragraph
_DRAWN = re.compile(r"^\s*-\s+", re.MULTILINE)  # the mark of a list's item


def lost_values(context: AgreementContext, content: bytes) -> list[str]:
    """The values of a frozen content that the text of its PDF does not hold, as written in the content.

    Those that every layout prints: names, titles, addresses, articles, changes, equipment.
    """
    from pypdf import PdfReader

    pages = [_letters(page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]
    return [value for value in _values(context) if not _is_in(_letters(value), pages)]


def _letters(text: str) -> str:
    return _SPARE.sub("", unicodedata.normalize("NFKC", text).casefold())


def _is_in(wanted: str, pages: list[str]) -> bool:
    """Whole on a page, or begun at the end of one and ended on the next: margins are printed between the two."""
    if any(wanted in page for page in pages):
        return True
    for here, page in enumerate(pages[:-1]):
        begun = _longest_start(wanted, page)
        if min(begun, len(wanted) - begun) >= _PIECE and _is_in(wanted[begun:], pages[here + 1 : here + 3]):
            return True
    return False


def _longest_start(wanted: str, page: str) -> int:
    """How many of the first signs stand on the page, in a row."""
    low, high = 0, len(wanted)
    while low < high:
        middle = (low + high + 1) // 2
        if wanted[:middle] in page:
            low = middle
        else:
            high = middle - 1
    return low


def _values(ctx: AgreementContext) -> Iterator[str]:
    yield from (ctx.title, ctx.reference or "", show_code(ctx.code) if ctx.code else "")
    if ctx.amends is not None:
        yield from (ctx.amends.title, ctx.amends.reference or "")
    for party in ctx.parties:
        yield from _of_party(party)
    yield from (*ctx.visas, *ctx.recitals)
    for clause in ctx.clauses:
        yield clause.heading
        yield from _paragraphs(clause.body)
    for change in ctx.changes:
        yield from (change.label, change.before, change.after)
    for line in ctx.equipment:
        yield from _of_equipment(line)
    for person in ctx.attendees:
        yield from (f"{person.first_name} {person.last_name}", person.title)


def _of_party(party: PartyContext) -> Iterator[str]:
    yield from (party.name, party.short_name, party.presentation, *party.identifiers, *party.address)
    for person in party.signatories:
        yield from (f"{person.first_name} {person.last_name}", person.title, person.capacity)


def _of_equipment(line: EquipmentContext) -> Iterator[str]:
    yield from (line.nature, line.brand, line.model, line.serial, line.tag)


def _paragraphs(body: str) -> Iterator[str]:
    """The paragraphs and items of an article; a field left in it is a table, printed from other values."""
    for chunk in body.replace("\r\n", "\n").split("\n\n"):
        if FIELD.fullmatch(chunk.strip()):
            continue
        if _DRAWN.match(chunk):
            yield from _DRAWN.sub("", chunk).splitlines()
        else:
            yield chunk
