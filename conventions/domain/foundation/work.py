"""What the worker runs: one task, which calls a function by the name under which it registered itself.

    @work.worker("courriel")
    def deliver(mail_id: int) -> …

Arguments are ids: what is to do stands in our own tables, and `balayer` finishes what was lost.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django_tasks import task

Worker = TypeVar("Worker", bound=Callable[[int], Any])
FIRST = 50  # the priority of what somebody waits for; all the rest: 0
WORKERS: dict[str, Callable[[int], Any]] = {}


def worker(name: str) -> Callable[[Worker], Worker]:
    """Register the function that the task `run` calls under this name."""

    def register(function: Worker) -> Worker:
        WORKERS[name] = function
        return function

    return register


def enqueue(name: str, row_id: int, *, first: bool = False) -> None:
    """Tell the worker to call this function with this id, before all others when `first`.

    Call it once the transaction has ended.
    """
    (run.using(priority=FIRST) if first else run).enqueue(name, row_id)


@task()
def run(name: str, row_id: int) -> None:
    WORKERS[name](row_id)
