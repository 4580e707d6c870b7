"""Programs that read what strangers send, each file in a process of its own (apart_child.py), with limits.

Starting Python and loading the libraries takes ten times as long as all the rest: a process waits with them loaded, and
forks. It has nothing of our environment and never opens a file itself; the child ends with its file.
"""

import atexit
import contextlib
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conventions.domain.foundation.apart_child import STILL_THERE
from conventions.domain.foundation.refusals import Refused

logger = logging.getLogger(__name__)
# Runs a program, without our environment, that may import its neighbours by their whole name.
START = """import runpy, sys
del sys.argv[0]
sys.path.append(sys.argv.pop(0))
runpy.run_path(sys.argv[0], run_name="__main__")"""
ROOT = Path(__file__).parents[3]
ANSWERED_WITHIN = 30  # seconds, its libraries loaded first
MAX_LINE = 8 << 20  # bytes of what a child tells at once


class Stopped(Exception):
    """The child ended before its time: it asked for too much memory or time, or the file broke it.

    str() says how it ended and what it said last, in lines for the log alone: a file may have words of its own there.
    """


class Busy(Refused):
    """No process could be had, or it did not answer: nothing was read of the file."""

    def __init__(self) -> None:
        super().__init__(
            "Le serveur a trop à faire pour lire un fichier en ce moment : rien n’a été enregistré. Recommencez dans "
            "une minute."
        )


class Waiting:
    """The process that waits, and the line on which it is asked."""

    def __init__(self, program: Path) -> None:
        self.line, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-c", START, str(ROOT), str(program)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,  # its errors are ours, its children's are not (apart_child.serve)
                env={"LANG": "C.UTF-8"},
            )
        self.owner = os.getpid()

    def ask(self, words: list[str], channel: socket.socket | None = None) -> int:
        """Raises OSError when nobody answers any more: a late answer would be taken for that of the next question."""
        fds = [channel.fileno()] if channel else []
        try:
            self.line.settimeout(ANSWERED_WITHIN)
            socket.send_fds(self.line, [json.dumps(words).encode()], fds)
            answer = self.line.recv(32)
        except BaseException:
            self.line.close()
            raise
        if not answer:
            raise BrokenPipeError
        return int(answer)

    def leave(self) -> None:
        self.line.close()
        try:
            self.process.wait(ANSWERED_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


_lock = threading.Lock()
_waiting: dict[Path, Waiting] = {}


def _started(program: Path, words: list[str], channel: socket.socket) -> tuple[Waiting, int]:
    """Who waits, and the number of the child that it made; one that has left meanwhile is replaced. Raises Busy."""
    with _lock:
        found = _waiting.get(program)
        if found is not None and found.owner == os.getpid():
            with contextlib.suppress(OSError):
                return found, found.ask(words, channel)
            found.leave()
        try:
            _waiting[program] = Waiting(program)
            return _waiting[program], _waiting[program].ask(words, channel)
        except OSError as error:
            logger.exception("Aucun processus à part (%s)", program.stem)
            raise Busy from error


@atexit.register
def leave() -> None:
    """Who waits, waits no more; the next file starts another."""
    with _lock:
        for waiting in _waiting.values():
            if waiting.owner == os.getpid():
                waiting.leave()
        _waiting.clear()


def _ended(waiting: Waiting, child: int, *, leaving: bool = False) -> int:
    """Whatever it is doing, it does no more; its exit code (`apart_child.end`)."""
    with _lock, contextlib.suppress(OSError):
        return waiting.ask(["end", str(child), *(["leaving"] if leaving else [])])
    return STILL_THERE


def _said(channel: socket.socket, sent: bytes, until: float) -> Iterator[dict[str, Any]]:
    """Its lines but the last. Raises OSError, ValueError, and EOFError with what broke it."""
    channel.settimeout(max(0.001, until - time.monotonic()))
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it may have said all, or why, and left
        channel.sendall(sent)
        channel.shutdown(socket.SHUT_WR)
    with channel.makefile("rb") as lines:
        while True:
            channel.settimeout(max(0.001, until - time.monotonic()))
            line = json.loads(lines.readline(MAX_LINE) or b"null")
            if line == {"end": True}:
                return
            if line is None or line.keys() == {"stopped"}:
                raise EOFError(line["stopped"] if line else "sans un mot")
            yield line


def told(program: Path, *arguments: str, sent: bytes = b"", seconds: float) -> Iterator[dict[str, Any]]:
    """What the program says with these arguments, line by line, within so many seconds.

    Raises Stopped, and Busy when nobody reads at all; the log says why.
    """
    until = time.monotonic() + seconds
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            waiting, child = _started(program, ["begin", *arguments], theirs)
        try:
            yield from _said(ours, sent, until)
        except (OSError, ValueError, EOFError) as error:
            code = _ended(waiting, child, leaving=not isinstance(error, TimeoutError))
            stopped = Stopped(f"{_how(code)}, {error}")
            logger.warning("Lecture à part (%s) arrêtée : %s", program.stem, stopped)
            raise stopped from error
        finally:
            _ended(waiting, child)


def _how(code: int) -> str:
    """« code 1 », « SIGSEGV »."""
    if code == STILL_THERE:
        return "tuée avant sa fin"
    return signal.Signals(-code).name if code < 0 else f"code {code}"
