"""Pages and commands as the base grows: processor time, queries, rows read, bytes, at each size, on both engines.

    make benchmarks-scale
    python -m benchmarks.scale [--only=sqlite|postgresql] [size …]

Each engine in a folder of its own, thrown away afterwards, filled by `benchmarks.generate`. The time is that of this
process and of the server's, not the time that passes. Rows are PostgreSQL's own count; on SQLite, tens of steps of its
machine. The last column is the time at the last size over that at the first.
"""

import contextlib
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks._ground import ROOT, client_of, machine
from benchmarks.generate import Living, living, set_up

SIZES = (1_000, 10_000, 100_000)
INSIDE = "--inside"
ROUNDS, SLOW_MS = 5, 1_500  # what is slow is measured once


@dataclass
class Measure:
    ms: float
    queries: int
    rows: int
    size: int


def backend_ns(pid: int) -> int:
    """Nanoseconds of processor that a server's process took."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])


class Clock:
    """Processor time of this process, and of the server's that answers it."""

    def __init__(self) -> None:
        from django.db import connection

        self._pid = 0
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # Other processes of the server would count nowhere.
                cursor.execute("SET max_parallel_workers_per_gather = 0")
                cursor.execute("SELECT pg_backend_pid()")
                self._pid = cursor.fetchone()[0]

    def ms(self, call: Callable[[], object]) -> float:
        theirs = backend_ns(self._pid) if self._pid else 0
        start = time.process_time()
        call()
        spent = (time.process_time() - start) * 1000
        return spent + ((backend_ns(self._pid) - theirs) / 1e6 if self._pid else 0)


def pages(here: Living, count: int) -> dict[str, tuple[Any, str]]:
    """{name: (who, address)}; deep pages are the last ones."""
    from django.urls import reverse

    from conventions.models import Convention, Partner, PublicSheet

    listed = reverse("admin:conventions_convention_changelist")
    partners = reverse("admin:conventions_partner_changelist")
    public = reverse("public:convention_list")
    last = (Convention.objects.count() - 1) // 30 + 1
    sheet = PublicSheet.objects.published().order_by("pk")[0]
    staff, member = here.officer, here.president
    key = here.convention.pk
    return {
        "à faire": (staff, reverse("admin:index") + "?dossiers=tous"),
        "conventions": (staff, listed),
        "conventions, dernière page": (staff, f"{listed}?p={last}"),
        "conventions en cours": (staff, f"{listed}?etat=en_cours"),
        "conventions échues": (staff, f"{listed}?etat=echue"),
        "conventions de 2020": (staff, f"{listed}?annee=2020"),
        "conventions, par état": (staff, f"{listed}?o=3"),
        "conventions, recherche": (staff, f"{listed}?q=mesures"),
        "conventions, recherche vaine": (staff, f"{listed}?q=introuvable"),
        "une convention": (staff, reverse("admin:conventions_convention_change", args=[key])),
        "suivi": (staff, reverse("admin:conventions_convention_follow", args=[here.followed.pk])),
        "journal d’une convention": (staff, reverse("admin:conventions_convention_history", args=[key])),
        "journal": (staff, reverse("admin:conventions_journalentry_changelist")),
        "journal, page 200": (staff, reverse("admin:conventions_journalentry_changelist") + "?page=200"),
        "partenaires": (staff, partners),
        "partenaires, dernière page": (staff, f"{partners}?p={(Partner.objects.count() - 1) // 50 + 1}"),
        "versements transmis": (staff, reverse("admin:conventions_payment_changelist")),
        "communiqués": (staff, reverse("admin:conventions_pressrelease_changelist")),
        "espace": (member, reverse("portal:home")),
        "espace : une convention": (member, reverse("portal:convention", args=[here.followed.slug])),
        "public : accueil": (None, reverse("public:home")),
        "public : conventions": (None, public),
        "public : page 30": (None, f"{public}?page=30"),
        "public : recherche": (None, f"{public}?q=introuvable"),
        "public : une convention": (None, sheet.get_absolute_url()),
        "public : partenaires": (None, reverse("public:partner_list")),
    }


def commands(here: Living) -> dict[str, Callable[[], object]]:
    from django.core.management import call_command
    from django.utils import timezone

    from conventions.domain import worklist
    from conventions.models import Convention

    def silent(*words: str) -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            call_command(*words, stdout=io.StringIO(), stderr=io.StringIO())

    def rights() -> None:
        list(Convention.objects.for_user(here.president).values_list("pk"))

    def search() -> None:
        list(Convention.objects.search("mesures").values_list("pk")[:30])

    return {
        "liste « à faire » seule": lambda: worklist.sections(
            here.superuser, today=timezone.localdate(), mine=False
        ),
        "droits d’une présidente": rights,
        "recherche, la requête": search,
        "balayer": lambda: silent("balayer"),
    }


def measured(call: Callable[[], int], clock: Clock) -> Measure:
    """`call` returns bytes. Rows and queries of one run inside a transaction, the time of others."""
    from django.db import connection, transaction

    from conventions.tests.harness import rows_read

    asked: list[str] = []

    def noted(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with transaction.atomic(), rows_read() as read, connection.execute_wrapper(noted):
        size = call()
    first = clock.ms(call)
    times = [first] if first > SLOW_MS else [clock.ms(call) for _ in range(ROUNDS)]
    return Measure(statistics.median(times), len(asked), read.count, size)


def proven() -> None:
    """Three queries are told as three, and rows are seen: else nothing is measured."""
    from conventions.models import Convention

    def three() -> int:
        for _ in range(3):
            list(Convention.objects.order_by().values_list("pk", "title"))
        return 0

    found = measured(three, Clock())
    if found.queries != 3 or found.rows == 0:
        raise SystemExit(
            f"Le compteur dit {found.queries} requêtes pour 3, {found.rows} lus : rien n’est mesuré."
        )


def got(client: Any, address: str) -> int:
    response = client.get(address)
    if response.status_code != 200:
        raise SystemExit(f"{address} répond {response.status_code} : rien n’est mesuré.")
    return len(response.getvalue())


def done(work: Callable[[], object]) -> int:
    work()
    return 0


def export(client: Any, clock: Clock, count: int) -> str:
    """The CSV of all conventions: rows a second of processor."""
    from django.urls import reverse

    address = reverse("admin:conventions_convention_export", args=["csv"])
    spent = clock.ms(lambda: got(client, address))
    return f"{count / spent * 1000:.0f} lignes par seconde de processeur"


def all_measures(here: Living, count: int) -> dict[str, Measure]:
    from django.test import Client

    clock, found = Clock(), {}
    clients: dict[int | None, Any] = {}
    for name, (who, address) in pages(here, count).items():
        key = who.pk if who else None
        if key not in clients:
            clients[key] = client_of(who) if who else Client(HTTP_HOST="127.0.0.1")
        found[name] = measured(partial(got, clients[key], address), clock)
        print(f"    {name} : {found[name].ms:.1f} ms, {found[name].rows} lus", flush=True)
    for name, work in commands(here).items():
        found[name] = measured(partial(done, work), clock)
        print(f"    {name} : {found[name].ms:.1f} ms, {found[name].rows} lus", flush=True)
    print(f"  CSV de toutes : {export(clients[here.officer.pk], clock, count)}", flush=True)
    return found


def inside(sizes: list[int]) -> None:
    set_up()
    from django.db import connection

    from conventions.models import Convention
    from conventions.tests.factories.many import Many

    here, many = living(), Many()
    found: dict[int, dict[str, Measure]] = {}
    proven()
    print(f"{machine()}. {connection.vendor}.", flush=True)
    for size in sizes:
        start = time.perf_counter()
        many.grow(size)
        if connection.vendor == "postgresql":  # what its own service does of a base that lives
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
        count = Convention.objects.count()
        print(f"  {count} conventions, faites en {time.perf_counter() - start:.0f} s", flush=True)
        found[size] = all_measures(here, count)
    told(found)


def told(found: dict[int, dict[str, Measure]]) -> None:
    """A table of Markdown: time, queries, rows at each size; bytes at the last; the ratio of times."""
    sizes = list(found)
    print("| page ou commande | " + " | ".join(f"{size}" for size in sizes) + " | octets | rapport |")
    print("|---" * (len(sizes) + 3) + "|")
    for name in found[sizes[0]]:
        row = [found[size][name] for size in sizes]
        cells = [f"{one.ms:.1f} ms, {one.queries} req., {one.rows}" for one in row]
        print(f"| {name} | {' | '.join(cells)} | {row[-1].size} | {row[-1].ms / row[0].ms:.2f} |")


def main() -> None:
    sizes = [int(word) for word in sys.argv[1:] if word.isdecimal()] or list(SIZES)
    if INSIDE in sys.argv:
        inside(sizes)
        return
    sys.path.insert(0, str(ROOT / "scripts"))
    from postgres import server

    command = [sys.executable, "-m", "benchmarks.scale", INSIDE, *map(str, sizes)]
    only = next((word.partition("=")[2] for word in sys.argv if word.startswith("--only=")), "")
    if only != "postgresql":
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(command, env=os.environ | {"DATA_DIR": folder}, check=True)
    if only != "sqlite":
        with server() as url, tempfile.TemporaryDirectory() as folder:
            subprocess.run(command, env=os.environ | {"DATABASE_URL": url, "DATA_DIR": folder}, check=True)


if __name__ == "__main__":
    main()
