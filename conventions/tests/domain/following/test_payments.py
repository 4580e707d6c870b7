"""From « transmis » to « payé » or « renvoyé »: who is told, on which account, on which budget year."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from conventions.domain import following, worklist
from conventions.domain.foundation.refusals import Refused
from conventions.domain.money import figures as money_figures
from conventions.domain.people import bank_accounts
from conventions.enums import ActState, Role
from conventions.formats import elide, long_date
from conventions.models import Convention, OutgoingMail, Payment
from conventions.tests import factories as f

pytestmark = pytest.mark.django_db
YEAR = 2026


def day(count: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=count)


@pytest.fixture
def two_lines():
    """Two budget years, and an instalment that names the second."""
    convention = f.ConventionFactory(
        act="signe",
        act__fundings=[{"amount": 1_000, "budget_year": YEAR}, {"amount": 2_000, "budget_year": YEAR + 1}],
    )
    f.account_of(convention)
    return convention


def send(convention, by, **values) -> Payment:
    return following.record_payment(convention, by=by, **{"amount": 1_000, "sent_on": day(0)} | values)


def faults(action) -> dict[str, str]:
    with pytest.raises(Refused) as caught:
        action()
    return caught.value.faults


def to_pay(user) -> list[tuple[str, str]]:
    """What « À faire » shows of payments: (title of the file, why)."""
    found = worklist.sections(user, today=day(0), mine=False)
    return [
        (task.title, task.why) for section in found if section.code == "paiements" for task in section.tasks
    ]


def year_of(payment) -> int | None:
    return Payment.objects.with_budget_year().get(pk=payment.pk).budget_year


# -- who is told --------------------------------------------------------------------------------------------
def test_sent_payment_is_in_the_list_of_every_accountant_until_it_is_paid(convention, officer, accountant):
    another = f.UserFactory(role=Role.ACCOUNTANT)
    partner = f.account_of(convention).partner.short_name
    payment = send(convention, officer, instalment=convention.acts.get().instalmentterm_set.get())
    line = [("Atelier du lagon (fictif)", f"1\u202f000\u00a0F\u00a0CFP, solde, {partner}")]
    assert [to_pay(user) for user in (accountant, another, officer)] == [line, line, []]
    following.mark_paid(payment, paid_on=day(0), by=accountant)
    assert [to_pay(user) for user in (accountant, another)] == [[], []]


def test_payment_sent_back_is_no_longer_to_pay_and_its_instalment_is_to_prepare_again(
    convention, officer, accountant
):
    instalment = convention.acts.get().instalmentterm_set.get()
    payment = send(convention, officer, instalment=instalment)
    following.send_back(payment, reason="RIB périmé.", by=accountant)
    assert to_pay(accountant) == []
    assert (Payment.objects.waiting().count(), Payment.objects.standing().count()) == (0, 0)


def test_who_prepares_files_and_sent_it_sees_it_wait_for_another(convention):
    both = f.UserFactory(roles=[Role.OFFICER, Role.ACCOUNTANT])
    send(convention, both)
    assert to_pay(both) == []
    (elsewhere,) = [s for s in worklist.sections(both, today=day(0), mine=False) if s.others]
    assert [task.why for task in elsewhere.tasks] == [
        "Attend une autre personne, l’agent comptable : vous avez transmis ce versement"
    ]


def test_each_active_accountant_receives_one_mail_without_any_account(
    convention, officer, accountant, django_capture_on_commit_callbacks, mailoutbox
):
    another = f.UserFactory(role=Role.ACCOUNTANT)
    f.UserFactory(role=Role.ACCOUNTANT, is_active=False)
    for user in (accountant, another):
        f.MailPreferenceFactory(user=user, letter="versement_transmis", rhythm="tout_de_suite")
    with django_capture_on_commit_callbacks(execute=True):
        payment = send(convention, officer)
    assert sorted(mail.to for mail in mailoutbox) == sorted([[accountant.email], [another.email]])
    account = payment.bank_account
    for mail in mailoutbox:
        whole = f"{mail.subject}\n{mail.body}\n{mail.alternatives[0][0]}"
        assert [text for text in ("••••", "FR76", account.iban_masked[-5:]) if text in whole] == []
        assert f"?paye={payment.pk}#versement-{payment.pk}" in mail.body
        assert f"Exercice {YEAR}." in mail.body
    row = OutgoingMail.objects.get(template="versement_transmis")
    assert (row.params["versement"], row.params["par"]) == (payment.pk, officer.pk)


def test_payment_refused_tells_nobody(convention, officer, accountant):
    faults(lambda: send(convention, officer, amount=0))
    assert (OutgoingMail.objects.count(), to_pay(accountant)) == (0, [])


def test_payment_recorded_as_paid_asks_nobody_to_pay(convention, accountant):
    following.record_payment(convention, amount=1, paid_on=day(0), by=accountant)
    assert (OutgoingMail.objects.count(), to_pay(accountant)) == (0, [])


def test_mail_leaves_to_nobody_once_paid(
    convention, officer, accountant, django_capture_on_commit_callbacks, mailoutbox
):
    with django_capture_on_commit_callbacks() as callbacks:
        payment = send(convention, officer)
        following.mark_paid(payment, paid_on=day(0), by=accountant)
    for callback in callbacks:
        callback()
    assert mailoutbox == []


def test_payment_sent_back_tells_who_sent_it_and_the_accountants_not_the_reason(
    convention, officer, accountant, django_capture_on_commit_callbacks, mailoutbox
):
    another = f.UserFactory(role=Role.ACCOUNTANT)
    sender = f.UserFactory(role=Role.OFFICER)
    for user in (officer, sender, another):
        f.MailPreferenceFactory(user=user, letter="versement_renvoye", rhythm="tout_de_suite")
    payment = send(convention, sender)
    with django_capture_on_commit_callbacks(execute=True):
        following.send_back(payment, reason="  Le RIB est périmé. ", by=accountant)
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted([officer.email, sender.email, another.email])
    assert [mail for mail in mailoutbox if "périmé" in mail.body] == []
    payment.refresh_from_db()
    assert (payment.returned_on, payment.return_reason) == (day(0), "Le RIB est périmé.")
    line = convention.journal.order_by("sequence").last()
    assert line.event == "versement_renvoye"


# -- send back ------------------------------------------------------------------------------------------------
def test_sending_back_needs_a_reason_and_a_payment_that_waits(convention, officer, accountant):
    payment = send(convention, officer)
    assert faults(lambda: following.send_back(payment, reason=" ", by=officer)) == {
        "reason": "Dites pourquoi : le motif est lu par la personne qui reprend."
    }
    following.send_back(payment, reason="Erreur de ligne.", by=officer)
    assert faults(lambda: following.send_back(payment, reason="Encore.", by=officer)) == {
        "": "Ce versement est déjà renvoyé."
    }
    assert faults(lambda: following.mark_paid(payment, paid_on=day(0), by=accountant)) == {
        "": "Ce versement a été renvoyé : il n’est plus à payer."
    }
    paid = send(convention, officer)
    following.mark_paid(paid, paid_on=day(0), by=accountant)
    assert faults(lambda: following.send_back(paid, reason="Trop tard.", by=accountant)) == {
        "": "Ce versement est déjà payé."
    }


@pytest.mark.parametrize(
    "role", [role for role in Role.values if role not in (Role.OFFICER, Role.ACCOUNTANT)]
)
def test_sending_back_is_for_officers_and_accountants(convention, officer, role):
    payment = send(convention, officer)
    with pytest.raises(PermissionDenied):
        following.send_back(payment, reason="Non.", by=f.UserFactory(role=role))
    assert Payment.objects.waiting().get() == payment


def test_payment_sent_back_counts_nowhere(convention, officer):
    payment = send(convention, officer, amount=500_000)
    assert "amount" in faults(lambda: send(convention, officer))
    following.send_back(payment, reason="Trop.", by=officer)
    sheet = following.follow_up(convention)
    assert ([year.sent for year in sheet.years], sheet.waiting_payments) == ([0], [])
    assert [row.pk for row in sheet.payments] == [payment.pk]


# -- the account ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("proposed", [False, True])
def test_nothing_is_sent_without_an_accepted_account(officer, proposed):
    convention = f.ConventionFactory(act="signe", act__fundings=[{}])
    partner = convention.parties.get(role="beneficiaire").partner
    if proposed:
        f.BankProposalFactory(partner=partner)
    assert faults(lambda: send(convention, officer)) == {
        "bank_account": f"Aucun compte bancaire {elide('de', partner.short_name)} n’est accepté "
        f"au {long_date(day(0))}. "
        "Sur la "
        "fiche du partenaire, « Comptes bancaires », enregistrez son RIB, ou acceptez celui qu’il propose. "
        "Transmettez ensuite ce versement."
    }
    assert Payment.objects.count() == 0


def test_account_retired_before_the_day_is_refused_and_after_is_not(convention, officer):
    account = f.account_of(convention)
    bank_accounts.set_active(account, False, by=officer)
    refused = faults(lambda: send(convention, officer, bank_account=account))
    assert refused == {
        "bank_account": f"Le compte {account.iban_masked} n’est plus utilisé depuis le {long_date(day(0))}. "
        "Choisissez-en un autre, ou corrigez la date."
    }
    assert send(convention, officer, bank_account=account, sent_on=day(-1)).bank_account == account


def test_account_is_chosen_when_several_are_accepted(convention, officer):
    first = f.account_of(convention)
    second = f.BankAccountFactory(partner=first.partner)
    assert faults(lambda: send(convention, officer)) == {
        "bank_account": "Plusieurs comptes sont acceptés. Choisissez celui sur lequel payer."
    }
    assert send(convention, officer, bank_account=second).bank_account == second


def reprise_without_account(**values) -> Convention:
    return f.ConventionFactory(reprise=True, act__fundings=[{}, {"budget_year": YEAR}], **values)


def test_past_payment_of_a_reprise_needs_neither_account_nor_line(accountant):
    convention = reprise_without_account()
    payment = following.record_payment(convention, amount=5, paid_on=day(-400), by=accountant)
    assert (payment.bank_account, payment.funding) == (None, None)


def test_payment_of_a_reprise_made_since_it_was_recorded_needs_them(accountant):
    convention = reprise_without_account()
    Convention.objects.filter(pk=convention.pk).update(
        created_at=timezone.now() - datetime.timedelta(days=30)
    )
    convention.refresh_from_db()
    refused = faults(lambda: following.record_payment(convention, amount=5, paid_on=day(-1), by=accountant))
    assert sorted(refused) == ["bank_account", "funding"]


def test_payment_to_come_of_a_reprise_needs_an_account(officer):
    assert sorted(faults(lambda: send(reprise_without_account(), officer))) == ["bank_account", "funding"]


# -- four eyes ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("values", [{"superuser": True}, {"roles": [Role.OFFICER, Role.ACCOUNTANT]}])
def test_who_sent_does_not_pay(convention, values, accountant):
    both = f.UserFactory(**values)
    payment = send(convention, both)
    assert (following.may_pay(payment, both), following.may_pay(payment, accountant)) == (False, True)
    assert faults(lambda: following.mark_paid(payment, paid_on=day(0), by=both)) == {
        "": "Vous avez transmis ce versement : l’agent comptable, qui est une autre personne, enregistre le paiement."
    }
    assert following.mark_paid(payment, paid_on=day(0), by=accountant).paid_on == day(0)


# -- the budget year ------------------------------------------------------------------------------------------
def test_budget_year_is_that_of_the_only_line(convention, officer):
    payment = send(convention, officer)
    assert (payment.funding, year_of(payment)) == (convention.acts.get().funding_set.get(), YEAR)


def test_line_is_chosen_when_there_are_several(two_lines, officer):
    assert faults(lambda: send(two_lines, officer)) == {
        "funding": "Choisissez la ligne de financement : l’exercice du versement est le sien. S’il porte sur deux "
        "lignes, enregistrez deux versements."
    }
    second = two_lines.acts.get().funding_set.get(budget_year=YEAR + 1)
    assert year_of(send(two_lines, officer, funding=second)) == YEAR + 1


def test_payment_counts_in_the_year_of_its_line_whenever_it_is_paid(two_lines, officer, accountant):
    second = two_lines.acts.get().funding_set.get(budget_year=YEAR + 1)
    payment = send(two_lines, officer, funding=second)
    following.mark_paid(payment, paid_on=day(0), by=accountant)
    assert [[row.amount for row in money_figures.paid_rows(year)] for year in (YEAR, YEAR + 1)] == [
        [],
        [1_000],
    ]
    assert [(year.sent, year.paid) for year in following.follow_up(two_lines).years] == [(0, 0), (0, 1_000)]


def test_payment_of_no_known_year_is_counted_apart_in_no_year():
    convention = f.ConventionFactory(act="signe")
    f.PaymentFactory(convention=convention, funding=None, amount=7, sent_on=None, paid_on=day(0))
    for year in (day(0).year, day(0).year + 1):
        found = money_figures.year_figures(year)
        assert (found.paid.counted, found.undated_paid.total) == (0, 7)
    assert [row.amount for row in money_figures.paid_rows(None)] == [7]


def test_amendment_that_moves_a_line_to_another_year_moves_its_payments(convention, officer):
    payment = send(convention, officer)
    row = convention.acts.get().funding_set.get()
    f.ActFactory(
        convention=convention,
        amendment=True,
        state=ActState.SIGNED,
        fundings=[{"amount": 500_000, "budget_year": YEAR + 1, "line": row.line, "replaces": row}],
    )
    assert year_of(payment) == YEAR + 1
    found = [Payment.objects.of_budget_year(year).count() for year in (YEAR, YEAR + 1, None)]
    assert found == [0, 1, 0]


# -- what is recorded cannot change ---------------------------------------------------------------------------
def refuses(change: str, payment) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{change} WHERE id = %s", [payment.pk])
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize(
    "change",
    ["payment SET amount = 1", "payment SET funding_id = NULL", "payment SET recorded_by_id = NULL",
     "paymentevent SET happened_on = '2020-01-01'", "paymentevent SET amount = NULL",
     "paymentevent SET bank_account_id = NULL"],
)  # fmt: skip
def test_what_was_recorded_of_a_payment_cannot_change(change):
    payment = f.PaymentFactory(paid_on=day(0))
    row = payment if change.startswith("payment ") else payment.events.first()
    assert refuses(f"UPDATE conventions_{change}", row)


@pytest.mark.parametrize("table", ["payment", "paymentevent"])
def test_payment_is_never_deleted(table):
    payment = f.PaymentFactory()
    row = payment if table == "payment" else payment.events.get()
    assert refuses(f"DELETE FROM conventions_{table}", row)


def test_words_of_an_event_are_erased_and_never_changed():
    payment = f.PaymentFactory(returned_on=day(0), return_reason="RIB périmé.")
    text = payment.events.last().text
    assert refuses("UPDATE conventions_paymenteventtext SET data = '{}'", text)
    assert not refuses("DELETE FROM conventions_paymenteventtext", text)
    assert Payment.objects.with_reasons().get().return_reason == ""
