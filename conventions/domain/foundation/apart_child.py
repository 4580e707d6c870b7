"""The side of `apart` that waits, run apart: it imports nothing of the application.

It is told on its line, one after the other: « begin » with a channel, for a child that reads and answers there, and it
answers with the child's number; « end » with that number: the child is killed if it is there still, and the answer is
how it ended. After a minute without work, or when nobody is on the line any more, it leaves.
"""

import gc
import json
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any, NoReturn

IDLE = 60  # seconds without work
LEAVING = 0.5  # seconds for a child whose channel has ended to be gone
STILL_THERE = -255  # how a child ended that had to be killed: no signal has this number
LAST = 2_000  # characters kept of what broke it


def wait(main: Callable[..., None]) -> None:
    """`main(*arguments)`, in a child, reads sys.stdin and tells lines of JSON (`say`); it sets its own limits first.

    What the program needs is imported already.
    """
    gc.freeze()
    line, children = socket.socket(fileno=0), set[int]()
    line.settimeout(IDLE)
    while True:
        try:
            asked, fds, _flags, _address = socket.recv_fds(line, 1 << 16, 1)
        except TimeoutError:
            if children:
                continue
            break
        if not asked:
            break
        command, *arguments = json.loads(asked)
        if command == "end":
            answer = end(int(arguments[0]), children, leaving=arguments[1:] == ["leaving"])
        elif (answer := os.fork()) == 0:
            serve(fds[0], main, *arguments)
        else:
            os.close(fds[0])
            children.add(answer)
        line.sendall(b"%d" % answer)
    for child in list(children):
        end(child, children)


def end(child: int, children: set[int], *, leaving: bool = False) -> int:
    """Its exit code, less than 0 for a signal; one that is `leaving` has a moment for it."""
    if child not in children:
        return STILL_THERE
    children.remove(child)
    until = time.monotonic() + (LEAVING if leaving else 0)
    while True:
        gone, status = os.waitpid(child, os.WNOHANG)
        if gone:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() >= until:
            break
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return STILL_THERE


def serve(channel: int, main: Callable[..., None], *arguments: str) -> NoReturn:
    """In the child, which closes the line, that would tell it of the next file: do it, say so, and be gone.

    What breaks it is told in its last line, for the log of who asked.
    """
    code = 1
    try:
        for standard in (0, 1):
            os.dup2(channel, standard)
        os.close(channel)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what a file makes a library say is no line of our log
        sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, "w")
        main(*arguments)
        say(end=True)
        code = 0
    except BaseException:  # noqa: BLE001 - whatever it was
        say(stopped=traceback.format_exc()[-LAST:])
    finally:
        os._exit(code)


def say(**values: Any) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()
