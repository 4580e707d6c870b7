"""The account of a payment changed between its sending and its payment: told, then confirmed."""

import datetime
import json

import pytest
import time_machine
from django.utils import timezone

from conventions.domain import following
from conventions.domain.people import bank_accounts, partners
from conventions.formats import elide, long_date
from conventions.models import BankAccount, Payment
from conventions.tests import factories as f
from conventions.tests.domain.following.test_payments import day, faults, send

pytestmark = pytest.mark.django_db


def change_of(payment):
    payment = Payment.objects.get(pk=payment.pk)
    return following.account_change(payment, BankAccount.objects.of_partners_of(payment.convention))


def swap(payment, by) -> BankAccount:
    """Another account recorded after the payment left, the first one no longer used."""
    new = f.BankAccountFactory(partner=payment.bank_account.partner)
    bank_accounts.set_active(payment.bank_account, False, by=by)
    return new


def test_unchanged_account_is_paid_without_a_word(convention, officer, accountant):
    payment = send(convention, officer)
    assert change_of(payment) is None
    assert following.mark_paid(payment, paid_on=day(0), by=accountant).paid_on == day(0)


def test_account_changed_since_the_sending_is_told_and_confirmed(convention, officer, accountant):
    payment = send(convention, officer)
    old, new = payment.bank_account, swap(payment, officer)
    change = change_of(payment)
    assert change.sentences == (
        f"Le compte noté à la transmission, {old.iban_masked}, n’est plus utilisé depuis le {long_date(day(0))}.",
        f"Un autre compte est enregistré depuis le {long_date(day(0))} : {new.iban_masked}, "
        f"au nom {elide('de', new.holder)}.",
    )
    for confirmed in ("", "on", "1-1"):
        told = faults(
            lambda key=confirmed: following.mark_paid(payment, paid_on=day(0), by=accountant, confirmed=key)
        )
        assert told == {
            "confirmed": "Le compte a changé depuis la transmission. Lisez ce qui a changé et vérifiez avec le "
            "partenaire. Confirmez ensuite, ou renvoyez le versement."
        }
    following.mark_paid(payment, paid_on=day(0), by=accountant, confirmed=change.key)
    line = convention.journal.order_by("sequence").last()
    assert (line.event, json.loads(line.payload)["details"]["compte_change"]) == (
        "versement_paye",
        list(change.sentences),
    )
    payment.refresh_from_db()
    assert payment.bank_account == old


def test_another_account_accepted_beside_the_first_is_told(convention, officer):
    payment = send(convention, officer)
    new = f.BankAccountFactory(partner=payment.bank_account.partner)
    assert change_of(payment).sentences == (
        f"Un autre compte est enregistré depuis le {long_date(day(0))} : {new.iban_masked}, "
        f"au nom {elide('de', new.holder)}.",
    )


def test_what_was_read_before_a_second_change_no_longer_counts(convention, officer, accountant):
    payment = send(convention, officer)
    f.BankAccountFactory(partner=payment.bank_account.partner)
    read = change_of(payment).key
    bank_accounts.set_active(payment.bank_account, False, by=officer)
    told = faults(lambda: following.mark_paid(payment, paid_on=day(0), by=accountant, confirmed=read))
    assert list(told) == ["confirmed"]
    assert change_of(payment).key != read


def test_account_known_before_the_sending_is_no_change(convention, officer):
    first = f.account_of(convention)
    f.BankAccountFactory(partner=first.partner)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=1)):
        payment = send(convention, officer, bank_account=first)
    assert change_of(payment) is None


def test_payment_sent_before_accounts_were_asked_for_is_confirmed_too(convention, accountant):
    payment = f.PaymentFactory(convention=convention, funding=None, bank_account=None)
    change = change_of(payment)
    assert change.sentences == (
        "Aucun compte n’a été noté quand ce versement a été transmis. Vérifiez le RIB avec le partenaire.",
    )
    assert list(faults(lambda: following.mark_paid(payment, paid_on=day(0), by=accountant))) == ["confirmed"]
    assert following.mark_paid(payment, paid_on=day(0), by=accountant, confirmed=change.key).paid_on == day(0)


def test_partner_merged_into_another_with_the_same_account_is_no_change(convention, officer):
    payment = send(convention, officer)
    old = payment.bank_account
    target = f.PartnerFactory()
    f.BankAccountFactory(partner=target, iban_fingerprint=old.iban_fingerprint)
    partners.merge(old.partner, target, by=officer)
    assert change_of(payment) is None
