"""A batch shared with a second process: a PDF keeps one core busy, and most machines have another.

What is done is picked by its import path and gets plain values; each item is a whole of its own, safe to do again.
"""

from __future__ import annotations

import ctypes
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, TypeVar

import django
from django_tasks import default_task_backend

Item = TypeVar("Item")
Result = TypeVar("Result")
WORTH = 6  # items: fewer are done before a second process has loaded its libraries
AHEAD = 2  # items that it holds: it never waits for the next one
_DIES_WITH_ITS_PARENT = 1  # PR_SET_PDEATHSIG


def share(work: Callable[..., Result], items: Sequence[Item], *more: Any) -> Iterator[tuple[Item, Result]]:
    """`work(item, *more)` of each item, as it ends; half of them in a second process when the batch is worth it.

    A second process that dies costs nothing but time: what it held is done here. Raises what `work` raises.
    """
    if len(items) < WORTH or not _has_room():
        yield from ((item, work(item, *more)) for item in items)
        return
    waiting, held = deque(items), deque[tuple[Item, Future[Result]]]()
    other = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_begin)
    try:
        while waiting or held:
            while waiting and len(held) < AHEAD:
                held.append(_given(other, work, waiting.pop(), *more))
            if waiting:
                item = waiting.popleft()
                yield item, work(item, *more)
            while held and (held[0][1].done() or not waiting):
                item, theirs = held.popleft()
                try:
                    result = theirs.result()
                except BrokenProcessPool:
                    result = work(item, *more)
                yield item, result
    finally:
        other.shutdown(cancel_futures=True)


def _given(
    other: ProcessPoolExecutor, work: Callable[..., Result], item: Item, *more: Any
) -> tuple[Item, Future[Result]]:
    try:
        return item, other.submit(work, item, *more)
    except BrokenProcessPool as broken:
        failed: Future[Result] = Future()
        failed.set_exception(broken)
        return item, failed


def _has_room() -> bool:
    """A worker does it, apart from pages, and it has two cores at least."""
    return default_task_backend.supports_defer and len(os.sched_getaffinity(0)) > 1


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(_DIES_WITH_ITS_PARENT, signal.SIGTERM)
    django.setup()
