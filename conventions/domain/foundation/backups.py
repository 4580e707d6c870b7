"""A copy of the database and of the files, made while the site is at work; restoring is told in docs/operations.md.

Bytes are written before the row that names them, and erased after it: the files are copied before the database, then
those that came meanwhile. Each row of the copy then finds its file. A file has its final name once it is whole.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from conventions.domain.foundation.refusals import Refused

FOLDERS = {"private": "PRIVATE_ROOT", "media": "MEDIA_ROOT"}
PASSING = "sante"  # what the health page writes and takes back
SQLITE, POSTGRESQL = "base.sqlite3", "base.sql"


def back_up(folder: Path) -> tuple[Path, int]:
    """The copy of the database, and how many files were new in this folder; what it held already stays.

    Raises Refused, or OSError: a copy that is not whole is told.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = copy_files(folder)
    base = copy_database(folder)
    return base, new + copy_files(folder)


def copy_files(folder: Path) -> int:
    """Files that this folder does not hold yet: they never change once written."""
    done = 0
    for name, setting in FOLDERS.items():
        root, target = Path(getattr(settings, setting)), folder / name
        target.mkdir(exist_ok=True)
        for source in _files(root):
            done += _copy(source, target / source.relative_to(root))
    return done


def _files(root: Path) -> Iterator[Path]:
    for where, folders, names in os.walk(root):
        if Path(where) == root and PASSING in folders:
            folders.remove(PASSING)
        yield from (Path(where, name) for name in names if not name.startswith("."))  # not whole yet


def _copy(source: Path, target: Path) -> bool:
    """Whether it was copied; what is erased meanwhile is no longer to be kept."""
    try:
        if target.exists() and target.stat().st_size == source.stat().st_size:
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        with whole(target) as path:
            shutil.copy2(source, path)
    except FileNotFoundError:
        if source.exists():
            raise
        return False
    return True


@contextmanager
def whole(target: Path) -> Iterator[Path]:
    """A path to write to: on the disk, then under its final name, or not at all."""
    path = target.with_name(f"{target.name}.en-cours")
    path.unlink(missing_ok=True)
    try:
        yield path
        with open(path, "rb+") as file:
            os.fsync(file.fileno())
        path.replace(target)
    finally:
        path.unlink(missing_ok=True)


def copy_database(folder: Path) -> Path:
    """The database at one moment, whoever writes to it meanwhile."""
    if connection.vendor == "sqlite":
        target = folder / SQLITE
        with whole(target) as path, connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(path)])
        return target
    target = folder / POSTGRESQL
    with whole(target) as path:
        _dump(path)
    return target


def _dump(path: Path) -> None:
    """By the programs of PostgreSQL, that read neither DATABASE_URL nor Django's settings by themselves."""
    options = ["--no-owner", "--no-privileges", f"--file={path}"]
    (_psql, *words), env = connection.client.settings_to_cmd_args_env(connection.settings_dict, options)
    try:
        subprocess.run(
            ["pg_dump", *words], env={**os.environ, **(env or {})}, capture_output=True, text=True, check=True
        )
    except FileNotFoundError as error:
        raise Refused("Le programme « pg_dump » n’est pas installé sur cette machine.") from error
    except subprocess.CalledProcessError as error:
        raise Refused(f"La base n’a pas pu être copiée : {error.stderr.strip()}") from error
