"""Verifying a file signed by three people: by its hash, then by its seals in a process apart.

    python -m benchmarks.verification [rounds]

Rounds alternate with the same program whose reader is pyHanko's own, started each time: ours waits with its libraries
loaded. Time that passes, and processor time: that of a process that waited is not ours, and is not counted.
Aim: 50 ms for the hash, 2 s for the seals.
"""

import hashlib
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from benchmarks._ground import ROOT, machine, set_up

ROUNDS = 9
CODE = "7K3M9QTRV2X4B"
PLAIN_READER = """
import importlib.util, sys
sys.path.insert(0, sys.argv[1])
found = importlib.util.spec_from_file_location("inspection", sys.argv[2])
inspection = importlib.util.module_from_spec(found)
found.loader.exec_module(inspection)
from pyhanko.pdf_utils.reader import PdfFileReader
inspection.strict_reader = lambda: PdfFileReader
inspection.main()
"""


def spent_ms(call: Callable[[], object]) -> tuple[float, float]:
    """Time that passed and processor time of one call, of the processes that it started too."""
    start, before = time.perf_counter(), _processor()
    call()
    return (time.perf_counter() - start) * 1000, (_processor() - before) * 1000


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(row.ru_utime + row.ru_stime for row in used)


def signed_by(people: int) -> bytes:
    from django.utils import timezone

    from conventions.domain.documents import sealing
    from conventions.domain.documents.rendering import VignetteContext, render_agreement, render_vignette
    from conventions.tests.pdf import samples

    content = sealing.certify(render_agreement(samples.agreement(path="en_ligne", code=CODE)).content).content
    vignette = render_vignette(
        VignetteContext(
            name="Mme Éloïse WAMYTAN FICTIVE",
            title="présidente",
            signed_at=timezone.now(),
            method="Code",
            code=CODE,
            address=sealing.verification_address(CODE),
        )
    )
    for rank in range(1, people + 1):
        content = sealing.seal_signature(
            content, field=f"signature-{rank}", reason="Signature", vignette=vignette
        ).content
    return content


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    set_up()
    from conventions.domain.documents import sealing, verification

    print(machine())
    content = signed_by(3)
    plain = [sys.executable, "-I", "-c", PLAIN_READER, str(ROOT), f"{sealing.__path__[0]}/inspection.py"]
    ways = {
        "empreinte, registre compris": lambda: verification.of_hash(hashlib.sha256(content).hexdigest()),
        "sceaux, processus à part": lambda: verification.of_file(content),
        "  suivis de trois mille zéros": lambda: verification.of_file(content + bytes(3000)),
        "  les mêmes, lecteur de pyHanko": lambda: subprocess.run(
            plain, input=content, capture_output=True, check=True
        ),
    }
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for name, way in ways.items():
            found = spent_ms(way)
            if turn:
                spent[name].append(found)
    print(f"{'':<34}{'durée':>10}{'processeur':>14}")
    for name, rows in spent.items():
        passed, used = (statistics.median(column) for column in zip(*rows, strict=True))
        print(f"{name:<34}{passed:7.0f} ms{used:11.0f} ms")


if __name__ == "__main__":
    main()
