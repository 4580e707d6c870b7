"""Figures for staff: granted, paid, in kind, not communicated, each reconciling with its rows.

Only current terms of signed acts count. A sum says how many rows it could not add; unknown is never 0. Amounts are
whole XPF. The four kinds of money (granted, raised, prize, co-funding) are never added together: only OPT-NC's own
is read here.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F, Q
from django.db.models.functions import Coalesce, ExtractYear

from conventions.enums import AmountStatus
from conventions.formats import Amount, Tally, show_amount, show_number, tally
from conventions.models import Area, EquipmentTerm, Funding, InKind, Payment
from conventions.models.terms import FundingQuerySet

NO_PLACE = "Territoire non précisé"
YEARS_SHOWN = 5


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


@dataclass(frozen=True, slots=True)
class YearFigures:
    """The four figures of a year and the rows they are made of; `undated_…`: rows that belong to no known year."""

    year: int | None
    granted: Tally
    paid: Tally
    in_kind: Tally
    unknown: int
    granted_rows: list[Row] = field(default_factory=list)
    paid_rows: list[Row] = field(default_factory=list)
    in_kind_rows: list[Row] = field(default_factory=list)
    undated_granted_rows: list[Row] = field(default_factory=list)
    undated_paid_rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Slice:
    """One bar: its label and its total; `share` is 0–100 of the longest, None when nothing is known."""

    label: str
    total: Tally
    share: float | None

    @property
    def text(self) -> str:
        return self.total.brief


def total_of(rows: Iterable[Row]) -> Tally:
    """Sum of the certain amounts of these rows, and what it left out."""
    return tally((row.amount, row.status) for row in rows)


def years() -> list[int]:
    """Years that have a figure, the latest first; two queries."""
    budget = _granted().exclude(budget_year=None).values_list("budget_year", flat=True).distinct()
    signed = InKind.objects.current().annotate(year=_act_year()).exclude(year=None)
    return sorted({*budget, *signed.values_list("year", flat=True).distinct()}, reverse=True)


def overview(year: int) -> tuple[YearFigures, list[Slice]]:
    """The figures of a year, and what was granted over the last five: four queries."""
    recent = granted_rows(year - YEARS_SHOWN + 1, year)
    return year_figures(year, recent), evolution([row for row in recent if row.year is not None])


def year_figures(year: int, granted: list[Row] | None = None) -> YearFigures:
    """Granted by budget year (`granted`: already read); paid against it; in kind by year of signature."""
    granted, undated = _split(granted_rows(year, year) if granted is None else granted, year)
    paid, undated_paid = _split(paid_rows(year), year)
    in_kind = in_kind_rows(year)
    return YearFigures(
        year=year,
        granted=total_of(granted),
        paid=total_of(paid),
        in_kind=total_of(in_kind),
        unknown=total_of([*granted, *in_kind]).left_out,
        granted_rows=granted,
        paid_rows=paid,
        in_kind_rows=in_kind,
        undated_granted_rows=undated,
        undated_paid_rows=undated_paid,
    )


def _split(rows: list[Row], year: int) -> tuple[list[Row], list[Row]]:
    """Those of the year, those of no known year."""
    return [row for row in rows if row.year == year], [row for row in rows if row.year is None]


def _granted() -> FundingQuerySet:
    return Funding.objects.current().granted().stated()


def granted_rows(first: int, last: int) -> list[Row]:
    """Funding lines of OPT-NC in force for these budget years, both included, and those without a year."""
    dated = Q(budget_year__range=(first, last)) | Q(budget_year=None)
    rows = _granted().filter(dated).select_related("act__convention__kind")
    return [
        _row(line, line.label or "Soutien financier", line.budget_year) for line in rows.order_by(*_ORDER)
    ]


_ORDER = ("act__convention__title", "act__convention", "pk")


def _row(line: Funding | InKind | EquipmentTerm, label: str, year: int | None) -> Row:
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


def paid_rows(year: int) -> list[Row]:
    """Payments made on lines of a budget year, whenever they were paid; and those of no known year."""
    paid = Payment.objects.paid()
    rows = paid.of_budget_year(year) | paid.of_budget_year(None)
    rows = rows.with_budget_year().select_related("convention__kind")
    return [
        Row(
            convention_id=payment.convention_id,
            convention=payment.convention.title,
            kind=payment.convention.kind.name,
            label=payment.reference or "Versement",
            amount=payment.position.net,
            status=AmountStatus.KNOWN.value,
            year=payment.budget_year,
            is_demo=payment.convention.is_demo,
        )
        for payment in rows.order_by("position__paid_on", "pk")
    ]


def _act_year() -> Coalesce:
    """The year of a support in kind: when it takes effect, else when it was signed."""
    return Coalesce(ExtractYear("act__starts_on"), ExtractYear("act__signed_on"))


def in_kind_rows(year: int) -> list[Row]:
    """Gifts, loans, services and equipment of acts that take effect in a year."""
    found = []
    for model, label in ((InKind, "description"), (EquipmentTerm, "nature")):
        lines = model.objects.current().stated().annotate(year=_act_year()).filter(year=year)
        lines = lines.select_related("act__convention__kind")
        found += [_row(line, _quantified(line, label), year) for line in lines.order_by(*_ORDER)]
    return found


def _quantified(line: EquipmentTerm | InKind, name: str) -> str:
    text = getattr(line, name)
    return f"{show_number(line.quantity)} × {text}" if line.quantity and line.quantity > 1 else text


def by_kind(rows: list[Row]) -> list[Slice]:
    """Granted amounts by kind of convention; no query."""
    return slices([(row.kind.capitalize(), row) for row in rows])


def by_province(rows: list[Row]) -> list[Slice]:
    """Granted amounts by province or wider area; a convention of two provinces counts in both. Two queries."""
    names = _areas_of({row.convention_id for row in rows})
    return slices([(name, row) for row in rows for name in names.get(row.convention_id) or [NO_PLACE]])


def _areas_of(convention_ids: set[int]) -> dict[int, list[str]]:
    places = Area.objects.filter(conventions__in=convention_ids).annotate(convention=F("conventions"))
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for area in places.prefetch_related("provinces").order_by("position"):
        for wider in area.provinces.all() or [area]:
            found[area.convention][wider.name] = None
    return {convention: list(names) for convention, names in found.items()}


def slices(pairs: Iterable[tuple[str, Row]]) -> list[Slice]:
    """Bars of labelled rows, the highest total first; what is not known comes last."""
    grouped: dict[str, list[Row]] = defaultdict(list)
    for label, row in pairs:
        grouped[label].append(row)
    totals = {label: total_of(rows) for label, rows in grouped.items()}
    longest = max([total.total or 0 for total in totals.values()], default=0)
    ordered = sorted(totals.items(), key=lambda pair: (-(pair[1].total or -1), pair[0]))
    return [
        Slice(label, total, None if total.total is None else 100 * total.total / longest if longest else 0)
        for label, total in ordered
    ]


def evolution(rows: list[Row]) -> list[Slice]:
    """Granted by budget year, in order; no query."""
    return sorted(slices([(str(row.year), row) for row in rows]), key=lambda bar: bar.label)
