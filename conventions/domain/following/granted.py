"""What OPT-NC granted, convention by convention and in all: what is not known is counted, never added as 0."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from django.db.models import BigIntegerField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum

from conventions.enums import ActState
from conventions.formats import NBSP, Tally, counted, show_number
from conventions.models import Act, Convention, Funding
from conventions.models.terms import COUNTABLE, FundingQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Granted(TypedDict):
        granted_known: int | None
        granted_unknown: int | None
        is_signed: bool

    GrantedConvention = WithAnnotations[Convention, Granted]


def with_granted(conventions: QuerySet) -> QuerySet:
    """Annotate `granted_known` (XPF or None), `granted_unknown` (lines no sum can count, or None), `is_signed`."""
    return conventions.annotate(
        granted_known=_of_each(_granted().countable(), Sum("amount")),
        granted_unknown=_of_each(_granted().left_out(), Count("pk")),
        is_signed=Exists(Act.objects.signed().filter(convention=OuterRef("pk"))),
    )


def _granted() -> FundingQuerySet:
    """Lines of OPT-NC's money in force for the outer convention; of its draft as long as nothing is signed."""
    lines = Funding.objects.granted().filter(act__convention=OuterRef("pk"))
    return lines.current() | lines.foreseen()


def _of_each(lines: FundingQuerySet, aggregate: Sum | Count) -> Subquery:
    rows = lines.order_by().values("act__convention").annotate(value=aggregate).values("value")
    return Subquery(rows, output_field=BigIntegerField())


MOST_ADDED = 5_000  # conventions: beyond, a page says how many there are and adds nothing

TOO_MANY = f"montants additionnés jusqu’à {show_number(MOST_ADDED)} conventions{NBSP}: filtrez la liste, ou exportez-la"


@dataclass(frozen=True)
class Totals:
    """Of a selection: how many conventions, what signed acts granted, what drafts foresee, what no sum can count.

    `added`: False when there are too many for a page to add them.
    """

    conventions: int
    signed_known: int | None = None
    signed_unknown: int = 0
    draft_known: int | None = None
    draft_unknown: int = 0
    added: bool = True

    @property
    def sentence(self) -> str:
        """« 12 conventions · 8 400 000 F CFP accordés, sans compter 3 montants non communiqués ou non fixés »."""
        parts = [
            counted(self.conventions, "convention"),
            "" if self.added else TOO_MANY,
            _part(granted_tally(self.signed_known, self.signed_unknown), "accordé"),
            _part(granted_tally(self.draft_known, self.draft_unknown), "prévu"),
        ]
        return " · ".join(part for part in parts if part)


def granted_tally(known: int | None, left_out: int | None) -> Tally:
    """The sum that a row of `with_granted` carries; why a line is left out is not told apart there."""
    return Tally(total=known, others=left_out or 0)


def _part(tally: Tally, verb: str) -> str:
    """Nothing certain is said so: it is never a sum of 0."""
    if tally.total is None:
        return f"{verb}{NBSP}: {tally.note.removeprefix('sans compter ')}" if tally.left_out else ""
    return ", ".join(part for part in (f"{tally.text} {verb}s", tally.note) if part)


def totals(conventions: QuerySet, count: int) -> Totals:
    """Of `count` conventions, in one query over their lines of funding in force."""
    if count > MOST_ADDED:
        return Totals(conventions=count, added=False)
    lines = Funding.objects.granted().stated().filter(act__convention__in=conventions.order_by().values("pk"))
    signed = Q(act__state=ActState.SIGNED)
    rows = (
        (lines.current() | lines.foreseen())
        .order_by()
        .aggregate(
            signed_known=Sum("amount", filter=signed & COUNTABLE),
            signed_unknown=Count("pk", filter=signed & ~COUNTABLE),
            draft_known=Sum("amount", filter=~signed & COUNTABLE),
            draft_unknown=Count("pk", filter=~signed & ~COUNTABLE),
        )
    )
    return Totals(conventions=count, **rows)
