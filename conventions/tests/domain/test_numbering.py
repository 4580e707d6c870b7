"""Numbers: by year, without gaps, whatever the number of people who freeze at once."""

import threading

import pytest
from django.db import connection

from conventions.domain import numbering
from conventions.enums import ActState
from conventions.models import Act
from conventions.tests.factories import ActFactory, ConventionFactory

CROWD = 20


@pytest.mark.django_db
def test_give_number_is_given_once(at):
    act = ConventionFactory(act=ActState.APPROVED).acts.get()
    with at(2026, 5, 4):
        assert (numbering.give_number(act, by=None), numbering.give_number(act, by=None)) == (
            "2026-001",
            "2026-001",
        )


@pytest.mark.django_db
def test_give_number_starts_again_each_year(at):
    acts = [ConventionFactory(act=ActState.APPROVED).acts.get() for _ in range(3)]
    with at(2026, 12, 31, 23):
        given = [numbering.give_number(act, by=None) for act in acts[:2]]
    with at(2027, 1, 1, 1):
        given.append(numbering.give_number(acts[2], by=None))
    assert given == ["2026-001", "2026-002", "2027-001"]


@pytest.mark.django_db
def test_give_number_of_amendments_and_terminations():
    convention = ConventionFactory(act=ActState.SIGNED, act__number="2026-014")
    first = ActFactory(convention=convention, amendment=True, rank=1)
    second = ActFactory(convention=convention, amendment=True, rank=2)
    end = ActFactory(convention=convention, termination=True, rank=3)
    given = [numbering.give_number(act, by=None) for act in (first, second, end)]
    assert given == ["2026-014-A1", "2026-014-A2", "2026-014-R1"]


@pytest.mark.django_db(transaction=True)
def test_give_number_to_twenty_at_once_gives_twenty_consecutive(at):
    acts = [ConventionFactory(act=ActState.APPROVED).acts.get() for _ in range(CROWD)]
    barrier, failures = threading.Barrier(CROWD), []

    def freeze(act):
        try:
            barrier.wait()
            numbering.give_number(act, by=None)
        except Exception as error:  # noqa: BLE001 — reported by the assertion below
            failures.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=freeze, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    year = Act.objects.exclude(number=None).first().number[:4]
    expected = [f"{year}-{rank:03d}" for rank in range(1, CROWD + 1)]
    assert sorted(Act.objects.values_list("number", flat=True)) == expected
