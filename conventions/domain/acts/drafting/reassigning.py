"""Hand files to a colleague."""

from collections.abc import Iterable

from django.db import transaction

from conventions import permissions
from conventions.domain import journal
from conventions.domain.foundation.refusals import Refused
from conventions.models import Convention, User


def reassign(conventions: Iterable[Convention], *, to: User, by: User) -> int:
    """Give these files to another member of staff (an active one); how many changed hands.

    Raises Refused when the colleague cannot take them.
    """
    permissions.require(permissions.can_reassign, by)
    if not (to.is_active and to.is_staff):
        raise Refused("Ce compte ne peut pas recevoir de dossier. Choisissez un agent en activité.")
    moved = 0
    with transaction.atomic():
        ids = [convention.pk for convention in conventions]
        # The rows are locked first; the names of the officers are read after (an outer join cannot be locked).
        list(Convention.objects.select_for_update().filter(pk__in=ids).values_list("pk", flat=True))
        rows = (
            Convention.objects.filter(pk__in=ids).exclude(officer=to).select_related("officer").order_by("pk")
        )
        for row in rows:
            before = f"{row.officer} (#{row.officer_id})" if row.officer_id else None
            row.officer = to
            row.version += 1
            row.save(update_fields=["officer", "version", "updated_at"])
            changes = {"convention.officer": [before, f"{to} (#{to.pk})"]}
            journal.record(
                "dossier_confie", by=by, convention=row, changes=changes, details={"version": row.version}
            )
            moved += 1
    return moved
