"""What an act promises, value by value, and what of it the text of a document does not hold."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models

from conventions.domain.acts.content import assembling, changes
from conventions.domain.acts.coverage.law import LAW
from conventions.domain.acts.coverage.shapes import Case, Printed, Promise
from conventions.domain.documents.reading import Words, letters
from conventions.enums import ActKind
from conventions.formats import capitalise, is_line
from conventions.models import Clause, Funding
from conventions.models.terms import Term

_TRIED = 20  # places of each value from which the others are looked for
_SPARE = 600  # signs that a layout may print between two values of one row: headings of a table, other cells


def promises_of(case: Case, *, fresh: bool = False) -> Iterator[list[Promise]]:
    """The promises of an act, in groups: those of one group are printed side by side.

    `fresh`: of a text just made, also what a partner's record says, which goes on living after it.
    """
    act = case.act
    for row in (act, act.convention, *([act.board_decision] if act.board_decision else [])):
        yield from _of_row(row, case)
    parties = act.convention.parties.all()
    for row in (*parties, *act.signatories.all(), *act.attendees.all(), *act.annexes.all()):
        yield from _of_row(row, case)
    for partner in [party.partner for party in parties] if fresh else []:
        yield from _of_row(partner, case)
    for model in changes.TERM_MODELS:
        for row in _lines(case, model):
            if not isinstance(row, Funding) or is_line(row.status):  # « sans objet » promises nothing
                yield from _of_line(row, case)


def _lines(case: Case, model: type[Term]) -> list[Any]:
    if case.act.kind == ActKind.INITIAL or model is Clause:
        return list(getattr(case.act, f"{model._meta.model_name}_set").all())
    return changes.changing_rows(case.act, model)


def _of_line(row: Term, case: Case) -> Iterator[list[Promise]]:
    if not row.removed:
        yield from _of_row(row, case)
    elif row.replaces_id is None:
        return
    else:
        yield from _of_row(row, case, only=("removed",))
    if row.replaces is not None:
        # The former text of an article stands in the act that it is cited from.
        yield from _of_row(row.replaces, case, only=("heading",) if isinstance(row, Clause) else ())


def _of_row(row: models.Model, case: Case, *, only: tuple[str, ...] = ()) -> Iterator[list[Promise]]:
    together: list[Promise] = []
    for field, declared in LAW[type(row)].items():
        if not isinstance(declared, Printed) or (only and field not in only):
            continue
        told = type(row)._meta.get_field(field)
        promises = [
            Promise(
                table=capitalise(str(row._meta.verbose_name)),
                row=str(row),
                field=str(getattr(told, "verbose_name", field)),
                said=said,
                since=declared.since,
                key=f"{type(row).__name__}.{field}",
            )
            for said in declared.words(row, case)
        ]
        if declared.apart:
            yield from ([promise] for promise in promises)
        else:
            together += promises
    if together:
        yield together


def lost(case: Case, words: Words, *, fresh: bool = False) -> list[Promise]:
    """The promises of an act that a text does not hold, or not side by side where they belong together."""
    return [promise for group in promises_of(case, fresh=fresh) for promise in _lost_of(group, words)]


def _lost_of(group: list[Promise], words: Words) -> Iterator[Promise]:
    found = []
    for promise in group:
        places = _places(promise, words)
        if places:
            found.append((promise, places))
        else:
            yield promise
    if len(found) < 2:
        return
    span = _SPARE + sum(len(letters(promise.words)) for promise, _ in found)
    anchors = {at for _, places in found for at in places[:_TRIED]}
    yield from min(
        ([promise for promise, places in found if not _near(places, at, span)] for at in sorted(anchors)),
        key=len,
    )


def _places(promise: Promise, words: Words) -> list[int]:
    said = (promise.said,) if isinstance(promise.said, str) else promise.said
    return sorted({place for text in said for place in words.places(text)})


def _near(places: list[int], at: int, span: int) -> bool:
    rank = bisect_left(places, at - span)
    return rank < len(places) and places[rank] <= at + span


def case_of(act: Any, context: Any = None) -> Case:
    """The case of a `loaded` act; its context is read from its rows unless the frozen one is given."""
    return Case(act=act, context=context or assembling.agreement_context(act, is_draft=False, row=act))


def told(promises: Iterable[Promise]) -> list[str]:
    """Each as a French sentence."""
    return [str(promise) for promise in promises]
