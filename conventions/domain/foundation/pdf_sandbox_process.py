"""The process that waits, its libraries loaded, to open a file that somebody sent in a child of its own.

Starting Python and loading two PDF libraries takes ten times as long as all the rest. The process that waits has
nothing of our environment and never opens a file itself; each file has a new child, which ends with it.
"""

import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CHILD = Path(__file__).with_name("pdf_sandbox_child.py")
# Runs a script, without our environment, that may import its neighbour by its whole name.
START = """import runpy, sys
del sys.argv[0]
sys.path.append(sys.argv.pop(0))
runpy.run_path(sys.argv[0], run_name="__main__")"""
ROOT = Path(__file__).parents[3]


class Stopped(Exception):
    """The child ended before its time: it asked for too much memory or time, or the file broke it."""


class Waiting:
    """The process that waits, and the line on which it is asked."""

    def __init__(self) -> None:
        self.line, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-c", START, str(ROOT), str(CHILD)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={"LANG": "C.UTF-8"},
            )
        self.owner = os.getpid()

    def ask(self, words: list[str], channel: socket.socket | None = None) -> int:
        """Raises OSError when nobody answers any more."""
        fds = [channel.fileno()] if channel else []
        socket.send_fds(self.line, [json.dumps(words).encode()], fds)
        answer = self.line.recv(32)
        if not answer:
            raise BrokenPipeError
        return int(answer)

    def leave(self) -> None:
        self.line.close()
        self.process.wait()


_lock = threading.Lock()
_waiting: Waiting | None = None


def _started(words: list[str], channel: socket.socket) -> tuple[Waiting, int]:
    """Who waits, and the number of the child that it made; one that has left meanwhile is replaced."""
    global _waiting
    with _lock:
        if _waiting is not None and _waiting.owner == os.getpid():
            with contextlib.suppress(OSError):
                return _waiting, _waiting.ask(words, channel)
            _waiting.leave()
        _waiting = Waiting()
        return _waiting, _waiting.ask(words, channel)


@atexit.register
def leave() -> None:
    """Who waits, waits no more; the next file starts another."""
    global _waiting
    with _lock:
        if _waiting is not None and _waiting.owner == os.getpid():
            _waiting.leave()
        _waiting = None


def _ended(waiting: Waiting, child: int) -> None:
    """Whatever it is doing, it does no more."""
    with _lock, contextlib.suppress(OSError):
        waiting.ask(["end", str(child)])


def told(*arguments: str, sent: str = "", seconds: float) -> Iterator[dict[str, Any]]:
    """What a child says with these arguments, line by line, within so many seconds. Raises Stopped."""
    until = time.monotonic() + seconds
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            waiting, child = _started(list(arguments), theirs)
        try:
            ours.sendall(sent.encode())
            ours.shutdown(socket.SHUT_WR)
            with ours.makefile("rb") as lines:
                while True:
                    ours.settimeout(max(0.001, until - time.monotonic()))
                    line = json.loads(lines.readline() or b"null")
                    if line is None:
                        raise Stopped
                    if line == {"end": True}:
                        return
                    yield line
        except OSError as error:
            raise Stopped from error
        finally:
            _ended(waiting, child)
