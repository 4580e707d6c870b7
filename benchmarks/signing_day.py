"""Preparing a signing day: twenty approved conventions frozen, sealed, their signatories invited, in one job.

    python -m benchmarks.signing_day [conventions]

The job is the one that « Préparer la journée » starts, run as the worker runs it; its row is read on the way, as the
page of its progress does. Beside it, the same job held to one core, which it then does alone; as many acts frozen one
by one from their own pages, and one by one with the seal's key read again for each. On a copy of the data, thrown away
afterwards. Aim: 20 in 30 s at most; a second process, 2 times on two free cores. On a busy machine the processor of
each process says what two free cores would give: who has most of it ends last.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks._ground import machine, set_up, staff_client

if TYPE_CHECKING:
    from django.test import Client

    from conventions.models import Act, Job

ACTS = 20
IN_A_COPY = "--dans-une-copie"


def approved(count: int, ceremony: Any) -> list:
    """Complete conventions of path online, read and approved, gathered in a ceremony."""
    from conventions.domain.acts.lifecycle import apply
    from conventions.enums import Event
    from conventions.models import Act
    from conventions.tests.signing import world as worlds

    acts = []
    for _ in range(count):
        world = worlds.drafted()
        Act.objects.filter(pk=world.act.pk).update(ceremony=ceremony)
        act = apply(world.refreshed(), Event.SUBMIT, by=world.officer)
        acts.append(apply(act, Event.APPROVE, by=world.lawyer))
    return acts


def in_one_job(job: Job) -> list[int]:
    """Run it; every count of acts that its page would have shown."""
    from django.db import connection

    from conventions.domain.foundation import jobs
    from conventions.models import Job

    shown, over = [], threading.Event()

    def look() -> None:
        while not over.wait(0.1):
            row = Job.objects.get(pk=job.pk)
            if row.total and row.done not in shown:
                shown.append(row.done)
        connection.close()

    reader = threading.Thread(target=look)
    reader.start()
    done = jobs.run_job(job.pk)
    over.set()
    reader.join()
    if done is None or not all(row["done"] for row in (done.result or {"rows": []})["rows"]):
        raise SystemExit(f"Un acte n’a pas été figé : {done}")
    return shown


def from_its_page(client: Client, act: Act) -> None:
    from django.urls import reverse

    from conventions.enums import ActState

    client.post(reverse("admin:conventions_convention_event", args=[act.convention_id, "figer"]))
    act.refresh_from_db()
    if act.state != ActState.TO_SIGN:
        raise SystemExit(f"L’acte {act.pk} n’a pas été figé : {act.get_state_display()}")


def spent(call: Callable[[], object]) -> tuple[float, float]:
    """Seconds that passed, and seconds of processor, of this process."""
    start, before = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - start, time.process_time() - before


def shared(job: Job) -> tuple[float, float, float]:
    """The job on every core: seconds that passed, seconds of processor of this process and of the second."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    passed, used = spent(partial(in_one_job, job))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return passed, used, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def tell_shared(alone: tuple[float, float], passed: float, used: float, second: float) -> None:
    print(
        f"À deux processus : {passed:.1f} s ({alone[0] / passed:.2f} fois plus vite), processeur {used:.1f} s et "
        f"{second:.1f} s : sur deux cœurs libres, {alone[1] / max(used, second):.2f} fois plus vite."
    )


def measure(count: int) -> None:
    from conventions.domain.acts import batch
    from conventions.domain.documents.sealing import authority
    from conventions.enums import Event
    from conventions.models import SignatureRequest
    from conventions.tests import factories

    client = staff_client("gestionnaire")
    days: list[Any] = [
        factories.CeremonyFactory(title=f"Journée de mesure {rank} (fictif)") for rank in range(4)
    ]
    job_acts, page_acts, key_acts, _shared_acts = (approved(count, day) for day in days)
    user = job_acts[0].prepared_by
    from_its_page(client, approved(1, None)[0])  # fonts and libraries are loaded

    job, other = (
        batch.start(batch.foresee_day(day, user=user), Event.FREEZE, by=user) for day in (days[0], days[3])
    )
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})  # one core: the job is not shared
    shown: list[int] = []
    rows = {"en un travail": [spent(lambda: shown.extend(in_one_job(job)))]}
    os.sched_setaffinity(0, cores)
    halves = shared(other)
    rows["un par un, depuis sa page"] = [spent(partial(from_its_page, client, act)) for act in page_acts]

    def with_the_key_read_again(act: Act) -> None:
        authority.forget()
        from_its_page(client, act)

    rows["  le même, clé relue à chaque acte"] = [
        spent(partial(with_the_key_read_again, act)) for act in key_acts
    ]
    whole = sum(passed for passed, _ in rows["en un travail"])
    print(f"{count} conventions{'':<22}{'durée':>9}{'processeur':>13}{'par acte':>11}{'rapport':>10}")
    for name, spends in rows.items():
        passed, used = (sum(column) for column in zip(*spends, strict=True))
        each = passed / count if len(spends) == 1 else statistics.median(row[0] for row in spends)
        print(f"{name:<36}{passed:7.1f} s{used:11.1f} s{each * 1000:8.0f} ms{passed / whole:10.2f}")
    invited = SignatureRequest.objects.filter(document__act__ceremony=days[0]).count()
    tell_shared(rows["en un travail"][0], *halves)
    print(f"Avancement lu pendant le travail : {', '.join(map(str, shown))}. Invitations : {invited}.")


def main() -> None:
    if IN_A_COPY in sys.argv:
        set_up()
        print(machine())
        measure(int(sys.argv[1]))
        return
    set_up()
    count = sys.argv[1] if len(sys.argv) > 1 else str(ACTS)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "data"
        shutil.copytree(os.environ["DATA_DIR"], copy)
        command = [sys.executable, "-m", "benchmarks.signing_day", count, IN_A_COPY]
        subprocess.run(command, env=os.environ | {"DATA_DIR": str(copy)}, check=True)


if __name__ == "__main__":
    main()
