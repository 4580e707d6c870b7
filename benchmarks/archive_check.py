"""The check of the archives: files hashed, journal lines followed, all of `verifier_archives`, per second.

    python -m benchmarks.archive_check [files]

On a copy of the demonstration, to which attachments of 100 kB are added, then undone. Aim: 200 files per second.
"""

import hashlib
import itertools
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable

from benchmarks._ground import machine, set_up

FILES = 2_000
SIZE = 100_000
SAMPLE = 3  # documents rendered again, as the command does unless told otherwise


def add_files(count: int) -> list:
    """Attachments of random bytes, in storage and in the table."""
    import secrets

    from conventions.domain.documents.storage import put_bytes
    from conventions.models import Attachment, Convention

    convention, rows = Convention.objects.order_by("pk").first(), []
    for rank in range(count):
        content = secrets.token_bytes(SIZE)
        digest = hashlib.sha256(content).hexdigest()
        row = Attachment(
            convention=convention,
            original_name=f"mesure-{rank}.pdf",
            content_type="application/pdf",
            size=SIZE,
            sha256=digest,
        )
        put_bytes(content, row.storage_name)
        rows.append(row)
    return Attachment.objects.bulk_create(rows)


def remove_files(rows: list) -> None:
    from django.core.files.storage import storages

    from conventions.models import Attachment

    for row in rows:
        storages["private"].delete(row.storage_name)
    Attachment.objects.filter(pk__in=[row.pk for row in rows]).delete()


def measure(name: str, check: Callable[[], Iterable[str]], count: int) -> None:
    """Time first, then memory: following it slows everything down."""
    start, processor = time.perf_counter(), time.process_time()
    problems = list(check())
    seconds, used = time.perf_counter() - start, time.process_time() - processor
    tracemalloc.start()
    list(check())
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(
        f"{name} : {count} en {seconds:.2f} s ({used:.2f} s de processeur), {count / seconds:.0f} par seconde, "
        f"{count / used:.0f} par seconde de processeur, pic {peak / 1e6:.1f} Mo"
    )
    if problems:
        print(*problems[:5], sep="\n")


def quiet(what: str, done: int) -> None:
    pass


def everything(checks: Iterable) -> Iterable[str]:
    return itertools.chain.from_iterable(check.run(quiet, SAMPLE) for check in checks)


def main() -> None:
    set_up()
    from conventions.domain.documents.archives import CHECKS, file_count
    from conventions.domain.documents.archives.chains import broken_chains
    from conventions.domain.documents.archives.files import damaged_files
    from conventions.models import JournalEntry

    print(machine())
    rows = add_files(int(sys.argv[1]) if len(sys.argv) > 1 else FILES)
    try:
        measure("Fichiers", lambda: damaged_files(quiet), file_count())
        measure("Lignes du journal", lambda: broken_chains(quiet), JournalEntry.objects.count())
        measure("Tous les contrôles", lambda: everything(CHECKS), file_count())
    finally:
        remove_files(rows)


if __name__ == "__main__":
    main()
