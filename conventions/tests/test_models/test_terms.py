"""Current terms: rows of signed acts that no signed act replaces."""

import pytest

from conventions.formats import tally
from conventions.models import Funding
from conventions.tests.factories import (
    ActFactory,
    ConventionFactory,
    EquipmentTermFactory,
    FundingFactory,
    InKindFactory,
    settle,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def convention():
    return ConventionFactory(act="signe", act__fundings=[{"amount": 100}, {"amount": 200}])


def amendment(convention, *, rank=1):
    return ActFactory(convention=convention, amendment=True, rank=rank)


def replace(act, old, *, removed=False, **values):
    return FundingFactory(act=act, line=old.line, replaces=old, removed=removed, **values)


def current(convention):
    return list(
        Funding.objects.current()
        .filter(act__convention=convention)
        .values_list("amount", flat=True)
        .order_by("amount")
    )


def row(amount):
    return Funding.objects.get(amount=amount)


@pytest.mark.parametrize("state", ["brouillon", "en_relecture", "valide", "a_signer", "annule", "refuse"])
def test_terms_of_an_unsigned_act_are_not_current(state):
    assert current(ConventionFactory(act=state, act__fundings=[{"amount": 100}])) == []


def test_terms_of_the_signed_act_are_current(convention):
    assert current(convention) == [100, 200]


def test_amendment_replaces_one_line(convention):
    act = amendment(convention)
    replace(act, row(100), amount=150)
    assert current(convention) == [100, 200]
    settle(act, "signe")
    assert current(convention) == [150, 200]


def test_amendment_adds_a_line(convention):
    act = amendment(convention)
    FundingFactory(act=act, amount=300)
    settle(act, "signe")
    assert current(convention) == [100, 200, 300]


def test_amendment_removes_a_line(convention):
    act = amendment(convention)
    replace(act, row(200), removed=True, amount=200)
    settle(act, "signe")
    assert current(convention) == [100]


def test_second_amendment_replaces_the_row_of_the_first(convention):
    first = amendment(convention)
    replace(first, row(100), amount=150)
    settle(first, "signe")
    second = amendment(convention, rank=2)
    replace(second, row(150), amount=175)
    settle(second, "signe")
    assert current(convention) == [175, 200]


@pytest.mark.parametrize("state", ["a_signer", "refuse", "expire", "annule"])
def test_amendment_that_is_not_signed_replaces_nothing(convention, state):
    act = amendment(convention)
    replace(act, row(100), amount=150)
    settle(act, state)
    assert current(convention) == [100, 200]


@pytest.mark.parametrize("factory", [FundingFactory, InKindFactory, EquipmentTermFactory])
@pytest.mark.parametrize(
    ("amount", "status", "counted", "left_out"),
    [
        (100, "connu", 1, 0),
        (0, "connu", 1, 0),
        (None, "inconnu", 0, 1),
        (None, "a_determiner", 0, 1),
        (900, "plafonne", 0, 1),
        (300, "resultat", 0, 1),
        (None, "resultat", 0, 1),
        (None, "sans_objet", 0, 0),
    ],
)
def test_sum_of_rows_read_and_sum_of_the_database_count_the_same(factory, amount, status, counted, left_out):
    factory(amount=amount, status=status)
    model = factory._meta.model
    told = tally(model.objects.values_list("amount", "status"))
    assert (told.counted, told.left_out) == (counted, left_out)
    assert (model.objects.countable().count(), model.objects.left_out().count()) == (counted, left_out)
    assert model.objects.stated().count() == counted + left_out


def test_granted_leaves_out_money_of_others():
    convention = ConventionFactory(
        act="signe",
        act__fundings=[
            {"amount": 1},
            {"amount": 2, "figure": "collecte"},
            {"amount": 3, "figure": "cofinancement"},
        ],
    )
    assert Funding.objects.granted().get(act__convention=convention).amount == 1


def test_publishable_leaves_out_what_the_public_may_not_see():
    convention = ConventionFactory(
        act="signe", act__fundings=[{"amount": 1}, {"amount": 2, "publishable": False}]
    )
    assert Funding.objects.publishable().get(act__convention=convention).amount == 1
