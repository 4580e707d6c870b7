"""A batch shared with a second process: each item once, whatever becomes of that process."""

import os
import time

import pytest

from conventions.domain.foundation import work
from conventions.domain.foundation.second_process import WORTH, share

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="un seul cœur : rien à partager"),
]
DATABASE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": [*work.QUEUES, "default"]}}


@pytest.fixture
def at_a_worker(settings):
    settings.TASKS = DATABASE


def where(item: int, pause: float) -> int:
    time.sleep(pause)
    return os.getpid()


def dies_elsewhere(item: int, home: int) -> int:
    if os.getpid() != home:
        os._exit(1)
    time.sleep(0.2)
    return item


def refuses(item: int) -> int:
    raise ValueError(f"item {item}")


def test_two_processes_share_a_batch_and_each_item_is_done_once(at_a_worker):
    found = list(share(where, range(20), 0.5))
    assert sorted(item for item, _pid in found) == list(range(20))
    assert (len({pid for _item, pid in found}), os.getpid() in dict(found).values()) == (2, True)


@pytest.mark.parametrize("count", [0, 1, WORTH - 1])
def test_small_batch_is_done_here(at_a_worker, count):
    assert {pid for _item, pid in share(where, range(count), 0)} <= {os.getpid()}


def test_pages_and_tests_share_nothing():
    assert {pid for _item, pid in share(where, range(WORTH), 0)} == {os.getpid()}


def test_second_process_that_dies_costs_no_item(at_a_worker):
    found = list(share(dies_elsewhere, range(WORTH * 3), os.getpid()))
    assert sorted(found) == [(item, item) for item in range(WORTH * 3)]


def test_what_the_work_raises_is_raised(at_a_worker):
    with pytest.raises(ValueError, match="item"):
        list(share(refuses, range(WORTH)))
