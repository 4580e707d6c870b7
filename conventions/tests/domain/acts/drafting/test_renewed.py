"""Renewal from the last period: what is proposed, what stays open, what is refused."""

import datetime

import pytest

from conventions.domain.acts import drafting
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ActState, PartyRole
from conventions.tests.factories import ActFactory, ConventionFactory, PartyFactory, ThemeFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.fixture
def officer():
    return UserFactory(role="gestionnaire")


def test_renewal_proposes_the_amounts_alone_and_links_to_the_last(officer):
    old = ConventionFactory(
        act=ActState.SIGNED,
        act__starts_on=DAY(2026, 1, 1),
        act__ends_on=DAY(2026, 12, 31),
        act__fundings=[{"amount": 1000, "budget_year": 2026}],
        act__equipment=[{}],
        purpose="Soutenir.",
    )
    old.themes.add(ThemeFactory(slug="sport"))
    PartyFactory(convention=old, role=PartyRole.COFUNDER, position=2)
    made = drafting.renew(old, by=officer)
    act = made.acts.get()
    assert (made.renews, made.purpose, act.state) == (old, "Soutenir.", ActState.DRAFT)
    assert (act.starts_on, act.ends_on) == (DAY(2027, 1, 1), DAY(2027, 12, 31))
    assert [(row.amount, row.budget_year) for row in act.funding_set.all()] == [(1000, 2027)]
    assert act.equipmentterm_set.count() == 0
    assert [party.role for party in made.parties.all()] == [
        PartyRole.OPT,
        PartyRole.BENEFICIARY,
        PartyRole.COFUNDER,
    ]
    assert list(made.themes.all()) == list(old.themes.all())
    with pytest.raises(Refused, match="déjà un renouvellement"):
        drafting.renew(old, by=officer)


def test_renewal_follows_the_term_that_an_amendment_extended(officer):
    old = ConventionFactory(
        act=ActState.SIGNED, act__starts_on=DAY(2026, 1, 1), act__ends_on=DAY(2026, 12, 31)
    )
    ActFactory(
        convention=old,
        amendment=True,
        state=ActState.SIGNED,
        term_kind="dates",
        starts_on=DAY(2026, 1, 1),
        ends_on=DAY(2027, 12, 31),
    )
    act = drafting.renew(old, by=officer).acts.get()
    assert (act.starts_on, act.ends_on) == (DAY(2028, 1, 1), DAY(2029, 12, 31))


def test_termination_in_preparation_leaves_the_renewal_open(officer):
    old = ConventionFactory(act=ActState.SIGNED)
    ActFactory(convention=old, termination=True)
    assert drafting.renew(old, by=officer).renews == old


def test_convention_that_is_not_signed_is_not_renewed(officer):
    old = ConventionFactory(act=ActState.APPROVED)
    with pytest.raises(Refused, match="n’est pas encore signée"):
        drafting.renew(old, by=officer)
    assert not old.renewals.exists()


def test_terminated_convention_is_not_renewed(officer):
    old = ConventionFactory(act=ActState.SIGNED)
    ActFactory(convention=old, termination=True, state=ActState.SIGNED, effective_on=DAY(2999, 1, 1))
    with pytest.raises(Refused, match="Cette convention est résiliée : elle ne se renouvelle pas"):
        drafting.renew(old, by=officer)
    assert not old.renewals.exists()


def test_renewal_after_a_gap_is_as_long_as_the_last_period(officer):
    old = ConventionFactory(
        act="signe", act__starts_on=datetime.date(2024, 1, 1), act__ends_on=datetime.date(2024, 12, 31)
    )
    ActFactory(
        convention=old,
        amendment=True,
        state="signe",
        term_kind="dates",
        starts_on=datetime.date(2025, 3, 1),
        ends_on=datetime.date(2026, 2, 28),
    )
    act = drafting.renew(old, by=officer).acts.get()
    assert (act.starts_on, act.ends_on) == (datetime.date(2026, 3, 1), datetime.date(2027, 2, 28))
