"""Every member of staff has a second factor: seven days from the first sign-in, then only « Mon compte » opens."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from conventions import permissions
from conventions.models import User

DUE = "second_facteur_avant"  # in the session: the moment from which it opens nothing else without a second factor
DAYS = 7


def begin(session: SessionBase, user: User) -> None:
    """A member of staff signs in: the first time starts the days. In the demonstration nothing is asked."""
    if settings.DEMO or not user.is_staff:
        return
    if user.factor_asked_at is None:
        user.factor_asked_at = timezone.now()
        User.objects.filter(pk=user.pk, factor_asked_at=None).update(factor_asked_at=user.factor_asked_at)
    ends_at = ends(user)
    session[DUE] = ends_at.timestamp() if ends_at else None


def ends(user: User) -> datetime.datetime | None:
    """When the days end; None for who has not signed in yet."""
    return user.factor_asked_at + datetime.timedelta(days=DAYS) if user.factor_asked_at else None


def is_over(session: SessionBase) -> bool:
    """Whether this session opens « Mon compte » alone. It reads the session, nothing else."""
    due = session.get(DUE)
    return due is not None and permissions.VERIFIED not in session and timezone.now().timestamp() >= due
