"""What the data say, before any load."""

import datetime

import pytest
from django.db.models import Q

from conventions.demonstration.plan import accounts, cases
from conventions.demonstration.plan.fictive import SHOWCASE_KEY, plan
from conventions.enums import (
    ActKind,
    ActState,
    AmountStatus,
    ConventionStatus,
    FundingFigure,
    PartnerNature,
    TermKind,
)
from conventions.models import (
    Area,
)
from conventions.reference.lists import SUPPORT_KINDS
from conventions.tests.test_demonstration import REAL_NAMES, UNREACHABLE_STATES

TODAY = datetime.date(2026, 11, 24)
# A demonstration is loaded on any day: the first, the last, a leap day, the middle of a year.
DAYS = [TODAY, datetime.date(2027, 1, 1), datetime.date(2026, 12, 31), datetime.date(2028, 2, 29),
        datetime.date(2027, 7, 1)]  # fmt: skip


@pytest.fixture(params=DAYS, ids=str)
def fictive(request):
    return plan(request.param)


def test_the_same_day_gives_the_same_plan():
    assert plan(TODAY) == plan(TODAY)


def test_the_plan_holds_every_state_and_every_status(fictive):
    assert {row.state for row in fictive.conventions} == set(ActState) - UNREACHABLE_STATES
    assert {row.status for row in fictive.conventions} == set(ConventionStatus)
    assert len(fictive.conventions) == 87
    assert len(fictive.partners) == 28


def expected_status(row, today) -> str:
    """The status told again from the plan's own dates."""
    if row.state != ActState.SIGNED:
        dead = (ActState.CANCELLED, ActState.DECLINED, ActState.EXPIRED, ActState.ABANDONED)
        return ConventionStatus.DROPPED if row.state in dead else ConventionStatus.PREPARING
    end = max([row.ends_on, *[act.ends_on for act in row.later]], key=lambda day: day or datetime.date.min)
    if any(act.kind == ActKind.TERMINATION and act.effective_on <= today for act in row.later):
        return ConventionStatus.TERMINATED
    if row.closed_on:
        return ConventionStatus.CLOSED
    if row.starts_on and row.starts_on > today:
        return ConventionStatus.UPCOMING
    if end and end < today:
        return ConventionStatus.LAPSED
    if end and end <= today + datetime.timedelta(days=90):
        return ConventionStatus.TO_RENEW
    if end is None and row.term_kind != TermKind.OPEN_ENDED:
        return ConventionStatus.UNKNOWN_TERM
    return ConventionStatus.RUNNING


def test_dates_give_the_status_that_each_row_announces(fictive):
    told = {row.key: row.status for row in fictive.conventions}
    assert {row.key: expected_status(row, fictive.today) for row in fictive.conventions} == told


def test_events_come_in_order_and_none_is_to_come(fictive):
    for row in fictive.conventions:
        for act in (row, *row.later):
            days = act.calendar
            told = [days.created_on, days.submitted_on, days.reviewed_on, days.frozen_on, days.ended_on]
            known = [day for day in told if day]
            assert known == sorted(known), row.key
            assert known[-1] <= fictive.today, row.key
        assert all((line.paid_on or line.sent_on) <= fictive.today for line in row.payments), row.key
        assert not row.closed_on or row.closed_on <= fictive.today, row.key


def test_the_plan_spreads_over_five_years():
    years = {row.calendar.frozen_on.year for row in plan(TODAY).conventions if row.calendar.frozen_on}
    assert years >= {2022, 2023, 2024, 2025, 2026}


def test_every_kind_of_support_and_of_partner_is_shown(fictive):
    fundings = [line for row in fictive.conventions for line in row.fundings]
    # Parties sign no amount that is not told: only a reprise has one, and the published cases show it.
    shown = set(AmountStatus) - {AmountStatus.NOT_APPLICABLE, AmountStatus.UNKNOWN}
    assert {line.status for line in fundings} == shown
    assert {line.figure for line in fundings} == set(FundingFigure)
    assert {(line.status == AmountStatus.KNOWN, line.publishable) for line in fundings} == {
        (True, True), (True, False), (False, True), (False, False),
    }  # fmt: skip
    kinds = {line.kind_id for row in fictive.conventions for line in row.in_kind}
    kinds |= {
        values["kind"] for row in fictive.conventions for table, values in row.typed if table == "inkind"
    }
    assert kinds == {slug for slug, *_ in SUPPORT_KINDS}
    assert {row.nature for row in fictive.partners} == set(PartnerNature)
    assert max(len(row.equipment) for row in fictive.conventions) == 30


def test_unknown_amounts_are_never_a_number(fictive):
    absent = (AmountStatus.UNKNOWN, AmountStatus.TO_BE_SET)
    lines = [line for row in fictive.conventions for line in row.fundings if line.status in absent]
    assert {line.amount for line in lines} == {None}
    assert 0 not in {line.amount for row in fictive.conventions for line in row.fundings}


def test_instalments_add_up_to_what_is_granted(fictive):
    for row in fictive.conventions:
        if row.instalments:
            granted = [line.amount for line in row.fundings if line.figure == FundingFigure.GRANTED]
            assert sum(line.amount for line in row.instalments) == sum(granted), row.key


def test_every_invented_name_says_so_and_no_address_exists(fictive):
    assert [row.name for row in fictive.partners if not row.name.endswith("(fictif)")] == []
    people = [person for row in fictive.partners for person in row.people]
    addresses = [*[row.email for row in fictive.partners], *[person.email for person in people]]
    addresses += [row.email for row in accounts.STAFF]
    assert [text for text in addresses if not text.endswith(".invalid")] == []
    assert [row.ridet for row in fictive.partners if row.ridet and not row.ridet.startswith("00001")] == []
    assert [row.phone for row in fictive.partners if row.phone and not row.phone.startswith("00.00.")] == []
    assert {person.last_name for person in people} & REAL_NAMES == set()


def test_papers_received_came_before_today_and_after_the_signature(fictive):
    reports = [(row, line) for row in fictive.conventions for line in row.reports]
    assert len(reports) > 20
    for row, line in reports:
        assert (
            row.calendar.ended_on
            < line.received_on
            <= (line.accepted_on or line.received_on)
            <= fictive.today
        )
    signed = [row for row in fictive.conventions if row.state == ActState.SIGNED]
    late = [row.key for row in signed if row.ends_on and row.ends_on < fictive.today and not row.reports]
    assert len(late) == 3


def test_each_year_that_has_passed_has_its_report(fictive):
    several = 0
    for row in fictive.conventions:
        years = [line.received_on.year - 1 for line in row.reports if line.kind == "compte_rendu"]
        if years and row.starts_on:
            assert years == list(range(row.starts_on.year, years[-1] + 1)), row.key
        several += len(years) > 1
    assert several > 5


def test_the_showcase_has_every_part(fictive):
    [row] = [row for row in fictive.conventions if row.programme == SHOWCASE_KEY]
    parts = (len(row.instalments), len(row.equipment), len(row.fundings), len(row.in_kind))
    assert parts == (3, 10, 2, 2)
    assert len({line.serial for line in row.equipment}) == 10
    assert (row.state, row.press, row.published) == (ActState.SIGNED, "publie", True)


def sentences(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\n", " ").split(".") if len(part.split()) > 7]


def test_one_convention_has_two_amendments_and_a_termination(fictive):
    [row] = [row for row in fictive.conventions if len(row.later) == 3]
    first, second, last = row.later
    kinds = [ActKind.AMENDMENT, ActKind.AMENDMENT, ActKind.TERMINATION]
    assert [act.kind for act in row.later] == kinds
    days = [row.calendar.ended_on, *(act.calendar.ended_on for act in row.later)]
    assert days == sorted(days)
    assert first.calendar.ended_on < row.ends_on < second.starts_on  # a gap: nothing was in force
    assert second.starts_on < last.effective_on < second.ends_on


def test_one_signed_convention_has_an_amendment_in_draft(fictive):
    acts = [(row, act) for row in fictive.conventions for act in row.later]
    [(row, act)] = [(row, act) for row, act in acts if act.state == ActState.DRAFT]
    assert (row.state, row.status) == (ActState.SIGNED, ConventionStatus.RUNNING)
    assert [edit.table for edit in act.edits] == ["fundings", "instalments", "equipment"]


def test_c01_prose_is_cut_in_short_sentences_of_our_own():
    """No long quotation: the release's own turns of phrase are absent."""
    prose = " ".join([cases.C01.public_summary, cases.C01.public_story, cases.C01.project_description])
    turns = [
        "axant ses pratiques",
        "converge fortement",
        "se réinvente",
        "Une belle initiative",
        "a vocation à",
    ]
    assert [words for words in turns if words in prose] == []
    assert max(len(part.split()) for part in sentences(prose)) < 40


def test_places_of_the_data_exist(db):
    """A misspelt slug would silently leave a convention without place."""
    used = {slug for row in plan(TODAY).programmes.values() for slug in row.areas}
    used |= {row.commune for row in plan(TODAY).partners if row.commune}
    known = set(Area.objects.filter(Q(slug__in=used)).values_list("slug", flat=True))
    assert known == used
