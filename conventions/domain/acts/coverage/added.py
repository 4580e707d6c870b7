"""What a text prints that no row, no article and none of the layout's own sentences says: it should be nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conventions.domain.acts.coverage.promises import promises_of
from conventions.domain.acts.coverage.shapes import Case
from conventions.domain.documents.archives.values import values_of
from conventions.domain.documents.context import BudgetLineContext, FundingContext
from conventions.domain.documents.merge_fields import granted, signed_phrase
from conventions.domain.documents.reading import Words, letters
from conventions.domain.documents.rendering.sentences import LATER, OWN
from conventions.enums import BudgetSide
from conventions.formats import amount_in_words, counted, show_number, show_xpf, tally

_SHORT = 4  # letters: a number of a row, of a page, of an article


def added(case: Case, words: Words) -> list[str]:
    """The runs of letters of a text that nothing explains, in order."""
    known = bytearray(len(words.text))
    for text in (*_values(case), *_sums(case), *own_pieces((*OWN, *LATER))):
        length = len(letters(text))
        for at in words.places(text):
            known[at : at + length] = b"\1" * length
    return [run for run in _runs(words.text, known) if not run.isdigit() or len(run) > _SHORT]


def own_pieces(sentences: Sequence[str] = OWN) -> Iterator[str]:
    """The words of the layout's own sentences, cut where « … » stands for a value; the longest explain first."""
    yield from sorted(
        (piece for one in sentences for piece in one.split("…") if piece.strip()), key=len, reverse=True
    )


def _values(case: Case) -> Iterator[str]:
    yield from values_of(case.context)
    if case.context.amends is not None:
        yield signed_phrase(case.context.amends)
    for change in case.context.changes:
        yield from (change.label, change.place, change.note)
    for party in case.context.parties:
        yield party.short_name.rpartition("’")[2].partition(" ")[2] or party.short_name
    for group in promises_of(case, fresh=True):
        for promise in group:
            yield from (promise.said,) if isinstance(promise.said, str) else promise.said


def _sums(case: Case) -> Iterator[str]:
    """What the act adds up, in figures and in words."""
    ctx = case.context
    lists: list[Sequence[FundingContext | BudgetLineContext]] = [granted(ctx)]
    lists += [[line for line in ctx.budget if line.side == side] for side in BudgetSide]
    for lines in lists:
        found = tally((line.amount, line.status) for line in lines)
        for amount in (found.total, found.ceiling):
            if amount is not None:
                yield from (show_xpf(amount), amount_in_words(amount))
        yield from (found.words, found.note)
    values = [line.value for line in ctx.equipment if line.value is not None]
    quantities = [line.quantity for line in ctx.equipment if line.quantity is not None]
    yield from (show_xpf(sum(values)), counted(sum(quantities), "appareil"), show_number(sum(quantities)))


def _runs(text: str, known: bytearray) -> Iterator[str]:
    start = None
    for at, explained in enumerate([*known, 1]):
        if explained and start is not None:
            yield text[start:at]
            start = None
        elif not explained and start is None:
            start = at
