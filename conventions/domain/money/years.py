"""Budget years: closing one, and what still happens to a closed one."""

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.foundation.refusals import Refused
from conventions.models import ClosedYear, User

FUTURE = "La date est dans le futur. Corrigez-la."
NOT_OVER = "L’exercice {year} n’est pas terminé : il se clôt à partir du 1er janvier {next}."
ALREADY = "L’exercice {year} est déjà clos."
NEEDS_REASON = "L’exercice {year} est clos. Dites pourquoi vous y écrivez encore."
NO_SUCH_YEAR = "Donnez un exercice entre 1990 et 2100."


def is_closed(year: int | None) -> bool:
    """Whether this budget year was closed; a line without a year belongs to none."""
    return year is not None and ClosedYear.objects.filter(year=year).exists()


def closed() -> set[int]:
    """Every closed year; one query."""
    return set(ClosedYear.objects.values_list("year", flat=True))


def close(year: int, *, on: datetime.date, by: User) -> ClosedYear:
    """Close a budget year that is over, once. Raises Refused, by argument."""
    permissions.require(permissions.can_close_years, by)
    today = timezone.localdate()
    if not 1990 <= year <= 2100:
        raise Refused({"year": NO_SUCH_YEAR})
    if on > today:
        raise Refused({"on": FUTURE})
    if on.year <= year:
        raise Refused({"on": NOT_OVER.format(year=year, next=year + 1)})
    try:
        with transaction.atomic():
            row = ClosedYear.objects.create(year=year, closed_on=on, recorded_by=by)
            journal.record("exercice_clos", by=by, details={"exercice": year, "jour": on.isoformat()})
    except IntegrityError as error:
        raise Refused({"year": ALREADY.format(year=year)}) from error
    return row


def require_open(year: int | None, *, by: User, reason: str = "") -> None:
    """Go on if this year is open; closed, only with a reason, and by who may (PermissionDenied), and it is told.

    Called by whoever writes an event of that year, in its transaction. Raises Refused {"reason": …} without a reason.
    """
    if is_closed(year):
        permissions.require(permissions.can_close_years, by)
        if not reason.strip():
            raise Refused({"reason": NEEDS_REASON.format(year=year)})
        told = {"motif": reason.strip()[:500]}
        journal.record("exercice_clos_ecrit", by=by, details={"exercice": year}, personal=told)
