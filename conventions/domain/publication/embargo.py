"""What is published but still held back, as staff read it. The public’s side is `published()` of the models."""

import datetime

from django.utils import timezone

from conventions.models import PressRelease, PublicSheet


def runs_until(
    row: PublicSheet | PressRelease, *, at: datetime.datetime | None = None
) -> datetime.datetime | None:
    """The end of an embargo that still runs; None when it is over, or there is none."""
    until = row.embargo_until
    return until if until is not None and until > (at or timezone.now()) else None
