"""What an export of thousands writes of a convention is what its columns write of the convention itself."""

import datetime

import pytest
from django.utils import timezone

from conventions.domain.following.granted import with_granted
from conventions.exchange.columns import CONVENTION_COLUMNS
from conventions.exchange.told import told_conventions
from conventions.models import Convention
from conventions.tests import factories as f

pytestmark = pytest.mark.django_db


def written(rows) -> list[list]:
    return [[column.value(row) for column in CONVENTION_COLUMNS] for row in rows]


def test_an_export_writes_what_the_conventions_say(django_assert_max_num_queries):
    today = timezone.localdate()
    areas = [f.AreaFactory(slug=slug) for slug in ("nord", "iles", "sud")]
    values = [f.ValueFactory(slug=slug) for slug in ("entraide", "audace")]
    rows = [
        f.ConventionFactory(officer=None),
        f.ConventionFactory(
            is_demo=True, act__fundings=[{"amount": 3_000}, {"amount": None, "status": "inconnu"}]
        ),
        f.ConventionFactory(act="signe", act__fundings=[{"amount": 5_000}]),
        f.ConventionFactory(act="signe", act__starts_on=today, act__ends_on=today + datetime.timedelta(90)),
        f.ConventionFactory(title="", purpose="=1+1"),
    ]
    for row in rows[1:3]:
        row.areas.set(areas[::-1])
        row.values.set(values)
    f.PartyFactory(convention=rows[2], position=7)
    f.ActFactory(convention=rows[2], rank=1, kind="avenant", starts_on=today)
    asked = with_granted(Convention.objects.with_status()).order_by("-title", "pk")
    with django_assert_max_num_queries(7):
        told = written(told_conventions(asked))
    assert told == written(asked)
    assert len(told) == Convention.objects.count() >= len(rows)
