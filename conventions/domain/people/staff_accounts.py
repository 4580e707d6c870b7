"""Accounts of staff, as an administrator makes, changes and closes them."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from conventions import permissions
from conventions.domain.foundation import outbox
from conventions.domain.people import partner_accounts
from conventions.domain.people.security import proofs, sessions
from conventions.models import AddressChange, User


def make_staff(user: User, *, by: User) -> None:
    """A new account of staff has no password: its invitation has one chosen. Saved by the caller.

    Raises PermissionDenied, ProofNeeded.
    """
    permissions.require(permissions.can_manage_users, by)
    proofs.require(by)
    user.is_staff = True
    user.set_unusable_password()


def check_change(user: User, *, by: User) -> None:
    """Raise PermissionDenied when saving this account would shut out who saves it, or every administrator.

    Raises ProofNeeded.
    """
    proofs.require(by)
    _tell_former_address(user)
    if user.pk == by.pk and not (user.is_active and user.is_superuser):
        raise PermissionDenied("Un administrateur ne ferme pas son propre compte.")
    partner_accounts.keep_an_administrator(user)


def _tell_former_address(user: User) -> None:
    """An administrator changes the address of a colleague: the one before learns of it."""
    before = User.objects.values_list("email", flat=True).get(pk=user.pk)
    if before and user.is_staff and before.lower() != user.email.lower():
        now = timezone.now()
        change = AddressChange.objects.create(
            user=user, email=user.email, previous=before, expires_at=now, used_at=now, applied_at=now
        )
        outbox.queue("adresse_changee", params={"changement": change.pk})


def closed(user: User, *, by: User) -> int:
    """An account was just closed: so are its sessions. Returns how many files it leaves to hand over."""
    sessions.close_all(user, by=by)
    return user.conventions_in_charge.count()
