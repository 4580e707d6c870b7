"""Is each value of a frozen content in the text of its stored PDF? Asked of documents made with another layout.

Rendering them again would tell of our changes, not of theirs.
"""

import re
from collections.abc import Iterator

from conventions.domain.documents.context import (
    AgreementContext,
    ChangeContext,
    EquipmentContext,
    PartyContext,
)
from conventions.domain.documents.merge_fields import FIELD
from conventions.domain.documents.reading import Words
from conventions.formats import show_code

_DRAWN = re.compile(r"^\s*-\s+", re.MULTILINE)  # the mark of a list's item


def lost_values(context: AgreementContext, content: bytes) -> list[str]:
    """The values of a frozen content that the text of its PDF does not hold, as written in the content.

    Those that every layout prints: names, titles, addresses, articles, changes, equipment.
    """
    words = Words.of_act(content)
    return [value for value in values_of(context) if not words.holds(value)]


def values_of(ctx: AgreementContext) -> Iterator[str]:
    """What every layout prints of a frozen content: names, titles, addresses, articles, changes, equipment."""
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
        yield from _of_change(change)
    for line in ctx.equipment:
        yield from _of_equipment(line)
    for person in ctx.attendees:
        yield from (f"{person.first_name} {person.last_name}", person.title)


def _of_change(change: ChangeContext) -> Iterator[str]:
    """Of an article, its new text alone; a change frozen before its table was told held words in place of nothing."""
    if not change.term:
        yield from (change.label, change.before, change.after)
    elif change.heading and change.number:
        yield from (change.label, change.heading, *_paragraphs(change.after))
    else:
        yield from (text for text in (change.place, change.before, change.after, change.note) if text)


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
