"""Thresholds warn: what a grantee receives in a year, this act included; unknown figures are said, never counted."""

import datetime

import pytest

from conventions.domain.acts import lifecycle
from conventions.enums import Event
from conventions.models import LegalThreshold
from conventions.tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _thresholds():
    LegalThreshold.objects.all().delete()
    f.LegalThresholdFactory(
        code="convention-obligatoire", label="Convention obligatoire", amount=1_000, to_confirm=False
    )
    f.LegalThresholdFactory(
        code="depot-des-comptes", label="Dépôt des comptes", amount=5_000, to_confirm=True
    )


def told(act):
    return [item.label for item in lifecycle.advice_on(act) if item.code.startswith("seuil")]


def act_with(*fundings, partner=None, state="brouillon"):
    convention = f.ConventionFactory(partner=partner or f.PartnerFactory(acronym="NIAOULI"), act=None)
    return f.ActFactory(convention=convention, state=state, fundings=list(fundings))


def test_total_of_the_year_counts_what_is_signed_and_this_act():
    partner = f.PartnerFactory(acronym="NIAOULI")
    act_with({"amount": 700, "budget_year": 2026}, partner=partner, state="signe")
    act_with({"amount": 900, "budget_year": 2025}, partner=partner, state="signe")
    act_with({"amount": 900, "budget_year": 2026}, partner=partner, state="a_signer")
    act = act_with({"amount": 400, "budget_year": 2026}, partner=partner)
    assert told(act) == [
        "Exercice 2026, NIAOULI\u00a0: 1\u202f100\u00a0F\u00a0CFP accordés, cet acte compris. "
        "Au-dessus du seuil de 1\u202f000\u00a0F\u00a0CFP (convention obligatoire)."
    ]


def test_total_at_the_threshold_says_nothing():
    assert told(act_with({"amount": 1_000, "budget_year": 2026})) == []


def test_money_of_others_is_not_counted():
    act_with({"amount": 9_000, "budget_year": 2026}, state="signe")
    assert (
        told(
            act_with(
                {"amount": 1_000, "budget_year": 2026},
                {"amount": 9_000, "budget_year": 2026, "figure": "collecte"},
            )
        )
        == []
    )


def test_every_threshold_passed_is_named_with_its_doubt():
    (label,) = told(act_with({"amount": 6_000, "budget_year": 2026}))
    assert label.endswith("(dépôt des comptes, à confirmer par le juridique).")


def test_unknown_figures_are_said_to_be_uncounted():
    (label,) = told(act_with({"unknown": True, "budget_year": 2026}, {"amount": 10, "budget_year": 2026}))
    assert label.endswith("Sans compter 1\u00a0montant non communiqué.")


def test_line_replaced_by_an_amendment_is_counted_once():
    act = act_with({"amount": 800, "budget_year": 2026}, state="signe")
    old = act.funding_set.get()
    amendment = f.ActFactory(convention=act.convention, amendment=True)
    f.FundingFactory(act=amendment, line=old.line, replaces=old, amount=900, budget_year=2026)
    assert told(amendment) == []


def test_threshold_not_in_force_yet_says_nothing():
    LegalThreshold.objects.update(effective_from=datetime.date(2999, 1, 1))
    assert told(act_with({"amount": 9_000, "budget_year": 2026})) == []


def test_advice_disables_no_button():
    act = act_with({"amount": 9_000, "budget_year": 2026})
    assert [
        item for item in lifecycle.missing_actions(act, Event.SUBMIT) if item.code.startswith("seuil")
    ] == []


@pytest.mark.parametrize("state", ["a_signer", "signe", "abandonne"])
def test_no_threshold_is_told_once_frozen(state):
    assert told(act_with({"amount": 9_000, "budget_year": 2026}, state=state)) == []


def test_advice_costs_the_same_for_one_line_and_thirty(django_assert_num_queries):
    for count in (1, 30):
        act = act_with(*[{"amount": 900, "budget_year": 2026}] * count)
        with django_assert_num_queries(6):
            lifecycle.advice_on(act)
