"""Years that a source declares, beside what is published of them: the public reads publishable declarations only.

A sum is compared while the declared total leaves several rows unpublished: of the last one nothing could be found by
subtraction otherwise.
"""

from django.db.models import Q, Sum

from conventions.domain.money.declared import Declared, Recorded, compared
from conventions.models import DeclaredYear, PublicSheet, PublicSheetFunding


def published_declarations() -> list[Declared]:
    """Each publishable declaration, the latest first, with the published conventions of its year; three queries."""
    rows = list(DeclaredYear.objects.filter(publishable=True))
    if not rows:
        return []
    recorded = _published({row.year for row in rows})
    return [_declared(row, recorded[row.year]) for row in rows]


def _declared(row: DeclaredYear, recorded: list[Recorded]) -> Declared:
    silent = sum(line.amount is None for line in recorded)
    left = silent if row.partnerships is None else silent + max(row.partnerships - len(recorded), 0)
    return compared(row, recorded, with_amounts=left != 1)


def _published(years: set[int]) -> dict[int, list[Recorded]]:
    """Sheets signed in each of these years, and those that publish an amount for it."""
    sheets = PublicSheet.objects.published()
    lines = PublicSheetFunding.objects.filter(sheet__in=sheets, budget_year__in=years)
    sums = lines.order_by().values_list("sheet", "budget_year").annotate(granted=Sum("amount"))
    granted = {(sheet, year): amount for sheet, year, amount in sums}
    named = Q(year__in=years) | Q(pk__in={sheet for sheet, _year in granted})
    rows = sheets.filter(named).order_by("title", "pk").values_list("pk", "year", "title", "slug")
    found: dict[int, list[Recorded]] = {year: [] for year in years}
    for pk, signed, title, slug in rows:
        for year in years:
            if signed == year or (pk, year) in granted:
                found[year].append(Recorded(title, granted.get((pk, year)), address=slug))
    return found
