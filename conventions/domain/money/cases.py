"""Payments: what is sent to the accountant, what the accountant has paid. The application records, it never pays.

Who orders and who pays are two different persons: an officer or the accountant notes what was sent, the accountant
alone what was paid. What is sent names the account to pay on and tells the accountants; until it is paid, it may be
sent back. A sum beyond what is left is not sent; what was paid beyond it is told (`excess`). Amounts are whole XPF.
"""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.money import door, queries
from conventions.domain.money.accounts import account_change, choose_account, is_history, keep_confirmed
from conventions.domain.money.refusals import refuse_if_any, to_come, unsigned
from conventions.models import (
    BankAccount,
    Convention,
    Funding,
    InstalmentTerm,
    Payment,
    PaymentEvent,
    User,
)
from conventions.money_enums import PaymentEventKind as Kind

SAME_PERSON = (
    "Vous avez transmis ce versement : l’agent comptable, qui est une autre personne, enregistre le paiement."
)
ACCOUNT_CHANGED = (
    "Le compte a changé depuis la transmission. Lisez ce qui a changé et vérifiez avec le partenaire. Confirmez "
    "ensuite, ou renvoyez le versement."
)
SAME_AS_SENT = "Vous avez transmis ce versement : une autre personne confirme le compte."
ALREADY_PAID = "Ce versement est déjà payé."
SENT_BACK = "Ce versement a été renvoyé : il n’est plus à payer."
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
        account, faults = choose_account(
            convention, bank_account, sent_on=sent_on, paid_on=paid_on, sender=by if paid_on is None else None
        )
        refuse_if_any(date_faults(sent_on, paid_on) | row_faults(payment, paid_on) | faults)
        if paid_on is None:
            refuse_if_any(door.held_faults(payment) | queries.beyond_faults(payment))
        payment.save()
        happened: list[PaymentEvent] = []
        if sent_on is not None:
            happened.append(door.event(payment, Kind.SENT, sent_on, by, account=account))
        if paid_on is not None:
            happened.append(
                door.event(
                    payment, Kind.PAID, paid_on, by, amount=amount, reference=reference, account=account
                )
            )
        door.keep(payment, happened)
        door.tell("versement_paye" if paid_on else "versement_transmis", payment, by=by)
        if paid_on is None:
            door.write_to("versement_transmis", payment, by=by)
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
        locked = door.lock(payment)
        if locked.paid_on is not None:
            refuse_if_any({"paid_on": ALREADY_PAID})
        if locked.returned_on is not None:
            refuse_if_any({"": SENT_BACK})
        door.require(locked, Kind.PAID)
        if _is_own_request(locked, by):
            refuse_if_any({"": SAME_PERSON})
        rows = BankAccount.objects.of_partners_of(locked.convention).select_for_update(of=("self",))
        change = account_change(locked, rows)
        if change is not None and confirmed != change.key:
            refuse_if_any({"confirmed": ACCOUNT_CHANGED})
        if change is not None and by.pk == locked.position.sent_by_id:
            refuse_if_any({"confirmed": SAME_AS_SENT})
        refuse_if_any(date_faults(locked.sent_on, paid_on) | amount_faults(amount))
        paid = locked.amount if amount is None else amount
        happened = [door.event(locked, Kind.PAID, paid_on, by, amount=paid, reference=reference)]
        if change is not None:
            read, today = {"lu": change.key}, timezone.localdate()
            happened.insert(0, door.event(locked, Kind.ACCOUNT_CONFIRMED, today, by, details=read))
            keep_confirmed(locked)
        door.keep(locked, happened)
        door.tell("versement_paye", locked, by=by, change=change)
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
        locked = door.lock(payment)
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
        door.require(locked, Kind.RETURNED)
        door.keep(
            locked,
            [door.event(locked, Kind.RETURNED, timezone.localdate(), by, account=locked.bank_account)],
            words={"motif": reason.strip()},
        )
        door.tell("versement_renvoye", locked, by=by)
        door.write_to("versement_renvoye", locked, by=by)
    return locked


def date_faults(sent_on: datetime.date | None, paid_on: datetime.date | None) -> dict[str, str]:
    faults = to_come(sent_on=sent_on, paid_on=paid_on)
    if sent_on is None and paid_on is None:
        faults["sent_on"] = "Donnez la date de transmission à l’agent comptable, ou la date de paiement."
    if sent_on and paid_on and paid_on < sent_on:
        faults.setdefault("paid_on", "Le paiement précède la transmission. Corrigez l’une des deux dates.")
    return faults


def row_faults(payment: Payment, paid_on: datetime.date | None) -> dict[str, str]:
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


def amount_faults(amount: int | None) -> dict[str, str]:
    return {"amount": "Un versement est supérieur à 0 F CFP."} if amount is not None and amount <= 0 else {}
