"""What an act grants beside what it plans to pay, once signed: whole XPF, and which sums cannot be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from conventions.domain.acts.content.loading import rows_of
from conventions.enums import ActKind, FundingFigure
from conventions.formats import Tally, tally
from conventions.models import Act, Funding, InstalmentTerm
from conventions.models.terms import Term, in_force


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """OPT-NC's own money and its instalments, as they stand once the act is signed."""

    fundings: tuple[Funding, ...]
    instalments: tuple[InstalmentTerm, ...]

    @property
    def granted(self) -> Tally:
        return tally((row.amount, row.status) for row in self.fundings)

    @property
    def certain(self) -> int | None:
        """The amount in XPF when every line has one that is certain; else None."""
        return None if self.granted.left_out else self.granted.total or 0

    @property
    def limit(self) -> int | None:
        """The most that may be paid, ceilings included; None when a line leaves it open."""
        found = self.granted
        return None if found.left_out > found.capped else (found.total or 0) + (found.ceiling or 0)

    @property
    def percent(self) -> int:
        """The sum of the shares."""
        return sum(row.percent or 0 for row in self.instalments)

    @property
    def planned(self) -> int | None:
        """The sum of the instalments in XPF; None when one of them has no sum."""
        sums = [self.sum_of(row) for row in self.instalments]
        return None if None in sums else sum(part for part in sums if part is not None)

    @property
    def at_least(self) -> int:
        """The sum of the instalments that have one, in XPF."""
        return sum(self.sum_of(row) or 0 for row in self.instalments)

    def sum_of(self, row: InstalmentTerm) -> int | None:
        """An instalment in XPF: its amount, or its share of the limit, rounded down."""
        if row.amount is not None or row.percent is None or self.limit is None:
            return row.amount
        return self.limit * row.percent // 100


def schedule_of(row: Act) -> Schedule | None:
    """The schedule that a `loaded` act leaves; None without instalments, or where it touches neither.

    No query for a first act, two for an amendment.
    """
    if not (row.funding_set.all() or row.instalmentterm_set.all()):
        return None
    instalments = lines_once_signed(row, InstalmentTerm)
    if not instalments:
        return None
    fundings = [line for line in lines_once_signed(row, Funding) if line.figure == FundingFigure.GRANTED]
    return Schedule(fundings=tuple(fundings), instalments=tuple(instalments))


def signed_of(row: Act) -> list[Act]:
    """The other signed acts of its convention, in order."""
    return list(Act.objects.signed().filter(convention=row.convention_id).exclude(pk=row.pk).order_by("rank"))


def lines_once_signed(row: Act, model: type[Term]) -> Sequence[Any]:
    """The lines of this table that will be in force once a `loaded` act is signed, in order."""
    own = sorted(rows_of(row, model), key=lambda line: (line.position, line.pk))
    if row.kind == ActKind.INITIAL:
        return in_force(own)
    signed = model._default_manager.current().filter(act__convention=row.convention_id).exclude(act=row.pk)
    return in_force([*signed.order_by("act__rank", "position", "pk"), *own])
