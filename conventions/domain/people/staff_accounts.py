"""Accounts of staff, as an administrator makes, changes and closes them."""

from django.core.exceptions import PermissionDenied

from conventions.domain.people import partner_accounts
from conventions.domain.people.security import sessions
from conventions.models import User


def make_staff(user: User) -> None:
    """A new account of staff has no password: its invitation has one chosen. Saved by the caller."""
    user.is_staff = True
    user.set_unusable_password()


def check_change(user: User, *, by: User) -> None:
    """Raise PermissionDenied when saving this account would shut out who saves it, or every administrator."""
    if user.pk == by.pk and not (user.is_active and user.is_superuser):
        raise PermissionDenied("Un administrateur ne ferme pas son propre compte.")
    partner_accounts.keep_an_administrator(user)


def closed(user: User, *, by: User) -> int:
    """An account was just closed: so are its sessions. Returns how many files it leaves to hand over."""
    sessions.close_all(user, by=by)
    return user.conventions_in_charge.count()
