"""Accounts of those who speak for a partner, and of staff."""

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction

from conventions import permissions
from conventions.domain import journal
from conventions.domain.foundation.refusals import Refused
from conventions.domain.people.security import proofs, sessions
from conventions.enums import Role
from conventions.formats import search_key, slugify_fr
from conventions.models import Act, Representative, User


def open_access(representative: Representative, *, by: User) -> User:
    """Give a representative an account for the partners' space (no password: codes come by e-mail).

    Someone who already has one at this address, under this name, keeps it. Raises Refused, in French,
    without an e-mail address.
    """
    permissions.require(permissions.can_edit_partners, by)
    if not representative.email:
        raise Refused("Indiquez le courriel de cette personne pour ouvrir son espace.")
    if representative.user is not None:
        return representative.user
    with transaction.atomic():
        user = _same_person(representative) or _new_account(representative)
        representative.user = user
        representative.save(update_fields=["user"])
        journal.record(
            "acces_ouvert",
            by=by,
            partner=representative.partner,
            details={"representant": representative.pk, "compte": user.pk},
        )
    return user


def open_to_signatories(act: Act, *, by: User) -> None:
    """Open the space of the partners' signatories in office: the mails about this text lead there.

    A closed account stays closed. Someone whose mandate has no address is left to staff.
    """
    mandates = Representative.objects.in_office().filter(signatures__act=act, user=None).exclude(email="")
    for mandate in mandates.exclude(partner__is_opt=True).select_related("partner").distinct():
        open_access(mandate, by=by)


def mandate_changed(representative: Representative, *, by: User) -> None:
    """A mandate that was made, ended, or changed hands: whoever held it signs in again, with what is left.

    Raises PermissionDenied, ProofNeeded.
    """
    permissions.require(permissions.can_edit_partners, by)
    proofs.require(by)
    user = representative.user
    if user is not None and not user.mandates.in_office().exists():
        sessions.close_all(user, by=by)


def _same_person(representative: Representative) -> User | None:
    wanted = search_key(f"{representative.first_name} {representative.last_name}")
    people = User.objects.reachable_at(representative.email)
    return next((user for user in people if search_key(user.get_full_name()) == wanted), None)


def _new_account(representative: Representative) -> User:
    user = User(
        username=free_username(f"{representative.first_name} {representative.last_name}"),
        civility=representative.civility,
        first_name=representative.first_name,
        last_name=representative.last_name,
        email=representative.email,
        is_demo=representative.partner.is_demo,
    )
    user.set_unusable_password()
    user.save()
    return user


def free_username(name: str) -> str:
    """A user name made of a person's name, that nobody has."""
    base = slugify_fr(name, max_length=100) or "personne"
    taken = set(User.objects.filter(username__startswith=base).values_list("username", flat=True))
    candidates = (base if rank == 1 else f"{base}-{rank}" for rank in range(1, len(taken) + 2))
    return next(name for name in candidates if name not in taken)


def keep_an_administrator(user: User) -> None:
    """Raise PermissionDenied when saving this account would leave nobody to manage the others."""
    if user.is_active and user.is_superuser:
        return
    others = User.objects.select_for_update().filter(is_superuser=True, is_active=True, is_staff=True)
    if list(others.values_list("pk", flat=True)) == [user.pk]:
        raise PermissionDenied(
            "Le dernier administrateur ne peut pas être fermé. Nommez-en un autre d’abord."
        )


def set_roles(user: User, roles: list[str], *, by: User) -> None:
    """Replace a member of staff's roles. Raises PermissionDenied unless `by` manages users, ProofNeeded."""
    permissions.require(permissions.can_manage_users, by)
    proofs.require(by)
    unknown = set(roles) - set(Role.values)
    if unknown:
        raise Refused("Ce rôle n’existe pas.")
    with transaction.atomic():
        before = sorted(user.groups.values_list("name", flat=True))
        user.groups.set(Group.objects.filter(name__in=roles))
        user.__dict__.pop("roles", None)
        if before != sorted(roles):
            changes = {"roles": [before, sorted(roles)]}
            journal.record("roles_modifies", by=by, changes=changes, details={"compte": user.pk})
