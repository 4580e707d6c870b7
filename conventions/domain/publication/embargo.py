"""What is published but still held back: a page or a release, until a moment."""

import datetime

from django.db.models import Q
from django.utils import timezone

from conventions.models import PressRelease, PublicSheet


def runs_until(
    row: PublicSheet | PressRelease, *, at: datetime.datetime | None = None
) -> datetime.datetime | None:
    """The end of an embargo that still runs; None when it is over, or there is none."""
    until = row.embargo_until
    return until if until is not None and until > (at or timezone.now()) else None


def running(*, at: datetime.datetime | None = None) -> Q:
    """The same of rows of the database."""
    return Q(embargo_until__gt=at or timezone.now())
