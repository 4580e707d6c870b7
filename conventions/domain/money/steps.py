"""The other steps of a payment: prepared, controlled, sent, taken up, rejected, cancelled, paid too much, reversed.

What we do is guarded: a sum beyond what is left is not sent, nor by who accepted the account. What happened at the
bank is always recorded. Each verb checks its right, then writes one event and its journal line in one transaction.
"""

import datetime

from django.db import transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.money import door, papers, queries
from conventions.domain.money.accounts import account_change, choose_account, keep_confirmed
from conventions.domain.money.cases import SAME_AS_SENT, amount_faults, date_faults, row_faults
from conventions.domain.money.refusals import refuse_if_any, to_come, unsigned
from conventions.formats import show_xpf
from conventions.models import BankAccount, Convention, Funding, InstalmentTerm, Payment, User
from conventions.money_enums import PaymentEventKind as Kind

SAME_AS_PREPARED = "Vous avez préparé ce versement : une autre personne le contrôle."
NO_REASON = "Dites pourquoi : le motif est lu par la personne qui reprend."


def prepare(
    convention: Convention,
    *,
    amount: int,
    by: User,
    funding: Funding | None = None,
    instalment: InstalmentTerm | None = None,
) -> Payment:
    """Begin a payment that nobody is asked to pay yet. Raises PermissionDenied, or Refused as `record_payment`."""
    permissions.require(permissions.can_send_payments, by)
    today = timezone.localdate()
    payment = Payment(
        convention=convention, funding=funding, instalment=instalment, amount=amount, recorded_by=by
    )
    with transaction.atomic():
        journal.hold(convention)
        refuse_if_any(unsigned(convention))
        refuse_if_any(row_faults(payment, None))
        refuse_if_any(door.held_faults(payment) | queries.beyond_faults(payment))
        payment.save()
        door.keep(payment, [door.event(payment, Kind.PREPARED, today, by)])
        door.tell("versement_prepare", payment, by=by)
    return payment


def control(payment: Payment, *, by: User) -> Payment:
    """Say that a prepared payment is right; somebody else prepared it. Raises PermissionDenied or Refused."""
    permissions.require(permissions.can_send_payments, by)
    with transaction.atomic():
        locked = door.lock(payment)
        door.require(locked, Kind.CONTROLLED)
        if locked.position.last_event.recorded_by_id == by.pk:
            refuse_if_any({"": SAME_AS_PREPARED})
        door.keep(locked, [door.event(locked, Kind.CONTROLLED, timezone.localdate(), by)])
        door.tell("versement_controle", locked, by=by)
    return locked


def send(
    payment: Payment, *, sent_on: datetime.date, by: User, bank_account: BankAccount | None = None
) -> Payment:
    """Send a prepared payment, its papers all there, to the accountants, who are told.

    Raises PermissionDenied or Refused.
    """
    permissions.require(permissions.can_send_payments, by)
    with transaction.atomic():
        locked = door.lock(payment)
        door.require(locked, Kind.SENT)
        account, faults = choose_account(
            locked.convention, bank_account, sent_on=sent_on, paid_on=None, sender=by
        )
        refuse_if_any(date_faults(sent_on, None) | faults | queries.beyond_faults(locked))
        if told := papers.lacking(papers.checklist(locked, account=account)):
            refuse_if_any({"": told})
        door.keep(locked, [door.event(locked, Kind.SENT, sent_on, by, account=account)])
        door.tell("versement_transmis", locked, by=by)
        door.write_to("versement_transmis", locked, by=by)
    return locked


def send_at_once(
    convention: Convention,
    *,
    amount: int,
    sent_on: datetime.date,
    by: User,
    funding: Funding | None = None,
    instalment: InstalmentTerm | None = None,
    bank_account: BankAccount | None = None,
) -> Payment:
    """Prepare and send in one gesture, with the rules of both; a refusal of either keeps nothing. Raises as they do."""
    permissions.require(permissions.can_send_payments, by)
    with transaction.atomic():
        payment = prepare(convention, amount=amount, by=by, funding=funding, instalment=instalment)
        return send(payment, sent_on=sent_on, by=by, bank_account=bank_account)


def take_up(payment: Payment, *, by: User) -> Payment:
    """Prepare again what was sent back or rejected. Raises PermissionDenied or Refused."""
    permissions.require(permissions.can_send_payments, by)
    with transaction.atomic():
        locked = door.lock(payment)
        door.require(locked, Kind.TAKEN_UP)
        refuse_if_any(door.held_faults(locked) | queries.beyond_faults(locked))
        door.keep(locked, [door.event(locked, Kind.TAKEN_UP, timezone.localdate(), by)])
        door.tell("versement_repris", locked, by=by)
    return locked


def confirm_account(payment: Payment, *, read: str, by: User) -> Payment:
    """Say that the account of a payment that waits was checked with the partner, by another than who sent it.

    `read`: the key of what was read (`account_change`). Raises PermissionDenied, or Refused on « confirmed ».
    """
    permissions.require(permissions.can_send_payments, by)
    with transaction.atomic():
        locked = door.lock(payment)
        door.require(locked, Kind.ACCOUNT_CONFIRMED)
        if by.pk == locked.position.sent_by_id:
            refuse_if_any({"": SAME_AS_SENT})
        rows = BankAccount.objects.of_partners_of(locked.convention).select_for_update(of=("self",))
        change = account_change(locked, rows)
        if change is None or change.key != read:
            refuse_if_any({"confirmed": "Lisez d’abord ce qui est dit de ce compte, puis confirmez."})
        happened = door.event(locked, Kind.ACCOUNT_CONFIRMED, timezone.localdate(), by, details={"lu": read})
        keep_confirmed(locked)
        door.keep(locked, [happened])
        door.tell("versement_compte_confirme", locked, by=by, change=change)
    return locked


def reject(payment: Payment, *, rejected_on: datetime.date, reason: str, by: User) -> Payment:
    """Record that the bank sent the money back: nothing is paid. Raises PermissionDenied or Refused."""
    permissions.require(permissions.can_record_payments, by)
    with transaction.atomic():
        locked = door.lock(payment)
        door.require(locked, Kind.REJECTED)
        faults = to_come(rejected_on=rejected_on) | _reason_faults(reason)
        if locked.position.reversed_amount:
            faults[""] = "Une partie de ce versement est déjà reversée : la banque ne l’a pas rejeté."
        elif rejected_on < (locked.paid_on or locked.sent_on or rejected_on):
            faults.setdefault("rejected_on", "Le rejet précède le paiement. Corrigez la date.")
        refuse_if_any(faults)
        words = {"motif": reason.strip()}
        door.keep(locked, [door.event(locked, Kind.REJECTED, rejected_on, by)], words=words)
        door.tell("versement_rejete", locked, by=by)
        door.write_to("versement_renvoye", locked, by=by)
    return locked


def cancel(payment: Payment, *, reason: str, by: User) -> Payment:
    """Give up a payment that nobody made; its line and its instalment are free again. Raises as the others."""
    permissions.require(permissions.can_send_payments, by)
    with transaction.atomic():
        locked = door.lock(payment)
        door.require(locked, Kind.CANCELLED)
        refuse_if_any(_reason_faults(reason))
        words = {"motif": reason.strip()}
        door.keep(locked, [door.event(locked, Kind.CANCELLED, timezone.localdate(), by)], words=words)
        door.tell("versement_annule", locked, by=by)
    return locked


def pay_again(
    payment: Payment, *, paid_on: datetime.date, amount: int, by: User, reference: str = ""
) -> Payment:
    """Record a second payment that took place on a case already paid: what goes beyond its sum is to come back."""
    permissions.require(permissions.can_record_payments, by)
    with transaction.atomic():
        locked = door.lock(payment)
        if locked.paid_on is None:
            refuse_if_any({"": "Ce versement n’est pas encore payé : enregistrez son paiement."})
        door.require(locked, Kind.PAID)
        refuse_if_any(date_faults(locked.sent_on, paid_on) | amount_faults(amount))
        happened = door.event(locked, Kind.PAID, paid_on, by, amount=amount, reference=reference)
        door.keep(locked, [happened])
        door.tell("versement_paye", locked, by=by)
    return locked


def note_overpayment(
    payment: Payment, *, noted_on: datetime.date, amount: int, reason: str, by: User
) -> Payment:
    """Note that some of what was paid must come back, beside what already goes beyond the sum of the case."""
    permissions.require(permissions.can_record_payments, by)
    with transaction.atomic():
        locked = door.lock(payment)
        door.require(locked, Kind.OVERPAID)
        faults = to_come(noted_on=noted_on) | amount_faults(amount) | _reason_faults(reason)
        most = locked.position.paid_amount - locked.position.overpaid
        if amount > most:
            faults.setdefault("amount", f"Il reste au plus {show_xpf(most)} à constater en trop.")
        refuse_if_any(faults)
        words = {"motif": reason.strip()}
        happened = door.event(locked, Kind.OVERPAID, noted_on, by, amount=amount)
        door.keep(locked, [happened], words=words)
        door.tell("versement_trop_percu", locked, by=by)
    return locked


def reverse(
    payment: Payment, *, reversed_on: datetime.date, amount: int, reference: str, by: User
) -> Payment:
    """Record what came back of an overpayment, in whole or in part, and the title of revenue. Raises as the others."""
    permissions.require(permissions.can_record_payments, by)
    with transaction.atomic():
        locked = door.lock(payment)
        door.require(locked, Kind.REVERSED)
        faults = to_come(reversed_on=reversed_on) | amount_faults(amount)
        if amount > locked.position.to_reverse:
            told = show_xpf(locked.position.to_reverse)
            faults.setdefault(
                "amount", f"Il reste {told} à reverser. Constatez d’abord le trop-perçu qui manque."
            )
        if not reference.strip():
            faults["reference"] = "Écrivez le numéro du titre de recette."
        refuse_if_any(faults)
        happened = door.event(locked, Kind.REVERSED, reversed_on, by, amount=amount, reference=reference)
        door.keep(locked, [happened])
        door.tell("versement_reverse", locked, by=by)
    return locked


def _reason_faults(reason: str) -> dict[str, str]:
    return {} if reason.strip() else {"reason": NO_REASON}
