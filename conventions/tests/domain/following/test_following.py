"""What follows a signature: each verb, each refusal, and the journal line that tells it."""

import datetime
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from conventions.domain import following
from conventions.domain.foundation.refusals import Refused
from conventions.models import Payment, ReportReceived, Return, Review
from conventions.tests import factories as f

pytestmark = pytest.mark.django_db
FUTURE = "Cette date est dans le futur. Corrigez-la."


def day(count: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=count)


@pytest.fixture
def officer():
    return f.UserFactory(role="gestionnaire")


@pytest.fixture
def accountant():
    return f.UserFactory(role="comptable")


def signed(**lists):
    """A signed convention whose partner has an account."""
    convention = f.ConventionFactory(act="signe", **lists)
    f.account_of(convention)
    return convention


@pytest.fixture
def convention():
    return signed(
        act__fundings=[{"amount": 500_000}],
        act__instalments=[{"label": "solde", "amount": 500_000}],
        act__in_kind=[{"loan": True, "quantity": 3, "return_on": day(-1)}],
        act__obligations=[{"due_on": day(-3)}],
    )


@pytest.fixture
def act(convention):
    return convention.acts.get()


def faults(action) -> dict[str, str]:
    with pytest.raises(Refused) as caught:
        action()
    return caught.value.faults


def events(convention) -> list[str]:
    return [line.event for line in convention.journal.order_by("sequence")]


def test_officer_sends_then_accountant_pays(convention, act, officer, accountant):
    line, funding = act.instalmentterm_set.get(), act.funding_set.get()
    sent = following.record_payment(
        convention, amount=500_000, sent_on=day(-2), funding=funding, instalment=line, by=officer
    )
    paid = following.mark_paid(sent, paid_on=day(0), reference=" M-12 ", by=accountant)
    assert (paid.amount, paid.sent_on, paid.paid_on, paid.reference) == (500_000, day(-2), day(0), "M-12")
    assert events(convention) == ["versement_transmis", "versement_paye"]
    assert faults(lambda: following.mark_paid(paid, paid_on=day(0), by=accountant)) == {
        "paid_on": "Ce versement est déjà payé."
    }


def test_accountant_may_record_at_once_what_was_paid(convention, accountant):
    payment = following.record_payment(convention, amount=1, paid_on=day(0), by=accountant)
    assert (payment.paid_on, events(convention)) == (day(0), ["versement_paye"])


@pytest.mark.parametrize("role", ["juriste", "direction", "logistique", "communication", "lecture"])
def test_payments_are_for_officers_and_the_accountant(convention, role):
    with pytest.raises(PermissionDenied):
        following.record_payment(convention, amount=1, sent_on=day(0), by=f.UserFactory(role=role))


def test_an_officer_never_notes_a_payment(convention, officer):
    with pytest.raises(PermissionDenied):
        following.record_payment(convention, amount=1, paid_on=day(0), by=officer)
    sent = following.record_payment(convention, amount=1, sent_on=day(0), by=officer)
    with pytest.raises(PermissionDenied):
        following.mark_paid(sent, paid_on=day(0), by=officer)
    assert Payment.objects.get().paid_on is None


def test_who_sent_does_not_pay_even_with_both_roles(convention):
    both = f.UserFactory(superuser=True)
    sent = following.record_payment(convention, amount=1, sent_on=day(0), by=both)
    assert list(faults(lambda: following.mark_paid(sent, paid_on=day(0), by=both))) == [""]


def test_dates_and_sum_of_a_payment_are_checked(convention, accountant):
    def pay(**values):
        return faults(lambda: following.record_payment(convention, by=accountant, **{"amount": 1} | values))

    assert pay(sent_on=day(1)) == {"sent_on": FUTURE}
    assert list(pay()) == ["sent_on"]
    assert pay(sent_on=day(0), paid_on=day(-1)) == {
        "paid_on": "Le paiement précède la transmission. Corrigez l’une des deux dates."
    }
    assert pay(sent_on=day(0), amount=0) == {"amount": "Un versement est supérieur à 0 F CFP."}
    assert Payment.objects.count() == 0


def test_rows_of_another_convention_are_refused(convention, accountant):
    other = f.ConventionFactory(act="signe", act__fundings=[{}], act__instalments=[{}]).acts.get()
    account = f.BankAccountFactory()
    refused = faults(
        lambda: following.record_payment(
            convention,
            amount=1,
            sent_on=day(0),
            by=accountant,
            funding=other.funding_set.get(),
            instalment=other.instalmentterm_set.get(),
            bank_account=account,
        )
    )
    assert sorted(refused) == ["bank_account", "funding", "instalment"]
    assert Payment.objects.count() == 0


def test_money_of_others_is_not_paid_here(accountant):
    convention = signed(act__fundings=[{"figure": "collecte"}])
    funding = convention.acts.get().funding_set.get()
    assert list(
        faults(
            lambda: following.record_payment(
                convention, amount=1, sent_on=day(0), funding=funding, by=accountant
            )
        )
    ) == ["funding"]


def test_nothing_is_paid_before_the_signature(accountant):
    convention = f.ConventionFactory(act__fundings=[{}])
    assert list(
        faults(lambda: following.record_payment(convention, amount=1, sent_on=day(0), by=accountant))
    ) == [""]


@pytest.mark.parametrize(
    ("fundings", "paid", "expected"),
    [
        ([{"amount": 500_000}], 500_000, None),
        ([{"amount": 500_000}], 500_001, 1),
        ([{"amount": 500_000, "budget_year": 2026}, {"unknown": True}], 900_000, None),
        ([], 100, None),
    ],
)
def test_excess_is_told_when_what_is_granted_is_known(fundings, paid, expected, accountant):
    convention = signed(act__fundings=fundings)
    line = convention.acts.get().funding_set.first()
    following.record_payment(convention, amount=paid, paid_on=day(0), funding=line, by=accountant)
    assert following.excess(convention) == expected


def test_report_is_received_with_its_file_then_accepted_once(convention, act, officer):
    file = f.AttachmentFactory(convention=convention)
    report = following.record_report(
        act.obligation_set.get(), received_on=day(-1), attachment=file, spent=480_000, by=officer
    )
    assert (report.attachment, report.spent, report.accepted_on) == (file, 480_000, None)
    assert list(faults(lambda: following.accept_report(report, accepted_on=day(-2), by=officer))) == [
        "accepted_on"
    ]
    following.accept_report(report, accepted_on=day(0), by=officer)
    assert faults(lambda: following.accept_report(report, accepted_on=day(0), by=officer)) == {
        "accepted_on": "Ce compte rendu est déjà accepté."
    }
    assert events(convention) == ["compte_rendu_recu", "compte_rendu_accepte"]


def test_report_to_come_or_with_the_file_of_another_file_is_refused(act, officer):
    file = f.AttachmentFactory(convention=f.ConventionFactory())
    refused = faults(
        lambda: following.record_report(
            act.obligation_set.get(), received_on=day(1), attachment=file, by=officer
        )
    )
    assert sorted(refused) == ["attachment", "received_on"]
    assert ReportReceived.objects.count() == 0


@pytest.mark.parametrize("role", ["comptable", "logistique", "juriste", "lecture"])
def test_reports_reviews_and_closing_are_for_officers(convention, act, role, officer):
    user = f.UserFactory(role=role)
    report = following.record_report(act.obligation_set.get(), received_on=day(0), by=officer)
    for action in (
        lambda: following.record_report(act.obligation_set.get(), received_on=day(0), by=user),
        lambda: following.accept_report(report, accepted_on=day(0), by=user),
        lambda: following.record_review(convention, reviewed_on=day(0), conclusion="Bien.", by=user),
        lambda: following.close(convention, closed_on=day(0), confirmed=True, by=user),
    ):
        with pytest.raises(PermissionDenied):
            action()


def test_loan_comes_back_in_parts_and_never_more_than_lent(convention, act):
    logistics, loan = f.UserFactory(role="logistique"), act.inkind_set.get()
    following.record_return(loan, returned_on=day(0), quantity=2, condition="bon état", by=logistics)
    assert list(
        faults(lambda: following.record_return(loan, returned_on=day(0), quantity=2, by=logistics))
    ) == ["quantity"]
    following.record_return(loan, returned_on=day(0), by=logistics)
    assert faults(lambda: following.record_return(loan, returned_on=day(0), by=logistics)) == {
        "": "Ce prêt est déjà rendu en entier."
    }
    assert (Return.objects.count(), events(convention)) == (2, ["pret_rendu", "pret_rendu"])


def test_what_is_not_lent_is_not_returned(officer):
    gift = f.ConventionFactory(act="signe", act__in_kind=[{}]).acts.get().inkind_set.get()
    assert list(faults(lambda: following.record_return(gift, returned_on=day(0), by=officer))) == [""]


def test_loans_are_closed_to_other_roles(act, accountant):
    with pytest.raises(PermissionDenied):
        following.record_return(act.inkind_set.get(), returned_on=day(0), by=accountant)


def test_review_keeps_its_conclusion_and_its_opinion(convention, officer):
    following.record_review(convention, reviewed_on=day(0), conclusion=" Tenu. ", renew=False, by=officer)
    review = Review.objects.get()
    assert (review.conclusion, review.renew, events(convention)) == ("Tenu.", False, ["bilan_enregistre"])
    assert list(
        faults(lambda: following.record_review(convention, reviewed_on=day(1), conclusion=" ", by=officer))
    ) == ["reviewed_on", "conclusion"]


def test_closing_asks_to_confirm_what_is_open_and_writes_it_down(convention, officer):
    assert following.still_open(convention) == [
        "Versement « solde » : à préparer.",
        "Compte rendu d’emploi : en retard.",
        "Prêt « téléphone mobile prêté » : en retard.",
    ]
    assert list(faults(lambda: following.close(convention, closed_on=day(0), by=officer))) == ["confirmed"]
    following.close(convention, closed_on=day(0), confirmed=True, by=officer)
    convention.refresh_from_db()
    assert convention.closed_on == day(0)
    payload = json.loads(convention.journal.get().payload)
    assert len(payload["details"]["restait"]) == 3
    assert faults(lambda: following.close(convention, closed_on=day(0), confirmed=True, by=officer)) == {
        "closed_on": "Cette convention est déjà close."
    }


def test_closing_when_all_is_done_asks_nothing(officer):
    convention = f.ConventionFactory(act="signe", act__fundings=[{}])
    assert following.still_open(convention) == []
    following.close(convention, closed_on=day(0), by=officer)
    assert events(convention) == ["convention_close"]


@pytest.mark.parametrize(("when", "state"), [(1, "signe"), (-400, "signe"), (0, "brouillon")])
def test_closing_before_a_signature_or_in_the_future_is_refused(officer, when, state):
    convention = f.ConventionFactory(act=state)
    assert len(faults(lambda: following.close(convention, closed_on=day(when), by=officer))) == 1
    convention.refresh_from_db()
    assert convention.closed_on is None


def test_payment_of_an_amended_instalment_counts_on_its_line(convention, act, officer):
    old = act.instalmentterm_set.get()
    following.record_payment(convention, amount=500_000, sent_on=day(-1), instalment=old, by=officer)
    f.ActFactory(
        convention=convention,
        amendment=True,
        state="signe",
        instalments=[{"label": "solde", "amount": 500_000, "line": old.line, "replaces": old}],
    )
    (line,) = following.follow_up(convention).instalments
    assert (line.row.act.rank, line.state.label) == (1, "transmis, pas encore payé")
