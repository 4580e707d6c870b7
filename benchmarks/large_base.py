"""Lists on a large base: PostgreSQL with its compiler of queries (JIT), then without, as the application connects.

    python -m benchmarks.large_base [conventions] [rounds]

On a server and in a folder of their own, thrown away afterwards. Rows come from the tests' factories, shared among a
hundred associations. The time is that of the database alone, and both ways alternate. Aim: 300 ms for each page.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from benchmarks._ground import ROOT, client_of, machine, set_up, staff_client, staff_member

if TYPE_CHECKING:
    from django.test import Client


CONVENTIONS, ROUNDS = 10_000, 5
ON_THE_SERVER = "--sur-le-serveur"
STATES = ("signe", "signe", "signe", "signe", "a_signer", "brouillon", "en_relecture", "valide")


def fill(count: int) -> Any:
    """`count` conventions more, and the president of an association that has a hundredth of them."""
    from django.db import connection, transaction

    from conventions.tests import factories

    partners = [factories.PartnerFactory() for _ in range(100)]
    kind, officer, lawyer = factories.KindFactory(), staff_member("gestionnaire"), staff_member("juriste")
    for start in range(0, count, 500):
        with transaction.atomic():
            for rank in range(start, min(start + 500, count)):
                factories.ConventionFactory(
                    partner=partners[rank % 100],
                    kind=kind,
                    act=STATES[rank % len(STATES)],
                    act__number=f"2025-{rank:05d}",
                    act__prepared_by=officer,
                    act__approved_by=lawyer,
                    act__fundings=[{"amount": 100_000 + rank}],
                )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return factories.PresidentFactory(partner=partners[0])


def database_ms(client: Client, address: str) -> float:
    """Milliseconds spent waiting for the database, in one request."""
    from django.db import connection

    spent = 0.0

    def timed(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal spent
        start = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            spent += (time.perf_counter() - start) * 1000

    with connection.execute_wrapper(timed):
        response = client.get(address)
    if response.status_code != 200:
        raise SystemExit(f"{address} répond {response.status_code} : rien n’est mesuré.")
    return spent


def measure(name: str, client: Client, address: str, rounds: int) -> None:
    from django.db import connection

    found: dict[str, list[float]] = {"on": [], "off": []}
    for _ in range(rounds + 1):  # the first is not counted
        for jit, times in found.items():
            with connection.cursor() as cursor:
                cursor.execute(f"SET jit = {jit}")
            times.append(database_ms(client, address))
    compiled, plain = (statistics.median(times[1:]) for times in found.values())
    print(f"{name:32}{compiled:9.0f} ms{plain:9.0f} ms{compiled / plain:9.1f}")


def on_the_server(count: int, rounds: int) -> None:
    set_up()
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    president = fill(count)
    member, staff, visitor = client_of(president), staff_client("gestionnaire"), Client(HTTP_HOST="127.0.0.1")
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    print(f"{machine()}, PostgreSQL {version}. {count} conventions ajoutées, {rounds} tours.")
    print(f"{'temps de base de données':32}{'avec JIT':>12}{'sans':>12}{'rapport':>9}")
    listed = reverse("admin:conventions_convention_changelist")
    measure("administration : conventions", staff, listed, rounds)
    measure("administration : à faire", staff, reverse("admin:index"), rounds)
    measure("espace : accueil", member, reverse("portal:home"), rounds)
    measure("site public : conventions", visitor, reverse("public:convention_list"), rounds)


def main() -> None:
    numbers = [int(word) for word in sys.argv[1:] if word.isdecimal()]
    count, rounds = (*numbers, *(CONVENTIONS, ROUNDS)[len(numbers) :])
    if ON_THE_SERVER in sys.argv:
        on_the_server(count, rounds)
        return
    sys.path.insert(0, str(ROOT / "scripts"))
    from postgres import server

    command = [sys.executable, "-m", "benchmarks.large_base", str(count), str(rounds), ON_THE_SERVER]
    with server() as url, tempfile.TemporaryDirectory() as folder:
        subprocess.run(command, env=os.environ | {"DATABASE_URL": url, "DATA_DIR": folder}, check=True)


if __name__ == "__main__":
    main()
