"""What envelopes hold, read from their moves, the lines charged to them and the payments of those lines.

Every sum is made by the database. Amounts are whole XPF; unknown, capped and « selon résultat » amounts are counted
apart, never as 0. A line is committed once signed, reserved before; a support of several years is committed in full in
its first.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from conventions.domain.money.sums import aggregates, tally_from
from conventions.enums import ENDED_STATES, ActState
from conventions.formats import Tally
from conventions.models import Act, Charge, Convention, Envelope, EnvelopeMove, Funding, Payment
from conventions.models.money import NET
from conventions.models.terms import COUNTABLE, FundingQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Charged(TypedDict):
        envelope: int | None
        commit_year: int | None
        is_signed: bool

    ChargedFunding = WithAnnotations[Funding, Charged]

SIGNED = Q(act__state=ActState.SIGNED)


@dataclass(frozen=True, slots=True)
class Standing:
    """An envelope and what it holds. `raised`: what amendments not signed yet would add to lines in force."""

    envelope: Envelope
    voted: int = 0
    committed: Tally = field(default_factory=Tally)
    reserved: Tally = field(default_factory=Tally)
    raised: int = 0
    sent: int = 0
    paid: int = 0

    @property
    def committed_sum(self) -> int:
        return self.committed.total or 0

    @property
    def reserved_sum(self) -> int:
        return (self.reserved.total or 0) + self.raised

    @property
    def left(self) -> int:
        """Below 0 when more is promised than was voted: it is told, never refused."""
        return self.voted - self.committed_sum - self.reserved_sum

    @property
    def is_beyond(self) -> bool:
        return self.left < 0

    @property
    def left_out(self) -> int:
        """Lines that no sum counts."""
        return self.committed.left_out + self.reserved.left_out


def _last_charge(line: str) -> Subquery:
    rows = Charge.objects.filter(line=OuterRef(line)).order_by("-pk")
    return Subquery(rows.values("envelope")[:1])


def with_envelope(lines: QuerySet[Any]) -> QuerySet[Any]:
    """Annotate `envelope`: the key of the envelope that each line is charged to, or None."""
    return lines.annotate(envelope=_last_charge("line"))


def lines_in_force() -> FundingQuerySet:
    """OPT-NC's lines that signed acts grant, and those that drafts foresee where nothing is signed."""
    lines = Funding.objects.granted().stated()
    return lines.current() | lines.foreseen()


def _pending() -> QuerySet:
    """Lines that acts not signed yet add to, or raise, in conventions in force: `raise_by`, in XPF."""
    signed = Act.objects.signed().filter(convention=OuterRef("act__convention"))
    rows = Funding.objects.granted().filter(COUNTABLE, removed=False)
    rows = rows.exclude(act__state__in=[ActState.SIGNED, *ENDED_STATES]).filter(Exists(signed))
    more = F("amount") - Coalesce("replaces__amount", Value(0), output_field=BigIntegerField())
    return rows.annotate(raise_by=Greatest(more, Value(0), output_field=BigIntegerField()))


def standings(envelopes: Iterable[Envelope]) -> list[Standing]:
    """What each of these envelopes holds, in their order; four queries, whatever their number."""
    rows = list(envelopes)
    keys = [row.pk for row in rows]
    moves = EnvelopeMove.objects.filter(envelope__in=keys).order_by().values("envelope")
    voted = {row["envelope"]: row["voted"] for row in moves.annotate(voted=Sum("amount"))}
    lines = with_envelope(lines_in_force()).filter(envelope__in=keys).order_by().values("envelope")
    sums = {
        row["envelope"]: row
        for row in lines.annotate(**aggregates("committed_", SIGNED), **aggregates("reserved_", ~SIGNED))
    }
    pending = with_envelope(_pending()).filter(envelope__in=keys).order_by().values("envelope")
    raised = {row["envelope"]: row["more"] for row in pending.annotate(more=Sum("raise_by"))}
    paid = _paid(keys)
    return [
        Standing(
            envelope=row,
            voted=voted.get(row.pk) or 0,
            committed=tally_from(sums[row.pk], "committed_") if row.pk in sums else Tally(),
            reserved=tally_from(sums[row.pk], "reserved_") if row.pk in sums else Tally(),
            raised=raised.get(row.pk) or 0,
            sent=paid.get(row.pk, (0, 0))[0],
            paid=paid.get(row.pk, (0, 0))[1],
        )
        for row in rows
    ]


def _paid(keys: Sequence[int]) -> dict[int, tuple[int, int]]:
    """{envelope: (sent, paid)} of the payments of the lines charged to it; those sent back count nowhere."""
    rows = Payment.objects.standing().annotate(
        budget_line=Coalesce("funding__line", "instalment__funding_line")
    )
    rows = rows.annotate(envelope=_last_charge("budget_line"))
    found = rows.filter(envelope__in=keys).order_by().values("envelope")
    sums = found.annotate(sent=Sum("amount"), paid=Sum(NET))
    return {row["envelope"]: (row["sent"] or 0, row["paid"] or 0) for row in sums}


def with_commit_year(lines: QuerySet[Any]) -> QuerySet[Any]:
    """Annotate `commit_year`: the first budget year of the act that brought the line; None when it has none."""
    brought = Funding.objects.filter(line=OuterRef("line")).order_by("act__rank", "pk").values("act")[:1]
    own = Funding.objects.granted().filter(
        act=OuterRef("first_act"), budget_year__isnull=False, removed=False
    )
    first = own.order_by("budget_year").values("budget_year")[:1]
    return lines.annotate(first_act=Subquery(brought)).annotate(commit_year=Subquery(first))


def rows_of(envelope: Envelope) -> QuerySet[Any]:
    """The lines charged to an envelope, each with its convention, `is_signed`, `sent` and `paid`."""
    lines = with_envelope(lines_in_force()).filter(envelope=envelope.pk)
    return _told(lines).order_by("act__convention__title", "budget_year", "pk")


def _told(lines: QuerySet[Any]) -> QuerySet[Any]:
    payments: QuerySet[Any] = Payment.objects.standing().with_budget_year()
    payments = payments.filter(budget_line=OuterRef("line")).order_by().values("budget_line")
    return lines.select_related("act__convention__kind").annotate(
        is_signed=Case(When(SIGNED, then=Value(True)), default=Value(False)),
        sent=Subquery(payments.annotate(value=Sum("amount")).values("value")),
        paid=Subquery(payments.annotate(value=Sum(NET)).values("value")),
    )


@dataclass(frozen=True, slots=True)
class ToPay:
    """What is committed in an envelope and paid in one budget year; None: of no known year."""

    year: int | None
    total: Tally


def to_pay_by_year(envelope: Envelope) -> list[ToPay]:
    """What signed lines of an envelope will cost year by year; one query."""
    lines = with_envelope(Funding.objects.granted().stated().current()).filter(envelope=envelope.pk)
    rows = lines.order_by().values("budget_year").annotate(**aggregates())
    ordered = sorted(rows, key=lambda row: (row["budget_year"] is None, row["budget_year"] or 0))
    return [ToPay(row["budget_year"], tally_from(row)) for row in ordered]


def uncharged(year: int | None) -> QuerySet[Any]:
    """Lines in force or foreseen of no envelope, committed in this year (None: of no known year)."""
    lines = with_commit_year(with_envelope(lines_in_force())).filter(envelope=None, commit_year=year)
    return _told(lines).order_by("act__convention__title", "pk")


@dataclass(frozen=True, slots=True)
class Without:
    """What no envelope counts, in one year of commitment."""

    year: int | None
    total: Tally


def without_envelope() -> list[Without]:
    """« Sans enveloppe », year by year, the latest first, those without a year last; one query."""
    lines = with_commit_year(with_envelope(lines_in_force())).filter(envelope=None)
    rows = lines.order_by().values("commit_year").annotate(**aggregates())
    ordered = sorted(rows, key=lambda row: (row["commit_year"] is None, -(row["commit_year"] or 0)))
    return [Without(row["commit_year"], tally_from(row)) for row in ordered]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line to charge, the envelopes that may hold it, and the one proposed: None when none, or several, fit best."""

    line: "ChargedFunding"
    fitting: list[Envelope]
    proposed: Envelope | None


def proposals(lines: Iterable["ChargedFunding"], envelopes: Sequence[Envelope]) -> list[Proposal]:
    """For each line, the envelopes of a year that fit its convention, the narrowest first; three queries.

    A project is narrower than a theme, a theme than a type, a type than a province, a province than everything.
    """
    rows = list(lines)
    themes = _many(rows, "themes")
    places = _many(rows, "areas", "areas__provinces")
    found = []
    for line in rows:
        convention = line.act.convention
        ranked = [
            (rank, row)
            for row in envelopes
            if (
                rank := _fit(
                    row, convention, themes.get(convention.pk, set()), places.get(convention.pk, set())
                )
            )
            is not None
        ]
        ranked.sort(key=lambda pair: (pair[0], pair[1].label))
        best = [row for rank, row in ranked if rank == ranked[0][0]]
        found.append(Proposal(line, [row for _rank, row in ranked], best[0] if len(best) == 1 else None))
    return found


def _many(rows: Sequence["ChargedFunding"], *paths: str) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    keys = {row.act.convention_id for row in rows}
    for path in paths:
        for convention, key in Convention.objects.filter(pk__in=keys).order_by().values_list("pk", path):
            found[convention].add(key)
    return found


def _fit(envelope: Envelope, convention: Any, themes: set[int], places: set[int]) -> int | None:
    """How narrowly an envelope fits, 0 the narrowest; None when it does not."""
    if envelope.project_id:
        return 0 if envelope.project_id == convention.project_id else None
    if envelope.theme_id:
        return 1 if envelope.theme_id in themes else None
    if envelope.kind_id:
        return 2 if envelope.kind_id == convention.kind_id else None
    if envelope.province_id:
        return 3 if envelope.province_id in places else None
    return 4
