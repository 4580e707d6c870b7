"""Files handed over from an officer to another."""

import json

import pytest

from conventions.domain.acts import drafting
from conventions.domain.foundation.refusals import Refused
from conventions.models import JournalEntry
from conventions.tests.factories import ConventionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return UserFactory(role="gestionnaire")


def test_handing_over_skips_files_already_there(officer):
    colleague = UserFactory(role="gestionnaire")
    rows = [ConventionFactory(officer=officer), ConventionFactory(officer=colleague)]
    assert drafting.reassign(rows, to=colleague, by=officer) == 1
    entry = JournalEntry.objects.get(event="dossier_confie")
    assert json.loads(entry.payload)["changes"] == {
        "convention.officer": [f"{officer} (#{officer.pk})", f"{colleague} (#{colleague.pk})"]
    }


def test_handing_over_to_a_closed_account_is_refused(officer):
    with pytest.raises(Refused, match="agent en activité"):
        drafting.reassign([ConventionFactory()], to=UserFactory(role="juriste", is_active=False), by=officer)
