"""What sources declare of whole years, beside what is recorded here: « 9 sur 47, 2,0 M sur 67,2 M F CFP ».

Staff read every row; the public reads publishable declarations beside published sheets alone (`publication`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Sum

from conventions.domain.money import figures
from conventions.formats import NBSP, counted, show_millions, show_number, show_xpf
from conventions.models import DeclaredYear


@dataclass(frozen=True, slots=True)
class Recorded:
    """One partnership of a year as it is recorded; `amount` in whole XPF, None when none is known."""

    title: str
    amount: int | None
    convention_id: int = 0
    address: str = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration beside what is recorded here of its year: how many, the sum of what is known, how many unknown.

    `recorded`: the partnerships, where they are few enough to be read; `with_amounts`: whether sums may be compared.
    """

    row: DeclaredYear
    many: int
    total: int
    unknown: int
    recorded: Sequence[Recorded] = ()
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
    def told(self) -> str:
        """« 9 partenariats sur 47, 2,0 M sur 67,2 M F CFP »."""
        many = self.many
        parts = [
            f"{counted(many, 'partenariat')} sur {show_number(self.row.partnerships)}"
            if self.row.partnerships is not None
            else counted(many, "partenariat")
        ]
        if self.row.amount is not None and self.with_amounts:
            known = self.many > self.unknown
            sums = f"{show_millions(self.total)} sur {show_millions(self.row.amount)}{NBSP}F{NBSP}CFP"
            parts.append(sums if known else f"aucun montant connu sur {show_xpf(self.row.amount)}")
        return ", ".join(parts)


def compared(row: DeclaredYear, recorded: Sequence[Recorded], *, with_amounts: bool) -> Declared:
    """A declaration beside partnerships already read."""
    amounts = [line.amount for line in recorded]
    known = [amount for amount in amounts if amount is not None]
    return Declared(row, len(amounts), sum(known), len(amounts) - len(known), recorded, with_amounts)


def declarations(year: int) -> list[Declared]:
    """What each source declares of this year, beside what is recorded for it; two queries."""
    rows = list(DeclaredYear.objects.filter(year=year))
    if not rows:
        return []
    found = figures.partnerships(year).aggregate(
        many=Count("pk"), total=Sum("granted"), known=Count("granted")
    )
    unknown = found["many"] - found["known"]
    return [Declared(row, found["many"], found["total"] or 0, unknown) for row in rows]


def years() -> list[int]:
    """Years that a source declares."""
    return list(DeclaredYear.objects.values_list("year", flat=True).distinct())
