"""Files under their final name are whole, whatever happens while they are written: kills, full disk, closed folder."""

import errno
import os
import signal
import sys
import traceback

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection

from conventions.domain.documents import storage
from conventions.domain.documents.archives import files
from conventions.domain.foundation import durable
from conventions.tests.harness import files_of_at_most

NAME = "documents/ab/abcdef.pdf"
WHOLE, WRONG = b"%PDF-1.7 " + b"entier " * 40_000, b"%PDF-1.7 coup"
NOBODY = 65534


def final(settings):
    return settings.PRIVATE_ROOT / NAME


def in_child(work) -> int:
    """Do it in a child; its status as `waitpid` gives it: 1 when the child raised."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001 - a child never goes back to the tests
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1]


def dying_at(step: int):
    """Write in a process that is killed before the nth line of the module that it runs; its status."""

    def trace(frame, event, _argument):
        if not frame.f_code.co_filename.endswith("durable.py"):
            return None
        if event == "line":
            trace.left -= 1
            if trace.left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    def work():
        storages["private"]  # its making is no step
        trace.left = step
        sys.settrace(trace)
        storage.put_bytes(WHOLE, NAME)
        sys.settrace(None)

    return in_child(work)


@pytest.mark.slow
@pytest.mark.parametrize("before", [None, WRONG], ids=["no file", "wrong bytes"])
def test_killed_at_any_step_leaves_what_was_or_all_the_bytes(settings, before):
    deaths = 0
    while True:
        if before is not None:
            final(settings).parent.mkdir(parents=True, exist_ok=True)
            final(settings).write_bytes(before)
        else:
            final(settings).unlink(missing_ok=True)
        status = dying_at(deaths)
        found = final(settings).read_bytes() if final(settings).exists() else None
        if not os.WIFSIGNALED(status):
            break
        deaths += 1
        assert found in (before, WHOLE), f"tronqué à l’étape {deaths}"
    assert (status, found, deaths > 15) == (0, WHOLE, True)


@pytest.mark.django_db
def test_what_a_killed_process_leaves_is_told_as_without_a_row(settings):
    for step in range(40):
        dying_at(step)
        left = [path.name for path in final(settings).parent.glob(f"{durable.PARTIAL}*")]
        if left:
            break
    assert f"Fichier sans ligne, gardé : documents/ab/{left[0]}" in list(files.orphans())


def test_disk_that_fills_up_on_the_way_leaves_nothing_and_says_it(settings):
    with (
        files_of_at_most(len(WHOLE) // 2),
        pytest.raises(durable.Unwritable, match="Le disque du serveur est plein"),
    ):
        storage.put_bytes(WHOLE, NAME)
    assert list(final(settings).parent.iterdir()) == []


def test_disk_that_fills_up_keeps_what_was_there(settings):
    storage.put_bytes(WRONG, NAME)
    with files_of_at_most(len(WHOLE) // 2), pytest.raises(durable.Unwritable):
        storage.put_bytes(WHOLE, NAME)
    assert final(settings).read_bytes() == WRONG
    assert [path.name for path in final(settings).parent.iterdir()] == ["abcdef.pdf"]


@pytest.mark.parametrize("code", durable.NO_ROOM, ids=errno.errorcode.get)
def test_every_way_to_have_no_room_is_told(code):
    with pytest.raises(durable.Unwritable, match="plein"), durable.told_in_french():
        raise OSError(code, os.strerror(code))


def test_folder_that_may_only_be_read_is_told(settings):
    folder = final(settings).parent
    folder.mkdir(parents=True)

    def work():
        if os.geteuid() == 0:
            os.setuid(NOBODY)
        with pytest.raises(durable.Unwritable, match="Le serveur ne peut pas écrire ce fichier"):
            storage.put_bytes(WHOLE, NAME)

    for path in (folder, *folder.parents):
        if path.is_relative_to(settings.DATA_DIR.parent.parent):
            path.chmod(0o755)
    folder.chmod(0o555)
    try:
        assert in_child(work) == 0
    finally:
        folder.chmod(0o755)
    assert list(folder.iterdir()) == []


def test_wrong_bytes_under_a_name_are_replaced(settings):
    storage.put_bytes(WRONG, NAME)
    storage.put_bytes(WHOLE, NAME)
    assert final(settings).read_bytes() == WHOLE


def test_right_bytes_are_not_written_again(settings):
    storage.put_bytes(WHOLE, NAME)
    before = final(settings).stat()
    storage.put_bytes(WHOLE, NAME)
    assert final(settings).stat().st_ino == before.st_ino


def test_media_of_one_name_do_not_replace_each_other(settings):
    names = [
        storages["default"].save("photos/2026/une.jpg", ContentFile(content)) for content in (b"1", b"2")
    ]
    assert len(set(names)) == 2
    assert [(settings.MEDIA_ROOT / name).read_bytes() for name in names] == [b"1", b"2"]


@pytest.mark.django_db(transaction=True)
def test_commit_of_sqlite_waits_for_the_disk():
    """2 is FULL: what a person was told is signed stands after a power cut."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL attend toujours le disque (synchronous_commit).")
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA synchronous").fetchone() == (2,)
