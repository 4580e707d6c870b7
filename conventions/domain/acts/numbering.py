"""Numbers of acts: by year, without gaps. `2026-014` for a convention, `2026-014-A1` for its first amendment.

A number is given once, when an act is first frozen, and stays with it whatever becomes of it. The counter row is
locked while the next number is taken (SELECT … FOR UPDATE on PostgreSQL, BEGIN IMMEDIATE on SQLite).
"""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from conventions.domain import journal
from conventions.domain.journal import clock
from conventions.enums import ActKind
from conventions.models import Act, NumberCounter, User

SUFFIX = {ActKind.AMENDMENT: "A", ActKind.TERMINATION: "R"}


def give_number(act: Act, *, by: User | None) -> str:
    """Give the act its number if it has none; return it. Its own short transaction, with its journal line.

    Raises clock.ClockHeld: the year of a number cannot be changed.
    """
    clock.require()
    with transaction.atomic():
        locked = Act.objects.select_for_update().select_related("convention").get(pk=act.pk)
        if locked.number:
            return locked.number
        number = _next_initial() if locked.kind == ActKind.INITIAL else _next_of_convention(locked)
        Act.objects.filter(pk=locked.pk, number__isnull=True).update(number=number)
        journal.record(
            "numero_attribue",
            by=by,
            convention=locked.convention,
            details={"acte": locked.pk, "numero": number},
        )
        locked.convention.save(update_fields=["search_key"])  # people look for a convention by its number
    return number


def _next_initial() -> str:
    year = timezone.localdate().year
    NumberCounter.objects.get_or_create(year=year)
    counter = NumberCounter.objects.select_for_update().get(year=year)
    NumberCounter.objects.filter(pk=counter.pk).update(last=F("last") + 1)
    return f"{year}-{counter.last + 1:03d}"


def _next_of_convention(act: Act) -> str:
    initial = Act.objects.get(convention=act.convention, rank=0)
    base = initial.number or initial.old_reference or f"C{act.convention_id}"
    taken = Act.objects.filter(convention=act.convention, kind=act.kind, number__isnull=False).count()
    return f"{base[:14]}-{SUFFIX[ActKind(act.kind)]}{taken + 1}"
