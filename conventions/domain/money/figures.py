"""Figures for staff: granted, paid, in kind, not communicated, each reconciling with its rows.

The database makes every sum, and reads of the rows behind it one page at a time. Only current terms of signed acts
count. A sum says how many rows it could not add; unknown is never 0. Amounts are whole XPF. The four kinds of money
(granted, raised, prize, co-funding) are never added together: only OPT-NC's own is read here.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, ExtractYear

from conventions.domain.money.sums import added, aggregates, tally_from
from conventions.enums import ActState, AmountStatus
from conventions.formats import Amount, Tally, show_amount, show_number
from conventions.models import Act, Area, Convention, EquipmentTerm, Funding, InKind, Payment
from conventions.models.money import NET
from conventions.models.terms import FundingQuerySet

NO_PLACE = "Territoire non précisé"
YEARS_SHOWN = 5
CHUNK = 500
_ORDER = ("act__convention__title", "act__convention", "pk")


@dataclass(frozen=True, slots=True)
class Row:
    """One line behind a figure, for the table that reconciles."""

    convention_id: int
    convention: str
    kind: str
    label: str
    amount: int | None
    status: str  # enums.AmountStatus
    year: int | None
    is_demo: bool

    @property
    def certain(self) -> int | None:
        """What a total counts, in whole XPF."""
        return Amount(self.amount, self.status).certain

    @property
    def text(self) -> str:
        return show_amount(self.amount, self.status)


class Rows:
    """The rows behind a figure, read as they are asked for: a page, or all of them by five hundred."""

    def __init__(self, *parts: tuple[QuerySet[Any], Callable[[Any], Row]]) -> None:
        self.parts = parts

    def count(self) -> int:
        return sum(rows.count() for rows, _told in self.parts)

    def __len__(self) -> int:
        return self.count()

    def __iter__(self) -> Iterator[Row]:
        for rows, told in self.parts:
            yield from map(told, rows.iterator(chunk_size=CHUNK))

    def __getitem__(self, asked: slice) -> list[Row]:
        """Those of a slice with both ends, as a page asks."""
        first, found = asked.start or 0, list[Row]()
        wanted = asked.stop - first
        for rows, told in self.parts:
            page = list(rows[first : first + wanted])
            found += map(told, page)
            wanted -= len(page)
            if wanted <= 0:
                break
            first = max(first - rows.count(), 0) if first and not page else 0
        return found


@dataclass(frozen=True, slots=True)
class YearFigures:
    """The figures of a year; `undated_…`: of rows that belong to no known year."""

    year: int
    granted: Tally = field(default_factory=Tally)
    paid: Tally = field(default_factory=Tally)
    in_kind: Tally = field(default_factory=Tally)
    undated_granted: Tally = field(default_factory=Tally)
    undated_paid: Tally = field(default_factory=Tally)

    @property
    def unknown(self) -> int:
        return self.granted.left_out + self.in_kind.left_out


@dataclass(frozen=True, slots=True)
class Slice:
    """One bar: its label and its total; `share` is 0–100 of the longest, None when nothing is known."""

    label: str
    total: Tally
    share: float | None

    @property
    def text(self) -> str:
        return self.total.brief


def years() -> list[int]:
    """Years that have a figure, the latest first; two queries."""
    budget = _granted().exclude(budget_year=None).order_by().values_list("budget_year", flat=True).distinct()
    signed = InKind.objects.current().annotate(year=_act_year()).exclude(year=None).order_by()
    return sorted({*budget, *signed.values_list("year", flat=True).distinct()}, reverse=True)


def overview(year: int) -> tuple[YearFigures, list[Slice]]:
    """The figures of a year, and what was granted over the last five: four queries."""
    found = _granted_by_year(Q(budget_year__range=(year - YEARS_SHOWN + 1, year)) | Q(budget_year=None))
    evolution = slices({str(key): total for key, total in found.items() if key is not None})
    return _figures(year, found), sorted(evolution, key=lambda bar: bar.label)


def year_figures(year: int) -> YearFigures:
    """Granted by budget year; paid against it; in kind by the year it takes effect. Four queries."""
    return _figures(year, _granted_by_year(Q(budget_year=year) | Q(budget_year=None)))


def _figures(year: int, granted: dict[int | None, Tally]) -> YearFigures:
    parts = [_in_kind(model, year).aggregate(**aggregates()) for model in (InKind, EquipmentTerm)]
    return YearFigures(
        year=year,
        granted=granted.get(year, Tally()),
        undated_granted=granted.get(None, Tally()),
        in_kind=added(tally_from(part) for part in parts),
        **_paid_figures(year),
    )


def _granted_by_year(only: Q) -> dict[int | None, Tally]:
    rows = _granted().filter(only).order_by().values("budget_year").annotate(**aggregates())
    return {row["budget_year"]: tally_from(row) for row in rows}


def _paid_figures(year: int) -> dict[str, Tally]:
    rows = _paid().filter(Q(budget_year=year) | Q(budget_year=None)).order_by().values("budget_year")
    found = {row["budget_year"]: row for row in rows.annotate(total=Sum(NET), lines=Count("pk"))}
    tallies = {key: Tally(total=row["total"], counted=row["lines"]) for key, row in found.items()}
    return {"paid": tallies.get(year, Tally()), "undated_paid": tallies.get(None, Tally())}


def _granted() -> FundingQuerySet:
    return Funding.objects.current().granted().stated()


def _paid() -> QuerySet[Any]:
    return Payment.objects.paid().with_budget_year()


def _in_kind(model: type[InKind] | type[EquipmentTerm], year: int) -> QuerySet[Any]:
    return model.objects.current().stated().annotate(year=_act_year()).filter(year=year)


def _act_year() -> Coalesce:
    """The year of a support in kind: when it takes effect, else when it was signed."""
    return Coalesce(ExtractYear("act__starts_on"), ExtractYear("act__signed_on"))


def granted_rows(year: int | None) -> Rows:
    """Funding lines of OPT-NC in force for a budget year; None: those without a year."""
    rows = _granted().filter(budget_year=year).select_related("act__convention__kind").order_by(*_ORDER)
    return Rows((rows, lambda line: _row(line, line.label or "Soutien financier", line.budget_year)))


def paid_rows(year: int | None) -> Rows:
    """Payments made on lines of a budget year, whenever they were paid; None: on lines of no known year."""
    rows = _paid().filter(budget_year=year).select_related("convention__kind")
    return Rows((rows.annotate(net=NET).order_by("position__paid_on", "pk"), _paid_row))


def _paid_row(payment: Any) -> Row:
    convention = payment.convention
    return Row(
        convention_id=convention.pk,
        convention=convention.title,
        kind=convention.kind.name,
        label=payment.reference or "Versement",
        amount=payment.net,
        status=AmountStatus.KNOWN.value,
        year=payment.budget_year,
        is_demo=convention.is_demo,
    )


def in_kind_rows(year: int) -> Rows:
    """Gifts, loans, services and equipment of acts that take effect in a year."""
    return Rows(
        *(
            (_in_kind(model, year).select_related("act__convention__kind").order_by(*_ORDER), _named(name))
            for model, name in ((InKind, "description"), (EquipmentTerm, "nature"))
        )
    )


def _named(name: str) -> Callable[[Any], Row]:
    return lambda line: _row(line, _quantified(line, name), line.year)


def _row(line: Any, label: str, year: int | None) -> Row:
    convention = line.act.convention
    return Row(
        convention_id=convention.pk,
        convention=convention.title,
        kind=convention.kind.name,
        label=label,
        amount=line.amount,
        status=line.status,
        year=year,
        is_demo=convention.is_demo,
    )


def _quantified(line: Any, name: str) -> str:
    text = getattr(line, name)
    return f"{show_number(line.quantity)} × {text}" if line.quantity and line.quantity > 1 else text


def by_kind(year: int) -> list[Slice]:
    """Granted amounts of a year by kind of convention; one query."""
    name = "act__convention__kind__name"
    rows = _granted().filter(budget_year=year).order_by().values(name).annotate(**aggregates())
    return slices({row[name].capitalize(): tally_from(row) for row in rows})


def by_province(year: int) -> list[Slice]:
    """Granted amounts by province or wider area; a convention of two provinces counts in both. Two queries."""
    places = _places()
    lines: QuerySet[Any] = _granted().filter(budget_year=year)
    flags = {f"in_{rank}": _lies_in(keys) for rank, keys in enumerate(places.values())}
    rows = lines.annotate(**flags).order_by().values(*flags).annotate(**aggregates())
    found: dict[str, list[Tally]] = defaultdict(list)
    for row in rows:
        for name in [name for name, flag in zip(places, flags, strict=True) if row[flag]] or [NO_PLACE]:
            found[name].append(tally_from(row))
    return slices({name: added(tallies) for name, tallies in found.items()})


def _places() -> dict[str, set[int]]:
    """{province or wider area: the keys of the places that lie in it}."""
    found: dict[str, set[int]] = defaultdict(set)
    names = Area.objects.order_by("position").values_list("pk", "name", "provinces__name")
    for key, name, wider in names:
        found[wider or name].add(key)
    return found


def _lies_in(keys: set[int]) -> Exists:
    joined = Convention.areas.through._default_manager
    return Exists(joined.filter(convention=OuterRef("act__convention"), area__in=keys))


def slices(totals: dict[str, Tally]) -> list[Slice]:
    """Bars of named totals, the highest first; what is not known comes last."""
    longest = max([total.total or 0 for total in totals.values()], default=0)
    ordered = sorted(totals.items(), key=lambda pair: (-(pair[1].total or -1), pair[0]))
    return [
        Slice(label, total, None if total.total is None else 100 * total.total / longest if longest else 0)
        for label, total in ordered
    ]


def partnerships(year: int) -> QuerySet[Any]:
    """Conventions that a year grants money or goods to, and those signed in it, by title; `granted`: XPF or None."""
    of_convention = {"act__convention": OuterRef("pk")}
    lines = _granted().filter(budget_year=year, **of_convention)
    sums = (
        lines.countable().order_by().values("act__convention").annotate(value=Sum("amount")).values("value")
    )
    signed = Act.objects.filter(
        convention=OuterRef("pk"), state=ActState.SIGNED, rank=0, signed_on__year=year
    )
    goods = [Exists(_in_kind(model, year).filter(**of_convention)) for model in (InKind, EquipmentTerm)]
    rows: QuerySet[Any] = Convention.objects.filter(Exists(lines) | Exists(signed) | goods[0] | goods[1])
    return rows.annotate(granted=Subquery(sums, output_field=BigIntegerField())).order_by("title", "pk")
