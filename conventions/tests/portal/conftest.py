"""One association and who speaks for it today."""

import pytest

from conventions.tests import factories as f


@pytest.fixture
def partner(db):
    return f.PartnerFactory(name="Association du Banian (fictif)")


@pytest.fixture
def president(partner):
    return f.PresidentFactory(partner=partner)
