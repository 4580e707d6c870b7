"""Migrations 0024 and 0061 over payments of before: each tells its events, and may end from then on."""

import datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from conventions.domain import following
from conventions.domain.money import transitions
from conventions.enums import Role
from conventions.models import BankAccount, Payment, PaymentPosition
from conventions.tests import factories as f
from conventions.tests import migrating

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SENT, PAID = datetime.date(2026, 3, 2), datetime.date(2026, 3, 20)
YEARS = (2026, 2027)
# How far: what was asked, what was paid. Each with a line of funding, with an instalment, with neither.
STATES = {
    "sent": {"sent_on": SENT},
    "sent and paid": {"sent_on": SENT, "paid_on": PAID, "reference": "M-1"},
    "paid": {"paid_on": PAID, "reference": "M-2"},
}
LINES = ("funding", "instalment", None)


def accounts():
    """A convention, its account in use and the one that was left, its lines."""
    convention = f.ConventionFactory(
        act="signe",
        act__fundings=[{"amount": 9_000, "budget_year": year} for year in YEARS],
        act__instalments=[{"label": "solde"}],
    )
    kept = f.account_of(convention)
    left = f.BankAccountFactory(partner=kept.partner, active=False)
    lines = {
        "funding": convention.acts.get().funding_set.last(),
        "instalment": convention.acts.get().instalmentterm_set.get(),
    }
    return convention, kept, left, lines


def payments(apps, made):
    """Payments of each state on each kind of line, as 0023 had them: {pk: columns}."""
    convention, kept, left, lines = made
    payments = apps.get_model("conventions", "Payment").objects
    for rank, state in enumerate(STATES.values()):
        for line in LINES:
            account = kept if line else left
            named = {f"{line}_id": lines[line].pk} if line else {}
            payments.create(
                convention_id=convention.pk,
                bank_account_id=account.pk,
                amount=1_000 + rank,
                **state,
                **named,
            )
    return {row["id"]: row for row in payments.values()}


TRIED = migrating.Tried(before="0023_mail_lease", today=accounts, then=payments)


def test_each_payment_tells_what_it_had_in_one_or_two_events(before):
    assert len(before) == len(STATES) * len(LINES)
    for row in Payment.objects.all():
        then = before[row.pk]
        told = {name: getattr(row, name) for name in ("sent_on", "paid_on", "reference", "amount")}
        assert told == {name: then[name] for name in told}
        assert (row.bank_account.pk, row.returned_on, row.return_reason) == (
            then["bank_account_id"],
            None,
            "",
        )
        kinds = [kind for kind, on in (("transmis", row.sent_on), ("paye", row.paid_on)) if on]
        events = list(row.events.values_list("kind", "recorded_at", "bank_account"))
        assert events == [(kind, then["recorded_at"], then["bank_account_id"]) for kind in kinds]


def test_positions_are_what_the_events_come_to(before):
    for row in Payment.objects.select_related("instalment"):
        line = row.instalment.line if row.instalment else None
        again = transitions.position(row, row.events.all(), line)
        names = [field.attname for field in PaymentPosition._meta.concrete_fields]
        assert {name: getattr(again, name) for name in names} == {
            name: getattr(row.position, name) for name in names
        }


def test_accounts_of_then_have_no_day_of_retirement(before):
    assert sorted(BankAccount.objects.values_list("active", "retired_on")) == [(False, None), (True, None)]


def test_only_those_not_paid_wait(before):
    waiting = Payment.objects.waiting()
    assert set(waiting.values_list("position__sent_on", "position__paid_on", "position__reference")) == {
        (SENT, None, "")
    }
    assert (waiting.count(), Payment.objects.paid().count(), Payment.objects.standing().count()) == (3, 6, 9)


def test_budget_years_are_those_of_the_lines(before):
    years = Payment.objects.with_budget_year().exclude(funding=None).values_list("budget_year", flat=True)
    assert list(years) == [YEARS[1]] * len(STATES)
    counts = [Payment.objects.of_budget_year(year).count() for year in (*YEARS, None)]
    assert counts == [0, 3, 6]


def test_one_that_waited_is_sent_back_and_asked_again(before):
    accountant, officer = f.UserFactory(role=Role.ACCOUNTANT), f.UserFactory(role=Role.OFFICER)
    payment = Payment.objects.waiting().exclude(funding=None).get()
    following.send_back(payment, reason="RIB périmé.", by=accountant)
    again = following.record_payment(
        payment.convention,
        by=officer,
        amount=payment.amount,
        sent_on=timezone.localdate(),
        funding=payment.funding,
        bank_account=payment.bank_account,
    )
    following.mark_paid(again, paid_on=timezone.localdate(), by=accountant)
    assert Payment.objects.waiting().count() == 2


@pytest.mark.parametrize("table", ["payment", "paymentevent"])
def test_payments_of_then_are_held_as_those_of_today(before, table):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE conventions_{table} SET amount = 1")


def test_account_in_use_has_no_day_of_retirement(before):
    with pytest.raises(IntegrityError), transaction.atomic():
        BankAccount.objects.filter(active=True).update(retired_on=PAID)
