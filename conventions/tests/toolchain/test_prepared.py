"""The database made ahead is made again as soon as what makes it changed; test_imports.py follows what that is."""

import sqlite3
from contextlib import closing

import pytest
from django.conf import settings

from conventions.tests import prepared


@pytest.mark.parametrize("change", ["written", "added", "removed", "renamed"])
def test_each_change_gives_another_fingerprint(tmp_path, change):
    for source in prepared.SOURCES:
        path = tmp_path / source if source.endswith((".py", ".lock")) else tmp_path / source / "one.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("1")
    before, file = prepared.fingerprint(tmp_path, "15"), tmp_path / "conventions/migrations/one.py"
    changes = {
        "written": lambda: file.write_text("2"),
        "added": lambda: file.with_name("two.py").write_text("1"),
        "removed": file.unlink,
        "renamed": lambda: file.rename(file.with_name("two.py")),
    }
    assert prepared.fingerprint(tmp_path, "15") == before != prepared.fingerprint(tmp_path, "16")
    changes[change]()
    assert prepared.fingerprint(tmp_path, "15") != before


def test_every_source_is_there():
    assert [one for one in prepared.SOURCES if not (settings.BASE_DIR / one).exists()] == []


def test_what_is_kept_is_what_comes_back(tmp_path, monkeypatch):
    if prepared.connection.vendor != "sqlite":
        pytest.skip("the run on PostgreSQL reads what comes back")
    name = prepared.fingerprint(settings.BASE_DIR, sqlite3.sqlite_version)
    with closing(sqlite3.connect(tmp_path / f"sqlite-{name}")) as kept:
        kept.execute("CREATE TABLE kept (id)")
    monkeypatch.setenv(prepared.NAME, str(tmp_path / "made"))
    prepared.make(tmp_path)
    with closing(sqlite3.connect(tmp_path / "made")) as made:
        assert made.execute("SELECT name FROM sqlite_master").fetchall() == [("kept",)]
