"""The process that opens what people send: alone with each file, without a secret, and gone when it should be."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from conventions.domain.documents.verification import checking
from conventions.domain.foundation import apart, pdf_sandbox
from conventions.tests.domain.acts.scans.test_reading import blank_pdf, written
from conventions.tests.harness import InsideTransaction

pytestmark = pytest.mark.slow
PDF = written(blank_pdf(3))


@pytest.fixture
def waiting():
    """Who waits, after a first file."""
    assert pdf_sandbox.count_pages(PDF) == 3
    return apart._waiting[pdf_sandbox.CHILD].process


def children(process: subprocess.Popen) -> list[str]:
    return Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()


def test_same_process_waits_from_file_to_file_and_keeps_no_child(waiting):
    assert pdf_sandbox.count_pages(PDF) == 3
    assert apart._waiting[pdf_sandbox.CHILD].process is waiting
    assert children(waiting) == []


def test_it_sees_nothing_of_our_environment(waiting, monkeypatch):
    told = Path(f"/proc/{waiting.pid}/environ").read_text()
    assert {line.partition("=")[0] for line in told.split("\0") if line} <= {"LANG", "LC_CTYPE"}
    open_files = [os.readlink(path) for path in Path(f"/proc/{waiting.pid}/fd").iterdir()]
    assert sum(name.startswith("socket:") for name in open_files) == 1
    assert not any("sqlite3" in name for name in open_files)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "stopped"])
def test_next_file_starts_another_when_it_has_gone(waiting, how):
    waiting.send_signal(how)
    waiting.wait()
    assert pdf_sandbox.count_pages(PDF) == 3
    assert apart._waiting[pdf_sandbox.CHILD].process is not waiting


def test_child_that_does_not_end_is_killed_and_the_next_file_is_read(waiting, monkeypatch, caplog):
    with monkeypatch.context() as patch:
        patch.setattr(pdf_sandbox, "MAX_SECONDS", 0)
        with pytest.raises(pdf_sandbox.UnreadablePdf, match="trop de mémoire ou de temps"):
            pdf_sandbox.count_pages(PDF)
    assert "tuée avant sa fin" in caplog.text
    assert children(waiting) == []
    assert pdf_sandbox.count_pages(PDF) == 3


def test_child_that_breaks_ends_alone_and_the_log_says_what_broke_it(waiting, caplog):
    with pytest.raises(apart.Stopped, match=r"(?s)code 1, Traceback.*missing 1 required positional argument"):
        list(apart.told(pdf_sandbox.CHILD, "read", "no number", seconds=10))
    assert "missing 1 required positional argument" in caplog.text
    assert children(waiting) == []
    assert apart._waiting[pdf_sandbox.CHILD].process is waiting


@pytest.mark.parametrize(
    ("how", "told"),
    [(signal.SIGSEGV, "SIGSEGV, sans un mot"), (signal.SIGXCPU, "SIGXCPU, sans un mot")],
)
def test_child_that_a_signal_ends_is_told_by_its_name_in_the_log_alone(waiting, caplog, how, told):
    pages = pdf_sandbox.read_pages(written(blank_pdf(30)), pictures=False)
    next(pages)
    os.kill(int(children(waiting)[0]), how)
    with pytest.raises(pdf_sandbox.UnreadablePdf, match="trop de mémoire ou de temps") as refused:
        list(pages)
    assert told in caplog.text
    assert "SIG" not in str(refused.value)


def test_child_that_said_all_and_left_before_we_went_on_is_heard(waiting, monkeypatch):
    """A machine that stalls between the question and what goes with it refuses no honest file."""
    started = apart._started

    def stalled(*asked):
        found, child = started(*asked)
        until = time.monotonic() + 30
        while Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
            assert time.monotonic() < until
            time.sleep(0.01)
        return found, child

    monkeypatch.setattr(apart, "_started", stalled)
    assert pdf_sandbox.count_pages(PDF) == 3
    assert pdf_sandbox.words_of(PDF) == ["", "", ""]


def test_page_that_nobody_reads_any_more_costs_nothing(waiting):
    pages = pdf_sandbox.read_pages(PDF)
    next(pages)
    pages.close()
    assert children(waiting) == []


def test_it_leaves_when_its_owner_is_gone():
    owner = """
import os, sys
sys.path.append(sys.argv[1])
from conventions.domain.foundation import apart, pdf_sandbox
waiting = apart.Waiting(pdf_sandbox.CHILD)
waiting.ask(["end", "0"])
print(waiting.process.pid, flush=True)
os._exit(0)"""
    command = [sys.executable, "-c", owner, str(apart.ROOT)]
    pid = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return
        if state == "Z":
            return
        time.sleep(0.05)
    pytest.fail(f"{pid} waits for nobody")


def test_many_files_at_once_are_each_alone(waiting):
    lines = [pdf_sandbox.read_pages(PDF, pictures=False) for _ in range(5)]
    assert [next(line)["page"] for line in lines] == [1] * 5
    assert len(children(waiting)) <= 5
    assert [len(list(line)) for line in lines] == [2] * 5
    assert children(waiting) == []


def test_child_cannot_hear_of_the_next_file(waiting):
    """The line on which files are announced is closed in it: it has one socket, its own."""
    pages = pdf_sandbox.read_pages(written(blank_pdf(30)), pictures=False)
    next(pages)
    (child,) = children(waiting)
    sockets = {
        os.readlink(path)
        for path in Path(f"/proc/{child}/fd").iterdir()
        if os.readlink(path).startswith("socket:")
    }
    inodes = {f"socket:[{os.stat(fd).st_ino}]" for fd in (apart._waiting[pdf_sandbox.CHILD].line.fileno(),)}
    assert len(sockets) == 1
    assert inodes.isdisjoint(sockets)
    line = os.readlink(f"/proc/{waiting.pid}/fd/0")
    assert line not in sockets
    pages.close()


def test_one_asked_by_a_transaction_is_refused(waiting, transactional_db):
    with transaction.atomic(), pytest.raises(InsideTransaction):
        pdf_sandbox.count_pages(PDF)
    assert isinstance(apart._waiting[pdf_sandbox.CHILD].line, socket.socket)


@pytest.mark.django_db
def test_file_that_no_process_can_read_is_told_as_busy_and_never_judged(
    client, monkeypatch, tmp_path, caplog
):
    """A program that cannot start stands for a machine without a process to give."""
    broken = tmp_path / "broken.py"
    broken.write_text("raise SystemExit(3)")
    monkeypatch.setattr(pdf_sandbox, "CHILD", broken)
    monkeypatch.setattr(checking, "INSPECTION", broken)
    with pytest.raises(apart.Busy, match="Recommencez dans une minute"):
        pdf_sandbox.count_pages(PDF)
    sent = SimpleUploadedFile("a.pdf", PDF, content_type="application/pdf")
    answer = client.post(reverse("public:verify_file"), {"file": sent})
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "trop à faire pour lire un fichier" in answer.content.decode()
    assert "Aucun processus à part (broken)" in caplog.text


def test_answer_that_nobody_waited_for_is_never_taken_for_the_next(waiting, monkeypatch):
    """Interrupted between question and answer, the line is left; the next file starts another."""
    asked = apart._waiting[pdf_sandbox.CHILD]
    waiting.send_signal(signal.SIGSTOP)
    with monkeypatch.context() as patch:
        patch.setattr(apart, "ANSWERED_WITHIN", 0.2)
        with pytest.raises(OSError, match="timed out"):
            asked.ask(["end", "0"])
    waiting.send_signal(signal.SIGCONT)
    assert pdf_sandbox.count_pages(PDF) == 3
    assert apart._waiting[pdf_sandbox.CHILD] is not asked
