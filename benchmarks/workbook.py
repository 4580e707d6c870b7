"""Memory and time of a long workbook, as the worker writes it: each size in a process of its own.

    python -m benchmarks.workbook [rows …]

Fifteen columns of invented words, numbers and dates. What counts is what a longer one takes more than a shorter one.
"""

import datetime
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from benchmarks._ground import machine

SIZES = (1_000, 10_000, 100_000)
COLUMNS = 15


def rows(count: int) -> Iterator[list[object]]:
    day = datetime.date(2026, 1, 1)
    for rank in range(count):
        words = [
            f"Association numéro {rank} du pays (fictif), colonne {column}" for column in range(COLUMNS - 2)
        ]
        yield [*words, 1_000 * rank, day + datetime.timedelta(days=rank % 365)]


def written(count: int) -> None:
    """Print megabytes at the peak before and after, seconds of processor, megabytes of the file."""
    from conventions.exchange.tables import Column, write_xlsx

    columns = [
        Column(f"Colonne {column}", lambda row, column=column: row[column])  # type: ignore[misc]  # a lambda with a default has no type
        for column in range(COLUMNS)
    ]
    with tempfile.TemporaryFile() as file:
        write_xlsx(file, columns, rows(10), title="Essai")  # its libraries
    before, start = peak(), time.process_time()
    with tempfile.TemporaryFile() as file:
        write_xlsx(file, columns, rows(count), title="Essai")
        size = file.seek(0, 2)
    print(
        f"| {count} | {before:.0f} Mo | {peak():.0f} Mo | {time.process_time() - start:.1f} s | {size / 1e6:.1f} Mo |"
    )


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    if "--inside" in sys.argv:
        import os

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opt_partners.settings")
        written(int(sys.argv[-1]))
        return
    sizes = [int(word) for word in sys.argv[1:]] or SIZES
    print(
        f"{machine()}.\n| lignes | avant | sommet | processeur | fichier |\n|---|---|---|---|---|", flush=True
    )
    for size in sizes:
        subprocess.run([sys.executable, "-m", "benchmarks.workbook", "--inside", str(size)], check=True)


if __name__ == "__main__":
    main()
