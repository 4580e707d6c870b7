"""What waits while acts are signed online: signatures of the reader, invitations near their end."""

import datetime

from django.utils import timezone

from conventions.domain.acts import signing
from conventions.domain.worklist.acts import SEALABLE, act_title
from conventions.domain.worklist.tasks import Scope, Task
from conventions.enums import AWAITING_SIGNATURE_STATES, SigningPath
from conventions.models import Act, SignatureRequest
from conventions.models.acts import ActQuerySet

ENDING_DAYS = 7


def to_sign(scope: Scope) -> list[Task]:
    """Texts that the reader may sign now; nobody's when nobody asks."""
    if scope.reader is None:
        return []
    return [
        Task(
            title=act_title(row.act),
            key=str(row.pk),
            why=row.act.ceremony.title if row.act.ceremony else "Texte figé, à lire et à signer en ligne",
            page="signature",
            pk=row.pk,
            since=_day(row.sent_at or row.created_at),
            is_demo=row.act.convention.is_demo,
        )
        for row in signing.waiting_for(scope.reader)
    ]


def invitations_ending(scope: Scope) -> list[Task]:
    """Invitations sent, not answered, that open nothing in a week."""
    limit = timezone.now() + datetime.timedelta(days=ENDING_DAYS)
    rows = (
        SignatureRequest.objects.live()
        .unsigned()
        .filter(
            sent_at__isnull=False, expires_at__lte=limit, document__act__state__in=AWAITING_SIGNATURE_STATES
        )
    )
    rows = scope.of(rows, "document__act__convention").order_by("expires_at", "pk")
    return [
        Task(
            title=act_title(row.act),
            key=str(row.pk),
            why=f"Signature attendue : {row.signatory}",
            pk=row.act.convention_id,
            rank=row.act.rank,
            anchor="signatures",
            due=_day(row.expires_at) if row.expires_at else None,
            officer=row.act.convention.officer_id,
            is_demo=row.act.convention.is_demo,
        )
        for row in rows.select_related("document__act__convention", "signatory")
    ]


def unsealed_acts() -> ActQuerySet:
    """Acts signed online whose seal, or whose attestation's seal, failed."""
    rows = (
        Act.objects.of_open_files().filter(path=SigningPath.ONLINE, state__in=SEALABLE).exclude(seal_error="")
    )
    return rows.select_related("convention").order_by("updated_at", "pk")


def _day(moment: datetime.datetime) -> datetime.date:
    return timezone.localdate(moment)
