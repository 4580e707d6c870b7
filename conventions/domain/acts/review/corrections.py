"""Corrections that a lawyer or the direction asked for, section by section: which still show, marking one done."""

from django.db import transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.acts.content import loading
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ActState
from conventions.models import Act, Correction, User

SHOWN_IN = (ActState.TO_CORRECT, ActState.IN_REVIEW)


def shown_corrections(act: Act) -> list[Correction]:
    """The notes of the last request, in the order of the page, while the act is corrected and read again."""
    if act.state not in SHOWN_IN:
        return []
    rows = list(act.corrections.select_related("asked_by", "settled_by").order_by("-asked_at", "pk"))
    return [row for row in rows if row.asked_at == rows[0].asked_at]


def settle(correction: Correction, *, by: User) -> None:
    """Note that a correction is done. Raises PermissionDenied, Refused."""
    permissions.require(permissions.can_edit_conventions, by)
    with transaction.atomic():
        act = loading.locked(correction.act)
        if act.state != ActState.TO_CORRECT:
            raise Refused("Cet acte n’est plus à corriger. Rechargez la page.")
        waiting = Correction.objects.filter(pk=correction.pk, settled_at=None)
        if not waiting.update(settled_at=timezone.now(), settled_by=by):
            return
        details = {"acte": act.pk, "rubrique": correction.get_section_display()}
        journal.record(
            "correction_faite", by=by, convention=act.convention, details=details, holds_chain=True
        )
