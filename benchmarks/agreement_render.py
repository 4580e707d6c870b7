"""Naive rendering of an agreement against ours: same words, sheet and fonts, in one run.

    python -m benchmarks.agreement_render [rounds]

Naive: `HTML(string=…).write_pdf()` with the sheet and the fonts inside the page. Ours:
`render_agreement(context)`, templates, PDF/A-3a and attachment included. Rounds alternate, the
first of each is not counted; medians in milliseconds, then the ratio (aim: at most 0.9) and the
peak memory of a process that only renders (aim: at most 180 MB).
"""

from __future__ import annotations

import base64
import os
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conventions.domain.documents.context import AgreementContext

ROUNDS = 15


def set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opt_partners.settings")
    os.environ.setdefault("SECRET_KEY", "benchmark-" + "0123456789abcdef" * 4)
    import django

    django.setup()


def sample() -> AgreementContext:
    """A frozen agreement of four pages: everything but the equipment annex."""
    from conventions.tests.pdf import samples

    return samples.agreement(equipment=(), in_kind=(), recitals=())


def naive_page(html: str) -> str:
    """The rendered page with its sheet inline and its fonts as data, as a first version would do."""
    from conventions.domain.documents.rendering.engine import SCHEME, SHEET, static_path

    def inline(match: re.Match[str]) -> str:
        font = base64.b64encode(static_path(match[1]).read_bytes()).decode()
        return f'url("data:font/ttf;base64,{font}")'

    sheet = re.sub(r'url\("(static:[^"]+)"\)', inline, static_path(SCHEME + SHEET).read_text())
    return html.replace("</head>", f"<style>{sheet}</style></head>")


def timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def compare(rounds: int) -> None:
    from weasyprint import HTML

    from conventions.domain.documents.rendering import render_agreement

    ctx = sample()
    made = render_agreement(ctx)
    page = naive_page(made.html)
    naive_same = lambda: HTML(string=page).write_pdf(pdf_variant="pdf/a-3a")  # noqa: E731
    ways = {
        "naive, plain PDF": lambda: HTML(string=page).write_pdf(),
        "naive, PDF/A-3a": naive_same,
        "ours, PDF/A-3a": lambda: render_agreement(ctx),
    }
    for way in ways.values():
        way()
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            times[name].append(timed(way))
    medians = {name: statistics.median(values) for name, values in times.items()}
    print(f"{made.page_count} pages, {len(made.content) / 1000:.0f} kB, {rounds} rounds")
    for name, median in medians.items():
        ratio = medians["ours, PDF/A-3a"] / median
        print(f"{name:18} {median:7.1f} ms   ours / this = {ratio:.2f}")


def memory(rounds: int) -> None:
    """Peak of this process after `rounds` renders, for the child that `main` starts."""
    from conventions.domain.documents.rendering import render_agreement

    ctx = sample()
    for _ in range(rounds):
        render_agreement(ctx)
    print(f"peak memory of a process that renders {rounds} times: {_peak():.0f} MB")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    set_up()
    if os.environ.get("BENCHMARK_PART") == "memory":
        memory(rounds)
        return
    compare(rounds)
    command = [sys.executable, "-m", "benchmarks.agreement_render", str(rounds)]
    subprocess.run(command, check=True, env=os.environ | {"BENCHMARK_PART": "memory"})


if __name__ == "__main__":
    main()
