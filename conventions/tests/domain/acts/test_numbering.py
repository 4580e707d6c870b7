"""Numbers: by year, without gaps, whatever the number of people who freeze at once."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from conventions.domain.acts import numbering
from conventions.domain.acts.lifecycle import apply
from conventions.enums import ActState, Event
from conventions.models import Act, JournalEntry
from conventions.tests.domain.acts.lifecycle.samples import an_act
from conventions.tests.factories import ActFactory, ConventionFactory, UserFactory

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


def at_once(count, do) -> list[str]:
    """What went wrong when `do(rank)` was called by as many threads as that, together."""
    barrier, failures = threading.Barrier(count), []

    def run(rank):
        try:
            barrier.wait()
            do(rank)
        except Exception as error:  # noqa: BLE001 — reported by the assertion of the test
            failures.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(rank,)) for rank in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


@pytest.mark.slow
@pytest.mark.pdf
@pytest.mark.django_db(transaction=True)
def test_twenty_freezes_at_once_give_twenty_consecutive_numbers():
    user = UserFactory(superuser=True)
    acts = [an_act(Event.FREEZE) for _ in range(CROWD)]
    assert at_once(CROWD, lambda rank: apply(acts[rank], Event.FREEZE, by=user)) == []
    year = timezone.localdate().year
    expected = [f"{year}-{rank:03d}" for rank in range(1, CROWD + 1)]
    assert sorted(Act.objects.values_list("number", flat=True)) == expected
    assert set(Act.objects.values_list("state", flat=True)) == {ActState.TO_SIGN}


@pytest.mark.django_db(transaction=True)
def test_two_who_do_the_same_at_once_do_it_once():
    user, act = UserFactory(superuser=True), an_act(Event.CANCEL)
    failures = at_once(2, lambda rank: apply(act, Event.CANCEL, by=user, reason="Doublon."))
    assert [failure.partition("(")[0] for failure in failures] == ["EventRefused"]
    events = JournalEntry.objects.filter(convention=act.convention).order_by("event")
    assert list(events.values_list("event", flat=True)) == ["action_refusee", "annuler"]
