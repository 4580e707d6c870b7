"""The letters: from ids to who receives what. Rows are read as the mail leaves, never before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.urls import reverse

from conventions.domain import signing_in
from conventions.domain.accounts import invitations
from conventions.enums import ActKind, PartyRole, Role, SigningPath
from conventions.formats import typeset
from conventions.models import Act, Signatory, User, UserSession


class Undeliverable(Exception):
    """Nobody can receive this letter; the message, in French, says what to do."""


class Pointless(Exception):
    """The letter no longer has a reason to leave: the row goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail to one person. `key` names the person, so that a retry does not serve anyone twice."""

    key: str
    to: str
    subject: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    reply_to: str = ""


Builder = Callable[[dict[str, Any]], list[Letter]]


def code_connexion(params: dict[str, Any]) -> list[Letter]:
    """Six digits minted now. No account at the address, or a request that lapsed: nothing leaves."""
    minted = signing_in.mint(int(params["login_code"]))
    if minted is None:
        raise Pointless
    return [
        Letter(
            key="adresse",
            to=minted.address,
            subject="Votre code de connexion à OPT Partenariats",
            template="emails/code_connexion",
            context={
                "code": f"{minted.digits[:3]} {minted.digits[3:]}",
                "minutes": settings.LOGIN_CODE_MINUTES,
            },
        )
    ]


def convention_a_signer(params: dict[str, Any]) -> list[Letter]:
    act = _act(params)
    subject = _subject("À signer", act)
    return _to_partners(
        act, "emails/convention_a_signer", subject, {"online": act.path == SigningPath.ONLINE}
    )


def convention_signee(params: dict[str, Any]) -> list[Letter]:
    act = _act(params)
    return _to_partners(act, "emails/convention_signee", _subject("Signé", act), {"signed_on": act.signed_on})


def correction_demandee(params: dict[str, Any]) -> list[Letter]:
    act = _act(params)
    context = {"note": act.correction_note}
    return _to_staff(_in_charge(act), act, "emails/correction_demandee", _subject("À corriger", act), context)


def acte_a_relire(params: dict[str, Any]) -> list[Letter]:
    act = _act(params)
    lawyers = User.objects.filter(is_active=True, is_staff=True, groups__name=Role.LAWYER).order_by("pk")
    return _to_staff(
        lawyers, act, "emails/acte_a_relire", _subject("À relire", act), {"author": act.prepared_by}
    )


def acte_valide(params: dict[str, Any]) -> list[Letter]:
    act = _act(params)
    context = {"approver": act.approved_by}
    return _to_staff(_in_charge(act), act, "emails/acte_valide", _subject("Validé", act), context)


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


BUILDERS: dict[str, Builder] = {
    "code_connexion": code_connexion,
    "nouvelle_connexion": nouvelle_connexion,
    "invitation_personnel": invitation_personnel,
    "second_facteur_reinitialise": second_facteur_reinitialise,
    "convention_a_signer": convention_a_signer,
    "convention_signee": convention_signee,
    "correction_demandee": correction_demandee,
    "acte_a_relire": acte_a_relire,
    "acte_valide": acte_valide,
}


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


def _act(params: dict[str, Any]) -> Act:
    found = (
        Act.objects.select_related("convention__officer", "convention__kind", "prepared_by", "approved_by")
        .filter(pk=params["act"])
        .first()
    )
    if found is None:
        raise Undeliverable("Cet acte n’existe plus.")
    return found


def _subject(what: str, act: Act) -> str:
    """« À signer : avenant n° 2026-014-A1, titre de la convention »."""
    number = f" n° {act.reference}" if act.reference else ""
    return typeset(f"{what} : {act.get_kind_display()}{number}, {act.convention.title}")


def _context(act: Act) -> dict[str, Any]:
    articles = {ActKind.INITIAL: "la convention", ActKind.AMENDMENT: "l’avenant"}
    return {
        "act": act,
        "convention": act.convention,
        "act_name": articles.get(ActKind(act.kind), "l’acte de résiliation"),
        "feminine": act.kind == ActKind.INITIAL,
        "officer": act.convention.officer,
    }


def _to_partners(act: Act, template: str, subject: str, context: dict[str, Any]) -> list[Letter]:
    """One letter per signatory of the partners: who signs for OPT-NC reads it in the admin."""
    officer = act.convention.officer
    link = settings.SITE_URL + reverse("portal:convention", args=[act.convention.slug])
    people = (
        Signatory.objects.filter(act=act)
        .exclude(party__role=PartyRole.OPT)
        .select_related("representative__user", "party__partner")
        .order_by("order", "pk")
    )
    letters = [
        Letter(
            key=f"signataire:{person.pk}",
            to=address,
            subject=subject,
            template=template,
            context={
                **_context(act),
                **context,
                "reader": person,
                "partner": person.party.partner,
                "link": link,
            },
            reply_to=officer.email if officer else "",
        )
        for person in people
        if (address := _address(person))
    ]
    if not letters:
        raise Undeliverable(
            "Aucun signataire du partenaire n’a d’adresse de courriel. Ajoutez-la à sa fiche."
        )
    return letters


def _address(person: Signatory) -> str:
    """Where a signatory reads mail: the address of the account first, since the space opens with it."""
    representative = person.representative
    account = representative.user if representative else None
    known = (account.email if account else "", person.email, representative.email if representative else "")
    return next((address for address in known if address), "")


def _in_charge(act: Act) -> list[User]:
    """Who prepared the act and who is in charge of the file, once each."""
    people = {user.pk: user for user in (act.prepared_by, act.convention.officer) if user and user.is_active}
    return list(people.values())


def _to_staff(
    people: Iterable[User], act: Act, template: str, subject: str, context: dict[str, Any]
) -> list[Letter]:
    link = settings.SITE_URL + reverse("admin:conventions_convention_change", args=[act.convention_id])
    letters = [
        Letter(
            key=f"utilisateur:{user.pk}",
            to=user.email,
            subject=subject,
            template=template,
            context={**_context(act), **context, "reader": user, "link": link},
        )
        for user in people
        if user.email
    ]
    if not letters:
        raise Undeliverable(
            "Personne à l’OPT-NC ne peut recevoir ce message. Vérifiez les rôles et adresses."
        )
    return letters
