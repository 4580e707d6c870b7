"""A connection that stays open follows its file; one to a file that was put back is closed."""

import shutil
import sqlite3

import pytest
from django.conf import settings
from django.core.signals import request_started
from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper

from conventions.domain.foundation.connections import close_if_replaced

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(tmp_path):
    """An open connection to a database of its own, as one that waits for the next request."""
    path = tmp_path / "base.sqlite3"
    _make(path, "avant")
    wrapper = DatabaseWrapper(
        {**connections["default"].settings_dict, "NAME": str(path), "OPTIONS": {}}, "kept"
    )
    yield path, wrapper
    wrapper.close()


def _make(path, word):
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE mot (texte TEXT)")
        base.execute("INSERT INTO mot VALUES (?)", [word])
    base.close()


def _read(wrapper) -> str:
    with wrapper.cursor() as cursor:
        return cursor.execute("SELECT texte FROM mot").fetchone()[0]


def test_connection_stays_open_as_long_as_its_file_does(kept):
    _path, wrapper = kept
    assert _read(wrapper) == "avant"
    opened = wrapper.connection
    close_if_replaced(wrapper)
    assert wrapper.connection is opened


def test_database_put_back_is_read_and_written_by_the_next_request(kept, tmp_path):
    path, wrapper = kept
    assert _read(wrapper) == "avant"
    _make(tmp_path / "sauvegarde.sqlite3", "après")
    shutil.move(tmp_path / "sauvegarde.sqlite3", path)
    assert _read(wrapper) == "avant"  # what would go on without it
    close_if_replaced(wrapper)
    with wrapper.cursor() as cursor:
        cursor.execute("UPDATE mot SET texte = 'écrit'")
    with sqlite3.connect(path) as base:
        assert base.execute("SELECT texte FROM mot").fetchall() == [("écrit",)]
    base.close()


def test_database_gone_is_not_read_any_more(kept):
    path, wrapper = kept
    assert _read(wrapper) == "avant"
    path.unlink()
    close_if_replaced(wrapper)
    assert wrapper.connection is None


def test_each_request_looks_and_leaves_alone_what_is_in_a_transaction():
    opened = connections["default"].connection
    request_started.send(sender=None)
    assert connections["default"].connection is opened
    assert settings.DATABASES["default"]["CONN_MAX_AGE"] == 60
