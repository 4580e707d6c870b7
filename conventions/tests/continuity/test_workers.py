"""Two web processes and four workers at once, one of each killed while it works: nothing lost, nothing done twice."""

import contextlib
import datetime
import hashlib
import http.client
import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from conventions.domain.foundation import jobs
from conventions.domain.mails import delivery
from conventions.domain.mails.letter import MISSED, SERVED
from conventions.enums import ActState, JobState, MailState, SignatureMethod
from conventions.models import (
    Act,
    Job,
    JournalEntry,
    LoginCode,
    NumberCounter,
    OutgoingMail,
    SealedRevision,
    SignatureAct,
)
from conventions.tests.continuity.sites import PATIENCE, Site, eventually, said, stopped_at_the_end

pytestmark = pytest.mark.slow
UNSURE = "peut-être parti"
NO_READER = "Personne à l’OPT-NC ne peut recevoir ce message"  # of a role that nobody has in this small world
SILENT = datetime.timedelta(seconds=30)  # of a process that lives, the longest


def children_of(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


class Crew:
    """The workers of a site, one a queue; one that is killed is started again, as a supervisor would."""

    def __init__(self, site: Site, folder, stack: ExitStack) -> None:
        self.site, self.folder, self.stack = site, folder, stack
        self.at_work = {queue: self._start(queue) for queue in settings.TASK_QUEUES}

    def _start(self, queue: str) -> subprocess.Popen:
        process = self.site.start("manage.py", "taches", queue, log=self.folder / f"tasks-{queue}.log")
        self.stack.enter_context(stopped_at_the_end(process))
        return process

    def killed(self, queue: str) -> list[int]:
        """Kill the worker of this queue and start another; the processes that it had begun."""
        process = self.at_work[queue]
        begun = children_of(process.pid)
        process.kill()
        process.wait()
        self.at_work[queue] = self._start(queue)
        return begun


class Visitor:
    """Somebody at the door of the associations."""

    def __init__(self, address: str) -> None:
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.address, self.opener = address, urllib.request.build_opener(cookies)

    def asks_for_a_code(self, email: str) -> bool:
        """Whether the site said that it took the request; asked again when its process was killed meanwhile."""
        page = f"{self.address}/espace/connexion/"
        for _time in range(5):
            with contextlib.suppress(OSError, http.client.HTTPException):
                token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self._read(page))[1]
                sent = urllib.parse.urlencode({"csrfmiddlewaretoken": token, "email": email}).encode()
                self._read(page, sent)
                return True
        return False

    def _read(self, page: str, sent: bytes | None = None) -> str:
        with self.opener.open(page, data=sent, timeout=PATIENCE) as answer:
            return answer.read().decode()


def at_work(site: Site, folder, work: str, number: int, times: int) -> subprocess.Popen:
    return site.start(
        "-m", "conventions.tests.continuity.writers", work, str(number), str(folder / f"{work}.done"), str(times),
        log=folder / f"{work}.log",
    )  # fmt: skip


def is_open(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/robots.txt", timeout=PATIENCE):
            return True
    except OSError:
        return False


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="plusieurs services de tâches demandent PostgreSQL"
)
@pytest.mark.django_db(transaction=True)
def test_one_of_each_killed_under_load_loses_and_doubles_nothing(site, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    site.env |= {"PORT": str(port), "BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": "2"}
    site.runs(f"{sys.executable} manage.py collectstatic --noinput -v0")
    taken = []
    with ExitStack() as stack:
        web = site.start("-m", "gunicorn", log=tmp_path / "web.log")
        stack.enter_context(stopped_at_the_end(web))
        crew = Crew(site, tmp_path, stack)
        crowd = [
            at_work(site, tmp_path, "freeze_together", 100_000, 1),
            at_work(site, tmp_path, "sign", 200_000, 1),
        ]
        eventually(lambda: is_open(port))
        # The long jobs: in the midst of the batch, with the second process of its worker.
        eventually(
            lambda: Job.objects.filter(state=JobState.RUNNING, done__gte=1).exists() or crowd[0].poll()
        )
        orphans = crew.killed("travaux")
        # Codes asked for on the web, one of its two processes killed meanwhile.
        threading.Timer(0.1, kill, [children_of(web.pid)[0]]).start()
        kill(crew.at_work["codes"].pid)
        for rank in range(4):
            taken.append(
                Visitor(f"http://127.0.0.1:{port}").asks_for_a_code(
                    f"presidence{100_000 + rank}@niaouli.invalid"
                )
            )
        crew.killed("codes")
        eventually(lambda: SignatureAct.objects.exists())
        crew.killed("signatures")
        crew.killed("courriels")
        assert [process.wait(PATIENCE) for process in crowd] == [0, 0], said(tmp_path)
        eventually(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in orphans))
        # What a killed process held is free again after some minutes; the sweep gives it to whoever lives.
        finished(site, tmp_path / "sweep.log")
        assert web.poll() is None
    assert taken == [True] * 4
    nothing_lost_nothing_twice(site)
    assert "Tout concorde" in site.runs(f"{sys.executable} manage.py verifier_archives")


def finished(site: Site, log) -> None:
    """Wait for the end, some minutes passing at once for what a killed process held."""
    sweep = site.start("manage.py", "balayer", "--toutes-les", "2", log=log)

    def is_over() -> bool:
        silent = timezone.now() - SILENT
        OutgoingMail.objects.filter(state=MailState.PENDING, leased_until__lt=silent + delivery.LEASE).update(
            leased_until=None
        )
        Job.objects.filter(state=JobState.RUNNING, beat_at__lt=silent).update(beat_at=silent - jobs.SILENCE)
        waits = (
            OutgoingMail.objects.filter(state=MailState.PENDING).exists() or Job.objects.unfinished().exists()
        )
        return not waits and not Act.objects.filter(state=ActState.TO_SEAL).exists()

    with stopped_at_the_end(sweep):
        eventually(is_over)


def nothing_lost_nothing_twice(site: Site) -> None:
    # Numbers: each once, without a gap.
    numbers = sorted(Act.objects.exclude(number=None).values_list("number", flat=True))
    counter = NumberCounter.objects.get()
    assert numbers == [f"{counter.year}-{rank:03d}" for rank in range(1, counter.last + 1)]
    assert len(numbers) == 8
    # Jobs: each once, whoever began it.
    job = Job.objects.get(kind="faire_avancer")
    assert (job.state, job.done, {row["done"] for row in job.result["rows"]}) == (JobState.DONE, 7, {True})
    for event in ("numero_attribue", "figer"):
        lines = JournalEntry.objects.filter(event=event, convention__isnull=False).values_list(
            "convention", flat=True
        )
        assert sorted(lines) == sorted(set(lines))
        assert len(lines) == 8
    # Seals: one for each signature, and the act signed to the end.
    signed = list(SignatureAct.objects.values_list("pk", flat=True))
    sealed = list(SealedRevision.objects.exclude(signature=None).values_list("signature", flat=True))
    assert (sorted(sealed), len(signed)) == (sorted(signed), 3)
    assert {SignatureMethod.EMAIL_CODE, SignatureMethod.ACCOUNT} == set(
        SignatureAct.objects.values_list("method", flat=True)
    )
    assert Act.objects.filter(state=ActState.SIGNED).count() == 1
    # Mails: each reached its readers, or says that it may have.
    files = [path.read_text(encoding="utf-8", errors="replace") for path in (site.folder / "mails").iterdir()]
    left = re.findall(r"^Message-ID: <(\w+)@", "\n".join(files), re.MULTILINE)
    asked = {
        code.email: code.code_hash for code in LoginCode.objects.order_by("pk")
    }  # made as the mail leaves
    assert (len(asked), "" in asked.values()) == (4, False)
    assert set(OutgoingMail.objects.values_list("state", flat=True)) <= {
        MailState.SENT, MailState.SET_ASIDE, MailState.FAILED,
    }  # fmt: skip
    for mail in OutgoingMail.objects.filter(state=MailState.SENT):
        for key in mail.params[SERVED]:
            assert digest_of(site, mail, key) in left
    told = [
        " ".join([mail.error, *mail.params.get(MISSED, {}).values()])
        for mail in OutgoingMail.objects.failed()
    ]
    assert [why for why in told if not any(known in why for known in (UNSURE, NO_READER))] == []
    assert len(left) - len(set(left)) <= 2  # with a code or a link, a letter that may have left leaves again


def digest_of(site: Site, mail: OutgoingMail, key: str) -> str:
    address = site.env.get("SITE_URL") or f"http://127.0.0.1:{site.env['PORT']}"
    return hashlib.sha256(f"{mail.pk}:{key}:{address}".encode()).hexdigest()[:24]
