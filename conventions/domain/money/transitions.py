"""Which event a payment takes, from which state, and what its events come to. Nothing else decides it."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from conventions.models import Payment, PaymentEvent, PaymentPosition
from conventions.money_enums import OPEN, PaymentEventKind, PaymentState

Kind, State = PaymentEventKind, PaymentState

UNPAID: Final = (State.PREPARED, State.CONTROLLED, State.SENT, State.RETURNED, State.REJECTED)
# Of each event, the states that take it; None: a case that has no event yet. What happened at the bank, and what we do.
FROM: Final[dict[PaymentEventKind, tuple[PaymentState | None, ...]]] = {
    Kind.PREPARED: (None,),
    Kind.CONTROLLED: (State.PREPARED,),
    Kind.SENT: (None, State.PREPARED, State.CONTROLLED),
    Kind.RETURNED: (State.SENT,),
    Kind.TAKEN_UP: (State.RETURNED, State.REJECTED),
    Kind.ACCOUNT_CONFIRMED: (State.PREPARED, State.CONTROLLED, State.SENT),
    Kind.PAID: (None, *UNPAID, State.PAID, State.OVERPAID),
    Kind.REJECTED: (State.SENT, State.PAID),
    Kind.CANCELLED: UNPAID,
    Kind.OVERPAID: (State.PAID, State.OVERPAID),
    Kind.REVERSED: (State.OVERPAID,),
}


def takes(state: str | None, kind: str) -> bool:
    """Whether a payment in this state (None: none yet) takes this event."""
    return state in FROM[PaymentEventKind(kind)]


@dataclass(slots=True)
class Standing:
    """What events come to; the columns of `PaymentPosition`, whole XPF."""

    amount: int
    where: str = ""
    prepared_on: datetime.date | None = None
    controlled_on: datetime.date | None = None
    sent_on: datetime.date | None = None
    sent_at: datetime.datetime | None = None
    sent_by_id: int | None = None
    paid_on: datetime.date | None = None
    paid_amount: int = 0
    reference: str = ""
    returned_on: datetime.date | None = None
    noted: int = 0
    reversed_amount: int = 0
    bank_account_id: int | None = None
    account_read: str = ""
    last_event_id: int = 0

    @property
    def overpaid(self) -> int:
        """What goes beyond the sum of the case, and what was noted as paid too much for another reason."""
        return self.noted + max(self.paid_amount - self.amount, 0)

    def add(self, event: PaymentEvent) -> None:
        """One more event, in its turn."""
        kind, day = event.kind, event.happened_on
        self.last_event_id = event.pk
        self.bank_account_id = event.bank_account_id or self.bank_account_id
        if kind in (Kind.PREPARED, Kind.TAKEN_UP):
            self.where, self.prepared_on = State.PREPARED, day
            self.controlled_on = self.sent_on = self.sent_at = self.sent_by_id = self.returned_on = None
            self.reference = ""
        elif kind == Kind.CONTROLLED:
            self.where, self.controlled_on = State.CONTROLLED, day
        elif kind == Kind.SENT:
            self.where, self.sent_on, self.sent_at = State.SENT, day, event.recorded_at
            self.sent_by_id, self.account_read = event.recorded_by_id, ""
            self.reference = event.reference or self.reference
        elif kind == Kind.RETURNED:
            self.where, self.returned_on = State.RETURNED, day
        elif kind == Kind.REJECTED:
            self.where, self.returned_on = State.REJECTED, day
            self.paid_on, self.paid_amount = None, 0
        elif kind == Kind.CANCELLED:
            self.where = State.CANCELLED
        elif kind == Kind.ACCOUNT_CONFIRMED:
            self.account_read = event.details.get("lu", "")
        else:
            self._count(event)

    def _count(self, event: PaymentEvent) -> None:
        """Money that moved."""
        amount = event.amount or 0
        if event.kind == Kind.PAID:
            self.paid_on, self.paid_amount, self.returned_on = (
                event.happened_on, self.paid_amount + amount, None,
            )  # fmt: skip
            self.reference = event.reference or self.reference
        elif event.kind == Kind.OVERPAID:
            self.noted += amount
        else:
            self.reversed_amount += amount
        if self.overpaid > self.reversed_amount:
            self.where = State.OVERPAID
        else:
            self.where = State.REVERSED if self.reversed_amount >= self.paid_amount else State.PAID


def standing(payment: Payment, events: Iterable[PaymentEvent]) -> Standing:
    """What these events, in their order, come to."""
    found = Standing(payment.amount)
    for event in events:
        found.add(event)
    return found


def position(payment: Payment, events: Iterable[PaymentEvent], line: uuid.UUID | None) -> PaymentPosition:
    """The row to keep; `line`: the instalment that the case holds while it is open."""
    found = standing(payment, events)
    return PaymentPosition(
        payment=payment,
        state=found.where,
        holds=line if found.where in OPEN else None,
        prepared_on=found.prepared_on,
        controlled_on=found.controlled_on,
        sent_on=found.sent_on,
        sent_at=found.sent_at,
        sent_by_id=found.sent_by_id,
        paid_on=found.paid_on,
        paid_amount=found.paid_amount,
        reference=found.reference,
        returned_on=found.returned_on,
        overpaid=found.overpaid,
        reversed_amount=found.reversed_amount,
        bank_account_id=found.bank_account_id,
        account_read=found.account_read,
        last_event_id=found.last_event_id,
    )
