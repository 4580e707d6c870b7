"""Invitations of staff: a link by mail, once, three days, to choose one's own password.

Django's token holds the hash of the present password: choosing one makes the link worthless. It is made as the mail
leaves and kept nowhere.
"""

from __future__ import annotations

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from conventions import permissions
from conventions.domain import journal
from conventions.domain.foundation import outbox
from conventions.domain.foundation.refusals import Refused
from conventions.domain.people.security import proofs, sessions
from conventions.models import User


def invite(user: User, *, by: User) -> None:
    """Queue the mail. Raises PermissionDenied, ProofNeeded, or Refused when it cannot be received."""
    permissions.require(permissions.can_manage_users, by)
    proofs.require(by)
    if not (user.is_staff and user.is_active and user.email):
        raise Refused("Indiquez une adresse de courriel et ouvrez le compte avant d’inviter.")
    with transaction.atomic():
        journal.record("invitation_envoyee", by=by, details={"compte": user.pk})
        outbox.queue("invitation_personnel", params={"user": user.pk})


def path_for(user: User) -> str:
    """Address of the invitation, made now."""
    who = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("admin:invitation", args=[who, default_token_generator.make_token(user)])


def invited(who: str, token: str) -> User | None:
    """The person a link was made for, while it holds."""
    try:
        pk = int(urlsafe_base64_decode(who).decode())
    except (ValueError, UnicodeDecodeError):
        return None
    user = User.objects.filter(pk=pk, is_active=True, is_staff=True).first() if pk < 2**63 else None
    return user if user is not None and default_token_generator.check_token(user, token) else None


def accept(who: str, token: str, password: str) -> User | None:
    """Give the person the password they chose, once; None when the link no longer holds."""
    with transaction.atomic():
        user = invited(who, token)
        if user is None:
            return None
        user = User.objects.select_for_update().get(pk=user.pk)
        if not default_token_generator.check_token(user, token):
            return None
        user.set_password(password)
        user.save(update_fields=["password"])
        journal.record("mot_de_passe_choisi", by=user, details={"compte": user.pk})
        sessions.close_all(user, by=user)
    return user
