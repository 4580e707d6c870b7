"""Who signs for OPT-NC on a day: absences and their deputies, read from `Delegation`."""

import datetime
from collections.abc import Iterable

from django.utils import timezone

from conventions.models import Delegation, Representative, Signatory


def running(*, on: datetime.date | None = None) -> dict[int, Delegation]:
    """{representative absent on this plain date: the absence}; one query."""
    rows = Delegation.objects.on(on).select_related("deputy")
    return {row.absent_id: row for row in rows}


def signing_on(person: Representative, absences: dict[int, Delegation]) -> tuple[Representative, str]:
    """Who signs in the place of this person, and under which title; the person when nobody is designated."""
    absence = absences.get(person.pk)
    if absence is None or absence.deputy is None:
        return person, person.title
    return absence.deputy, absence.printed_title


def lapsed_titles(
    people: Iterable[Signatory], *, on: datetime.date | None = None
) -> list[tuple[Signatory, Delegation]]:
    """Signatories whose title comes from a delegation that does not run on this date, each with the last one.

    `people` come with their representative; one query, none when nobody signs under another title than his or hers.
    """
    suspects = [
        person
        for person in people
        if person.representative is not None and person.title != person.representative.title
    ]
    if not suspects:
        return []
    day = on or timezone.localdate()
    rows = Delegation.objects.filter(deputy__in=[person.representative_id for person in suspects])
    known: dict[tuple, list[Delegation]] = {}
    for row in rows.order_by("starts_on"):
        known.setdefault((row.deputy_id, row.printed_title), []).append(row)
    found = []
    for person in suspects:
        own = known.get((person.representative_id, person.title), [])
        if own and not any(_runs(row, day) for row in own):
            found.append((person, own[-1]))
    return found


def _runs(row: Delegation, day: datetime.date) -> bool:
    return row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)
