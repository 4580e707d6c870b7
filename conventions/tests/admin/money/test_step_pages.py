"""The steps of a payment from the follow-up: each is offered where it may be taken, to whom may, and told in words."""

from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from conventions.enums import Role
from conventions.models import PaperRule, Payment
from conventions.money_enums import PaymentState
from conventions.tests import factories as f

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate().isoformat()
WHY = "Motif fictif, <b>lu</b> tel quel."


@pytest.fixture
def convention():
    made = f.ConventionFactory(
        act="signe", act__fundings=[{"amount": 1_000}], act__instalments=[{"label": "solde", "amount": 1_000}]
    )
    f.account_of(made)
    return made


@pytest.fixture
def no_rule():
    PaperRule.objects.all().delete()


def url(convention, code="", **row):
    name = f"follow_{code}" if code else "follow"
    return reverse(f"admin:conventions_convention_{name}", kwargs={"pk": convention.pk, **row})


def offered(client, convention) -> set[str]:
    """The codes of the steps shown for the one payment."""
    (_row, _change, pay, others) = client.get(url(convention)).context["payments"][0]
    return {panel.fact.code for panel in [*others, *([pay] if pay else [])]}


def step(client, convention, code, **values):
    payment = Payment.objects.get()
    return client.post(url(convention, code, row=payment.pk), values)


def state():
    return Payment.objects.get().position.state


def test_a_payment_is_played_by_its_three_persons_with_a_return_a_rejection_and_a_reversal(
    as_role, convention, no_rule
):
    officer = as_role(Role.OFFICER)
    assert officer.post(url(convention, "preparer"), {"amount": "1 000"}).status_code == 302
    assert offered(officer, convention) == {"transmis", "annule"}  # who prepared does not control
    second = as_role(Role.OFFICER)
    assert "controle" in offered(second, convention)
    step(second, convention, "controle")
    assert state() == PaymentState.CONTROLLED
    step(officer, convention, "transmis", sent_on=TODAY)
    assert state() == PaymentState.SENT
    step(officer, convention, "renvoye", reason=WHY)
    assert offered(officer, convention) == {"repris", "annule"}
    step(officer, convention, "repris")
    step(officer, convention, "transmis", sent_on=TODAY)
    accountant = as_role(Role.ACCOUNTANT)
    assert offered(accountant, convention) == {"paye", "renvoye", "annule", "rejete"}
    assert offered(as_role(Role.READER), convention) == set()
    step(accountant, convention, "paye", paid_on=TODAY, reference="M-1")
    assert offered(accountant, convention) == {"rejete", "repaye", "trop-percu"}
    step(accountant, convention, "repaye", paid_on=TODAY, amount="1 000", reference="M-2")
    assert state() == PaymentState.OVERPAID
    step(accountant, convention, "reverse", reversed_on=TODAY, amount="400", reference="T-1")
    assert state() == PaymentState.OVERPAID
    step(accountant, convention, "reverse", reversed_on=TODAY, amount="600", reference="T-2")
    assert state() == PaymentState.PAID
    told = accountant.get(url(convention)).content.decode()
    assert "titre de recette T-2" in told
    assert "mandat M-2" in told
    assert "<b>lu</b>" not in told
    assert "Motif fictif" in told


def test_a_payment_whose_papers_are_missing_is_sent_by_no_form(as_role, convention):
    officer = as_role(Role.OFFICER)
    answer = officer.post(url(convention, "versement"), {"amount": "1 000", "sent_on": TODAY})
    assert (answer.status_code, Payment.objects.count()) == (200, 0)
    assert 'value="1 000"' in unescape(answer.content.decode())
    officer.post(url(convention, "preparer"), {"amount": "1 000"})
    assert step(officer, convention, "transmis", sent_on=TODAY).status_code == 200
    assert state() == PaymentState.PREPARED
