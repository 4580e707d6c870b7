"""Migrations tried on rows: in a copy of the test database, the tables as an earlier migration left them.

The copy is at the latest migration and goes back: a migration must know how to (`RunPython.noop` says that there is
nothing to undo).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from conventions.domain.foundation import triggers
from conventions.tests import prepared


@contextmanager
def copied(suffix: str) -> Iterator[None]:
    """Work on a copy of the test database, dropped at the end."""
    with prepared.copied(connection.settings_dict["NAME"], suffix):
        yield


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What a test of migrations needs: rows that today's code makes, then those that only the tables of then hold.

    `then` takes the models of that time and what `today` made, and returns what tests compare with; `after` takes that
    once all is migrated.
    """

    before: str
    today: Callable[[], Any]
    then: Callable[[Any, Any], Any] = lambda _apps, made: made
    after: Callable[[Any], Any] = lambda made: made


def walk(tried: dict[str, Tried]) -> dict[str, Any]:
    """Back to the oldest of these migrations, then forward through all of them: what each found, by its name."""
    made = {name: one.today() for name, one in tried.items()}
    ordered = sorted(tried.items(), key=lambda pair: pair[1].before)
    for name, one in ordered:
        made[name] = one.then(at(one.before), made[name])
    call_command("migrate", verbosity=0)
    return {name: one.after(made[name]) for name, one in ordered}


def at(migration: str):
    """Go to this migration of ours, back or forward; returns the models of that time. No lock holds meanwhile."""
    target = [("conventions", migration)]
    triggers.remove()
    MigrationExecutor(connection).migrate(target)
    return MigrationExecutor(connection).loader.project_state(target).apps
