"""The one door that writes what happens to a payment: its events, their words, where it stands; and what tells it."""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from conventions.domain import journal
from conventions.domain.foundation import outbox
from conventions.domain.money import transitions
from conventions.domain.money.accounts import AccountChange
from conventions.domain.money.refusals import refuse_if_any
from conventions.models import (
    BankAccount,
    Payment,
    PaymentEvent,
    PaymentEventText,
    PaymentPosition,
    User,
)
from conventions.money_enums import PaymentEventKind as Kind

HELD = "Un versement de cette échéance est déjà en cours. Ouvrez-le dans le suivi de la convention."


def lock(payment: Payment) -> Payment:
    """The payment as it stands, its convention held first (`journal.hold`): what writes of it holds that."""
    journal.hold(payment.convention)
    return (
        Payment.objects.with_reasons()
        .select_related("convention", "instalment", "funding")
        .get(pk=payment.pk)
    )


def require(payment: Payment, kind: Kind) -> None:
    """Raises Refused, saying where the payment stands, unless it takes this event there."""
    where = payment.position
    if not transitions.takes(where.state, kind):
        refuse_if_any(
            {"": f"Ce versement est « {where.get_state_display()} » : ce geste n’y a pas sa place."}
        )


def event(
    payment: Payment,
    kind: Kind,
    on: datetime.date,
    by: User,
    *,
    amount: int | None = None,
    reference: str = "",
    account: BankAccount | None = None,
    details: Mapping[str, Any] | None = None,
) -> PaymentEvent:
    """An event still to `keep`."""
    return PaymentEvent(
        payment=payment, kind=kind, happened_on=on, recorded_by=by, amount=amount,
        reference=reference.strip(), bank_account=account, details=dict(details or {}),
    )  # fmt: skip


def keep(
    payment: Payment, happened: Sequence[PaymentEvent], *, words: Mapping[str, str] | None = None
) -> None:
    """Write these events, the words of the last, and where the payment stands, in the caller's transaction.

    The payment is `lock`ed, or new. What its instalment is held by is checked before (`held_faults`).
    """
    for row in happened:
        row.save()
    said = {key: text for key, text in (words or {}).items() if text}
    if said:
        PaymentEventText.objects.create(event=happened[-1], data=said)
    events = list(payment.events.select_related("text", "bank_account__partner", "recorded_by"))
    payment.position = transitions.position(payment, events, _free_line(payment))
    payment.position.last_event = events[-1]
    known = PaymentPosition.objects.filter(payment=payment).exists()
    payment.position.save(force_insert=not known, force_update=known)


def _free_line(payment: Payment) -> uuid.UUID | None:
    """The instalment that this case may hold: none when another holds it."""
    if payment.instalment is None:
        return None
    line = payment.instalment.line
    held = PaymentPosition.objects.filter(holds=line).exclude(payment=payment.pk)
    return None if held.exists() else line


def held_faults(payment: Payment) -> dict[str, str]:
    """Why this case may not be opened: another is on its way for the same instalment."""
    return {"instalment": HELD} if payment.instalment and _free_line(payment) is None else {}


def write_to(letter: str, payment: Payment, *, by: User) -> None:
    """Ask for the one mail of the last event."""
    params = {"versement": payment.pk, "par": by.pk}
    key = f"{letter}:{payment.pk}:{payment.position.last_event_id}"
    outbox.queue_once(letter, key=key, params=params, convention=payment.convention)


def tell(event: str, payment: Payment, *, by: User, change: AccountChange | None = None) -> None:
    """The journal line of the last event, in the chain of a convention already held."""
    last = payment.position.last_event
    details: dict[str, Any] = {
        "versement": payment.pk,
        "montant": payment.amount if last.amount is None else last.amount,
        "date": last.happened_on,
    }
    if last.reference or payment.reference:
        details["mandat"] = last.reference or payment.reference
    if payment.bank_account is not None:
        details |= {"compte": payment.bank_account.pk, "iban": payment.bank_account.iban_masked}
    if reason := last.words.get("motif"):
        details["motif"] = reason
    if change is not None:
        details["compte_change"] = list(change.sentences)
    journal.record(event, by=by, convention=payment.convention, details=details, holds_chain=True)
