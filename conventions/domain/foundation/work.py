"""What the worker runs: one task, which calls a function by the name under which it registered itself.

    @work.worker("courriel")
    def deliver(mail_id: int) -> …

Arguments are ids: what is to do stands in our own tables, and `balayer` finishes what was lost.
"""

import datetime
from collections.abc import Callable
from typing import Any, TypeVar

from django_tasks import default_task_backend, task
from django_tasks.base import DEFAULT_TASK_PRIORITY

Worker = TypeVar("Worker", bound=Callable[[int], Any])
FIRST = 50  # the priority of what somebody waits for; all the rest: 0
WORKERS: dict[str, Callable[[int], Any]] = {}


def worker(name: str) -> Callable[[Worker], Worker]:
    """Register the function that the task `run` calls under this name."""

    def register(function: Worker) -> Worker:
        WORKERS[name] = function
        return function

    return register


def enqueue(name: str, row_id: int, *, first: bool = False, at: datetime.datetime | None = None) -> None:
    """Tell the worker to call this function with this id, before all others when `first`, not earlier than `at`.

    Call it once the transaction has ended. What a queue without clock cannot keep until `at`, the sweep will find.
    """
    if at is not None and not default_task_backend.supports_defer:
        return
    run.using(priority=FIRST if first else DEFAULT_TASK_PRIORITY, run_after=at).enqueue(name, row_id)


@task()
def run(name: str, row_id: int) -> None:
    WORKERS[name](row_id)
