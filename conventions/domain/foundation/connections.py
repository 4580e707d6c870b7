"""Connections to SQLite stay open from one request to the next: a new one reads the whole schema again, locks included.

A database that was put back meanwhile is another file: a connection to the one before is closed, so that nobody reads
or writes what no longer counts.
"""

import os
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

MARK = "opened_file"  # what a connection bears: the file that it opened


def note_file(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Receiver of connection_created."""
    if connection.vendor == "sqlite":
        setattr(connection, MARK, _file_of(connection))


def close_replaced(**kwargs: Any) -> None:
    """Receiver of request_started: this thread's connections to a file that is no longer there are closed."""
    for connection in connections.all(initialized_only=True):
        if (
            connection.vendor == "sqlite"
            and connection.connection is not None
            and not connection.in_atomic_block
        ):
            close_if_replaced(connection)


def close_if_replaced(connection: BaseDatabaseWrapper) -> None:
    """The next query then opens the file that stands at its place."""
    if getattr(connection, MARK, None) != _file_of(connection):
        connection.close()


def _file_of(connection: BaseDatabaseWrapper) -> tuple[int, int] | None:
    try:
        found = os.stat(connection.settings_dict["NAME"])
    except (OSError, TypeError, ValueError):
        return None  # in memory, or gone
    return found.st_dev, found.st_ino
