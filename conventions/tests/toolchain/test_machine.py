"""No child process and no file is left behind."""

import os
import subprocess
import sys
import time
from pathlib import Path

import machine
import postgres
import pytest

pytestmark = pytest.mark.slow

IGNORES_TERM = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
)
HAS_A_CHILD = (
    "import subprocess, time; print(subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)"
)


@pytest.fixture
def child():
    """Start a child that leads its group, once it has said its first line."""
    started = []

    def start(code):
        process = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        started.append(process)
        return process, process.stdout.readline().strip()

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def alive(pid):
    """Return whether a process still runs; one that only waits to be collected does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_stop_child_that_ignores_the_signal_is_killed(child):
    process, _ = child(IGNORES_TERM)
    machine.stop(process, patience=0.2)
    assert process.returncode == -9


def test_stop_takes_the_children_of_the_child(child):
    process, grandchild = child(HAS_A_CHILD)
    assert alive(grandchild)
    machine.stop(process)
    deadline = time.monotonic() + 5
    while alive(grandchild) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(grandchild)


def test_stop_child_already_dead_is_quiet(child):
    process, _ = child("print('done')")
    process.wait()
    machine.stop(process)
    assert process.returncode == 0


@pytest.mark.skipif(postgres.binaries() is None, reason="PostgreSQL is not installed")
@pytest.mark.parametrize("fails", [False, True])
def test_server_leaves_nothing_behind(fails):
    home = None
    try:
        with postgres.server() as url:
            home = Path(url.partition("@/")[2]).parent
            owner = (home / "data").stat().st_uid
            socket_there = (home / ".s.PGSQL.5432").exists()
            if fails:
                raise ZeroDivisionError
    except ZeroDivisionError:
        assert fails
    assert (owner != 0, socket_there, home.exists()) == (True, True, False)
    assert os.fspath(home).startswith("/tmp/opt-pg-")
