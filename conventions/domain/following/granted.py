"""What OPT-NC granted, convention by convention and in all: what is not known is counted, never added as 0."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from django.db.models import BigIntegerField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from conventions.enums import ActState
from conventions.formats import NBSP, Tally, counted
from conventions.models import Act, Convention, Funding
from conventions.models.terms import FundingQuerySet

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
        is_signed=Exists(Act.objects.filter(convention=OuterRef("pk"), state=ActState.SIGNED)),
    )


def _granted() -> FundingQuerySet:
    """Lines of OPT-NC's money in force for the outer convention; of its draft as long as nothing is signed."""
    lines = Funding.objects.granted().filter(act__convention=OuterRef("pk"))
    return lines.current() | lines.foreseen()


def _of_each(lines: FundingQuerySet, aggregate: Sum | Count) -> Subquery:
    rows = lines.order_by().values("act__convention").annotate(value=aggregate).values("value")
    return Subquery(rows, output_field=BigIntegerField())


@dataclass(frozen=True)
class Totals:
    """Of a selection: how many conventions, what signed acts granted, what drafts foresee, what no sum can count."""

    conventions: int
    signed_known: int | None
    signed_unknown: int
    draft_known: int | None
    draft_unknown: int

    @property
    def sentence(self) -> str:
        """« 12 conventions · 8 400 000 F CFP accordés, sans compter 3 montants non communiqués ou non fixés »."""
        parts = [
            counted(self.conventions, "convention"),
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


def totals(conventions: QuerySet) -> Totals:
    """In one query. `conventions` carries `with_granted`."""
    signed, draft = Q(is_signed=True), Q(is_signed=False)
    rows = conventions.order_by().aggregate(
        conventions=Count("pk"),
        signed_known=Sum("granted_known", filter=signed),
        signed_unknown=Coalesce(Sum("granted_unknown", filter=signed), 0),
        draft_known=Sum("granted_known", filter=draft),
        draft_unknown=Coalesce(Sum("granted_unknown", filter=draft), 0),
    )
    return Totals(**rows)
