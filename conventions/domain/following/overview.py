"""Everything the page « Suivi » shows of a convention, for the same number of queries whatever the number of lines.

A fact hangs on the row of the act it was recorded under; `line` joins it to the row in force after an amendment.
Unknown amounts are told in words and never added.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from conventions.domain.following.states import (
    State,
    instalment_state,
    loan_state,
    report_state,
)
from conventions.domain.money.accounts import AccountChange, account_change
from conventions.domain.money.queries import taken
from conventions.enums import ActOrigin, ActState, Transfer
from conventions.formats import bare_label, counted, show_amount, show_xpf, tally
from conventions.models import (
    Act,
    BankAccount,
    Convention,
    EquipmentItem,
    EquipmentTerm,
    Funding,
    Handover,
    InKind,
    InstalmentTerm,
    Obligation,
    Payment,
    PaymentEvent,
    ReportReceived,
    Return,
    Review,
    Sanitisation,
    Signatory,
)
from conventions.models.bounds import REPORTS
from conventions.models.equipment import READY
from conventions.models.support import InKindQuerySet
from conventions.models.terms import FundingQuerySet, Row
from conventions.money_enums import SPENT, STANDING, PaymentState


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """One line of OPT-NC's money: what was granted, sent, paid; `left` is None when what is granted is not known."""

    label: str
    granted: str
    known: bool
    sent: int
    paid: int
    left: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One line promised (an instalment, a report, a loan), where it stands and the facts recorded of it."""

    row: Any
    state: State
    facts: list = field(default_factory=list)
    proposed: int | None = None

    @property
    def is_open(self) -> bool:
        return not self.state.is_done


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices:
    """One line of the equipment annex and the devices set aside for it; `left` is None for an unknown quantity."""

    row: EquipmentTerm
    items: list[EquipmentItem]
    left: int | None
    handed: int
    proofs: dict[int, list[Sanitisation]]

    @property
    def accepts_more(self) -> bool:
        return self.left is None or self.left > 0

    @property
    def beyond(self) -> int:
        """How many more than an amendment left promised; 0 for none, or an unknown quantity."""
        standing = sum(item.released_at is None for item in self.items)
        return 0 if self.row.quantity is None else max(0, standing - self.row.quantity)

    @property
    def to_release(self) -> list[EquipmentItem]:
        """Of those beyond what is promised, the last reserved that were not handed over."""
        waiting = [item for item in self.items if item.released_at is None and not is_handed(item)]
        return waiting[-self.beyond :] if self.beyond else []


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    convention: Convention
    today: datetime.date
    acts: list[Act]
    fundings: list[Funding]
    years: list[Year]
    instalments: list[Promise]
    payments: list[Payment]
    accounts: list[BankAccount]
    devices: list[Devices]
    handovers: list[Handover]
    reports: list[Promise]
    loans: list[Promise]
    reviews: list[Review]
    receivers: list[Signatory]

    @property
    def items(self) -> list[EquipmentItem]:
        return [item for line in self.devices for item in line.items]

    @property
    def to_erase(self) -> list[EquipmentItem]:
        """Set aside, not handed over, whose data do not let them leave."""
        return [item for item in self.to_hand_over if item.media_state not in READY]

    @property
    def to_hand_over(self) -> list[EquipmentItem]:
        return [item for item in self.items if item.released_at is None and not is_handed(item)]

    @property
    def waiting_payments(self) -> list[Payment]:
        return [row for row in self.payments if row.position.state == PaymentState.SENT]

    @property
    def accounts_offered(self) -> list[BankAccount]:
        """Used today, or retired on a known day: a payment may have been sent before."""
        return [row for row in self.accounts if row.active or row.retired_on is not None]

    def account_change(self, payment: Payment) -> AccountChange | None:
        return account_change(payment, self.accounts)

    @property
    def still_open(self) -> list[str]:
        """What is not finished, in French sentences."""
        found = [
            f"Versement « {bare_label(line.row.label)} » : {line.state.label}."
            for line in self.instalments
            if line.is_open
        ]
        found += [
            f"{show_xpf(payment.amount)} transmis à l’agent comptable, pas encore payé."
            for payment in self.waiting_payments
            if payment.instalment_id is None
        ]
        found += [words for row in self.payments if (words := _payment_sentence(row))]
        found += [_report_sentence(line) for line in self.reports if line.is_open]
        found += [
            f"Prêt « {bare_label(line.row.description)} » : {line.state.label}."
            for line in self.loans
            if line.is_open
        ]
        waiting = len(self.to_hand_over)
        if waiting:
            found.append(f"{counted(waiting, 'appareil préparé', 'appareils préparés')}, pas encore remis.")
        lent = sum(is_lent_out(item) for item in self.items)
        if lent:
            found.append(
                f"{counted(lent, 'appareil prêté', 'appareils prêtés')}, pas encore rendu{'s' * (lent > 1)}."
            )
        found += [
            f"Matériel « {bare_label(line.row.nature)} » : {counted(line.beyond, 'appareil')} de trop."
            for line in self.devices
            if line.beyond
        ]
        found += [
            f"Matériel « {bare_label(line.row.nature)} » : rien n’est encore préparé."
            for line in self.devices
            if not line.items and line.row.act.origin != ActOrigin.REPRISE
        ]
        return found


def is_handed(item: EquipmentItem) -> bool:
    return bool(item.handovers.all())


def is_lent_out(item: EquipmentItem) -> bool:
    """Lent, handed over, neither back nor lost: as `EquipmentItem.objects.lent_out()`, of what is loaded."""
    lent = item.equipment.transfer == Transfer.LENT and is_handed(item)
    return lent and item.released_at is None and item.device.lost_on is None


def _payment_sentence(row: Payment) -> str:
    """What is still to do of a payment that is neither waiting nor done."""
    where = row.position
    if where.to_reverse:
        return f"Trop-perçu de {show_xpf(where.to_reverse)}, à reverser."
    if where.state in (PaymentState.PREPARED, PaymentState.CONTROLLED):
        return f"{show_xpf(row.amount)} préparé, pas encore transmis."
    return f"{show_xpf(row.amount)} rejeté par la banque." if where.state == PaymentState.REJECTED else ""


def _report_sentence(line: Promise) -> str:
    return f"{str(line.row.get_kind_display()).capitalize()} : {line.state.label}."


def follow_up(convention: Convention, *, today: datetime.date | None = None) -> FollowUp:
    """Read it all; sixteen queries."""
    day = today or timezone.localdate()
    of_opt = cast(FundingQuerySet, _current(Funding, convention)).granted()
    fundings = list(of_opt.stated())
    rows = Payment.objects.filter(convention=convention).with_budget_year()
    events = Prefetch("events", PaymentEvent.objects.select_related("text", "recorded_by"))
    payments = list(rows.with_reasons().select_related("instalment").prefetch_related(events))
    standing = [payment for payment in payments if payment.position.state in STANDING]
    acts = Act.objects.filter(convention=convention, state=ActState.SIGNED)
    return FollowUp(
        convention=convention,
        today=day,
        acts=list(acts.order_by("rank")),
        fundings=fundings,
        years=_years(fundings, standing),
        instalments=_instalments(convention, fundings, standing, day),
        payments=sorted(
            payments,
            key=lambda row: (row.paid_on or row.sent_on or row.position.last_event.happened_on, row.pk),
        ),
        accounts=_accounts(convention),
        devices=_devices(convention),
        handovers=_handovers(convention),
        reports=_reports(convention, day),
        loans=_loans(convention, day),
        reviews=list(convention.reviews.select_related("recorded_by")),
        receivers=_receivers(convention),
    )


def _current(model: type[Row], convention: Convention) -> QuerySet[Row]:
    """Rows in force of the convention, in their order, each with its act."""
    rows = model.objects.current().filter(act__convention=convention).select_related("act")
    return cast("QuerySet[Row]", rows.order_by("position", "pk"))


def _years(fundings: list[Funding], payments: list[Payment]) -> list[Year]:
    """A line per funding in force; then payments tied to a line that is not any more, by year, or to none."""
    in_force = {row.line for row in fundings}
    sums: dict[UUID | str, list[int]] = defaultdict(lambda: [0, 0])
    for payment in payments:
        line, year = payment.budget_line, payment.budget_year
        paid = payment.position.state in SPENT
        sums[line if line in in_force else _apart(year)][paid] += taken(payment)
    found = [_year(row, *sums.pop(row.line, [0, 0])) for row in fundings]
    return found + [
        Year(label=str(label), granted="", known=False, sent=sent, paid=paid, left=None)
        for label, (sent, paid) in sorted(sums.items(), key=lambda pair: str(pair[0]))
    ]


def _apart(year: int | None) -> str:
    return f"Exercice {year}, ligne qui n’est plus en vigueur" if year else "Sans exercice précisé"


def _year(row: Funding, sent: int, paid: int) -> Year:
    amount = row.amount
    year = f"Exercice {row.budget_year}" if row.budget_year else "Exercice non précisé"
    label = f"{year}, {row.label}" if row.label else year
    left = None if amount is None else amount - sent - paid
    return Year(
        label=label,
        granted=show_amount(amount, row.status),
        known=amount is not None,
        sent=sent,
        paid=paid,
        left=left,
    )


def _instalments(
    convention: Convention, fundings: Iterable[Funding], payments: Iterable[Payment], today: datetime.date
) -> list[Promise]:
    of_line = defaultdict(list)
    for payment in payments:
        if payment.instalment:
            of_line[payment.instalment.line].append(payment)
    found = tally((row.amount, row.status) for row in fundings)
    total = None if found.left_out else found.total
    return [
        Promise(
            row=row,
            facts=of_line[row.line],
            state=instalment_state(row, of_line[row.line], today),
            proposed=_proposed(row, total),
        )
        for row in _current(InstalmentTerm, convention)
    ]


def _proposed(row: InstalmentTerm, total: int | None) -> int | None:
    """What to pay: the amount promised, or its share of what is granted when that makes whole francs."""
    if row.amount is not None or row.percent is None or total is None:
        return row.amount
    share, rest = divmod(total * row.percent, 100)
    return share if rest == 0 else None


def _accounts(convention: Convention) -> list[BankAccount]:
    return list(BankAccount.objects.of_partners_of(convention).select_related("partner"))


def _devices(convention: Convention) -> list[Devices]:
    rows = EquipmentItem.objects.filter(equipment__act__convention=convention).with_media_state()
    items = list(rows.select_related("equipment__act", "device").prefetch_related("handovers").order_by("pk"))
    proofs = Sanitisation.objects.last_of(item.device_id for item in items)
    of_line = defaultdict(list)
    for item in items:
        of_line[item.equipment.line].append(item)
    found = []
    for row in _current(EquipmentTerm, convention):
        own = of_line[row.line]
        standing = sum(item.released_at is None for item in own)
        left = None if row.quantity is None else max(0, row.quantity - standing)
        handed = sum(is_handed(item) for item in own)
        found.append(Devices(row=row, items=own, left=left, handed=handed, proofs=proofs))
    return found


def _handovers(convention: Convention) -> list[Handover]:
    rows = Handover.objects.filter(act__convention=convention).select_related("document", "act")
    return list(rows.prefetch_related("items"))


def _reports(convention: Convention, today: datetime.date) -> list[Promise]:
    of_line = defaultdict(list)
    received = ReportReceived.objects.filter(obligation__act__convention=convention)
    for report in received.select_related("obligation", "attachment").order_by("received_on", "pk"):
        of_line[report.obligation.line].append(report)
    rows = _current(Obligation, convention).filter(kind__in=REPORTS).select_related("party__partner")
    return [
        Promise(row=row, facts=of_line[row.line], state=report_state(row, of_line[row.line], today))
        for row in rows
    ]


def _loans(convention: Convention, today: datetime.date) -> list[Promise]:
    of_line = defaultdict(list)
    back = Return.objects.filter(in_kind__act__convention=convention).select_related("in_kind")
    for one in back.order_by("returned_on", "pk"):
        of_line[one.in_kind.line].append(one)
    rows = cast(InKindQuerySet, _current(InKind, convention)).lent()
    return [
        Promise(row=row, facts=of_line[row.line], state=loan_state(row, of_line[row.line], today))
        for row in rows
    ]


def _receivers(convention: Convention) -> list[Signatory]:
    """Those who signed for the partners, the first act first."""
    rows = Signatory.objects.filter(act__convention=convention, act__state=ActState.SIGNED)
    return list(rows.filter(party__partner__is_opt=False).order_by("act__rank", "order", "pk"))
