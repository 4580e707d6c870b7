"""Payments: what is sent to the accountant, what the accountant has paid. The application records, it never pays.

Who orders and who pays are two different persons: an officer or the accountant notes what was sent, the accountant
alone what was paid. What is sent names the account to pay on and tells the accountants; until it is paid, it may be
sent back. A sum beyond what is granted is told (`excess`), never refused. Amounts are whole XPF.
"""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.foundation import outbox
from conventions.domain.money import transitions
from conventions.domain.money.accounts import AccountChange, account_change, choose_account, is_history
from conventions.domain.money.refusals import refuse_if_any, to_come, unsigned
from conventions.enums import AmountStatus, FundingFigure
from conventions.formats import counted, show_xpf
from conventions.models import (
    BankAccount,
    Convention,
    Funding,
    InstalmentTerm,
    Payment,
    PaymentEvent,
    PaymentEventText,
    PaymentPosition,
    User,
)
from conventions.models.money import PaymentQuerySet
from conventions.money_enums import SPENT, PaymentState
from conventions.money_enums import PaymentEventKind as Kind

SAME_PERSON = (
    "Vous avez transmis ce versement : l’agent comptable, qui est une autre personne, enregistre le paiement."
)
ACCOUNT_CHANGED = (
    "Le compte a changé depuis la transmission. Lisez ce qui a changé et vérifiez avec le partenaire. Confirmez "
    "ensuite, ou renvoyez le versement."
)
ALREADY_PAID = "Ce versement est déjà payé."
SENT_BACK = "Ce versement a été renvoyé : il n’est plus à payer."
HELD = "Un versement de cette échéance est déjà en cours. Ouvrez-le dans le suivi de la convention."
CHOOSE_LINE = (
    "Choisissez la ligne de financement : l’exercice du versement est le sien. S’il porte sur deux lignes, "
    "enregistrez deux versements."
)


def record_payment(
    convention: Convention,
    *,
    amount: int,
    by: User,
    sent_on: datetime.date | None = None,
    paid_on: datetime.date | None = None,
    reference: str = "",
    funding: Funding | None = None,
    instalment: InstalmentTerm | None = None,
    bank_account: BankAccount | None = None,
) -> Payment:
    """Record a sum sent to the accountant, or paid when `paid_on` is given.

    What is sent is told to the accountants, in the same transaction. Raises PermissionDenied (paid: the accountant
    alone), or Refused for a date, a sum, a row that does not fit, or when no account can be paid on.
    """
    permissions.require(permissions.can_send_payments, by)
    if paid_on is not None:
        permissions.require(permissions.can_record_payments, by)
    payment = Payment(
        convention=convention, funding=funding, instalment=instalment, amount=amount, recorded_by=by
    )
    with transaction.atomic():
        journal.hold(convention)
        refuse_if_any(unsigned(convention))
        account, faults = choose_account(convention, bank_account, sent_on=sent_on, paid_on=paid_on)
        refuse_if_any(_date_faults(sent_on, paid_on) | _row_faults(payment, paid_on) | faults)
        refuse_if_any(_held_faults(payment, opens=paid_on is None))
        payment.save()
        happened: list[PaymentEvent] = []
        if sent_on is not None:
            happened.append(_event(payment, Kind.SENT, sent_on, by, account=account))
        if paid_on is not None:
            happened.append(
                _event(payment, Kind.PAID, paid_on, by, amount=amount, reference=reference, account=account)
            )
        _keep(payment, happened)
        _tell("versement_paye" if paid_on else "versement_transmis", payment, by=by)
        if paid_on is None:
            _write("versement_transmis", payment, by=by)
    return payment


def mark_paid(
    payment: Payment,
    *,
    paid_on: datetime.date,
    by: User,
    amount: int | None = None,
    reference: str = "",
    confirmed: str = "",
) -> Payment:
    """Record that a sum already sent was paid; `amount` None: the sum of the case. Raises PermissionDenied or Refused.

    `confirmed`: the key of the change of account that was read (`account_change`), when there is one.
    """
    permissions.require(permissions.can_record_payments, by)
    with transaction.atomic():
        locked = _lock(payment)
        if locked.paid_on is not None:
            refuse_if_any({"paid_on": ALREADY_PAID})
        if locked.returned_on is not None:
            refuse_if_any({"": SENT_BACK})
        if _is_own_request(locked, by):
            refuse_if_any({"": SAME_PERSON})
        rows = BankAccount.objects.of_partners_of(locked.convention).select_for_update(of=("self",))
        change = account_change(locked, rows)
        if change is not None and confirmed != change.key:
            refuse_if_any({"confirmed": ACCOUNT_CHANGED})
        refuse_if_any(_date_faults(locked.sent_on, paid_on) | _amount_faults(amount))
        paid = locked.amount if amount is None else amount
        _keep(locked, [_event(locked, Kind.PAID, paid_on, by, amount=paid, reference=reference)])
        _tell("versement_paye", locked, by=by, change=change)
    return locked


def may_pay(payment: Payment, user: User) -> bool:
    """Whether `mark_paid` is for this person: the accountant, unless they also prepare files and sent it."""
    return permissions.can_record_payments(user) and not _is_own_request(payment, user)


def _is_own_request(payment: Payment, user: User) -> bool:
    return payment.position.sent_by_id == user.pk and permissions.can_edit_conventions(user)


def send_back(payment: Payment, *, reason: str, by: User) -> Payment:
    """Take a sum that waits out of the accountant's hands, for a reason; whoever was told of it is told.

    Nothing is erased: it counts nowhere any more, and may be taken up. Raises PermissionDenied or Refused.
    """
    permissions.require(permissions.can_send_payments, by)
    with transaction.atomic():
        locked = _lock(payment)
        faults = (
            {}
            if reason.strip()
            else {"reason": "Dites pourquoi : le motif est lu par la personne qui reprend."}
        )
        if locked.paid_on is not None:
            faults[""] = ALREADY_PAID
        elif locked.returned_on is not None:
            faults[""] = "Ce versement est déjà renvoyé."
        refuse_if_any(faults)
        _keep(
            locked,
            [_event(locked, Kind.RETURNED, timezone.localdate(), by, account=locked.bank_account)],
            words={"motif": reason.strip()},
        )
        _tell("versement_renvoye", locked, by=by)
        _write("versement_renvoye", locked, by=by)
    return locked


def _lock(payment: Payment) -> Payment:
    """The payment as it stands, its convention held first (`journal.hold`): what writes of it holds that."""
    journal.hold(payment.convention)
    return Payment.objects.with_reasons().select_related("convention", "instalment").get(pk=payment.pk)


def _event(
    payment: Payment,
    kind: Kind,
    on: datetime.date,
    by: User,
    *,
    amount: int | None = None,
    reference: str = "",
    account: BankAccount | None = None,
) -> PaymentEvent:
    return PaymentEvent(
        payment=payment, kind=kind, happened_on=on, recorded_by=by, amount=amount,
        reference=reference.strip(), bank_account=account,
    )  # fmt: skip


def _keep(
    payment: Payment, happened: Sequence[PaymentEvent], *, words: Mapping[str, str] | None = None
) -> None:
    """Write these events, the words of the last, and where the payment stands: the one door to both tables."""
    for event in happened:
        event.save()
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


def _held_faults(payment: Payment, *, opens: bool) -> dict[str, str]:
    return {"instalment": HELD} if opens and payment.instalment and _free_line(payment) is None else {}


def _amount_faults(amount: int | None) -> dict[str, str]:
    return {"amount": "Un versement est supérieur à 0 F CFP."} if amount is not None and amount <= 0 else {}


def _write(letter: str, payment: Payment, *, by: User) -> None:
    """Ask for the one mail of this event."""
    params = {"versement": payment.pk, "par": by.pk}
    outbox.queue_once(letter, key=f"{letter}:{payment.pk}", params=params, convention=payment.convention)


def _tell(event: str, payment: Payment, *, by: User, change: AccountChange | None = None) -> None:
    """The journal line, in the chain of a convention already held."""
    details: dict[str, Any] = {
        "versement": payment.pk,
        "montant": payment.amount,
        "date": payment.returned_on or payment.paid_on or payment.sent_on,
    }
    if payment.reference:
        details["mandat"] = payment.reference
    if payment.bank_account is not None:
        details |= {"compte": payment.bank_account.pk, "iban": payment.bank_account.iban_masked}
    if payment.return_reason:
        details["motif"] = payment.return_reason
    if change is not None:
        details["compte_change"] = list(change.sentences)
    journal.record(event, by=by, convention=payment.convention, details=details, holds_chain=True)


def _date_faults(sent_on: datetime.date | None, paid_on: datetime.date | None) -> dict[str, str]:
    faults = to_come(sent_on=sent_on, paid_on=paid_on)
    if sent_on is None and paid_on is None:
        faults["sent_on"] = "Donnez la date de transmission à l’agent comptable, ou la date de paiement."
    if sent_on and paid_on and paid_on < sent_on:
        faults.setdefault("paid_on", "Le paiement précède la transmission. Corrigez l’une des deux dates.")
    return faults


def _row_faults(payment: Payment, paid_on: datetime.date | None) -> dict[str, str]:
    """Rows given must be of this convention and signed; money other than OPT-NC’s is not paid here."""
    faults = {}
    if payment.amount <= 0:
        faults["amount"] = "Un versement est supérieur à 0 F CFP."
    promised = InstalmentTerm.objects.current().filter(act__convention=payment.convention)
    if payment.instalment is not None and not promised.filter(pk=payment.instalment.pk).exists():
        faults["instalment"] = "Ce versement prévu n’est pas dans cette convention. Choisissez dans la liste."
    return faults | _choose_line(payment, paid_on)


def _choose_line(payment: Payment, paid_on: datetime.date | None) -> dict[str, str]:
    """Tie the payment to its line of funding, which gives its budget year, or say why it cannot be."""
    rows = Funding.objects.current().granted().filter(act__convention=payment.convention)
    granted: dict[uuid.UUID | None, Funding] = {row.line: row for row in rows}
    given, named = payment.funding, payment.instalment.funding_line if payment.instalment else None
    if given is not None and given not in granted.values():
        return {"funding": "Ce financement n’est pas accordé par cette convention. Choisissez dans la liste."}
    if named in granted and given not in (None, granted[named]):
        return {"funding": f"Ce versement prévu relève de « {granted[named]} ». Choisissez cette ligne."}
    if given is None:
        payment.funding = granted.get(named) or (next(iter(granted.values())) if len(granted) == 1 else None)
    if payment.funding is None and granted and not is_history(payment.convention, paid_on):
        return {"funding": CHOOSE_LINE}
    return {}


def to_pay(payments: PaymentQuerySet) -> str:
    """« 3 versements · 1 250 000 F CFP à payer · 1 sans exercice précisé » of those that wait; two queries."""
    found = payments.order_by().aggregate(count=Count("pk"), amount=Sum("amount"))
    if not found["count"]:
        return ""
    parts = [counted(found["count"], "versement"), f"{show_xpf(found['amount'])} à payer"]
    undated = payments.order_by().with_budget_year().filter(budget_year=None).count()
    if undated:
        parts.append(f"{undated} sans exercice précisé")
    return " · ".join(parts)


def engaged(payment: Payment) -> int:
    """What a payment takes of what is granted, in XPF: what waits, or what was paid and did not come back."""
    where = payment.position
    if where.state in SPENT:
        return where.net
    return payment.amount if where.state == PaymentState.SENT else 0


def excess(convention: Convention) -> int | None:
    """By how many francs what was sent or paid goes beyond what is granted; None when it does not, or nobody knows."""
    granted = list(Funding.objects.current().granted().filter(act__convention=convention))
    limits = [row.amount or 0 for row in granted if row.status in (AmountStatus.KNOWN, AmountStatus.CAPPED)]
    if not granted or len(limits) < len(granted):
        return None
    rows = Payment.objects.standing().filter(convention=convention)
    granted_rows = rows.filter(Q(funding=None) | Q(funding__figure=FundingFigure.GRANTED))
    beyond = sum(map(engaged, granted_rows)) - sum(limits)
    return beyond if beyond > 0 else None
