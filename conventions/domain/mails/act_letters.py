"""The letters: from ids to who receives what. Rows are read as the mail leaves, never before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from conventions.domain.acts.review.corrections import shown_corrections
from conventions.domain.foundation.one_time_codes import in_groups
from conventions.domain.mails.letter import Letter, Pointless, Undeliverable
from conventions.domain.people import login_codes
from conventions.enums import (
    ActState,
    PartyRole,
    Role,
)
from conventions.formats import act_words, typeset
from conventions.models import Act, Convention, Signatory, User

NOTE = "emails/note"  # the template of the letters that say one thing


def code_connexion(params: dict[str, Any]) -> list[Letter]:
    """Digits minted now. No account at the address, or a request that lapsed: nothing leaves."""
    minted = login_codes.mint(int(params["login_code"]))
    if minted is None:
        raise Pointless
    return [
        Letter(
            key="adresse",
            to=minted.address,
            subject="Votre code de connexion à OPT Partenariats",
            template="emails/code_connexion",
            context={
                "code": in_groups(minted.digits),
                "minutes": settings.LOGIN_CODE_MINUTES,
            },
            renews=True,
        )
    ]


def convention_a_signer(params: dict[str, Any]) -> list[Letter]:
    act = act_of(params)
    subject = subject_of("À signer", act)
    return to_partners(act, "emails/convention_a_signer", subject, {})


def correction_demandee(params: dict[str, Any]) -> list[Letter]:
    act = act_of(params)
    notes = [(row.get_section_display(), row.note) for row in shown_corrections(act)]
    context = {"note": act.correction_note, "notes": notes}
    return to_staff(
        in_charge_of_act(act), act, "emails/correction_demandee", subject_of("À corriger", act), context
    )


def acte_a_relire(params: dict[str, Any]) -> list[Letter]:
    act = act_of(params)
    lawyers = with_roles(Role.LAWYER)
    return to_staff(
        lawyers, act, "emails/acte_a_relire", subject_of("À relire", act), {"author": act.prepared_by}
    )


def acte_valide(params: dict[str, Any]) -> list[Letter]:
    act = act_of(params)
    subject = subject_of(act_words(act.kind).agree("validé").capitalize(), act)
    return to_staff(in_charge_of_act(act), act, "emails/acte_valide", subject, {"approver": act.approved_by})


def acte_arrete(params: dict[str, Any]) -> list[Letter]:
    """To who prepared the act, and to the lawyers who were reading it: it stops there."""
    act = act_of(params)
    words = act_words(act.kind)
    what = END_WORDS.get(ActState(act.state))
    if what is None:
        raise Pointless
    people = in_charge_of_act(act)
    if params.get("en_relecture"):
        people += [user for user in with_roles(Role.LAWYER) if user not in people]
    people = [user for user in people if user.pk != params.get("par")]
    if not people:
        raise Pointless
    context = {
        "heading": f"{words.the[:1].upper()}{words.the[1:]} est {words.agree(what)}",
        "summary": "L’acte s’arrête là.",
        "paragraphs": ["L’acte s’arrête là. Il reste lisible dans son dossier."],
        "quote_title": "Le motif",
        "quote": act.end_reason,
        "button": "Ouvrir le dossier",
        "why": "ce dossier est le vôtre, ou vous le relisiez",
    }
    subject = subject_of(words.agree(what).capitalize(), act)
    return to_staff(people, act, NOTE, subject, context)


def reprise_a_attester(params: dict[str, Any]) -> list[Letter]:
    """To the lawyers and the direction, save who recorded it: someone else must attest it."""
    act = act_of(params)
    if act.attested_at is not None:
        raise Pointless
    people = [user for user in with_roles(Role.LAWYER, Role.DIRECTOR) if user.pk != act.prepared_by_id]
    context = {
        "heading": "Une reprise attend d’être attestée",
        "summary": "Vérifiez les faits et leurs sources.",
        "paragraphs": [
            "Cet acte a été signé avant l’application. Il vient d’être enregistré.",
            "Vérifiez les faits et leurs sources, puis attestez la reprise : ensuite, ils ne changent plus.",
        ],
        "button": "Vérifier la reprise",
        "why": "vous êtes juriste ou de la direction dans OPT Partenariats",
    }
    return to_staff(people, act, NOTE, subject_of("À attester", act), context)


END_WORDS = {
    ActState.DECLINED: "refusé",
    ActState.CANCELLED: "annulé",
    ActState.EXPIRED: "expiré",
    ActState.ABANDONED: "abandonné",
}


def with_roles(*roles: str) -> list[User]:
    """Active members of staff who hold one of these roles."""
    rows = User.objects.filter(is_active=True, is_staff=True, groups__name__in=roles)
    return list(rows.distinct().order_by("pk"))


def officers_of(partner_id: int) -> list[User]:
    """Those in charge of a partner's conventions; every officer while nobody is."""
    followed = Convention.objects.filter(parties__partner=partner_id, closed_on=None)
    rows = User.objects.filter(is_active=True, is_staff=True, groups__name=Role.OFFICER)
    return list(rows.filter(pk__in=followed.values("officer")).order_by("pk")) or with_roles(Role.OFFICER)


def act_of(params: dict[str, Any]) -> Act:
    found = (
        Act.objects.select_related(
            "convention__officer", "convention__kind", "prepared_by", "approved_by", "frozen_document"
        )
        .filter(pk=params["act"])
        .first()
    )
    if found is None:
        raise Undeliverable("Cet acte n’existe plus.")
    return found


def subject_of(what: str, act: Act) -> str:
    """« À signer : avenant n° 2026-014-A1, titre de la convention »."""
    number = f" n° {act.reference}" if act.reference else ""
    return typeset(f"{what} : {act.get_kind_display()}{number}, {act.convention.title}")


def context_of(act: Act) -> dict[str, Any]:
    words = act_words(act.kind)
    return {
        "act": act,
        "convention": act.convention,
        "act_name": words.the,
        "feminine": words.gender == "f",
        "officer": act.convention.officer,
        "partner": None,
        "quote": "",
        "quote_title": "",
        "why": "ce dossier est le vôtre",
    }


def to_partners(act: Act, template: str, subject: str, context: dict[str, Any]) -> list[Letter]:
    """One letter per signatory of the partners: who signs for OPT-NC reads it in the admin.

    `link` leads to the space; it is empty for who cannot enter it, for want of an open account.
    """
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
                **context_of(act),
                "reader": person,
                "partner": person.party.partner,
                "link": link,
                **context,
                **({} if enters_space(person) else {"link": ""}),
            },
            reply_to=officer.email if officer else "",
            user=account_of(person),
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


def account_of(person: Signatory) -> int | None:
    """The account whose choices of mails count."""
    return person.representative.user_id if person.representative else None


def enters_space(person: Signatory) -> bool:
    """Whether the person has an account that is not closed: no code leaves otherwise."""
    account = person.representative.user if person.representative else None
    return account is not None and account.is_active


def in_charge_of_act(act: Act) -> list[User]:
    """Who prepared the act and who is in charge of the file, once each."""
    people = {user.pk: user for user in (act.prepared_by, act.convention.officer) if user and user.is_active}
    return list(people.values())


def to_staff(
    people: Iterable[User], act: Act, template: str, subject: str, context: dict[str, Any]
) -> list[Letter]:
    link = settings.SITE_URL + reverse("admin:conventions_convention_change", args=[act.convention_id])
    letters = [
        Letter(
            key=f"utilisateur:{user.pk}",
            to=user.email,
            subject=subject,
            template=template,
            context={**context_of(act), **context, "reader": user, "link": link},
            user=user.pk,
            is_staff=True,
        )
        for user in people
        if user.email
    ]
    if not letters:
        raise Undeliverable(
            "Personne à l’OPT-NC ne peut recevoir ce message. Vérifiez les rôles et adresses."
        )
    return letters
