"""The stock at 10,000 devices: its list, its search, and what logistics does to 120 of them at once.

    python -m benchmarks.equipment [devices]

Invented devices, one in three with two disks, one in ten erased, on a base of their own that is thrown away. Aims: the
list in 15 queries at most, whatever the stock; a search in 30 ms; 120 devices reserved, or on a record of handover,
in 2 s each.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from benchmarks._ground import ROOT, client_of, machine, median_ms

if TYPE_CHECKING:
    from conventions.models import Device, User

DEVICES = 10_000
AT_ONCE = 120
ROUNDS = 7
PAGES = {
    "la liste": "",
    "sa dernière page": "p={last}",
    "prêts à remettre": "donnees=pret",
    "réservés": "etat=reserve",
    "une série": "q=FICTIF-04217",
    "deux mots": "q=kaori+ducos",
}


def entered(count: int, *, by: User) -> list[Device]:
    """Devices of the stock, a third of them with two disks, a tenth erased."""
    from django.utils import timezone

    from conventions.domain.equipment import media, stock

    places = ("Ducos", "Koné", "Nouméa", "Lifou")
    devices = stock.enter(
        [
            stock.Entry(
                nature=("ordinateur", "écran", "imprimante")[rank % 3],
                maker=("Kaori", "Cagou", "Niaouli")[rank % 7 % 3],
                model=f"Bureau {rank % 40}",
                serial=f"FICTIF-{rank:05d}",
                inventory_tag=f"INV-{rank:05d}",
                place=places[rank % 4],
            )
            for rank in range(count)
        ],
        by=by,
    )
    disks = [
        media.NewMedium(device=row, kind="ssd", serial=f"D{row.pk}-{n}") for row in devices[::3] for n in "AB"
    ]
    media.add(disks, by=by)
    agent = "Noa AGENT (fictif)"
    media.erase(devices[::10], done_on=timezone.localdate(), agent=agent, by=by)
    return devices


def listed(user: User, count: int) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    client, address = client_of(user), reverse("admin:conventions_device_changelist")
    print("| page | durée | requêtes |\n|---|---|---|")
    for name, asked in PAGES.items():
        url = f"{address}?{asked.format(last=count // 100)}"
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200, url
        asked_for = len(queries)  # before other requests empty the log
        print(f"| {name} | {median_ms(lambda url=url: client.get(url), ROUNDS):.0f} ms | {asked_for} |")  # type: ignore[misc]  # a lambda with a default has no type


def searched() -> None:
    from conventions.domain.equipment import queries
    from conventions.models import Device

    for term in ("FICTIF-04217", "fictif o4217", "kaori ducos", "rien de tel"):

        def read(term: str = term) -> Any:
            return list(queries.search(Device.objects.all(), term).order_by("pk")[:50])

        print(f"| « {term} » | {median_ms(read, ROUNDS):.1f} ms |")


def timed(name: str, do: Callable[[], Any]) -> Any:
    """Do it once, and print its seconds of processor."""
    start = time.process_time()
    found = do()
    print(f"| {name} | {time.process_time() - start:.2f} s |")
    return found


def handed_over(free: list[Device], *, by: User) -> None:
    """120 devices promised, erased, given."""
    from django.utils import timezone

    from conventions.domain.acts import handover
    from conventions.domain.equipment import media, reserving
    from conventions.enums import ActState
    from conventions.tests.factories import ActFactory

    act: Any = ActFactory(state=ActState.SIGNED, number="2026-900", equipment=[{"quantity": AT_ONCE}])
    day, term = timezone.localdate(), act.equipmentterm_set.get()
    items = timed(f"réserver {AT_ONCE} appareils", lambda: reserving.reserve(term, free, by=by))
    timed(
        f"effacer {AT_ONCE} appareils",
        lambda: media.erase(free, done_on=day, agent="Noa AGENT (fictif)", by=by),
    )
    timed(
        f"procès-verbal de {AT_ONCE} appareils",
        lambda: handover.record_handover(
            act,
            items=items,
            handed_on=day,
            place="Nouméa",
            given_by="Noa AGENT, logistique (fictif)",
            received_by="Alix SIGNATAIRE, présidente (fictif)",
            by=by,
        ),
    )


def measured(count: int) -> None:
    import prepare

    prepare.main()
    from conventions.tests.factories import UserFactory

    user: Any = UserFactory(role="logistique")
    devices = timed(
        f"faire entrer {count} appareils, leurs disques et leurs effacements", lambda: entered(count, by=user)
    )
    listed(user, count)
    print("| recherche | durée |\n|---|---|")
    searched()
    print("| à la fois | durée |\n|---|---|")
    handed_over([row for rank, row in enumerate(devices) if rank % 10][:AT_ONCE], by=user)
    print(machine())


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else DEVICES
    sys.path.insert(0, str(ROOT / "scripts"))
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DATA_DIR=os.environ.get("DATA_DIR", folder),
            DEMO="1",
            DEBUG="0",
            LOG_LEVEL="ERROR",
            DJANGO_SETTINGS_MODULE="opt_partners.settings",
        )
        measured(count)


if __name__ == "__main__":
    main()
