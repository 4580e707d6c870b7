"""How far the load of the invented conventions is: one Job row, which the page of accounts and the next start read.

The row keeps the day of the first start: a load that goes on another day tells the same plan. Who loads holds a lock
file, which the system takes back however the process ends: a row begun, not done, that nobody holds has stopped.
"""

import datetime
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils import timezone

from conventions.domain.foundation.jobs import Progress
from conventions.enums import JobState
from conventions.models import Job

KIND = "demonstration"
LABEL = "Conventions fictives de la démonstration"
STOPPED = "Le chargement s’est arrêté sur une erreur."


def begin() -> datetime.date:
    """Ask for the load, unless it has ended or somebody is at it; the day its plan is made for."""
    today = {"jour": timezone.localdate().isoformat()}
    row, _created = Job.objects.get_or_create(kind=KIND, defaults={"label": LABEL, "arguments": today})
    if row.state != JobState.DONE and not _is_held():
        _write(state=JobState.PENDING, finished_at=None)
    return datetime.date.fromisoformat(row.arguments["jour"])


def is_wanted() -> bool:
    """Was it asked for, and has it not ended?"""
    return Job.objects.filter(kind=KIND).exclude(state=JobState.DONE).exists()


@contextmanager
def told() -> Iterator[Progress]:
    """Let one process load at a time, and tell how far it is; at the end, that it is done, or failed."""
    with _lock_file() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        _write(state=JobState.RUNNING, started_at=timezone.now(), beat_at=timezone.now(), finished_at=None)
        try:
            yield lambda done, total: _write(done=done, total=total, beat_at=timezone.now())
        except Exception:
            _write(state=JobState.FAILED, error=STOPPED, finished_at=timezone.now())
            raise
        _write(state=JobState.DONE, error="", finished_at=timezone.now())


def shown() -> dict[str, Any] | None:
    """What a page says of it; None when there is nothing to say."""
    row = Job.objects.filter(kind=KIND).exclude(state=JobState.DONE).first()
    if row is None:
        return None
    stopped = row.state != JobState.PENDING and not _is_held()
    return {"done": row.done, "total": row.total, "stopped": stopped}


def _write(**columns: Any) -> None:
    Job.objects.filter(kind=KIND).update(**columns)


def _lock_file() -> IO[bytes]:
    return (Path(settings.DATA_DIR) / "demonstration.lock").open("ab")


def _is_held() -> bool:
    with _lock_file() as probe:
        try:
            fcntl.flock(probe, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
