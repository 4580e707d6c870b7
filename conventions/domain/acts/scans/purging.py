"""Bytes that nobody needs any more: those of discarded batches, and the pictures of batches that are done.

What was filed keeps the files it came from, beside the document (ReceivedFile).
"""

from django.core.files.storage import storages
from django.db.models import Q, QuerySet
from django.utils import timezone

from conventions.domain.foundation.failures import Failures
from conventions.enums import ScanState
from conventions.models import ReceivedFile, ScanBatch, ScanFile, ScanPage


def purge(failures: Failures | None = None) -> int:
    """Erase them from private storage; returns how many files. Bytes that another batch still holds stay."""
    failures, erased = failures or Failures(), 0
    for batch in ScanBatch.objects.exclude(ended_at=None).filter(purged_at=None).order_by("pk"):
        with failures.of(f"Fichiers du lot de scans {batch.pk}"):
            for name in _names(batch):
                storages["private"].delete(name)
                erased += 1
            ScanBatch.objects.filter(pk=batch.pk).update(purged_at=timezone.now())
    return erased


def _names(batch: ScanBatch) -> list[str]:
    kept = ScanBatch.objects.exclude(pk=batch.pk).filter(purged_at=None)
    names = []
    if batch.state == ScanState.DISCARDED:
        needed = ScanFile.objects.exclude(batch=batch).exclude(batch__state=ScanState.DISCARDED)
        needed = needed | ScanFile.objects.filter(batch__in=kept)
        sent = set(batch.files.values_list("sha256", flat=True))
        held = set(needed.filter(sha256__in=sent).values_list("sha256", flat=True))
        held |= set(ReceivedFile.objects.filter(sha256__in=sent).values_list("sha256", flat=True))
        names += [file.storage_name for file in batch.files.all() if file.sha256 not in held]
    digests = _pictures(ScanPage.objects.filter(file__batch=batch))
    held = _pictures(ScanPage.objects.filter(file__batch__in=kept).filter(_any_of(digests)))
    return names + [ScanPage.picture_name(digest) for digest in sorted(digests - held)]


def _pictures(pages: QuerySet[ScanPage]) -> set[str]:
    return {digest for pair in pages.values_list("thumbnail", "picture") for digest in pair if digest}


def _any_of(digests: set[str]) -> Q:
    return Q(thumbnail__in=digests) | Q(picture__in=digests)
