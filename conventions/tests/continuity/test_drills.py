"""A real site whose disk fills up or closes, whose database is held, whose every process is killed."""

import os
import shutil
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from conventions.tests.continuity.sites import (
    SIGN_IN,
    Site,
    dead,
    eventually,
    held,
    open_to_visitors,
    said,
)
from conventions.tests.continuity.test_backup import documented
from conventions.tests.continuity.writers import WORK

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]
DISK = 64  # MB
ON_SQLITE = "La base de PostgreSQL est sur son propre disque."


@pytest.fixture
def small_disk(site, tmp_path):
    """The same site, its database and its files on a small disk of their own."""
    if connection.vendor != "sqlite":
        pytest.skip(ON_SQLITE)
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK}m", "tmpfs", folder], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"Aucun petit disque ne peut être monté ici : {mounted.stderr.strip()}")
    try:
        with (
            closing(sqlite3.connect(connection.settings_dict["NAME"])) as there,
            closing(sqlite3.connect(folder / "base.sqlite3")) as here,
        ):
            there.backup(here)
        shutil.copytree(site.folder, folder, dirs_exist_ok=True)
        yield Site(folder, f"sqlite:///{folder}/base.sqlite3")
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk) -> None:
    with open(disk / "plein", "wb", buffering=0) as rest:
        try:
            while True:
                rest.write(b"x" * 65536)
        except OSError:
            return


def remount(how: str, disk: Path) -> None:
    """Once nobody is writing there."""
    command = ["mount", "-o", f"remount,{how}", str(disk)]
    eventually(lambda: subprocess.run(command, capture_output=True).returncode == 0)


def test_disk_that_fills_up_is_told_and_nothing_is_lost(small_disk, tmp_path):
    with open_to_visitors(small_disk, tmp_path / "site.log") as browser:
        assert browser.sign_in("avant@exemple.invalid")[0] == 302
        fill(small_disk.folder)
        refused = [browser.sign_in(f"pendant{number}@exemple.invalid") for number in range(3)]
        for number, (status, page) in enumerate(refused):
            assert status in (302, 503)  # SQLite may have room of its own left
            assert status == 302 or f"pendant{number}@exemple.invalid" in page
        assert refused[-1][0] == 503
        assert browser.get("/")[0] in (200, 503)  # SQLite opens no base that was closed, on a full disk
        assert browser.get("/sante/")[0] == 503
        (small_disk.folder / "plein").unlink()
        assert browser.sign_in("apres@exemple.invalid")[0] == 302
        assert browser.get("/sante/")[0] == 200
    assert "Tout concorde" in small_disk.runs(".venv/bin/python manage.py verifier_archives")


def test_disk_that_closes_is_told_and_opens_again(small_disk, tmp_path):
    with open_to_visitors(small_disk, tmp_path / "site.log") as browser:
        assert browser.sign_in("avant@exemple.invalid")[0] == 302
        os.kill(
            browser.server, signal.SIGHUP
        )  # a file that a process holds open keeps a disk from being closed
        remount("ro", small_disk.folder)
        status, page = browser.sign_in("pendant@exemple.invalid")
        assert (status, "pendant@exemple.invalid" in page) == (503, True)
        assert browser.get("/sante/")[0] == 503
        remount("rw", small_disk.folder)
        assert browser.sign_in("apres@exemple.invalid")[0] == 302
        assert browser.get("/sante/")[0] == 200


def test_database_that_somebody_holds_lets_pages_be_read_and_gives_back_what_was_typed(site, tmp_path):
    with open_to_visitors(site, tmp_path / "site.log") as browser:
        with held():
            begun = time.monotonic()
            status, page = browser.sign_in("pendant@exemple.invalid")
            assert (status, "pendant@exemple.invalid" in page) == (503, True)
            assert time.monotonic() - begun < 40
            assert browser.get("/")[0] == 200
        assert browser.sign_in("pendant@exemple.invalid")[0] == 302


def test_damaged_database_is_told_and_a_backup_brings_it_back(site, tmp_path, places):
    if connection.vendor != "sqlite":
        pytest.skip(ON_SQLITE)
    for command in documented("Sauvegarder"):
        site.runs(command)
    base = Path(connection.settings_dict["NAME"])
    with open(base, "r+b") as damaged:
        size = damaged.seek(0, 2)
        for place in range(8 * 4096, size, 3 * 4096):
            damaged.seek(place)
            damaged.write(b"\x5a" * 4096)
    for beside in ("-wal", "-shm"):
        Path(f"{base}{beside}").unlink(missing_ok=True)
    with open_to_visitors(site, tmp_path / "site.log") as browser:
        answers = [browser.get(path) for path in ("/", "/conventions/", SIGN_IN, "/sante/")]
        answers.append(browser.ask("POST", SIGN_IN, email="pendant@exemple.invalid"))
        assert {status for status, _page in answers} <= {200, 403, 503}
        assert 503 in {status for status, _page in answers}
    again = Site(tmp_path / "again", f"sqlite:///{tmp_path}/again/opt_partners.sqlite3", **places)
    told = [again.runs(command) for command in documented("Restaurer")]
    assert "Tout concorde" in told[-1]


def test_everything_killed_at_work_three_times_leaves_archives_that_agree(site, tmp_path):
    logs = {work: tmp_path / f"{work}.done" for work in WORK}

    def done() -> int:
        return sum(len(log.read_text().splitlines()) for log in logs.values() if log.exists())

    for turn in range(1, 4):
        worker = site.start("manage.py", "taches", log=tmp_path / "tasks.log")
        people = [
            site.start(
                "-m", "conventions.tests.continuity.writers", work, f"{turn}{rank}0000", str(logs[work]),
                log=tmp_path / f"{work}.log",
            )
            for rank, work in enumerate(WORK, start=1)
        ]  # fmt: skip
        before = done()
        eventually(lambda: done() > before + 1 or any(dead([worker, *people])))  # noqa: B023
        assert not any(dead([worker, *people])), said(tmp_path)
        for process in (worker, *people):
            process.kill()
        for process in (worker, *people):
            process.wait()
    site.runs(".venv/bin/python manage.py balayer")
    assert "Tout concorde" in site.runs(".venv/bin/python manage.py verifier_archives")
