"""The clock of the load: five years of history take place on their own days.

The loader is the only program of its process; within `standing_at` every `timezone.now()`, and so every automatic
date, journal line, number and guard, reads the day that is being told.
"""

import datetime
import itertools
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

OPENING = datetime.time(9)
STEP = datetime.timedelta(seconds=11)


@contextmanager
def standing_at(day: datetime.date) -> Iterator[None]:
    """Let the site's clock tell this day, from nine in the morning in Nouméa, a few seconds later at each look.

    It never tells a moment that has not come.
    """
    real, looks = timezone.now, itertools.count()
    opening = datetime.datetime.combine(day, OPENING, tzinfo=timezone.get_default_timezone())

    def told() -> datetime.datetime:
        return min(opening + STEP * next(looks), real())

    timezone.now = told
    try:
        yield
    finally:
        timezone.now = real
