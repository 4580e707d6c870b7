"""An embargo runs until its moment, for a row read and for the database alike."""

import datetime

import pytest

from conventions.domain.publication import embargo
from conventions.models import PressRelease, PublicSheet
from conventions.models.publication import under_embargo
from conventions.tests import factories as f

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 30, 9, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)


@pytest.mark.parametrize("model", [PublicSheet, PressRelease])
@pytest.mark.parametrize(
    ("until", "runs"), [(None, False), (NOW - MINUTE, False), (NOW, False), (NOW + MINUTE, True)]
)
def test_embargo_of_a_row(model, until, runs):
    assert embargo.runs_until(model(embargo_until=until), at=NOW) == (until if runs else None)


@pytest.mark.parametrize(
    ("until", "runs"), [(None, False), (NOW - MINUTE, False), (NOW, False), (NOW + MINUTE, True)]
)
def test_embargo_of_the_rows_of_the_database(until, runs):
    f.PressReleaseFactory(embargo_until=until)
    assert PressRelease.objects.filter(under_embargo(NOW)).exists() is runs
