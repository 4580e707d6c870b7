"""What people bring about equipment: 1,000 rows of GLPI looked at dry, 200 certificates in a ZIP.

    python -m benchmarks.equipment_import [rows]

Invented devices on a base of their own that is thrown away. Aims: the dry run in 5 s, the certificates in 5 s.
"""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from benchmarks._ground import ROOT, machine

if TYPE_CHECKING:
    from conventions.models import User

ROWS = 1_000
CERTIFICATES = 200
LOST = 50  # one serial in so many
HEADINGS = "Nom;Entité;Types;Fabricant;Modèle;Numéro de série;Numéro d'inventaire;Lieu;Date d'achat;Usager"


def sheet(count: int) -> bytes:
    """As GLPI exports it, one serial in fifty lost by a spreadsheet."""
    rows = [
        f"PC-{rank};OPT-NC;Ordinateur;Kaori;Bureau {rank % 40};"
        f"{'3,56938E+14' if rank % LOST == 0 else f'FICTIF-{rank:05d}'};INV-{rank:05d};Ducos;2019-0{rank % 9 + 1}-03;"
        for rank in range(count)
    ]
    return "\n".join([HEADINGS, *rows]).encode("cp1252")


def archive(count: int) -> bytes:
    """Certificates of nwipe, of the devices that were entered."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for rank in [rank for rank in range(2 * count) if rank % LOST][:count]:
            serial = f"FICTIF-{rank:05d}"
            report = {
                "report_metadata": {"software": "nwipe", "version": "0.38"},
                "device": {"serial_no": serial, "model": "Disque fictif", "size_bytes": 500_107_862_016},
                "wipe_result": {
                    "status": "success",
                    "end_time": 1_750_000_000 + rank,
                    "pass_errors": 0,
                    "verify_errors": 0,
                },
            }
            made.writestr(f"{serial}.json", json.dumps(report))
    return out.getvalue()


def timed(name: str, do: Callable[[], Any]) -> Any:
    """Do it once, and print its seconds, of the clock and of the processor."""
    clock, start = time.perf_counter(), time.process_time()
    found = do()
    print(f"| {name} | {time.perf_counter() - clock:.2f} s | {time.process_time() - start:.2f} s |")
    return found


def brought(count: int, *, by: User) -> None:
    """A stock, then its certificates."""
    from conventions.domain.equipment import stock
    from conventions.exchange.equipment import desk, erasures, stock_import

    print("| ce qui est fait | horloge | processeur |\n|---|---|---|")
    content, files = sheet(count), [("lot.zip", archive(CERTIFICATES))]
    row = timed(
        f"lire {count} lignes de GLPI", lambda: desk.receive_sheet(by=by, content=content, name="parc.csv")
    )
    found = timed("dire ce que sera chaque ligne", lambda: stock_import.plan(row))
    stock.enter([stock_import.entry_of(one.line) for one in found.of(stock_import.Fate.NEW)], by=by)
    row = timed(f"lire {CERTIFICATES} certificats dans un ZIP", lambda: erasures.receive(files, by=by))
    planned = timed("les rapprocher", lambda: erasures.plan_of(row))
    assert len(planned.going) == CERTIFICATES, planned.counts
    timed("les enregistrer", lambda: erasures.confirm(row, by=by))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    sys.path.insert(0, str(ROOT / "scripts"))
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DATA_DIR=os.environ.get("DATA_DIR", folder),
            DEMO="1",
            DEBUG="0",
            LOG_LEVEL="ERROR",
            DJANGO_SETTINGS_MODULE="opt_partners.settings",
        )
        import prepare

        prepare.main()
        from conventions.tests.factories import UserFactory

        user: Any = UserFactory(role="logistique")
        brought(count, by=user)
        print(machine())


if __name__ == "__main__":
    main()
