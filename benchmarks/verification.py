"""Verifying a file signed by three people: by its hash, then by its seals in a process apart.

    python -m benchmarks.verification [rounds]

Time that passes, the start of the process included. Aim: 50 ms for the hash, 2 s for the seals.
"""

import hashlib
import statistics
import sys
import time
from collections.abc import Callable

from benchmarks._ground import machine, set_up

ROUNDS = 9
CODE = "7K3M9QTRV2X4B"


def passed_ms(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def signed_by_three() -> bytes:
    from django.utils import timezone

    from conventions.domain import sealing
    from conventions.domain.rendering import VignetteContext, render_agreement, render_vignette
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
    for rank in (1, 2, 3):
        content = sealing.seal_signature(
            content, field=f"signature-{rank}", reason="Signature", vignette=vignette
        ).content
    return content


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    set_up()
    from conventions.domain import verification

    print(machine())
    content = signed_by_three()
    ways = {
        "empreinte, registre compris": lambda: verification.of_hash(hashlib.sha256(content).hexdigest()),
        "sceaux, processus à part": lambda: verification.of_file(content),
    }
    for name, way in ways.items():
        way()
        print(f"{name:<32}{statistics.median(passed_ms(way) for _ in range(rounds)):7.0f} ms")


if __name__ == "__main__":
    main()
