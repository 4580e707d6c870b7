"""What sources declare of whole years, beside what is recorded here: « 9 sur 47, 2,0 M sur 67,2 M F CFP ».

Staff read every row; the public reads publishable declarations beside published sheets alone (`publication`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from conventions.domain.following import statistics
from conventions.domain.following.statistics import Row
from conventions.enums import ActState
from conventions.formats import NBSP, counted, show_millions, show_number, show_xpf
from conventions.models import Act, DeclaredYear


@dataclass(frozen=True, slots=True)
class Recorded:
    """One partnership of a year as it is recorded; `amount` in whole XPF, None when none is known."""

    title: str
    amount: int | None
    convention_id: int = 0
    address: str = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration and the rows that stand for it here; `with_amounts`: whether the sums may be compared."""

    row: DeclaredYear
    recorded: list[Recorded]
    with_amounts: bool = True

    @property
    def declares(self) -> str:
        """« 47 partenariats, 67 200 000 F CFP »."""
        parts = []
        if self.row.partnerships is not None:
            parts.append(counted(self.row.partnerships, "partenariat"))
        if self.row.amount is not None:
            parts.append(show_xpf(self.row.amount))
        return ", ".join(parts)

    @property
    def total(self) -> int:
        return sum(line.amount or 0 for line in self.recorded)

    @property
    def unknown(self) -> int:
        """Partnerships whose amount is not known here."""
        return sum(line.amount is None for line in self.recorded)

    @property
    def told(self) -> str:
        """« 9 partenariats sur 47, 2,0 M sur 67,2 M F CFP »."""
        many = len(self.recorded)
        parts = [
            f"{counted(many, 'partenariat')} sur {show_number(self.row.partnerships)}"
            if self.row.partnerships is not None
            else counted(many, "partenariat")
        ]
        if self.row.amount is not None and self.with_amounts:
            known = any(line.amount is not None for line in self.recorded)
            sums = f"{show_millions(self.total)} sur {show_millions(self.row.amount)}{NBSP}F{NBSP}CFP"
            parts.append(sums if known else f"aucun montant connu sur {show_xpf(self.row.amount)}")
        return ", ".join(parts)


def declarations(year: int, found: statistics.YearFigures) -> list[Declared]:
    """What each source declares of this year, beside what the figures of that year hold; two queries."""
    rows = list(DeclaredYear.objects.filter(year=year))
    if not rows:
        return []
    recorded = _recorded(year, found)
    return [Declared(row, recorded) for row in rows]


def years() -> list[int]:
    """Years that a source declares."""
    return list(DeclaredYear.objects.values_list("year", flat=True).distinct())


def _recorded(year: int, found: statistics.YearFigures) -> list[Recorded]:
    """Conventions that the year grants money or goods to, and those signed in it, with what is granted for the year."""
    sums = _sums(found.granted_rows)
    titles = {row.convention_id: row.convention for row in [*found.granted_rows, *found.in_kind_rows]}
    signed = Act.objects.filter(state=ActState.SIGNED, rank=0, signed_on__year=year)
    titles |= dict(signed.values_list("convention_id", "convention__title"))
    lines = [Recorded(title, sums.get(key), key) for key, title in titles.items()]
    return sorted(lines, key=lambda line: (line.title, line.convention_id))


def _sums(rows: Iterable[Row]) -> dict[int, int]:
    found: dict[int, int] = {}
    for row in rows:
        if row.certain is not None:
            found[row.convention_id] = found.get(row.convention_id, 0) + row.certain
    return found
