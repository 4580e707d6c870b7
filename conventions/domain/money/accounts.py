"""The bank account of a payment: which one may be asked for, and what changed between its sending and its payment.

A RIB swapped between the two is a known fraud: whoever pays reads the change, and says that it was checked.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from conventions.enums import ActOrigin
from conventions.formats import elide, join_list, long_date
from conventions.models import Act, BankAccount, BankProposal, Convention, Payment, User
from conventions.money_enums import OPEN

NOT_NOTED = "Aucun compte n’a été noté quand ce versement a été transmis. Vérifiez le RIB avec le partenaire."
NOT_A_PARTY = "Ce compte n’est pas celui d’un partenaire de cette convention."
OWN = "Vous avez accepté le compte {} : une autre personne transmet un versement sur ce compte."
CHOOSE = "Plusieurs comptes sont acceptés. Choisissez celui sur lequel payer."


@dataclass(frozen=True, slots=True)
class AccountChange:
    """French sentences; `key` names exactly what they tell, so that a later change asks to be read in its turn."""

    sentences: tuple[str, ...]
    key: str


def is_history(convention: Convention, paid_on: datetime.date | None) -> bool:
    """Whether a payment was made before its reprise was recorded here: its account may no longer be known."""
    if paid_on is None or paid_on > timezone.localdate(convention.created_at):
        return False
    return Act.objects.filter(convention=convention, rank=0, origin=ActOrigin.REPRISE).exists()


def choose_account(
    convention: Convention,
    given: BankAccount | None,
    *,
    sent_on: datetime.date | None,
    paid_on: datetime.date | None,
    sender: User | None,
) -> tuple[BankAccount | None, dict[str, str]]:
    """The account to pay on, and why there is none: {argument: French sentence}.

    Reads and locks the accounts of the convention's partners, inside the caller's transaction. One account valid on
    the day is taken without being named; a payment of the past (`is_history`) may have none.
    """
    day = sent_on or paid_on
    if day is None:
        return given, {}
    rows = BankAccount.objects.of_partners_of(convention).select_for_update(of=("self",))
    accounts = {row.pk: row for row in rows}
    valid = [row for row in accounts.values() if row.is_valid_on(day)]
    past = is_history(convention, paid_on)
    if given is not None:
        if given.pk not in accounts:
            return given, {"bank_account": NOT_A_PARTY}
        if not (past or accounts[given.pk] in valid):
            return given, {"bank_account": _retired(accounts[given.pk])}
        return given, _own_faults(accounts[given.pk], sender)
    if past:
        return None, {}
    if len(valid) == 1:
        return valid[0], _own_faults(valid[0], sender)
    return None, {"bank_account": CHOOSE if valid else no_account(convention, day)}


def _own_faults(account: BankAccount, sender: User | None) -> dict[str, str]:
    """Who accepted an account asks no payment on it."""
    if sender is None:
        return {}
    by = {
        account.accepted_by_id,
        *BankProposal.objects.filter(account=account).values_list("decided_by", flat=True),
    }
    return {"bank_account": OWN.format(account.iban_masked)} if sender.pk in by else {}


def _retired(account: BankAccount) -> str:
    return (
        f"Le compte {account.iban_masked} n’est plus utilisé{_since(account)}. Choisissez-en un autre, "
        "ou corrigez la date."
    )


def _since(account: BankAccount) -> str:
    return f" depuis le {long_date(account.retired_on)}" if account.retired_on else ""


def no_account(convention: Convention, day: datetime.date) -> str:
    """What to do before a payment can be sent, in French."""
    parties = convention.parties.filter(partner__is_opt=False).select_related("partner")
    names = join_list([party.partner.short_name for party in parties.order_by("position", "pk")])
    return (
        f"Aucun compte bancaire {elide('de', names)} n’est accepté au {long_date(day)}. Sur la fiche du partenaire, "
        "« Comptes bancaires », enregistrez son RIB, ou acceptez celui qu’il propose. Transmettez ensuite ce versement."
    )


def loaded_accounts(convention: Convention) -> list[BankAccount]:
    """Every account of its partners, from what is loaded: `parties__partner__bank_accounts`."""
    partners = [party.partner for party in convention.parties.all() if not party.partner.is_opt]
    return [account for partner in partners for account in partner.bank_accounts.all()]


def account_change(payment: Payment, accounts: Iterable[BankAccount]) -> AccountChange | None:
    """What changed since the payment was sent; None when nothing did, or when it no longer waits.

    `accounts`: all those of the convention's partners. `payment` comes with `bank_account__partner`.
    """
    if payment.position.state not in OPEN:
        return None
    sent, since = payment.bank_account, payment.position.sent_at or payment.recorded_at
    if sent is None:
        return AccountChange((NOT_NOTED,), f"{payment.pk}-0")
    owner = sent.partner.merged_into_id or sent.partner_id
    used = [row for row in accounts if row.active]
    own = [row for row in used if row.partner_id == owner] or used
    others = [row for row in own if row.iban_fingerprint != sent.iban_fingerprint]
    still_used = len(others) < len(own)
    if still_used:
        found = [_told(row, since) for row in others if row.created_at > since]
    else:
        found = [f"Le compte noté à la transmission, {sent.iban_masked}, n’est plus utilisé{_since(sent)}."]
        found += [_told(row, since) for row in others] or ["Aucun autre compte n’est accepté."]
    old = still_used and _is_old(sent)
    if old:
        found.append(
            f"Le RIB {sent.iban_masked} a été vérifié le {long_date(_checked_on(sent))}, il y a plus de "
            f"{settings.RIB_MONTHS} mois. Vérifiez avec le partenaire qu’il s’en sert toujours."
        )
    key = "-".join(
        map(str, (sent.pk, int(still_used), *(row.pk for row in others), *(["vieux"] if old else [])))
    )
    if not found or key == payment.position.account_read:
        return None
    return AccountChange(tuple(found), key)


def _checked_on(account: BankAccount) -> datetime.date:
    """When somebody last looked at it: its record, or its last confirmation."""
    return max(timezone.localdate(account.created_at), account.confirmed_on or datetime.date.min)


def _is_old(account: BankAccount) -> bool:
    day, today = _checked_on(account), timezone.localdate()
    months = (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)
    return months >= settings.RIB_MONTHS


def keep_confirmed(payment: Payment) -> None:
    """Note on the account of a payment that somebody checked it today."""
    if payment.bank_account is not None:
        BankAccount.objects.filter(pk=payment.bank_account.pk).update(confirmed_on=timezone.localdate())


def _told(account: BankAccount, since: datetime.datetime) -> str:
    named = f"{account.iban_masked}, au nom {elide('de', account.holder)}"
    if account.created_at <= since:
        return f"Un autre compte est utilisé : {named}."
    return f"Un autre compte est enregistré depuis le {long_date(timezone.localdate(account.created_at))} : {named}."
