"""Backup with people and tasks at work, restoration elsewhere, verification: what docs/operations.md says to type."""

import os
import re
import socket
import subprocess
import sys
import textwrap
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from conventions.tests import migrating, online
from conventions.tests.continuity.writers import WORK

pytestmark = pytest.mark.slow
BLOCK = re.compile(r"^( *)```sh(?: (\w+))?\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
PATIENCE = 300  # seconds, on a machine that does much else
AGAIN = "continuity_again"


def documented(heading: str) -> list[str]:
    """The commands of this section for the engine of this run, as they stand in the page."""
    text = (settings.BASE_DIR / "docs" / "operations.md").read_text()
    section = text.partition(f"\n### {heading}\n")[2].partition("\n### ")[0]
    engines = ("", connection.vendor)
    return [textwrap.dedent(code) for _, engine, code in BLOCK.findall(section) if engine in engines]


class Site:
    """A site of its own, by its environment."""

    def __init__(self, folder: Path, database: str, **more: str) -> None:
        self.folder = folder
        self.env = os.environ | {
            "DEMO": "1",
            "DATA_DIR": str(folder),
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "opt_partners.settings",
            "FIELD_ENCRYPTION_KEYS": "Y29udGludWl0eSBkcmlsbCwgbm90IGEgcmVhbCBrZXk=",
            "DPO_CONTACT": "dpo@exemple.invalid",
            **more,
        }

    def start(self, *words: str, log: Path) -> subprocess.Popen:
        with open(log, "wb") as told:
            return subprocess.Popen(
                [sys.executable, *words], env=self.env, cwd=settings.BASE_DIR, stdout=told, stderr=told
            )

    def runs(self, command: str) -> str:
        done = subprocess.run(
            ["sh", "-euc", command], env=self.env, cwd=settings.BASE_DIR, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout


@pytest.fixture
def places(tmp_path):
    """Where the copies go."""
    found = {name: tmp_path / name.lower() for name in ("SAUVEGARDE", "CLES")}
    found["CLES"].mkdir()
    return {name: str(path) for name, path in found.items()}


@pytest.fixture
def site(transactional_db, tmp_path, places):
    """A migrated database, with the keys of the seal; no transaction of the test is in the way."""
    with migrating.copied("continuity"):
        site = Site(tmp_path / "site", address_of(connection.settings_dict["NAME"]), **places)
        connection.close()
        site.folder.mkdir()
        subprocess.run(["cp", "-a", online.keys(), site.folder / "sceau"], check=True)
        yield site


@pytest.fixture
def restored(site, tmp_path, places):
    """An empty database, and no folder yet."""
    folder = tmp_path / "again"
    if connection.vendor == "sqlite":
        yield Site(folder, f"sqlite:///{folder}/opt_partners.sqlite3", **places)
        return
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {AGAIN}")
    yield Site(folder, address_of(AGAIN), **places)
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {AGAIN} WITH (FORCE)")


def address_of(name: str) -> str:
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"


@contextmanager
def stopped_at_the_end(*processes: subprocess.Popen):
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(PATIENCE)


def eventually(happens) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.2)


@pytest.mark.django_db(transaction=True)
def test_backup_while_the_site_works_is_restored_whole(site, restored, tmp_path):
    backups = documented("Sauvegarder")
    logs = {work: tmp_path / f"{work}.done" for work in WORK}

    def done() -> int:
        return sum(len(log.read_text().splitlines()) for log in logs.values() if log.exists())

    with ExitStack() as at_work:
        worker = site.start("manage.py", "taches", log=tmp_path / "tasks.log")
        at_work.enter_context(stopped_at_the_end(worker))
        people = [
            site.start(
                "-m", "conventions.tests.continuity.writers", work, f"{rank}00000", str(logs[work]),
                log=tmp_path / f"{work}.log",
            )
            for rank, work in enumerate(WORK, start=1)
        ]  # fmt: skip
        at_work.enter_context(stopped_at_the_end(*people))
        eventually(lambda: all(log.exists() for log in logs.values()) or any(dead(people)))
        assert not any(dead([worker, *people])), said(tmp_path)
        before = done()
        while done() < before + 3:
            for command in backups:
                site.runs(command)
            assert not any(dead([worker, *people])), said(tmp_path)
    for command in documented("Restaurer"):
        told = restored.runs(command)
    assert "Tout concorde" in told
    assert answers(restored, tmp_path) == 200


def dead(processes) -> list[bool]:
    return [process.poll() is not None for process in processes]


def said(folder: Path) -> str:
    return "\n".join(path.read_text()[-3000:] for path in folder.glob("*.log"))


def answers(site: Site, folder: Path) -> int:
    """What the health page of this site answers, once it is there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    site.env |= {"PORT": str(port), "BIND": f"127.0.0.1:{port}"}
    server = site.start("-m", "gunicorn", log=folder / "site.log")
    with stopped_at_the_end(server):

        def is_open() -> bool:
            with socket.socket() as door:
                return door.connect_ex(("127.0.0.1", port)) == 0 or server.poll() is not None

        eventually(is_open)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sante/", timeout=PATIENCE) as page:
            return page.status


def test_page_gives_commands_for_both_engines():
    assert [len(documented(heading)) for heading in ("Sauvegarder", "Restaurer")] == [2, 3]
