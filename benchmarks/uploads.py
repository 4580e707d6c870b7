"""A file of 10 MB is kept: hashed, written beside, synced, moved, the folder synced, its row and its journal line.

    python -m benchmarks.uploads [rounds]

Time that passes, since most of it is spent waiting for the disk; reading the file (a process apart) is shown beside.
Rows and files are thrown away. Aim: 1 s at most beyond the reading.
"""

import os
import statistics
import sys
import time

from benchmarks._ground import machine, set_up, there

SIZE = 10 * 1024 * 1024 - 1024


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    set_up()
    from django.core.files.storage import storages
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.db import transaction

    from conventions.domain.documents import attachments
    from conventions.models import Convention, User
    from conventions.tests.factories.documents import small_pdf

    officer = there(User.objects.filter(is_superuser=True).first(), "d’administrateur")
    convention = Convention.objects.first()
    reading, keeping = [], []
    for rank in range(rounds):
        content = small_pdf(f"{rank}") + b"\n%" + os.urandom(SIZE // 2).hex().encode()
        upload = SimpleUploadedFile(f"piece-{rank}.pdf", content[:SIZE])
        start = time.perf_counter()
        file = attachments.inspect(upload)
        read = time.perf_counter()
        with transaction.atomic():
            row = attachments.file_upload(file, by=officer, convention=convention)
            transaction.set_rollback(True)
        reading.append(read - start)
        keeping.append(time.perf_counter() - read)
        storages["private"].delete(row.storage_name)
    print(machine())
    print(
        f"lire : {statistics.median(reading) * 1000:.0f} ms ; garder : {statistics.median(keeping) * 1000:.0f} ms"
    )
    print(f"le plus long à garder : {max(keeping) * 1000:.0f} ms (but : 1 000)")


if __name__ == "__main__":
    main()
