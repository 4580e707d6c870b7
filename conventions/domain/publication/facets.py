"""The choices of the public search: only those that lead to a published page, each with how many."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from conventions.domain.publication.key_figures import sheets_by_territory
from conventions.formats import NBSP, show_number
from conventions.models import PublicSheet, Theme, Value

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """(value, French label with its count) for each filter."""

    years: Choices
    kinds: Choices
    territories: Choices
    themes: Choices
    values: Choices


def facets() -> Facets:
    """Four queries, whatever the number of sheets."""
    published = PublicSheet.objects.published()
    rows = list(published.values_list("year", "kind_slug", "kind_label"))
    years = Counter(year for year, _, _ in rows if year)
    kinds = Counter((slug, label) for _, slug, label in rows)
    sheets, labels = sheets_by_territory()
    territories = [(slug, _labelled(labels[slug], len(found))) for slug, found in sheets.items() if slug]
    return Facets(
        years=[
            (str(year), _labelled(str(year), count)) for year, count in sorted(years.items(), reverse=True)
        ],
        kinds=[
            (slug, _labelled(label[:1].upper() + label[1:], count))
            for (slug, label), count in sorted(kinds.items(), key=lambda item: item[0][1])
        ],
        territories=sorted(territories, key=lambda choice: choice[1]),
        themes=_named(Theme.objects.filter(sheets__in=published)),
        values=_named(Value.objects.filter(sheets__in=published)),
    )


def _named(rows: QuerySet) -> Choices:
    counted = rows.annotate(published=Count("sheets")).order_by("position", "name")
    return [(row.slug, _labelled(row.name[:1].upper() + row.name[1:], row.published)) for row in counted]


def _labelled(label: str, count: int) -> str:
    return f"{label}{NBSP}({show_number(count)})"
