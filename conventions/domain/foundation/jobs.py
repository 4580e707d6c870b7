"""Long work outside the request: a Job row with its progress, run by the worker, taken up again by the sweep.

    @job("archive")
    def archive(job, arguments, progress): …; progress(done, total); return {"document": 12}

The function gets ids, may be run again from the start after a crash, and returns plain JSON values.
A `JobRefused` it raises is shown to its owner as it is.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from typing import Any, Protocol

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from conventions.domain.foundation import work
from conventions.domain.foundation.refusals import Refused
from conventions.enums import JobState
from conventions.models import Job, User

WORKER = "travail"
logger = logging.getLogger(__name__)

SILENCE = datetime.timedelta(minutes=5)  # without a sign of life, its worker is taken for dead
PATIENCE = datetime.timedelta(days=1)  # a job that kills every worker is given up
UNEXPECTED = (
    "Une erreur imprévue a arrêté ce travail. Relancez-le ; si elle revient, prévenez l’informatique."
)
TOO_OLD = "Ce travail n’a pas pu finir en un jour. Relancez-le sur une sélection plus petite."


class Progress(Protocol):
    def __call__(self, done: int, total: int) -> None: ...


JobFunction = Callable[[Job, dict[str, Any], Progress], Any]
JOBS: dict[str, JobFunction] = {}


class JobRefused(Refused):
    """The job cannot be done; the message, in French, says what to do."""


class UnknownJob(ValueError):
    """No function does this kind of work."""


def job(kind: str) -> Callable[[JobFunction], JobFunction]:
    """Register the function that does a kind of work."""

    def register(function: JobFunction) -> JobFunction:
        JOBS[kind] = function
        return function

    return register


def start_job(kind: str, *, owner: User | None, label: str, arguments: dict[str, Any]) -> Job:
    """Insert a job in the caller's transaction; the worker is told once it commits. Raises UnknownJob."""
    _function(kind)
    row = Job.objects.create(kind=kind, owner=owner, label=label, arguments=arguments)
    transaction.on_commit(lambda: work.enqueue(WORKER, row.pk, queue=work.JOBS))
    return row


def _function(kind: str) -> JobFunction:
    if kind not in JOBS:
        raise UnknownJob(f"Le travail « {kind} » n’existe pas.")
    return JOBS[kind]


@work.worker(WORKER)
def run_job(job_id: int) -> Job | None:
    """Do a job that waits, or that a dead worker left; None when it is done, or alive elsewhere."""
    row = _claim(job_id)
    if row is None:
        return None
    try:
        result = _function(row.kind)(row, row.arguments, _progress_of(row))
    except (Refused, UnknownJob) as refusal:
        return _finish(row, JobState.FAILED, error=str(refusal))
    except Exception:
        logger.exception("Travail %s (%s) arrêté", row.pk, row.kind)
        return _finish(row, JobState.FAILED, error=UNEXPECTED)
    return _finish(row, JobState.DONE, result=result)


def _claim(job_id: int) -> Job | None:
    now = timezone.now()
    with transaction.atomic():
        row = (
            Job.objects.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
            .filter(_free(now), pk=job_id)
            .first()
        )
        if row is not None:
            row.state, row.beat_at, row.done = JobState.RUNNING, now, 0
            row.started_at = row.started_at or now
            row.save()
    return row


def _free(now: datetime.datetime) -> Q:
    dead = Q(beat_at__isnull=True) | Q(beat_at__lte=now - SILENCE)
    return Q(state=JobState.PENDING) | (Q(state=JobState.RUNNING) & dead)


def _progress_of(row: Job) -> Progress:
    def progress(done: int, total: int) -> None:
        row.done, row.total, row.beat_at = done, total, timezone.now()
        row.save(update_fields=["done", "total", "beat_at"])

    return progress


def _finish(row: Job, state: JobState, *, result: Any = None, error: str = "") -> Job:
    row.state, row.result, row.error = state, result, error
    row.finished_at = timezone.now()
    row.save()
    if state == JobState.DONE:
        Job.objects.filter(pk=row.pk, total__gt=0).update(done=F("total"))
    return row


def left_behind(*, at: datetime.datetime | None = None) -> list[int]:
    """Ids of the jobs that no worker is doing: their task was lost, or their worker died. Oldest first."""
    now = at or timezone.now()
    lost = Q(state=JobState.PENDING, created_at__lte=now - SILENCE) | Q(state=JobState.RUNNING)
    return list(Job.objects.filter(_free(now) & lost).order_by("pk").values_list("pk", flat=True))


def give_up_old(*, at: datetime.datetime | None = None) -> int:
    """End, as failed, the unfinished jobs of more than a day ago. Returns how many."""
    now = at or timezone.now()
    old = Job.objects.filter(_free(now), created_at__lte=now - PATIENCE)
    return old.update(state=JobState.FAILED, error=TOO_OLD, finished_at=now)
