"""Lock-outs of django-axes: after too many wrong passwords (`passwords`), a name waits an hour where typed."""

import datetime

from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.people.security import passwords
from conventions.models import User


def is_locked(user: User) -> bool:
    since = timezone.now() - datetime.timedelta(hours=settings.AXES_COOLOFF_TIME)
    return AccessAttempt.objects.filter(
        username=user.get_username(),
        failures_since_start__gte=passwords.WARY if passwords.is_slowed(user) else settings.PASSWORD_TRIES,
        attempt_time__gt=since,
    ).exists()


def unlock(user: User, *, by: User) -> None:
    """Forget the wrong passwords typed for this name. Raises PermissionDenied."""
    permissions.require(permissions.can_manage_users, by)
    with transaction.atomic():
        reset(username=user.get_username())
        passwords.forget(user)
        journal.record("compte_debloque", by=by, details={"compte": user.pk})
