"""Each step of a payment: from where, by whom, and what is refused. What happened at the bank is always recorded."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from conventions.domain import following, worklist
from conventions.domain.money import queries, steps, transitions
from conventions.domain.people import bank_accounts, partners
from conventions.enums import Role
from conventions.models import BankAccount, OutgoingMail, PaperRule, Payment
from conventions.money_enums import PaymentEventKind, PaymentState
from conventions.tests import factories as f
from conventions.tests.domain.following.test_payments import day, faults, send

pytestmark = pytest.mark.django_db
YEAR, WHY = 2026, "Motif fictif."


@pytest.fixture
def officer():
    return f.UserFactory(role=Role.OFFICER)


@pytest.fixture
def colleague():
    return f.UserFactory(role=Role.OFFICER)


@pytest.fixture
def accountant():
    return f.UserFactory(role=Role.ACCOUNTANT)


@pytest.fixture
def convention():
    """One line of 1 000 F CFP, and an instalment."""
    made = f.ConventionFactory(
        act="signe",
        act__fundings=[{"amount": 1_000, "budget_year": YEAR}],
        act__instalments=[{"label": "solde"}],
    )
    f.account_of(made)
    PaperRule.objects.all().delete()  # what a missing paper refuses is tried in test_files
    return made


def line_of(convention):
    return convention.acts.get(rank=0).funding_set.get()


def events(payment):
    return list(payment.events.values_list("kind", flat=True))


# Of each step: how it is called, which event it writes.
CALLS = {
    PaymentEventKind.CONTROLLED: lambda row, by: steps.control(row, by=by),
    PaymentEventKind.SENT: lambda row, by: steps.send(row, sent_on=day(0), by=by),
    PaymentEventKind.RETURNED: lambda row, by: following.send_back(row, reason=WHY, by=by),
    PaymentEventKind.TAKEN_UP: lambda row, by: steps.take_up(row, by=by),
    PaymentEventKind.REJECTED: lambda row, by: steps.reject(row, rejected_on=day(0), reason=WHY, by=by),
    PaymentEventKind.CANCELLED: lambda row, by: steps.cancel(row, reason=WHY, by=by),
    PaymentEventKind.OVERPAID: lambda row, by: steps.note_overpayment(
        row, noted_on=day(0), amount=1, reason=WHY, by=by
    ),
    PaymentEventKind.REVERSED: lambda row, by: steps.reverse(
        row, reversed_on=day(0), amount=1, reference="TR-1", by=by
    ),
}
REACHED = {
    PaymentState.PREPARED: [],
    PaymentState.CONTROLLED: [PaymentEventKind.CONTROLLED],
    PaymentState.SENT: [PaymentEventKind.SENT],
    PaymentState.RETURNED: [PaymentEventKind.SENT, PaymentEventKind.RETURNED],
    PaymentState.REJECTED: [PaymentEventKind.SENT, PaymentEventKind.REJECTED],
    PaymentState.CANCELLED: [PaymentEventKind.CANCELLED],
    PaymentState.PAID: [PaymentEventKind.SENT, PaymentEventKind.PAID],
    PaymentState.OVERPAID: [PaymentEventKind.SENT, PaymentEventKind.PAID, PaymentEventKind.OVERPAID],
}


def reach(convention, state, officer, accountant, *, amount=1_000) -> Payment:
    row = steps.prepare(convention, amount=amount, by=officer)
    for kind in REACHED[state]:
        if kind == PaymentEventKind.PAID:
            following.mark_paid(row, paid_on=day(0), by=accountant)
        else:
            CALLS[kind](row, accountant)
    return Payment.objects.get(pk=row.pk)


@pytest.mark.parametrize("kind", CALLS)
@pytest.mark.parametrize("state", REACHED)
def test_step_is_taken_where_the_table_says_and_refused_elsewhere(
    convention, officer, accountant, state, kind
):
    row = reach(convention, state, officer, accountant)
    assert row.position.state == state
    before = events(row)
    if transitions.takes(state, kind):
        CALLS[kind](row, accountant)
        assert events(row) == [*before, kind]
        assert convention.journal.order_by("sequence").last().event.startswith("versement_")
    else:
        assert "" in faults(lambda: CALLS[kind](row, accountant))
        assert events(row) == before


@pytest.mark.parametrize(
    "role", [Role.READER, Role.LAWYER, Role.LOGISTICS, Role.COMMUNICATION, Role.DIRECTOR]
)
def test_no_other_role_moves_money(convention, officer, accountant, role):
    row, other = reach(convention, PaymentState.PREPARED, officer, accountant), f.UserFactory(role=role)
    for call in CALLS.values():
        with pytest.raises(PermissionDenied):
            call(row, other)
    with pytest.raises(PermissionDenied):
        steps.prepare(convention, amount=1, by=other)


@pytest.mark.parametrize(
    "kind", [PaymentEventKind.REJECTED, PaymentEventKind.OVERPAID, PaymentEventKind.REVERSED]
)
def test_what_the_bank_did_is_told_by_the_accountant_alone(convention, officer, accountant, kind):
    row = reach(convention, PaymentState.PAID, officer, accountant)
    with pytest.raises(PermissionDenied):
        CALLS[kind](row, officer)


def test_who_prepared_does_not_control(convention, officer, colleague):
    row = steps.prepare(convention, amount=1, by=officer)
    assert "" in faults(lambda: steps.control(row, by=officer))
    assert steps.control(row, by=colleague).position.controlled_on == day(0)


# -- what is left ---------------------------------------------------------------------------------------------
def test_what_is_prepared_takes_what_is_left(convention, officer, accountant):
    steps.prepare(convention, amount=700, by=officer)
    assert queries.left_on(line_of(convention)) == 300
    assert list(faults(lambda: send(convention, officer, amount=301))) == ["amount"]
    assert list(faults(lambda: steps.prepare(convention, amount=301, by=officer))) == ["amount"]
    send(convention, officer, amount=300)
    assert "Il ne reste rien" in faults(lambda: send(convention, officer, amount=1))["amount"]


def test_capped_line_is_held_to_its_ceiling_and_an_unknown_one_to_nothing(officer):
    made = f.ConventionFactory(act="signe", act__fundings=[{"status": "plafonne", "amount": 500}])
    f.account_of(made)
    assert list(faults(lambda: send(made, officer, amount=501))) == ["amount"]
    unknown = f.ConventionFactory(act="signe", act__fundings=[{"unknown": True}])
    f.account_of(unknown)
    assert send(unknown, officer, amount=10**9).amount == 10**9


def test_amendment_below_what_was_paid_leaves_less_than_nothing(convention, officer, accountant):
    reach(convention, PaymentState.PAID, officer, accountant, amount=800)
    old = line_of(convention)
    f.ActFactory(
        convention=convention, amendment=True, state="signe",
        fundings=[{"amount": 600, "line": old.line, "replaces": old, "budget_year": YEAR}],
    )  # fmt: skip
    row = type(old).objects.current().get(line=old.line)
    assert (queries.left_on(row), following.excess(convention)) == (-200, 200)
    assert "amount" in faults(lambda: steps.prepare(convention, amount=1, by=officer))


# -- the account ----------------------------------------------------------------------------------------------
def test_who_accepted_an_account_sends_nothing_on_it(convention, officer, colleague):
    account = f.account_of(convention)
    BankAccount.objects.filter(pk=account.pk).update(accepted_by=officer)
    told = faults(lambda: send(convention, officer))
    assert list(told) == ["bank_account"]
    assert account.iban_masked in told["bank_account"]
    row = steps.prepare(convention, amount=1, by=officer)
    assert list(faults(lambda: steps.send(row, sent_on=day(0), by=officer))) == ["bank_account"]
    assert steps.send(row, sent_on=day(0), by=colleague).position.state == PaymentState.SENT


def test_account_swapped_after_the_sending_holds_until_another_confirms(
    convention, officer, colleague, accountant
):
    row = send(convention, officer)
    new = f.BankAccountFactory(partner=row.bank_account.partner)
    bank_accounts.set_active(row.bank_account, False, by=officer)
    accounts = BankAccount.objects.of_partners_of(convention)
    change = following.account_change(Payment.objects.get(), accounts)
    assert change
    assert new.iban_masked in change.sentences[1]
    assert list(faults(lambda: following.mark_paid(row, paid_on=day(0), by=accountant))) == ["confirmed"]
    assert "" in faults(lambda: steps.confirm_account(row, read=change.key, by=officer))
    assert list(faults(lambda: steps.confirm_account(row, read="x", by=colleague))) == ["confirmed"]
    steps.confirm_account(row, read=change.key, by=colleague)
    assert following.mark_paid(row, paid_on=day(0), by=accountant).position.state == PaymentState.PAID
    assert events(row) == ["transmis", "compte_confirme", "paye"]


def test_account_looked_at_a_year_ago_is_checked_again_and_stays_checked(
    convention, officer, colleague, accountant
):
    account = f.account_of(convention)
    long_ago = timezone.now() - datetime.timedelta(days=366)
    BankAccount.objects.filter(pk=account.pk).update(created_at=long_ago)
    row = send(convention, officer, amount=10)
    change = following.account_change(Payment.objects.get(), [BankAccount.objects.get(pk=account.pk)])
    assert "plus de 12 mois" in change.sentences[0]
    assert list(faults(lambda: following.mark_paid(row, paid_on=day(0), by=accountant))) == ["confirmed"]
    steps.confirm_account(row, read=change.key, by=colleague)
    following.mark_paid(row, paid_on=day(0), by=accountant)
    again = send(convention, officer, amount=10)
    assert following.mark_paid(again, paid_on=day(0), by=accountant).paid_on == day(0)


def test_partner_merged_keeps_what_was_paid_and_what_waits(convention, officer, accountant):
    reach(convention, PaymentState.PAID, officer, accountant, amount=400)
    waiting = send(convention, officer, amount=100)
    old = waiting.bank_account
    target = f.PartnerFactory()
    f.BankAccountFactory(partner=target, iban_fingerprint=old.iban_fingerprint)
    partners.merge(old.partner, target, by=officer)
    assert queries.left_on(line_of(convention)) == 500
    assert following.mark_paid(waiting, paid_on=day(0), by=accountant).position.net == 100


# -- what happened --------------------------------------------------------------------------------------------
def test_rejected_by_the_bank_then_paid_on_another_account(convention, officer, accountant):
    row = reach(convention, PaymentState.PAID, officer, accountant)
    steps.reject(row, rejected_on=day(0), reason="Compte clos (fictif).", by=accountant)
    row = Payment.objects.with_reasons().get()
    assert (row.paid_on, row.position.paid_amount, row.return_reason) == (None, 0, "Compte clos (fictif).")
    steps.take_up(row, by=officer)
    steps.send(row, sent_on=day(0), by=officer)
    row = following.mark_paid(row, paid_on=day(0), reference="M-2", by=accountant)
    assert (row.position.state, row.reference, row.position.net) == (PaymentState.PAID, "M-2", 1_000)
    letters = OutgoingMail.objects.filter(template="versement_transmis")
    assert letters.count() == 2  # the accountants are told each time


def test_payment_made_twice_is_recorded_and_to_come_back_until_it_is_reversed(
    convention, officer, accountant
):
    row = reach(convention, PaymentState.PAID, officer, accountant)
    steps.pay_again(row, paid_on=day(0), amount=1_000, reference="M-9", by=accountant)
    assert queries.sums(Payment.objects.all())["overpaid"] == 1_000
    assert following.excess(convention) == 1_000
    told = faults(lambda: steps.reverse(row, reversed_on=day(0), amount=1_001, reference="", by=accountant))
    assert sorted(told) == ["amount", "reference"]
    steps.reverse(row, reversed_on=day(0), amount=400, reference="TR-1", by=accountant)
    assert Payment.objects.get().position.state == PaymentState.OVERPAID
    steps.reverse(row, reversed_on=day(0), amount=600, reference="TR-2", by=accountant)
    assert Payment.objects.get().position.state == PaymentState.PAID
    assert following.excess(convention) is None


def test_paid_for_another_sum_is_what_happened(convention, officer, accountant):
    row = following.mark_paid(
        send(convention, officer, amount=500), paid_on=day(0), amount=450, by=accountant
    )
    assert (row.amount, row.position.net, row.position.state) == (500, 450, PaymentState.PAID)
    assert queries.left_on(line_of(convention)) == 550


def test_whole_reversal_gives_back_the_line(convention, officer, accountant):
    row = reach(convention, PaymentState.PAID, officer, accountant)
    steps.note_overpayment(row, noted_on=day(0), amount=1_000, reason="Résiliée (fictif).", by=accountant)
    steps.reverse(row, reversed_on=day(0), amount=1_000, reference="TR-1", by=accountant)
    assert Payment.objects.get().position.state == PaymentState.REVERSED
    assert queries.left_on(line_of(convention)) == 1_000


def test_instalment_has_one_case_on_its_way(convention, officer, accountant):
    instalment = convention.acts.get().instalmentterm_set.get()
    row = send(convention, officer, amount=10, instalment=instalment)
    for again in (
        lambda: send(convention, officer, amount=10, instalment=instalment),
        lambda: steps.prepare(convention, amount=10, instalment=instalment, by=officer),
    ):
        assert list(faults(again)) == ["instalment"]
    following.send_back(row, reason=WHY, by=accountant)
    other = steps.prepare(convention, amount=10, instalment=instalment, by=officer)
    assert list(faults(lambda: steps.take_up(row, by=officer))) == ["instalment"]
    steps.cancel(other, reason=WHY, by=officer)
    assert steps.take_up(row, by=officer).position.holds == instalment.line


def test_last_evening_of_the_year_is_of_that_year_in_noumea(convention, officer, accountant):
    """23:30 on 31 December in Nouméa is 12:30 UTC: the same day; 00:30 on 1 January is still the 31st in UTC."""
    row = send(convention, officer, amount=10)
    for moment, on in (
        (datetime.datetime(2027, 12, 31, 12, 30, tzinfo=datetime.UTC), datetime.date(2027, 12, 31)),
        (datetime.datetime(2027, 12, 31, 13, 30, tzinfo=datetime.UTC), datetime.date(2028, 1, 1)),
    ):
        with time_machine.travel(moment, tick=False):
            row = following.send_back(row, reason=WHY, by=accountant)
            assert row.returned_on == on
            steps.take_up(row, by=officer)
            late = on + datetime.timedelta(days=1)
            assert "sent_on" in faults(lambda row=row, late=late: steps.send(row, sent_on=late, by=officer))
            row = steps.send(row, sent_on=on, by=officer)
            assert row.sent_on == on


# -- what is left to do ------------------------------------------------------------------------------------------
def to_settle(user) -> list[str]:
    found = worklist.sections(user, today=day(0), mine=False)
    return [task.why for one in found if one.code == "versements_a_regler" for task in one.tasks]


def test_overpayment_is_a_task_and_keeps_the_convention_open_until_it_comes_back(
    convention, officer, accountant
):
    row = reach(convention, PaymentState.PAID, officer, accountant)
    steps.pay_again(row, paid_on=day(0), amount=300, by=accountant)
    for user in (officer, accountant):
        assert [why.startswith("Trop-perçu à reverser\u00a0: 300") for why in to_settle(user)] == [True]
    assert any("Trop-perçu" in words for words in following.still_open(convention))
    steps.reverse(row, reversed_on=day(0), amount=300, reference="TR-1", by=accountant)
    assert (to_settle(officer), to_settle(accountant)) == ([], [])
    assert not any("Trop-perçu" in words for words in following.still_open(convention))


def test_what_is_sent_back_or_rejected_waits_until_it_is_taken_up(convention, officer, accountant):
    row = send(convention, officer)
    following.send_back(row, reason=WHY, by=accountant)
    assert len(to_settle(officer)) == 1
    steps.take_up(row, by=officer)
    assert to_settle(officer) == []
    steps.send(row, sent_on=day(0), by=officer)
    steps.reject(row, rejected_on=day(0), reason=WHY, by=accountant)
    assert len(to_settle(officer)) == 1
    send(convention, officer, amount=10)  # another takes its place
    assert to_settle(officer) == []
