"""Payments: what is sent to the accountant, what the accountant has paid. The application records, it never pays.

Who orders and who pays are two different persons: an officer or the accountant notes what was sent, the accountant
alone what was paid. A sum beyond what is granted is told (`excess`), never refused. Amounts are whole XPF.
"""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from conventions import permissions
from conventions.domain import journal
from conventions.domain.following.refusals import refuse_if_any, to_come, unsigned
from conventions.enums import AmountStatus, FundingFigure
from conventions.models import BankAccount, Convention, Funding, InstalmentTerm, Payment

SENDING = "Les versements sont suivis par les chargés de partenariats et l’agent comptable."
PAYING = "Seul l’agent comptable enregistre un paiement."
SAME_PERSON = (
    "Vous avez transmis ce versement : l’agent comptable, qui est une autre personne, enregistre le paiement."
)


def record_payment(
    convention: Convention,
    *,
    amount: int,
    by,
    sent_on: datetime.date | None = None,
    paid_on: datetime.date | None = None,
    reference: str = "",
    funding: Funding | None = None,
    instalment: InstalmentTerm | None = None,
    bank_account: BankAccount | None = None,
) -> Payment:
    """Record a sum sent to the accountant, or paid when `paid_on` is given.

    Raises PermissionDenied (paid: the accountant alone), or Refused for a date, a sum or a row that does not fit.
    """
    if not permissions.can_send_payments(by):
        raise PermissionDenied(SENDING)
    if paid_on is not None and not permissions.can_record_payments(by):
        raise PermissionDenied(PAYING)
    payment = Payment(
        convention=convention,
        funding=funding,
        instalment=instalment,
        bank_account=bank_account,
        amount=amount,
        sent_on=sent_on,
        paid_on=paid_on,
        reference=reference.strip(),
        recorded_by=by,
    )
    refuse_if_any(unsigned(convention) | _date_faults(payment) | _row_faults(payment))
    with transaction.atomic():
        payment.save()
        _tell("versement_paye" if paid_on else "versement_transmis", payment, by=by)
    return payment


def mark_paid(payment: Payment, *, paid_on: datetime.date, by, reference: str = "") -> Payment:
    """Record that a sum already sent was paid. Raises PermissionDenied or Refused."""
    if not permissions.can_record_payments(by):
        raise PermissionDenied(PAYING)
    with transaction.atomic():
        locked = (
            Payment.objects.select_for_update(of=("self",)).select_related("convention").get(pk=payment.pk)
        )
        if locked.paid_on is not None:
            refuse_if_any({"paid_on": "Ce versement est déjà payé."})
        if locked.recorded_by_id == by.pk and permissions.can_edit_conventions(by):
            refuse_if_any({"": SAME_PERSON})
        locked.paid_on, locked.reference = paid_on, reference.strip() or locked.reference
        refuse_if_any(_date_faults(locked))
        locked.save(update_fields=["paid_on", "reference"])
        _tell("versement_paye", locked, by=by)
    return locked


def _tell(event: str, payment: Payment, *, by) -> None:
    details: dict[str, Any] = {
        "versement": payment.pk,
        "montant": payment.amount,
        "date": payment.paid_on or payment.sent_on,
    }
    if payment.reference:
        details["mandat"] = payment.reference
    journal.record(event, by=by, convention=payment.convention, details=details)


def _date_faults(payment: Payment) -> dict[str, str]:
    faults = to_come(sent_on=payment.sent_on, paid_on=payment.paid_on)
    if payment.sent_on is None and payment.paid_on is None:
        faults["sent_on"] = "Donnez la date de transmission à l’agent comptable, ou la date de paiement."
    if payment.sent_on and payment.paid_on and payment.paid_on < payment.sent_on:
        faults.setdefault("paid_on", "Le paiement précède la transmission. Corrigez l’une des deux dates.")
    return faults


def _row_faults(payment: Payment) -> dict[str, str]:
    """Rows given must be of this convention and signed; money other than OPT-NC's is not paid here."""
    faults = {}
    if payment.amount <= 0:
        faults["amount"] = "Un versement est supérieur à 0 F CFP."
    funding, instalment, account = payment.funding, payment.instalment, payment.bank_account
    granted = Funding.objects.current().granted().filter(act__convention=payment.convention)
    if funding is not None and not granted.filter(pk=funding.pk).exists():
        faults["funding"] = "Ce financement n’est pas accordé par cette convention. Choisissez dans la liste."
    promised = InstalmentTerm.objects.current().filter(act__convention=payment.convention)
    if instalment is not None and not promised.filter(pk=instalment.pk).exists():
        faults["instalment"] = "Ce versement prévu n’est pas dans cette convention. Choisissez dans la liste."
    parties = payment.convention.parties.filter(partner__is_opt=False)
    if account is not None and not parties.filter(partner=account.partner_id).exists():
        faults["bank_account"] = "Ce compte n’est pas celui d’un partenaire de cette convention."
    return faults


def excess(convention: Convention) -> int | None:
    """By how many francs what was sent or paid goes beyond what is granted; None when it does not, or nobody knows."""
    granted = list(Funding.objects.current().granted().filter(act__convention=convention))
    limits = [row.amount for row in granted if row.status in (AmountStatus.KNOWN, AmountStatus.CAPPED)]
    if not granted or len(limits) < len(granted):
        return None
    payments = Payment.objects.filter(convention=convention).values_list("amount", "funding__figure")
    beyond = sum(amount for amount, figure in payments if figure in (None, FundingFigure.GRANTED)) - sum(
        limits
    )
    return beyond if beyond > 0 else None
