"""Migrations tried on rows: in a copy of the test database, the tables as an earlier migration left them.

The copy is at the latest migration and goes back: a migration must know how to (`RunPython.noop` says that there is
nothing to undo).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from conventions.domain.foundation import triggers
from conventions.tests import prepared


@contextmanager
def copied(suffix: str) -> Iterator[None]:
    """Work on a copy of the test database, dropped at the end."""
    with prepared.copied(connection.settings_dict["NAME"], suffix):
        yield


def back_to(migration: str):
    """Undo what came after this migration of ours; returns the models of that time. No lock holds meanwhile."""
    target = [("conventions", migration)]
    triggers.remove()
    MigrationExecutor(connection).migrate(target)
    return MigrationExecutor(connection).loader.project_state(target).apps
