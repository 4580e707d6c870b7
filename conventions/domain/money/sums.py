"""Sums made by the database of lines with an amount: what is added, and what is left out, told apart as a Tally."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Q, Sum

from conventions.enums import AmountStatus
from conventions.formats import Tally
from conventions.models.terms import COUNTABLE

CAPPED = Q(status=AmountStatus.CAPPED)
OUTCOME = Q(status=AmountStatus.OUTCOME)
TO_BE_SET = Q(status=AmountStatus.TO_BE_SET)
ABSENT = Q(status=AmountStatus.NOT_APPLICABLE)


def aggregates(prefix: str = "", only: Q | None = None) -> dict[str, Any]:
    """{name: aggregate} of a Tally of lines, those of `only`; read again by `tally_from` with the same prefix."""
    kept = Q() if only is None else only
    unknown = ~(COUNTABLE | CAPPED | OUTCOME | TO_BE_SET | ABSENT)
    return {
        f"{prefix}total": Sum("amount", filter=kept & COUNTABLE),
        f"{prefix}counted": Count("pk", filter=kept & COUNTABLE),
        f"{prefix}ceiling": Sum("amount", filter=kept & CAPPED),
        f"{prefix}capped": Count("pk", filter=kept & CAPPED),
        f"{prefix}outcome": Count("pk", filter=kept & OUTCOME),
        f"{prefix}to_be_set": Count("pk", filter=kept & TO_BE_SET),
        f"{prefix}unknown": Count("pk", filter=kept & unknown),
    }


def tally_from(row: Mapping[str, Any], prefix: str = "") -> Tally:
    """The Tally that a row of `aggregates` holds."""
    names = ("total", "counted", "ceiling", "capped", "outcome", "to_be_set", "unknown")
    found = {name: row[prefix + name] for name in names}
    return Tally(
        **{name: value if name in ("total", "ceiling") else value or 0 for name, value in found.items()}
    )


def added(tallies: Iterable[Tally]) -> Tally:
    """One Tally of several, of lines that they do not share."""
    found = list(tallies)
    counts = ("counted", "capped", "outcome", "to_be_set", "unknown", "others")
    return Tally(
        total=_sum(one.total for one in found),
        ceiling=_sum(one.ceiling for one in found),
        **{name: sum(getattr(one, name) for one in found) for name in counts},
    )


def _sum(values: Iterable[int | None]) -> int | None:
    """None when nothing is known: it is never 0."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None
