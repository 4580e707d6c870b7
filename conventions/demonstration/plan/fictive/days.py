"""Days of the invented calendars."""

from __future__ import annotations

from datetime import date, timedelta


def weekday(day: date) -> date:
    """The same day, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def months_after(start: date, months: int) -> date:
    """The last day of a period of whole months that starts on the first of a month."""
    index = start.month - 1 + months
    return date(start.year + index // 12, index % 12 + 1, 1) - timedelta(days=1)
