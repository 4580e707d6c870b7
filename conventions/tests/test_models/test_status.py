"""The status of a convention, derived from its signed acts, at a date that the test chooses."""

import datetime

import pytest

from conventions.enums import ActState, ConventionStatus, TermKind
from conventions.models import Convention
from conventions.tests.factories import ActFactory, ConventionFactory

pytestmark = pytest.mark.django_db
S = ConventionStatus
START, END = datetime.date(2026, 1, 1), datetime.date(2026, 12, 31)
JUNE = datetime.date(2026, 6, 15)


def signed(**values):
    values = {"starts_on": START, "ends_on": END} | values
    return ConventionFactory(act="signe", **{f"act__{name}": value for name, value in values.items()})


def status(convention, on):
    return Convention.objects.with_status(on=on).get(pk=convention.pk).status


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (datetime.date(2025, 12, 31), S.UPCOMING),
        (datetime.date(2026, 1, 1), S.RUNNING),
        (JUNE, S.RUNNING),
        (datetime.date(2026, 10, 1), S.RUNNING),
        (datetime.date(2026, 10, 2), S.TO_RENEW),
        (datetime.date(2026, 12, 31), S.TO_RENEW),
        (datetime.date(2027, 1, 1), S.LAPSED),
    ],
)
def test_status_follows_the_dates(on, expected):
    assert status(signed(), on) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (ActState.DRAFT, S.PREPARING),
        (ActState.IN_REVIEW, S.PREPARING),
        (ActState.TO_CORRECT, S.PREPARING),
        (ActState.APPROVED, S.PREPARING),
        (ActState.TO_SIGN, S.PREPARING),
        (ActState.PARTLY_SIGNED, S.PREPARING),
        (ActState.TO_SEAL, S.PREPARING),
        (ActState.SIGNED, S.RUNNING),
        (ActState.ABANDONED, S.DROPPED),
        (ActState.CANCELLED, S.DROPPED),
        (ActState.DECLINED, S.DROPPED),
        (ActState.EXPIRED, S.DROPPED),
    ],
)
def test_status_of_each_state_of_the_act(state, expected):
    convention = ConventionFactory(act=state, act__starts_on=START, act__ends_on=END)
    assert status(convention, JUNE) == expected


def test_status_of_a_convention_without_act_is_dropped():
    assert status(ConventionFactory(act=None), JUNE) == S.DROPPED


def test_status_of_an_open_ended_convention_is_running():
    convention = signed(term_kind=TermKind.OPEN_ENDED, ends_on=None)
    assert status(convention, datetime.date(2046, 1, 1)) == S.RUNNING


@pytest.mark.parametrize("term_kind", [TermKind.UNKNOWN, TermKind.WORDING, TermKind.DATES])
def test_status_of_a_convention_without_end_says_so(term_kind):
    assert status(signed(term_kind=term_kind, ends_on=None), JUNE) == S.UNKNOWN_TERM


def test_status_of_a_reprise_whose_dates_are_unknown():
    convention = ConventionFactory(
        reprise=True, act__term_kind=TermKind.UNKNOWN, act__starts_on=None, act__ends_on=None
    )
    assert status(convention, JUNE) == S.UNKNOWN_TERM


def test_status_of_a_closed_convention():
    convention = signed()
    Convention.objects.filter(pk=convention.pk).update(closed_on=JUNE)
    assert status(convention, JUNE) == S.CLOSED


@pytest.mark.parametrize(
    ("on", "expected"), [(datetime.date(2026, 5, 31), S.RUNNING), (datetime.date(2026, 6, 1), S.TERMINATED)]
)
def test_status_after_a_termination_takes_effect(on, expected):
    convention = signed()
    ActFactory(convention=convention, termination=True, state="signe", effective_on=datetime.date(2026, 6, 1))
    assert status(convention, on) == expected


def test_termination_that_is_not_signed_changes_nothing():
    convention = signed()
    ActFactory(convention=convention, termination=True, state="a_signer", effective_on=START)
    assert status(convention, JUNE) == S.RUNNING


def test_termination_goes_before_the_close():
    convention = signed()
    ActFactory(convention=convention, termination=True, state="signe", effective_on=START)
    Convention.objects.filter(pk=convention.pk).update(closed_on=JUNE)
    assert status(convention, JUNE) == S.TERMINATED


def amend(convention, *, rank=1, state="signe", **values):
    return ActFactory(convention=convention, amendment=True, rank=rank, state=state, **values)


def test_amendment_that_extends_the_term_moves_the_end():
    convention = signed()
    amend(convention, term_kind=TermKind.DATES, ends_on=datetime.date(2027, 12, 31))
    row = Convention.objects.with_status(on=datetime.date(2027, 6, 1)).get()
    assert (row.status, row.current_start, row.current_end) == (S.RUNNING, START, datetime.date(2027, 12, 31))


def test_amendment_that_is_not_signed_does_not_move_the_end():
    convention = signed()
    amend(convention, state="a_signer", term_kind=TermKind.DATES, ends_on=datetime.date(2027, 12, 31))
    assert status(convention, datetime.date(2027, 6, 1)) == S.LAPSED


def test_amendment_without_term_leaves_the_end():
    convention = signed()
    amend(convention)
    assert Convention.objects.with_status(on=JUNE).get().current_end == END


def test_last_amendment_counts():
    convention = signed()
    amend(convention, term_kind=TermKind.DATES, ends_on=datetime.date(2027, 12, 31))
    amend(convention, rank=2, term_kind=TermKind.DATES, ends_on=datetime.date(2026, 6, 30))
    assert status(convention, datetime.date(2026, 7, 1)) == S.LAPSED


def test_renewal_once_signed_stops_the_reminder():
    convention, october = signed(), datetime.date(2026, 10, 15)
    renewal = ConventionFactory(act="a_signer", renews=convention)
    assert status(convention, october) == S.TO_RENEW
    assert status(renewal, october) == S.PREPARING
    ConventionFactory(act="signe", renews=convention)
    assert status(convention, october) == S.RUNNING


def test_status_property_is_the_annotation(at):
    convention = signed()
    with at(2027, 1, 1, 0, 5):
        assert Convention.objects.get(pk=convention.pk).status == S.LAPSED


def test_status_turns_at_midnight_in_noumea(at):
    convention = signed()
    with at(2026, 12, 31, 23, 55):
        assert Convention.objects.get(pk=convention.pk).status == S.TO_RENEW


@pytest.mark.parametrize("wanted", [S.RUNNING, S.LAPSED])
def test_in_state_filters_by_the_same_annotation(wanted):
    running, lapsed = signed(), signed(ends_on=datetime.date(2026, 3, 1))
    found = {S.RUNNING: running, S.LAPSED: lapsed}[wanted]
    assert Convention.objects.in_state(wanted, on=JUNE).get() == found


@pytest.mark.parametrize("count", [1, 30])
def test_status_of_many_conventions_is_one_query(count, django_assert_num_queries):
    for _ in range(count):
        ConventionFactory(act=None, parties=None)
    with django_assert_num_queries(1):
        assert {row.status for row in Convention.objects.with_status(on=JUNE)} == {S.DROPPED}


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (datetime.date(2026, 12, 31), S.RUNNING),
        (datetime.date(2027, 1, 15), S.UPCOMING),
        (datetime.date(2027, 3, 1), S.RUNNING),
        (datetime.date(2028, 1, 1), S.LAPSED),
    ],
)
def test_status_between_the_end_and_an_extension_after_a_gap(on, expected):
    convention = signed()
    ActFactory(
        convention=convention,
        amendment=True,
        state="signe",
        term_kind=TermKind.DATES,
        starts_on=datetime.date(2027, 3, 1),
        ends_on=datetime.date(2027, 12, 31),
    )
    assert status(convention, on) == expected
