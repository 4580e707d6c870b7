"""Terms that hold for a reader: rows of the acts he or she reads that none of these acts replaces."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from conventions.models.terms import Term

Row = TypeVar("Row", bound=Term)


def in_force(rows: Iterable[Row]) -> list[Row]:
    """From every row of the reader's acts, those neither replaced nor removed by a later one, in order."""
    found = list(rows)
    replaced = {row.replaces_id for row in found if row.replaces_id}  # type: ignore[attr-defined]
    kept = [row for row in found if not row.removed and row.pk not in replaced]
    return sorted(kept, key=lambda row: (row.position, row.pk))
