"""Years that a source declares, beside what is published of them: the public reads publishable declarations only.

A sum is compared while the declared total leaves several rows unpublished: of the last one nothing could be found by
subtraction otherwise.
"""

from django.db.models import Q, Sum

from conventions.domain.following.declared import Declared, Recorded
from conventions.models import DeclaredYear, PublicSheet


def published_declarations() -> list[Declared]:
    """Each publishable declaration, the latest first, with the published conventions of its year; a query a year."""
    rows = list(DeclaredYear.objects.filter(publishable=True))
    if not rows:
        return []
    recorded = _published({row.year for row in rows})
    return [_declared(row, recorded[row.year]) for row in rows]


def _declared(row: DeclaredYear, recorded: list[Recorded]) -> Declared:
    silent = sum(line.amount is None for line in recorded)
    left = silent if row.partnerships is None else silent + max(row.partnerships - len(recorded), 0)
    return Declared(row, recorded, with_amounts=left != 1)


def _published(years: set[int]) -> dict[int, list[Recorded]]:
    """Sheets signed in each of these years, and those that publish an amount for it."""
    sheets = PublicSheet.objects.published()
    found: dict[int, list[Recorded]] = {}
    for year in years:
        mine = sheets.filter(Q(year=year) | Q(fundings__budget_year=year))
        amount = Sum("fundings__amount", filter=Q(fundings__budget_year=year))
        rows = sheets.filter(pk__in=mine.values("pk")).annotate(granted=amount).order_by("title", "pk")
        found[year] = [
            Recorded(title, granted, address=slug)
            for title, slug, granted in rows.values_list("title", "slug", "granted")
        ]
    return found
