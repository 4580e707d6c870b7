"""A migrated test database made ahead: each process of tests copies it instead of running every migration.

`PREPARED_DATABASE=<name> python -m conventions.tests.prepared` makes it: a file on SQLite, a database on PostgreSQL.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import django
import pytest  # noqa: F401 - its presence tells the settings that these are tests
from django.db import connection

NAME = "PREPARED_DATABASE"


@contextmanager
def copied(name: str, suffix: str) -> Iterator[None]:
    """Work on a copy of this database, dropped at the end."""
    settings = connection.settings_dict
    real = settings["NAME"]
    connection.close()
    settings["NAME"] = name
    connection.creation.clone_test_db(suffix, verbosity=0)
    settings["NAME"] = connection.creation.get_test_db_clone_settings(suffix)["NAME"]
    try:
        yield
    finally:
        connection.creation.destroy_test_db(real, verbosity=0)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opt_partners.settings")
    django.setup()
    connection.settings_dict["TEST"]["NAME"] = os.environ[NAME]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()


if __name__ == "__main__":
    main()
