"""Acts whose last day to sign has passed: the only ones that the application ends of its own accord."""

import datetime

from django.db.models import Max
from django.utils import timezone

from conventions.enums import AWAITING_SIGNATURE_STATES, ActOrigin
from conventions.models import Act, SignatureRequest


def last_day(act: Act) -> datetime.datetime | None:
    """When the last link to sign this act's document lapses; None when a link has no end, or when there is none."""
    waiting = SignatureRequest.objects.filter(
        document=act.frozen_document_id or 0, revoked_at=None, act_of_signature=None
    )
    if waiting.filter(expires_at=None).exists():
        return None
    return waiting.aggregate(last=Max("expires_at"))["last"]


def is_overdue(act: Act) -> bool:
    """Every link that still waits for a signature has lapsed."""
    last = last_day(act)
    return last is not None and last <= timezone.now()


def overdue_acts() -> list[Act]:
    """Acts that the sweep may end, oldest first."""
    lapsed = SignatureRequest.objects.filter(
        expires_at__lte=timezone.now(), revoked_at=None, act_of_signature=None
    )
    rows = Act.objects.filter(
        state__in=AWAITING_SIGNATURE_STATES,
        origin=ActOrigin.NEW,
        frozen_document__in=lapsed.values("document"),
    )
    return [act for act in rows.select_related("convention").order_by("pk") if is_overdue(act)]
