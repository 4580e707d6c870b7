"""Letters about an account, to its owner alone: security letters always leave."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from conventions.domain.mails.letter import Letter, Pointless, Undeliverable
from conventions.domain.people.security import invitations
from conventions.models import User, UserSession


def nouvelle_connexion(params: dict[str, Any]) -> list[Letter]:
    row = UserSession.objects.select_related("user").filter(pk=params["session"]).first()
    if row is None:
        raise Pointless
    page = "admin:account" if row.user.is_staff else "portal:sessions"
    context = {"row": row, "link": settings.SITE_URL + reverse(page)}
    return _to_account(row.user, "nouvelle_connexion", "Nouvelle connexion à votre compte", context)


def invitation_personnel(params: dict[str, Any]) -> list[Letter]:
    """The link is made now: nothing of it is kept."""
    user = _account(params)
    days = settings.PASSWORD_RESET_TIMEOUT // (24 * 3600)
    context = {"days": days, "link": settings.SITE_URL + invitations.path_for(user)}
    return _to_account(user, "invitation_personnel", "Votre compte OPT Partenariats", context)


def second_facteur_reinitialise(params: dict[str, Any]) -> list[Letter]:
    context = {"link": settings.SITE_URL + reverse("admin:account")}
    subject = "Votre second facteur a été réinitialisé"
    return _to_account(_account(params), "second_facteur_reinitialise", subject, context)


def _account(params: dict[str, Any]) -> User:
    user = User.objects.filter(pk=params["user"], is_active=True).first()
    if user is None:
        raise Pointless
    return user


def _to_account(user: User, name: str, subject: str, context: dict[str, Any]) -> list[Letter]:
    """A letter about the account, to its owner alone."""
    if not user.email:
        raise Undeliverable("Ce compte n’a pas d’adresse de courriel. Ajoutez-la à sa fiche.")
    template = f"emails/{name}"
    shown = {**context, "reader": user}
    return [
        Letter(key=f"utilisateur:{user.pk}", to=user.email, subject=subject, template=template, context=shown)
    ]
