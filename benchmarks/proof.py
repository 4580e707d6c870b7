"""Proving a file signed by three people for later: seal with its time stamp, proofs, renewal, judgement.

    python -m benchmarks.proof [rounds]

Processor time of this process, the authority apart (another process, on this machine): the network costs nothing.
Aims: a seal with its stamp in 300 ms, proofs in 400 ms, verification in 2 s.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile

from benchmarks._ground import ROOT, cpu_ms, machine, set_up
from benchmarks.verification import CODE, spent_ms

ROUNDS = 9


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    listening = socket.create_server(("127.0.0.1", 0))
    os.environ["TSA_URL"] = address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            str(ROOT / "scripts" / "stamper.py"),
            folder,
            str(listening.fileno()),
            address,
        ]
        authority = subprocess.Popen(command, pass_fds=(listening.fileno(),))
        try:
            set_up()
            measure(rounds)
        finally:
            authority.terminate()
            authority.wait()


def measure(rounds: int) -> None:
    from django.utils import timezone

    from benchmarks.verification import signed_by
    from conventions.domain.documents.rendering import VignetteContext, render_vignette
    from conventions.domain.documents.sealing import proofs, signing, walk
    from conventions.domain.documents.verification import checking

    print(machine())
    two, signed = signed_by(2), signed_by(3)
    drawn = VignetteContext(
        name="Mme Éloïse WAMYTAN FICTIVE", title="présidente", signed_at=timezone.now(), method="Code", code=CODE,
        address="http://127.0.0.1/verifier/",
    )  # fmt: skip
    proved = proofs.prove(signed).content

    def seal() -> None:
        vignette = render_vignette(drawn)
        signing.seal_signature(two, field="signature-3", reason="Signature", vignette=vignette)

    ways = {
        "sceau horodaté, avec sa vignette": seal,
        "preuves et horodatage du document": lambda: proofs.prove(signed),
        "dont le jugement": lambda: walk.faults(walk.read(proved), now=timezone.now()),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    inspected = []
    for turn in range(rounds + 1):
        for name, way in ways.items():
            spent = cpu_ms(way)
            if turn:
                times[name].append(spent)
        inspected.append(spent_ms(lambda: checking.inspect(proved)))
    for name, seen in times.items():
        print(f"{name:<36}{statistics.median(seen):7.0f} ms")
    passed, processor = (statistics.median(column) for column in zip(*inspected[1:], strict=True))
    print(f"{'vérification par les sceaux':<36}{passed:7.0f} ms, processeur {processor:.0f} ms")
    print(f"octets : sceaux {len(signed)}, preuves {len(proved) - len(signed)}")


if __name__ == "__main__":
    main()
