"""Amendments and terminations: signed rows stay; what is in force comes from the signed acts."""

import datetime

import pytest

from conventions.domain import amending, changes, reading
from conventions.enums import ActKind, ActState, ConventionStatus
from conventions.models import Convention, Funding
from conventions.tests.factories import ConventionFactory, UserFactory
from conventions.tests.factories.acts import settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return UserFactory(role="gestionnaire")


@pytest.fixture
def convention():
    return ConventionFactory(
        act=ActState.SIGNED,
        act__number="2026-014",
        act__starts_on=datetime.date(2026, 1, 1),
        act__ends_on=datetime.date(2026, 12, 31),
        act__fundings=[{"amount": 2_000_000, "budget_year": 2026, "label": ""}],
    )


def amended(convention, officer, *, state=ActState.SIGNED):
    act = amending.start_amendment(convention, by=officer, reason="Le projet s’étend.")
    row = Funding.objects.current().get(act__convention=convention)
    amending.replace_line(act, row, by=officer, amount=2_500_000)
    return settle(act, state, number="2026-014-A1")


def test_start_amendment_of_a_draft_says_to_edit_the_draft(officer):
    with pytest.raises(ValueError, match="modifiez son brouillon"):
        amending.start_amendment(ConventionFactory(), by=officer, reason="x")


def test_draft_amendment_changes_nothing_in_force(convention, officer):
    amended(convention, officer, state=ActState.DRAFT)
    rows = amending.lines_in_force(convention)[Funding]
    assert [row.amount for row in rows] == [2_000_000]


def test_signed_amendment_takes_over_and_leaves_the_signed_row(convention, officer):
    amended(convention, officer)
    rows = amending.lines_in_force(convention)[Funding]
    assert [row.amount for row in rows] == [2_500_000]
    assert convention.acts.get(rank=0).funding_set.get().amount == 2_000_000
    assert [line.amount for line in amending.consolidated_context(convention).fundings] == [2_500_000]


def test_changes_of_an_amendment_are_told_before_and_after(convention, officer):
    act = amended(convention, officer, state=ActState.DRAFT)
    told = [(change.label, change.before, change.after) for change in changes.changes_of(act)]
    assert told == [
        (
            "Financement",
            "exercice 2026, 2\u202f000\u202f000\u00a0F\u00a0CFP",
            "exercice 2026, 2\u202f500\u202f000\u00a0F\u00a0CFP",
        )
    ]
    assert [line.before for line in reading.agreement_context(act).changes] == [told[0][1]]


def test_removed_line_is_out_of_force_once_signed(convention, officer):
    act = amending.start_amendment(convention, by=officer, reason="Renoncement.")
    row = Funding.objects.current().get(act__convention=convention)
    amending.remove_line(act, row, by=officer)
    settle(act, ActState.SIGNED, number="2026-014-A1")
    assert amending.lines_in_force(convention)[Funding] == []


def test_replacing_a_line_that_is_no_longer_in_force_is_refused(convention, officer):
    row = Funding.objects.current().get(act__convention=convention)
    amended(convention, officer)
    second = amending.start_amendment(convention, by=officer, reason="Encore.")
    with pytest.raises(ValueError, match="plus en vigueur"):
        amending.replace_line(second, row, by=officer, amount=1)


def test_extension_after_a_gap_moves_the_end(convention, officer):
    act = amending.start_amendment(
        convention, by=officer, reason="Reprise du projet.", ends_on=datetime.date(2027, 12, 31)
    )
    assert [(c.label, c.after) for c in changes.changes_of(act)] == [
        ("Durée", "du 1er janvier 2026 au 31 décembre 2027")
    ]
    settle(act, ActState.SIGNED, number="2026-014-A1")
    row = Convention.objects.with_status(on=datetime.date(2027, 3, 1)).get(pk=convention.pk)
    assert row.status == ConventionStatus.RUNNING


def test_termination_ends_the_convention_on_its_date(convention, officer):
    act = amending.start_termination(
        convention, by=officer, reason="Dissolution.", effective_on=datetime.date(2026, 9, 1)
    )
    assert (act.kind, reading.agreement_context(act).term.end.value) == (
        ActKind.TERMINATION, datetime.date(2026, 9, 1),
    )  # fmt: skip
    settle(act, ActState.SIGNED, number="2026-014-R1")
    seen = Convention.objects.with_status(on=datetime.date(2026, 9, 1)).get(pk=convention.pk)
    assert seen.status == ConventionStatus.TERMINATED
    with pytest.raises(ValueError, match="résiliée"):
        amending.start_amendment(convention, by=officer, reason="Trop tard.")


def test_two_draft_amendments_at_once_have_their_own_ranks(convention, officer):
    ranks = [amending.start_amendment(convention, by=officer, reason="x").rank for _ in range(2)]
    assert ranks == [1, 2]
