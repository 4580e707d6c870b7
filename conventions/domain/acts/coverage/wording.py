"""What the text of an act must hold of each value, in the words of the house."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from conventions.domain.acts.content import assembling
from conventions.domain.acts.coverage.shapes import Case, Said
from conventions.domain.documents.merge_fields import FIELD
from conventions.enums import AmountStatus, FundingFigure, Transfer
from conventions.formats import (
    as_value,
    bare_label,
    contract,
    due_phrase,
    show_amount,
    show_date,
    show_number,
    show_xpf,
)
from conventions.models.terms import UNNAMED

Words = Callable[[Any, Case], Iterator[Said]]
_ITEM = re.compile(r"^\s*-\s+")


def typed(name: str) -> Words:
    """The text as typed."""

    def words(row: Any, case: Case) -> Iterator[Said]:
        yield from filter(None, [bare_label(getattr(row, name) or "")])

    return words


def lines(name: str) -> Words:
    """Each line of a longer text."""

    def words(row: Any, case: Case) -> Iterator[Said]:
        yield from filter(None, map(bare_label, getattr(row, name).splitlines()))

    return words


def label(name: str) -> Words:
    """The French name of a choice."""

    def words(row: Any, case: Case) -> Iterator[Said]:
        if getattr(row, name):
            yield str(getattr(row, f"get_{name}_display")())

    return words


def number(name: str, unit: str = "") -> Words:
    """A whole number, with the unit that another field holds."""

    def words(row: Any, case: Case) -> Iterator[Said]:
        value = getattr(row, name)
        if value is not None:
            after = getattr(row, unit) if unit else ""
            yield f"{show_number(value)} {after}".strip()

    return words


def number_as_typed(name: str) -> Words:
    """A year, a rank: without spaces between thousands."""

    def words(row: Any, case: Case) -> Iterator[Said]:
        if getattr(row, name) is not None:
            yield str(getattr(row, name))

    return words


def day(name: str, precision: str = "") -> Words:
    """A date, as precise as it is known."""

    def words(row: Any, case: Case) -> Iterator[Said]:
        value: date | None = getattr(row, name)
        if value:
            yield show_date(value, getattr(row, precision) if precision else "jour")

    return words


def due(name: str, on: str = "due_on") -> Words:
    """Typed words of a due date: dates that they say are said as ours."""

    def words(row: Any, case: Case) -> Iterator[Said]:
        said = getattr(row, name)
        if said:
            yield tuple(
                dict.fromkeys((bare_label(said), due_phrase(None, said), due_phrase(getattr(row, on), said)))
            )

    return words


def place(name: str) -> Words:
    """A place after « à »: « au Mont-Dore »."""

    def words(row: Any, case: Case) -> Iterator[Said]:
        if value := getattr(row, name):
            yield (value, contract("à", value))

    return words


def money(name: str) -> Words:
    """An amount in XPF; what is « sans objet » is no line."""

    def words(row: Any, case: Case) -> Iterator[Said]:
        value = getattr(row, name)
        if value is not None and getattr(row, "status", "") != AmountStatus.NOT_APPLICABLE:
            yield show_xpf(value)

    return words


_IN_A_SENTENCE = {
    AmountStatus.UNKNOWN: ("montant n’est pas communiqué",),
    AmountStatus.TO_BE_SET: ("montant reste à déterminer",),
}


def standing(row: Any, case: Case) -> Iterator[Said]:
    """What an amount says besides its figure: a ceiling, a result to come, why there is none."""
    if row.status in (AmountStatus.KNOWN, AmountStatus.NOT_APPLICABLE):
        return
    said = show_amount(row.amount, row.status)
    ceiling = (
        (f"ne peut dépasser {show_xpf(row.amount)}",)
        if row.status == AmountStatus.CAPPED and row.amount
        else ()
    )
    yield (said, *_IN_A_SENTENCE.get(AmountStatus(row.status), ()), *ceiling)


def value_standing(row: Any, case: Case) -> Iterator[Said]:
    """The same of the value of a thing: nobody has to say that nobody estimated it."""
    if row.status not in (AmountStatus.UNKNOWN, AmountStatus.KNOWN, AmountStatus.NOT_APPLICABLE):
        yield as_value(show_amount(row.amount, row.status))


def percent(row: Any, case: Case) -> Iterator[Said]:
    if row.percent is not None:
        yield f"{row.percent} %"


def unit(row: Any, case: Case) -> Iterator[Said]:
    """A unit without a quantity; with one, both are looked for together."""
    if row.quantity is None and row.unit:
        yield row.unit


def party(row: Any, case: Case) -> Iterator[Said]:
    """The party, as the act calls it, or by its name."""
    if row.party is not None:
        partner = row.party.partner
        yield (assembling.designation(partner)[0], partner.short_name, partner.name)


def figure(row: Any, case: Case) -> Iterator[Said]:
    """What money it is, when it is not OPT-NC's."""
    if row.figure != FundingFigure.GRANTED and row.status != AmountStatus.NOT_APPLICABLE:
        yield str(row.get_figure_display())


def condition(row: Any, case: Case) -> Iterator[Said]:
    """On what an instalment is paid; a date or other words say it themselves."""
    if row.condition_kind not in UNNAMED:
        yield str(row.get_condition_kind_display())


def awaited(row: Any, case: Case) -> Iterator[Said]:
    """The duty that an instalment waits for."""
    if row.obligation is not None:
        yield bare_label(row.obligation.text)


def support_kind(row: Any, case: Case) -> Iterator[Said]:
    yield row.kind.name


def transfer(row: Any, case: Case) -> Iterator[Said]:
    """What is lent says so; the rest is given, as its article says."""
    if row.transfer == Transfer.LENT:
        yield ("prêt", str(row.get_transfer_display()))


def nothing(row: Any, case: Case) -> Iterator[Said]:
    """Said by another value of its row, which is declared."""
    return iter(())


def article(row: Any, case: Case) -> Iterator[Said]:
    """The words of an article between its fields; those beside a field agree with it, and are left out."""
    for line in row.body.replace("\r\n", "\n").splitlines():
        pieces = FIELD.sub("\0", _ITEM.sub("", line)).split("\0")
        for rank, piece in enumerate(pieces):
            kept = piece.split()
            kept = kept[1 if rank else 0 : -1 if rank < len(pieces) - 1 else None]
            if kept:
                yield " ".join(kept)
