"""What the worker runs: one task, which calls a function by the name under which it registered itself.

    @work.worker("courriel")
    def deliver(mail_id: int) -> …

Arguments are ids: what is to do stands in our own tables, and `balayer` finishes what was lost.
"""

import datetime
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django_tasks import default_task_backend, task

Worker = TypeVar("Worker", bound=Callable[[int], Any])
# What somebody waits for at once, what seals a signature, mails, all that is long: one may be done without the others.
CODES, SEALS, MAILS, JOBS = QUEUES = tuple(settings.TASK_QUEUES)
PRIORITY = {CODES: 50, SEALS: 20, MAILS: 10, JOBS: 0}  # where one process does them all
FINISHED_KEPT, LOST_AFTER = datetime.timedelta(days=3), datetime.timedelta(days=7)
PRUNED_AT_ONCE = 5_000
WORKERS: dict[str, Callable[[int], Any]] = {}


def worker(name: str) -> Callable[[Worker], Worker]:
    """Register the function that the task `run` calls under this name."""

    def register(function: Worker) -> Worker:
        WORKERS[name] = function
        return function

    return register


def enqueue(name: str, row_id: int, *, queue: str, at: datetime.datetime | None = None) -> None:
    """Tell the workers of this queue to call this function with this id, not earlier than `at`.

    Call it once the transaction has ended. What a queue without clock cannot keep until `at`, the sweep will find.
    """
    if at is not None and not default_task_backend.supports_defer:
        return
    run.using(queue_name=queue, priority=PRIORITY[queue], run_after=at).enqueue(name, row_id)


@task()
def run(name: str, row_id: int) -> None:
    WORKERS[name](row_id)


def prune(*, at: datetime.datetime | None = None) -> int:
    """Forget tasks that ended days ago, and those that no worker ended in a week: the sweep did their work.

    A few thousand at once; how many.
    """
    from django_tasks_db.models import DBTaskResult

    now = at or timezone.now()
    lost = Q(finished_at=None, enqueued_at__lt=now - LOST_AFTER) & ~Q(
        run_after__range=(now, now + LOST_AFTER)
    )
    old = DBTaskResult.objects.filter(Q(finished_at__lt=now - FINISHED_KEPT) | lost).order_by()
    return DBTaskResult.objects.filter(
        pk__in=list(old.values_list("pk", flat=True)[:PRUNED_AT_ONCE])
    ).delete()[0]
