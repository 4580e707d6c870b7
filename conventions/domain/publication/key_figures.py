"""Key figures of what is published, and only that. A sum always says what it could not count."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, Sum

from conventions.enums import AreaLevel, FundingFigure, PartyRole
from conventions.formats import Tally
from conventions.models import PublicSheet, PublicSheetFunding

WITHOUT_AREA = "Territoire non précisé"


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """Devices given: how many, and how many lots of unknown size are left out."""

    total: int | None = None
    uncounted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One row of a chart: a year, a kind, a province."""

    label: str
    conventions: int = 0
    granted: Tally = field(default_factory=Tally)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFigures:
    """What the home page shows."""

    conventions: int
    partners: int
    fictitious: int
    granted: Tally
    equipment: Equipment


def key_figures() -> KeyFigures:
    """Three queries, whatever the number of conventions."""
    counts = PublicSheet.objects.published().aggregate(
        all=Count("pk", distinct=True),
        fictitious=Count("pk", distinct=True, filter=Q(is_demo=True)),
        partners=Count("partners__partner", distinct=True, filter=~Q(partners__role=PartyRole.OPT)),
    )
    return KeyFigures(
        conventions=counts["all"],
        fictitious=counts["fictitious"],
        partners=counts["partners"],
        granted=_amount(_lines().aggregate(**_SUMS)),
        equipment=equipment_given(),
    )


_SUMS: dict[str, Any] = {
    "total": Sum("amount"),
    "counted": Count("pk", filter=Q(amount__isnull=False)),
    "uncounted": Count("pk", filter=Q(amount__isnull=True)),
}


def _lines() -> Any:
    return PublicSheetFunding.objects.filter(sheet__in=PublicSheet.objects.published())


def _amount(row: dict[str, Any]) -> Tally:
    return Tally(total=row["total"], counted=row["counted"], others=row["uncounted"])


def equipment_given() -> Equipment:
    """Devices of the published equipment annexes; loans and services are not among them."""
    supports = PublicSheet.objects.published().values_list("data__supports", flat=True)
    quantities = [line["quantity"] for lines in supports for line in lines or () if line.get("equipment")]
    known = [quantity for quantity in quantities if quantity is not None]
    return Equipment(total=sum(known) if known else None, uncounted=len(quantities) - len(known))


def granted_by_budget_year() -> list[Slice]:
    """Amounts granted by OPT-NC, by budget year, the latest first; lines without a year come last."""
    rows = _lines().values("budget_year").annotate(**_SUMS, sheets=Count("sheet", distinct=True))
    ordered = sorted(rows, key=lambda row: -(row["budget_year"] or 0))
    return [
        Slice(
            label=str(row["budget_year"] or "Exercice non précisé"),
            conventions=row["sheets"],
            granted=_amount(row),
        )
        for row in ordered
    ]


def signed_by_year_and_kind() -> tuple[list[Slice], list[Slice]]:
    """Conventions by year of signature, the latest first; conventions and amounts by kind, the most frequent first."""
    rows = (
        PublicSheet.objects.published()
        .order_by()
        .values("year", "kind_slug", "kind_label")
        .annotate(
            all=Count("pk", distinct=True),
            total=Sum("fundings__amount"),
            counted=Count("fundings", filter=Q(fundings__amount__isnull=False)),
            uncounted=Count("fundings", filter=Q(fundings__amount__isnull=True)),
        )
    )
    years: Counter[int] = Counter()
    kinds: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        years[row["year"] or 0] += row["all"]
        kinds[row["kind_label"]].append(row)
    by_year = [
        Slice(label=str(year or "Année non précisée"), conventions=count)
        for year, count in sorted(years.items(), reverse=True)
    ]
    by_kind = [
        Slice(label=_capital(label), conventions=sum(row["all"] for row in found), granted=_added(found))
        for label, found in kinds.items()
    ]
    return by_year, sorted(by_kind, key=lambda row: (-row.conventions, row.label))


def _added(rows: list[Mapping[str, Any]]) -> Tally:
    known = [row["total"] for row in rows if row["total"] is not None]
    return Tally(
        total=sum(known) if known else None,
        counted=sum(row["counted"] for row in rows),
        others=sum(row["uncounted"] for row in rows),
    )


def by_province() -> list[Slice]:
    """Conventions by province or wider territory; one that acts in two is counted in both."""
    sheets, labels = sheets_by_territory()
    slices = [Slice(label=labels[slug], conventions=len(found)) for slug, found in sheets.items()]
    return sorted(slices, key=lambda row: (row.label == WITHOUT_AREA, -row.conventions, row.label))


def sheets_by_territory() -> tuple[dict[str, set[int]], dict[str, str]]:
    """Ids of published sheets by the slug of a province or wider territory, and the name of each; one query."""
    rows = PublicSheet.objects.published().values_list(
        "pk",
        "areas__slug",
        "areas__name",
        "areas__level",
        "areas__provinces__slug",
        "areas__provinces__name",
    )
    sheets: dict[str, set[int]] = defaultdict(set)
    labels: dict[str, str] = {"": WITHOUT_AREA}
    for pk, slug, name, level, province_slug, province_name in rows:
        if level == AreaLevel.COMMUNE and province_slug:
            slug, name = province_slug, province_name
        labels.setdefault(slug or "", name)
        sheets[slug or ""].add(pk)
    return sheets, labels


def other_money() -> list[Slice]:
    """Money that is not OPT-NC's: raised from the public, prizes, co-funding. Never added to one another."""
    published = PublicSheet.objects.published().values_list("data__fundings", flat=True)
    lines = [line for fundings in published for line in fundings or ()]
    slices = []
    for figure in (FundingFigure.RAISED, FundingFigure.PRIZE, FundingFigure.COFUNDED):
        amounts = [
            None if line["capped"] or line["outcome"] else line["amount"]
            for line in lines
            if line["figure"] == figure
        ]
        if not amounts:
            continue
        known = [amount for amount in amounts if amount is not None]
        granted = Tally(
            total=sum(known) if known else None, counted=len(known), others=len(amounts) - len(known)
        )
        slices.append(Slice(label=_capital(str(figure.label)), conventions=len(amounts), granted=granted))
    return slices


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
