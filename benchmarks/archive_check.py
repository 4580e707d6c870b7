"""The check of the archives: files hashed, journal lines followed, all of `verifier_archives`, per second.

    python -m benchmarks.archive_check [files]

On a copy of the demonstration, to which attachments of 100 kB are added, then undone. Aim: 200 files per second.
"""

import hashlib
import itertools
import sys
import time
import tracemalloc

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


def measure(name: str, check, count: int) -> None:
    tracemalloc.start()
    start = time.perf_counter()
    problems = list(check)
    seconds = time.perf_counter() - start
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"{name} : {count} en {seconds:.2f} s, {count / seconds:.0f} par seconde, pic {peak / 1e6:.1f} Mo")
    if problems:
        print(*problems[:5], sep="\n")


def main() -> None:
    set_up()
    from conventions.domain.documents.archives import CHECKS, file_count
    from conventions.domain.documents.archives.chains import broken_chains
    from conventions.domain.documents.archives.files import damaged_files
    from conventions.models import JournalEntry

    print(machine())
    rows = add_files(int(sys.argv[1]) if len(sys.argv) > 1 else FILES)
    try:
        measure("Fichiers", damaged_files(lambda what, done: None), file_count())
        measure("Lignes du journal", broken_chains(lambda what, done: None), JournalEntry.objects.count())
        whole = itertools.chain.from_iterable(check.run(lambda what, done: None, SAMPLE) for check in CHECKS)
        measure("Tous les contrôles", whole, file_count())
    finally:
        remove_files(rows)


if __name__ == "__main__":
    main()
