"""What is kept beside a convention: true after every write, by whatever route; the status is what its acts say."""

import datetime

import pytest
from django.db import connection

from conventions.domain import following
from conventions.domain.documents.archives.kept import wrong_bounds
from conventions.domain.foundation import triggers
from conventions.enums import ENDED_STATES, ActKind, ActOrigin, ActState, ConventionStatus, Role, TermKind
from conventions.models import Act, Bounds, Convention, Signatory
from conventions.tests import factories as f
from conventions.tests.factories.people import days_from_today

pytestmark = pytest.mark.django_db
TODAY = days_from_today(0)


def after(**days) -> datetime.date:
    return TODAY + datetime.timedelta(**days)


def status_by_acts(convention: Convention, day: datetime.date) -> str:
    """The status as it is defined: from the acts, one by one, in Python."""
    acts = list(Act.objects.filter(convention=convention).order_by("rank"))
    signed = [act for act in acts if act.state == ActState.SIGNED]
    if any(act.kind == ActKind.TERMINATION and _is_over(act, day) for act in signed):
        return ConventionStatus.TERMINATED
    if convention.closed_on:
        return ConventionStatus.CLOSED
    if all(act.state in ENDED_STATES for act in acts):
        return ConventionStatus.DROPPED
    if not signed:
        return ConventionStatus.PREPARING
    terms = [act for act in signed if act.kind != ActKind.TERMINATION and act.term_kind]
    last = terms[-1] if terms else None
    start, end = (last.starts_on, last.ends_on) if last else (None, None)
    if start and start > day and not any(_covers(act, day) for act in terms):
        return ConventionStatus.UPCOMING
    if end and end < day:
        return ConventionStatus.LAPSED
    renewed = Convention.objects.filter(renews=convention, acts__state=ActState.SIGNED).exists()
    if end and end <= day + datetime.timedelta(days=90) and not renewed:
        return ConventionStatus.TO_RENEW
    if end is None and (last is None or last.term_kind != TermKind.OPEN_ENDED):
        return ConventionStatus.UNKNOWN_TERM
    return ConventionStatus.RUNNING


def _is_over(act: Act, day: datetime.date) -> bool:
    """A termination on paper that does not say from when is over."""
    return act.origin == ActOrigin.REPRISE if act.effective_on is None else act.effective_on <= day


def _covers(act: Act, day: datetime.date) -> bool:
    return (act.starts_on is None or act.starts_on <= day) and (act.ends_on is None or act.ends_on >= day)


def world() -> None:
    """One convention for each state of a first act and each period, amended, terminated, renewed, or not."""
    partner = f.PartnerFactory()
    periods = [
        {"starts_on": after(days=-400), "ends_on": after(days=-30)},
        {"starts_on": after(days=-60), "ends_on": after(days=60)},
        {"starts_on": after(days=-60), "ends_on": after(days=400)},
        {"starts_on": after(days=20), "ends_on": after(days=400)},
        {"starts_on": after(days=-60), "ends_on": None},
        {"starts_on": after(days=-60), "ends_on": None, "term_kind": TermKind.OPEN_ENDED},
    ]
    for rank, period in enumerate(periods):
        values = {f"act__{name}": value for name, value in period.items()}
        for state in ActState:
            f.ConventionFactory(partner=partner, act=state, **values)
        later = f.ConventionFactory(partner=partner, act=ActState.SIGNED, **values)
        longer = {"term_kind": TermKind.DATES, "starts_on": after(days=10), "ends_on": after(days=500)}
        f.ActFactory(convention=later, amendment=True, state=ActState.SIGNED, **longer)
        ended = f.ConventionFactory(partner=partner, act=ActState.SIGNED, **values)
        f.ActFactory(
            convention=ended, termination=True, state=ActState.SIGNED, effective_on=after(days=10 * rank - 20)
        )
        renewed = f.ConventionFactory(partner=partner, act=ActState.SIGNED, **values)
        f.ConventionFactory(partner=partner, renews=renewed, act=ActState.SIGNED)
    f.ConventionFactory(partner=partner, act=None)
    paper = f.ConventionFactory(partner=partner, reprise=True)
    f.ActFactory(convention=paper, termination=True, reprise=True, effective_on=None)
    closed = f.ConventionFactory(partner=partner, act=ActState.SIGNED)
    Convention.objects.filter(pk=closed.pk).update(closed_on=TODAY)


@pytest.mark.slow
def test_the_status_by_bounds_is_the_status_by_acts():
    world()
    found = set()
    for day in (after(days=-61), TODAY, after(days=15), after(days=450)):
        for row in Convention.objects.with_status(on=day):
            expected = status_by_acts(row, day)
            assert row.status_code == expected, (row.pk, day)
            found.add(expected)
        for status in ConventionStatus:
            kept = set(Convention.objects.in_state(status, on=day).values_list("pk", flat=True))
            told = Convention.objects.with_status(on=day).filter(status_code=status)
            assert kept == set(told.values_list("pk", flat=True)), (status, day)
    assert found == set(ConventionStatus)
    assert list(wrong_bounds()) == []


def test_bounds_follow_every_fact_and_its_removal():
    convention = f.ConventionFactory(
        act=ActState.SIGNED,
        act__fundings=[{}],
        act__instalments=[{"due_on": after(days=1)}],
        act__obligations=[{"due_on": after(days=2), "kind": "compte_rendu"}],
        act__in_kind=[{"loan": True, "return_on": after(days=3)}],
        act__equipment=[{}],
    )
    act = convention.acts.get()

    def owed():
        bounds = Bounds.objects.get(pk=convention.pk)
        return bounds.owed_on, bounds.to_hand_over, bounds.to_publish

    assert owed() == (after(days=1), True, True)
    payment = f.PaymentFactory(convention=convention, instalment=act.instalmentterm_set.get())
    f.ReportReceivedFactory(obligation=act.obligation_set.get())
    assert owed() == (after(days=3), True, True)
    loan = f.ReturnFactory(in_kind=act.inkind_set.get())
    assert owed() == (None, True, True)
    f.HandoverFactory(act=act)
    f.PublicSheetFactory(convention=convention)
    assert owed() == (None, False, False)
    following.send_back(payment, reason="x", by=f.UserFactory(role=Role.ACCOUNTANT))
    assert owed() == (after(days=1), False, False)
    loan.delete()
    assert owed() == (after(days=1), False, False)
    assert list(wrong_bounds()) == []


def test_bounds_follow_raw_sql_and_an_act_that_changes_files():
    one, other = f.ConventionFactory(), f.ConventionFactory(act=None)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE conventions_act SET convention_id = %s", [other.pk])
    assert {row.pk: row.is_alive for row in Bounds.objects.all()} == {one.pk: False, other.pk: True}
    Signatory.objects.all().delete()
    Act.objects.all().delete()
    assert not Bounds.objects.filter(is_alive=True).exists()
    assert list(wrong_bounds()) == []


def test_bounds_written_by_nobody_else_are_told_and_counted_again():
    convention = f.ConventionFactory(title="Soutien à compter (fictif)", act=ActState.SIGNED)
    Bounds.objects.update(last_end=None)
    assert [line.split("\xa0:")[0] for line in wrong_bounds()] == [
        f"Convention {convention.pk}, « Soutien à compter (fictif) »"
    ]
    triggers.install()
    assert list(wrong_bounds()) == []


def test_to_publish_is_signed_and_never_published():
    waits, published = (f.ConventionFactory(act=ActState.SIGNED) for _ in range(2))
    f.PublicSheetFactory(convention=published)
    f.ConventionFactory(act=ActState.TO_SIGN)
    assert list(Convention.objects.to_publish()) == [waits]


def test_what_an_act_of_paper_wanted_before_it_came_is_owed_by_nobody():
    past, later = [{"due_on": after(days=-400)}], [{"due_on": after(days=40)}]
    old = f.ConventionFactory(reprise=True, act__instalments=past)
    new = f.ConventionFactory(reprise=True, act__instalments=later)
    owed = dict(Bounds.objects.values_list("convention", "owed_on"))
    assert owed == {old.pk: None, new.pk: after(days=40)}
