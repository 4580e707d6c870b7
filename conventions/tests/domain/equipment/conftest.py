"""Devices, lines and people for the verbs of equipment."""

import pytest

from conventions.domain.equipment import stock
from conventions.enums import ActState
from conventions.tests.factories import ActFactory, UserFactory


@pytest.fixture
def logistics():
    return UserFactory(role="logistique")


@pytest.fixture
def term():
    """A signed line of ten computers."""
    act = ActFactory(
        state=ActState.SIGNED, number="2026-014", equipment=[{"nature": "ordinateur", "quantity": 10}]
    )
    return act.equipmentterm_set.get()


@pytest.fixture
def devices(logistics):
    """Three computers of the stock, that hold data."""
    return entered(3, by=logistics)


def entered(count, *, by, prefix="SN-FICTIF", **more):
    entries = [
        stock.Entry(nature="ordinateur", maker="Kaori", serial=f"{prefix}-{rank:04d}", **more)
        for rank in range(count)
    ]
    return stock.enter(entries, by=by)
