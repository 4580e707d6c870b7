"""What a list reads to be searched and filtered, and what its menus offer: entries of an index, not rows."""

import pytest
from django.db import connection, models
from django.utils import timezone

from conventions.enums import ConventionStatus
from conventions.models import Convention, JournalEntry, KeptFile, Partner
from conventions.models.search import COVERED, cover_searches, values_of
from conventions.tests import factories as f

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture(autouse=True)
def _covered(db):
    cover_searches(sender=None, using="default")


def plan(rows: models.QuerySet) -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # of a few rows it rather reads all
            cursor.execute("SET LOCAL enable_seqscan = off")
        return rows.explain()


@pytest.mark.parametrize("model", [Convention, Partner])
def test_search_reads_an_index_of_its_own_on_sqlite(model):
    rows = model.objects.search("mesures")
    for read in (rows.values_list("pk")[:30], rows.order_by().values_list("search_key")):
        told = plan(read)
        assert connection.vendor == "postgresql" or "COVERING INDEX" in told, told
        assert connection.vendor == "sqlite" or "Seq Scan" not in told, told


def test_index_of_searches_comes_back_after_its_table_was_made_anew():
    if connection.vendor == "postgresql":
        return
    names = {f"{table.removeprefix('conventions_')}_searched" for table in COVERED}
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"DROP INDEX {name}")
        cover_searches(sender=None, using="default")
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'index'")
        assert names <= {name for (name,) in cursor.fetchall()}


def test_values_of_a_column_come_once_each_and_sorted():
    for event in ("un", "deux", "deux", "trois", "un"):
        f.JournalEntryFactory(event=f"{event}_fictif")
    found = values_of(JournalEntry, "event")
    told = set(JournalEntry.objects.values_list("event", flat=True))
    assert sorted(found) == sorted(told)
    assert {"un_fictif", "deux_fictif", "trois_fictif"} <= told


def test_values_of_an_empty_table_are_none():
    assert values_of(KeptFile, "form") == []


LASTING = {ConventionStatus.RUNNING, ConventionStatus.UNKNOWN_TERM, ConventionStatus.PREPARING}


@pytest.mark.parametrize("status", [one for one in ConventionStatus if one != ConventionStatus.CLOSED])
def test_filter_by_state_begins_with_few(status):
    """With what has not ended, was terminated or is not closed: PostgreSQL chooses by what it has counted."""
    told = plan(Convention.objects.in_state(status, on=timezone.localdate()).order_by("-created_at", "-pk"))
    if connection.vendor == "postgresql":
        assert "Seq Scan on conventions_convention" not in told, told
    elif status == ConventionStatus.TERMINATED:
        assert "bounds_terminated" in told, told
    else:
        by_end = status in LASTING or status == ConventionStatus.TO_RENEW
        assert ("bounds_by_end" if by_end else "convention_open") in told, told
