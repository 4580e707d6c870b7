"""Time stamps that end are renewed before they do: once a day, what ends within thirteen months.

The first stamp of the day tells until when the authority's certificate holds: what would gain nothing waits.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from conventions.domain.documents.sealing.errors import SealingError, TimestampFailed
from conventions.domain.documents.sealing.revisions import renew
from conventions.domain.documents.sealing.timestamping import unit_ends_at
from conventions.domain.foundation.failures import Failures
from conventions.domain.foundation.jobs import Progress, job, start_job
from conventions.domain.foundation.refusals import Refused
from conventions.domain.journal import clock
from conventions.enums import ActState
from conventions.formats import counted, long_date
from conventions.models import Job, SealedRevision

JOB = "horodatages"
AHEAD = datetime.timedelta(days=396)  # a run missed for a whole year misses no stamp


def ending(*, before: datetime.datetime) -> QuerySet[SealedRevision]:
    """The last stamps of signed documents that end before this moment, the first to end first."""
    later = SealedRevision.objects.filter(document=OuterRef("document"), revision__gt=OuterRef("revision"))
    rows = SealedRevision.objects.filter(
        ~Exists(later), stamp_ends_at__lte=before, document__act__state=ActState.SIGNED
    )
    return rows.select_related("document__act__convention").order_by("stamp_ends_at", "pk")


def due(*, at: datetime.datetime) -> QuerySet[SealedRevision]:
    """What a renewal would keep proved: the stamps near their end, that have not ended."""
    return ending(before=at + AHEAD).filter(stamp_ends_at__gt=at)


def renew_due(failures: Failures | None = None, progress: Progress | None = None) -> int:
    """Renew what ends soon and would last longer; how many were.

    An authority that answers no more ends the run: the rest waits for the next day. Raises SealingError (nothing can be
    stamped), clock.ClockHeld.
    """
    failures = failures or Failures()
    rows = due(at=timezone.now())
    if not settings.TSA_URL or not rows.exists():
        return 0
    clock.require()
    keys = list(rows.filter(stamp_ends_at__lt=unit_ends_at()).values_list("pk", flat=True))
    done, is_silent = 0, False
    for rank, key in enumerate(keys, start=1):
        row = SealedRevision.objects.select_related("document__act__convention").get(pk=key)
        with failures.of(f"Horodatage du document {row.document_id}"):
            try:
                done += renew(row) is not None
            except TimestampFailed:
                is_silent = True
                raise
        if is_silent:
            break
        if progress is not None:
            progress(rank, len(keys))
    return done


@job(JOB)
def _run(row: Job, arguments: dict[str, Any], progress: Progress) -> dict[str, int]:
    failures = Failures()
    try:
        done = renew_due(failures, progress)
    except SealingError as error:
        raise Refused(str(error)) from error
    if failures.told:
        raise Refused(
            f"{counted(done, 'horodatage renouvelé', 'horodatages renouvelés')}. {failures.summary}"
        )
    return {"horodatages": done}


def start_of_the_day(*, at: datetime.datetime | None = None) -> Job | None:
    """Start the renewals of today, if some are due and they were not started; for the sweep."""
    now = timezone.localtime(at or timezone.now())
    day = now.date()
    if not settings.TSA_URL or not due(at=now).exists():
        return None
    if Job.objects.filter(kind=JOB, arguments__jour=day.isoformat()).exists():
        return None
    with transaction.atomic():
        label = f"Horodatages du {long_date(day)}"
        return start_job(JOB, owner=None, label=label, arguments={"jour": day.isoformat()})
