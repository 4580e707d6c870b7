"""Who sees which convention: `for_user` is the permission, what it leaves out is a 404."""

import pytest
from django.contrib.auth.models import AnonymousUser

from conventions.enums import FROZEN_STATES, ActState, Role
from conventions.models import Convention
from conventions.tests.factories import (
    ActFactory,
    ConventionFactory,
    PartnerFactory,
    PresidentFactory,
    RepresentativeFactory,
    SignatoryFactory,
    UserFactory,
    settle,
)

pytestmark = pytest.mark.django_db


def seen(user):
    return set(Convention.objects.for_user(user))


@pytest.fixture
def partner():
    return PartnerFactory()


@pytest.mark.parametrize("state", ActState.values)
def test_president_sees_own_conventions_once_frozen(partner, state):
    convention = ConventionFactory(partner=partner, act=state)
    expected = {convention} if state in FROZEN_STATES else set()
    assert seen(PresidentFactory(partner=partner)) == expected


def test_president_sees_a_signed_convention_while_its_amendment_is_drafted(partner):
    convention = ConventionFactory(partner=partner, act="signe")
    ActFactory(convention=convention, amendment=True)
    assert seen(PresidentFactory(partner=partner)) == {convention}


def test_president_of_another_association_sees_nothing(partner):
    ConventionFactory(partner=partner, act="signe")
    assert seen(PresidentFactory()) == set()


def test_president_of_two_associations_sees_both(partner):
    other = PartnerFactory()
    expected = {ConventionFactory(partner=one, act="signe") for one in (partner, other)}
    president = PresidentFactory(partner=partner)
    RepresentativeFactory(user=president, partner=other)
    assert seen(president) == expected


def test_future_president_sees_nothing_yet(partner, at):
    convention = ConventionFactory(partner=partner, act="signe")
    president = PresidentFactory(partner=partner)
    with at(2020, 1, 1):
        assert seen(president) == set()
    assert seen(president) == {convention}


def test_former_president_sees_nothing_he_did_not_sign(partner):
    ConventionFactory(partner=partner, act="signe")
    assert seen(PresidentFactory(partner=partner, former=True)) == set()


def _signed_by(representative, partner, *, state="signe"):
    convention = ConventionFactory(partner=partner, act="brouillon")
    act = convention.acts.get()
    SignatoryFactory(act=act, party=convention.parties.last(), representative=representative)
    settle(act, state)
    return convention


def test_former_president_keeps_what_he_signed(partner):
    former = PresidentFactory(partner=partner, former=True)
    convention = _signed_by(former.mandates.get(), partner)
    ConventionFactory(partner=partner, act="signe")
    assert seen(former) == {convention}


def test_former_president_does_not_see_what_was_never_signed(partner):
    former = PresidentFactory(partner=partner, former=True)
    _signed_by(former.mandates.get(), partner, state="a_signer")
    assert seen(former) == set()


@pytest.mark.parametrize("role", Role.values)
def test_each_role_of_staff_sees_everything(role):
    conventions = {ConventionFactory(act=state) for state in ("brouillon", "signe")}
    assert seen(UserFactory(role=role)) == conventions


def test_superuser_sees_everything():
    conventions = {ConventionFactory(act=state) for state in ("brouillon", "signe")}
    assert seen(UserFactory(superuser=True)) == conventions


def test_staff_without_role_sees_nothing():
    ConventionFactory(act="signe")
    assert seen(UserFactory(staff=True)) == set()


def test_anonymous_sees_nothing():
    ConventionFactory(act="signe")
    assert seen(AnonymousUser()) == set()


@pytest.mark.parametrize("make", [lambda: UserFactory(role="juriste", is_active=False), None])
def test_inactive_account_sees_nothing(make, partner):
    ConventionFactory(partner=partner, act="signe")
    assert seen(make() if make else PresidentFactory(partner=partner, is_active=False)) == set()


@pytest.mark.parametrize("count", [1, 30])
def test_conventions_of_a_president_are_one_query(count, partner, django_assert_num_queries):
    for _ in range(count):
        ConventionFactory(partner=partner, act="signe")
    president = PresidentFactory(partner=partner)
    with django_assert_num_queries(1):
        assert len(Convention.objects.for_user(president)) == count
