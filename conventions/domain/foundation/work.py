"""What the worker runs: one task, which calls a function by the name under which it registered itself.

    @work.worker("courriel")
    def deliver(mail_id: int) -> …

Arguments are ids: what is to do stands in our own tables, and `balayer` finishes what was lost.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django_tasks import task

Worker = TypeVar("Worker", bound=Callable[[int], Any])
WORKERS: dict[str, Callable[[int], Any]] = {}


def worker(name: str) -> Callable[[Worker], Worker]:
    """Register the function that the task `run` calls under this name."""

    def register(function: Worker) -> Worker:
        WORKERS[name] = function
        return function

    return register


def enqueue(name: str, row_id: int) -> None:
    """Tell the worker to call this function with this id. Call it once the transaction has ended."""
    run.enqueue(name, row_id)


@task()
def run(name: str, row_id: int) -> None:
    WORKERS[name](row_id)
