"""The side of `apart` that waits, run apart: it imports nothing of the application.

It is told on its line, one after the other: « begin » with a channel, for a child that reads and answers there; « end »
with the number of a child, which is killed if it is there still. After a minute without work, or when nobody is on the
line any more, it leaves.
"""

import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any, NoReturn

IDLE = 60  # seconds without work


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
            end(child := int(arguments[0]), children)
        elif (child := os.fork()) == 0:
            serve(fds[0], main, *arguments)
        else:
            os.close(fds[0])
            children.add(child)
        line.sendall(b"%d" % child)
    for child in list(children):
        end(child, children)


def end(child: int, children: set[int]) -> None:
    if child in children:
        children.remove(child)
        os.kill(child, signal.SIGKILL)  # it is there, be it a zombie, until we have waited for it
        os.waitpid(child, 0)


def serve(channel: int, main: Callable[..., None], *arguments: str) -> NoReturn:
    """In the child, which closes the line, that would tell it of the next file: do it, say so, and be gone."""
    try:
        for standard in (0, 1):
            os.dup2(channel, standard)
        os.close(channel)
        sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, "w")
        main(*arguments)
        say(end=True)
    finally:
        os._exit(0)


def say(**values: Any) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()
