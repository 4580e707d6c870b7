"""Freezing a text with thirty pages of annexes: what a person waits for after « Figer ».

    python -m benchmarks.annexed_freeze [rounds]

Annexes are read back from private storage and hashed, the text is composed with them inside, then certified: the slow
part of freezing, beside a text without annex. Each page of an annex is a drawing of about 100 kB. Aim: 3 s at most.
"""

from __future__ import annotations

import hashlib
import io
import os
import statistics
import sys
import tempfile
from typing import TYPE_CHECKING

from benchmarks._ground import cpu_ms, machine
from benchmarks.agreement_render import set_up

if TYPE_CHECKING:
    from conventions.domain.documents.context import AgreementContext

ROUNDS = 3
PAGES = (12, 10, 8)
SIDE = 320  # of a drawing that does not compress: SIDE × SIDE bytes


def paper(pages: int) -> bytes:
    """A PDF of so many pages, each full of noise as a scanned plan is."""
    from PIL import Image

    drawings = [Image.frombytes("L", (SIDE, SIDE), os.urandom(SIDE * SIDE)) for _ in range(pages)]
    out = io.BytesIO()
    drawings[0].save(out, "PDF", save_all=True, append_images=drawings[1:], quality=95)
    return out.getvalue()


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATA_DIR"] = folder
        set_up()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        measure(rounds)


def measure(rounds: int) -> None:
    """Print the medians; the key of the seal and the bytes of the annexes stand in DATA_DIR."""
    from conventions.domain.documents import annexes, sealing, storage
    from conventions.domain.documents.context import AnnexContext
    from conventions.domain.documents.rendering import render_agreement
    from conventions.models.documents import bytes_name
    from conventions.tests.pdf import samples

    files = []
    for number, pages in enumerate(PAGES, start=1):
        content = paper(pages)
        sha256 = hashlib.sha256(content).hexdigest()
        storage.put_bytes(content, bytes_name(sha256))
        title = f"Plan {number} (fictif)"
        files.append(
            AnnexContext(number=number, title=title, page_count=pages, size=len(content), sha256=sha256)
        )
    told = {"path": "en_ligne", "code": "7K3M9QTRV2X4B"}
    alone, annexed = samples.agreement(**told), samples.agreement(**told, files=tuple(files))

    def freeze(context: AgreementContext) -> None:
        sealing.certify(render_agreement(context, annexes=annexes.enclosed(context)).content)

    print(machine())
    weight = sum(file.size for file in files) / 1e6
    print(f"{len(PAGES)} annexes, {sum(PAGES)} pages, {weight:.1f} MB, {rounds} rounds")
    times: dict[str, list[float]] = {"without annex": [], "with annexes": []}
    for _ in range(rounds + 1):
        times["without annex"].append(cpu_ms(lambda: freeze(alone)))
        times["with annexes"].append(cpu_ms(lambda: freeze(annexed)))
    for name, values in times.items():
        print(f"{name:14} {statistics.median(values[1:]):7.0f} ms")


if __name__ == "__main__":
    main()
