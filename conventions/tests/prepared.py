"""A migrated test database made ahead: each process of tests copies it instead of running every migration.

`PREPARED_DATABASE=<name> python -m conventions.tests.prepared` makes it: a file on SQLite, a database on PostgreSQL.
It is kept in var/tests under the hash of all that makes it, and comes back from there as long as none of that changed.
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import django
import pytest  # noqa: F401 - its presence tells the settings that these are tests
from django.conf import settings
from django.db import connection

NAME = "PREPARED_DATABASE"
# What migrating reads; a test finds what is missing here.
SOURCES = (
    "conventions/apps.py",
    "conventions/domain/foundation/triggers.py",
    "conventions/enums.py",
    "conventions/equipment_enums.py",
    "conventions/money_enums.py",
    "conventions/formats",
    "conventions/migrations",
    "conventions/models",
    "conventions/permissions.py",
    "conventions/reference",
    "conventions/tests/prepared.py",
    "conventions/validators.py",
    "opt_partners",
    "requirements.lock",
)


@contextmanager
def copied(name: str, suffix: str) -> Iterator[None]:
    """Work on a copy of this database, dropped at the end."""
    database = connection.settings_dict
    real = database["NAME"]
    connection.close()
    database["NAME"] = name
    connection.creation.clone_test_db(suffix, verbosity=0)
    database["NAME"] = connection.creation.get_test_db_clone_settings(suffix)["NAME"]
    try:
        yield
    finally:
        connection.creation.destroy_test_db(real, verbosity=0)


def fingerprint(root: Path, engine: str) -> str:
    """The hash of every file that makes the database, of Python and of this engine."""
    digest = hashlib.sha256(f"{sys.version} {engine}".encode())
    for path in sorted(each for source in SOURCES for each in _files(root / source)):
        digest.update(f"{path.relative_to(root)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:32]


def _files(path: Path) -> list[Path]:
    return (
        [each for each in path.rglob("*") if each.is_file() and each.suffix != ".pyc"]
        if path.is_dir()
        else [path]
    )


def make(folder: Path) -> None:
    """Make the database, or take it from where it is kept; there is one of each engine at most."""
    creation, engine = connection.creation, connection.vendor
    kept = folder / f"{engine}-{fingerprint(settings.BASE_DIR, _version())}"
    if kept.exists():
        if engine == "sqlite":
            with closing(sqlite3.connect(kept)) as there, closing(sqlite3.connect(os.environ[NAME])) as here:
                there.backup(here)
        else:
            creation._create_test_db(verbosity=0, autoclobber=True)
            _run("psql", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null", f"--file={kept}")
        return
    creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as being_made:
        copy = Path(being_made) / "copy"
        if engine == "sqlite":
            shutil.copyfile(os.environ[NAME], copy)
        elif shutil.which("pg_dump") and shutil.which("psql"):
            _run("pg_dump", f"--file={copy}")
        else:
            return
        for before in folder.glob(f"{engine}-*"):
            before.unlink(missing_ok=True)
        copy.replace(kept)


def _version() -> str:
    """Of the engine: a new one may lay its tables out otherwise."""
    if connection.vendor == "sqlite":
        return sqlite3.sqlite_version
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT version()")
        return cursor.fetchone()[0]


def _run(program: str, *options: str) -> None:
    """One of PostgreSQL's own programs, on the test database."""
    there = connection.settings_dict | {"NAME": os.environ[NAME]}
    (_psql, *words), env = connection.client.settings_to_cmd_args_env(there, list(options))
    subprocess.run([program, *words], env=os.environ | (env or {}), check=True)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opt_partners.settings")
    django.setup()
    connection.settings_dict["TEST"]["NAME"] = os.environ[NAME]
    make(settings.BASE_DIR / "var" / "tests")


if __name__ == "__main__":
    main()
