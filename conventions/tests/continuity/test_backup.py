"""Backup with people and tasks at work, restoration elsewhere, verification: what docs/operations.md says to type."""

import re
import textwrap
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.db import connection

from conventions.tests.continuity.sites import (
    Site,
    address_of,
    dead,
    eventually,
    open_to_visitors,
    said,
    stopped_at_the_end,
)
from conventions.tests.continuity.writers import WORK

pytestmark = pytest.mark.slow
BLOCK = re.compile(r"^( *)```sh(?: (\w+))?\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
AGAIN = "continuity_again"


def documented(heading: str) -> list[str]:
    """The commands of this section for the engine of this run, as they stand in the page."""
    text = (settings.BASE_DIR / "docs" / "operations.md").read_text()
    section = text.partition(f"\n### {heading}\n")[2].partition("\n### ")[0]
    engines = ("", connection.vendor)
    return [textwrap.dedent(code) for _, engine, code in BLOCK.findall(section) if engine in engines]


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
    with open_to_visitors(restored, tmp_path / "site.log") as browser:
        assert browser.get("/sante/")[0] == 200


def test_page_gives_commands_for_both_engines():
    assert [len(documented(heading)) for heading in ("Sauvegarder", "Restaurer")] == [2, 3]
