"""Who sends, who pays, and a signed convention whose partner has an account."""

import pytest

from conventions.enums import Role
from conventions.tests import factories as f

YEAR = 2026


@pytest.fixture
def officer():
    return f.UserFactory(role=Role.OFFICER)


@pytest.fixture
def accountant():
    return f.UserFactory(role=Role.ACCOUNTANT)


@pytest.fixture
def convention(officer):
    convention = f.ConventionFactory(
        act="signe",
        officer=officer,
        title="Atelier du lagon (fictif)",
        act__fundings=[{"amount": 500_000, "budget_year": YEAR}],
        act__instalments=[{"label": "solde"}],
    )
    f.account_of(convention)
    return convention
