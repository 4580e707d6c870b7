"""Long work: done once, with its progress, taken up again when its worker died."""

import datetime
import logging

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from conventions.domain.foundation import jobs
from conventions.enums import JobState
from conventions.models import Job
from conventions.tests.factories import JobFactory, UserFactory


@pytest.fixture
def kinds():
    """What each job of a test did; the registry is left as it was."""
    before, seen = dict(jobs.JOBS), []

    @jobs.job("essai")
    def _count(job, arguments, progress):
        for rank in range(arguments["n"]):
            progress(rank + 1, arguments["n"])
            seen.append(Job.objects.values_list("state", "done", "total").get(pk=job.pk))
        return {"n": arguments["n"]}

    @jobs.job("refus")
    def _refuse(job, arguments, progress):
        raise jobs.JobRefused("Choisissez au moins une convention.")

    @jobs.job("panne")
    def _break(job, arguments, progress):
        raise ZeroDivisionError("secret")

    yield seen
    jobs.JOBS.clear()
    jobs.JOBS.update(before)


def started(kind="essai", **arguments):
    return jobs.start_job(
        kind, owner=UserFactory(role="communication"), label="Archive (fictif)", arguments=arguments
    )


def test_start_runs_after_commit(db, kinds, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        row = started(n=2)
        assert row.state == JobState.PENDING
    row.refresh_from_db()
    assert (row.state, row.result, row.done, row.total) == (JobState.DONE, {"n": 2}, 2, 2)
    assert kinds == [("en_cours", 1, 2), ("en_cours", 2, 2)]


def test_start_unknown_kind_is_refused(db, kinds):
    with pytest.raises(jobs.UnknownJob, match="« inconnu »"):
        started("inconnu")


def test_run_twice_works_once(db, kinds):
    row = started(n=1)
    assert jobs.run_job(row.pk).state == JobState.DONE
    assert jobs.run_job(row.pk) is None
    assert len(kinds) == 1


def test_refusal_is_shown_as_it_is(db, kinds):
    row = jobs.run_job(started("refus").pk)
    assert (row.state, row.error) == (JobState.FAILED, "Choisissez au moins une convention.")
    assert row.finished_at is not None


def test_fault_is_logged_and_told_without_its_words(db, kinds, caplog):
    with caplog.at_level(logging.ERROR):
        row = jobs.run_job(started("panne").pk)
    assert (row.state, row.error) == (JobState.FAILED, jobs.UNEXPECTED)
    assert "ZeroDivisionError" in caplog.text


def test_job_of_a_kind_that_went_away_fails(db, kinds):
    row = jobs.run_job(JobFactory(kind="ancien").pk)
    assert row.error == "Le travail « ancien » n’existe pas."


def test_job_alive_elsewhere_is_left_alone(db, kinds):
    row = JobFactory(
        kind="essai",
        arguments={"n": 1},
        state=JobState.RUNNING,
        beat_at=timezone.now(),
        started_at=timezone.now(),
    )
    assert jobs.run_job(row.pk) is None
    assert jobs.left_behind() == []


@pytest.mark.parametrize("state", [JobState.PENDING, JobState.RUNNING])
def test_sweep_takes_up_what_a_dead_worker_left(db, kinds, state):
    long_ago = timezone.now() - datetime.timedelta(minutes=6)
    row = JobFactory(kind="essai", arguments={"n": 3}, state=state, beat_at=long_ago, done=2, total=3)
    Job.objects.filter(pk=row.pk).update(created_at=long_ago)
    call_command("balayer")
    row.refresh_from_db()
    assert (row.state, row.done, len(kinds)) == (JobState.DONE, 3, 3)


def test_sweep_leaves_a_fresh_job_to_the_worker(db, kinds):
    row = started(n=1)
    call_command("balayer")
    row.refresh_from_db()
    assert row.state == JobState.PENDING


def test_sweep_gives_up_a_job_that_never_ends(db, kinds):
    with time_machine.travel(timezone.now() - datetime.timedelta(hours=25)):
        row = started(n=1)
    call_command("balayer")
    row.refresh_from_db()
    assert (row.state, row.error, kinds) == (JobState.FAILED, jobs.TOO_OLD, [])
