"""What the pages of the space read once and share: parties, duties, remises. Three queries for any number of files."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import BigIntegerField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from conventions.domain.space.access import File, Reader
from conventions.enums import PartyRole
from conventions.models import (
    BankAccount,
    BankProposal,
    Funding,
    Handover,
    Obligation,
    Party,
    Payment,
    ReportReceived,
    Representative,
)
from conventions.models.money import NET
from conventions.models.terms import in_force

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Asked(TypedDict):
        is_mine: bool
        has_account: bool
        has_money: bool
        proposal_state: str | None
        proposal_reason: str | None

    class Answered(TypedDict):
        received_on: datetime.date | None
        accepted_on: datetime.date | None
        last_refusal: str | None

    class Counted(TypedDict):
        devices: int

    ReadParty = WithAnnotations[Party, Asked]
    ReadDuty = WithAnnotations[Obligation, Answered]
    ReadHandover = WithAnnotations[Handover, Counted]


@dataclass(frozen=True, slots=True)
class Rows:
    """`parties`: of each convention, in order. Duties and remises: of acts whose terms hold."""

    parties: dict[int, list[ReadParty]]
    duties: list[ReadDuty]
    handovers: list[ReadHandover]

    def mine(self, file: File) -> ReadParty | None:
        """The party for which this reader may send something; None for a reader or a former representative."""
        rows = self.parties.get(file.convention.pk, []) if file.in_office else []
        found = (row for row in rows if row.is_mine and row.role != PartyRole.OPT)
        return next(found, None)

    def duties_of(self, file: File) -> list[ReadDuty]:
        """The duties in force of one convention, in order."""
        acts = {act.pk for act in file.source_acts}
        return in_force(row for row in self.duties if row.act_id in acts)

    def handovers_of(self, file: File) -> list[ReadHandover]:
        """What was handed over; it is not told to a former representative."""
        acts = {act.pk for act in file.signed_acts} if file.in_office else set()
        return [row for row in self.handovers if row.act_id in acts]


def read(user: Reader, files: Iterable[File]) -> Rows:
    """The rows of these files, as `user` may use them."""
    found = list(files)
    return Rows(
        parties=_parties(user, [file.convention.pk for file in found]),
        duties=list(_duties([act.pk for file in found for act in file.source_acts])),
        handovers=list(_handovers([act.pk for file in found for act in file.signed_acts])),
    )


def _sum(rows: QuerySet, group: str, amount: Any) -> Coalesce:
    """What rows of the outer convention amount to, in whole XPF; 0 without any."""
    total = rows.order_by().values(group).annotate(value=Sum(amount)).values("value")
    return Coalesce(Subquery(total, output_field=BigIntegerField()), 0)


def _parties(user: Reader, conventions: list[int]) -> dict[int, list[ReadParty]]:
    """Parties in order, with who may send for them and where their bank account stands."""
    mandates = Representative.objects.with_access(user).filter(reads_only=False)
    proposals = BankProposal.objects.filter(partner=OuterRef("partner")).order_by("-sent_at", "-pk")
    granted = Funding.objects.granted().stated().filter(act__convention=OuterRef("convention"))
    promised, paid = (
        _sum(granted.current().countable(), "act__convention", "amount"),
        _sum(Payment.objects.paid().filter(convention=OuterRef("convention")), "convention", NET),
    )
    rows = (
        Party.objects.filter(convention__in=conventions)
        .select_related("partner")
        .annotate(owed=promised - paid)
        .annotate(
            is_mine=Exists(mandates.filter(partner=OuterRef("partner"))),
            has_account=Exists(BankAccount.objects.filter(partner=OuterRef("partner"), active=True)),
            has_money=Q(Exists(granted.current().left_out())) | Q(Exists(granted.foreseen())) | Q(owed__gt=0),
            proposal_state=Subquery(proposals.values("state")[:1]),
            proposal_reason=Subquery(proposals.values("reason")[:1]),
        )
        .order_by("position", "pk")
    )
    found: dict[int, list[ReadParty]] = {}
    for row in rows:
        found.setdefault(row.convention_id, []).append(row)
    return found


def _duties(acts: list[int]) -> QuerySet[ReadDuty]:
    """Duties with what was received of their line: day, acceptance, why the last paper was asked for again."""
    reports = ReportReceived.objects.filter(obligation__line=OuterRef("line")).order_by("-received_on", "-pk")
    standing = reports.filter(refused_on=None)
    return Obligation.objects.filter(act__in=acts).annotate(
        received_on=Subquery(standing.values("received_on")[:1]),
        accepted_on=Subquery(reports.filter(~Q(accepted_on=None)).values("accepted_on")[:1]),
        last_refusal=Subquery(reports.values("refusal")[:1]),
    )


def _handovers(acts: list[int]) -> QuerySet[ReadHandover]:
    rows = Handover.objects.filter(act__in=acts).select_related("act").annotate(devices=Count("items"))
    return rows.order_by("handed_on", "pk")
