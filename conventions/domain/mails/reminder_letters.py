"""Reminders: what still waits is looked up as the letter leaves; a thing done since is reminded to nobody."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from conventions.domain import worklist
from conventions.domain.mails.act_letters import (
    NOTE,
    act_of,
    officers_of,
    subject_of,
    to_partners,
    with_roles,
)
from conventions.domain.mails.letter import Letter, Pointless, Undeliverable
from conventions.domain.worklist.tasks import Rule, Task
from conventions.enums import AWAITING_SIGNATURE_STATES, PartyRole, Role
from conventions.formats import NBSP, act_words, as_sentence, capitalise, long_date, typeset
from conventions.models import Convention, Party, Representative, User

# What associations sent waits for the officers; lawyers are told of questions on articles as they come.
FROM_PARTNERS = ("messages", "demandes", "recus")


def rappel_signature(params: dict[str, Any]) -> list[Letter]:
    """To the signatories of the partners: the act is still to be signed."""
    act = act_of(params)
    if act.state not in AWAITING_SIGNATURE_STATES:
        raise Pointless
    words = act_words(act.kind)
    since = f" depuis le {long_date(timezone.localtime(act.frozen_at).date())}" if act.frozen_at else ""
    context = {
        "heading": f"{words.the[:1].upper()}{words.the[1:]} attend votre signature",
        "summary": "Le texte définitif est prêt.",
        "paragraphs": [
            f"Le texte définitif est prêt{since}.",
            "Signez à l’encre les exemplaires que l’OPT-NC vous a remis, puis rendez-les-lui. Si vous ne les avez pas, "
            "demandez un rendez-vous à votre interlocuteur.",
            "Si vous avez déjà signé, ne faites rien : l’OPT-NC classe l’exemplaire dès qu’elle le reçoit.",
        ],
        "button": "Lire le texte",
    }
    return to_partners(act, NOTE, subject_of("Rappel, à signer", act), context)


def rappel_partenaire(params: dict[str, Any]) -> list[Letter]:
    """To those who speak today for the partner that owes something."""
    task = _waiting(params)
    convention = Convention.objects.select_related("officer").get(pk=task.pk)
    officer = convention.officer
    day = f"{NBSP}: {long_date(task.due)}" if task.due else ""
    late = bool(task.due and task.due < timezone.localdate())
    what = task.owed or task.why
    context = {
        "convention": convention,
        "act": None,
        "quote": "",
        "officer": officer,
        "heading": f"{what[:1].upper()}{what[1:]} : {'en retard' if late else 'à venir'}",
        "summary": "Un engagement de votre convention arrive à échéance.",
        "paragraphs": [
            f"Votre convention « {convention.title} » comporte un engagement{NBSP}: {what}.",
            *(capitalise(as_sentence(term)) for term in task.terms if term),
            f"Échéance{day}." if day else "",
            "Si c’est déjà fait, dites-le à votre interlocuteur : il met le dossier à jour.",
        ],
        "button": "Ouvrir mon espace",
    }
    subject = typeset(f"Rappel : {what}, {convention.title}")
    letters = [
        _to_speaker(person, address, subject, context)
        for person in _speakers(task)
        if (address := (person.user.email if person.user else "") or person.email)
    ]
    if not letters:
        raise Undeliverable(
            "Aucun représentant du partenaire n’a d’adresse de courriel. Ajoutez-la à sa fiche."
        )
    return letters


def _to_speaker(person: Representative, address: str, subject: str, context: dict[str, Any]) -> Letter:
    """Who has no account is led nowhere: the space would not open."""
    officer = context["officer"]
    page = settings.SITE_URL + reverse("portal:support", args=[context["convention"].slug])
    link = page if person.user and person.user.is_active else ""
    return Letter(
        key=f"representant:{person.pk}",
        to=address,
        subject=subject,
        template=NOTE,
        context={**context, "reader": person, "partner": person.partner, "link": link},
        reply_to=officer.email if officer else "",
        user=person.user_id,
    )


def _speakers(task: Task) -> list[Representative]:
    """Representatives in office of the partners concerned: those who sign, failing any the first of each."""
    parties = Party.objects.filter(convention=task.pk).exclude(role=PartyRole.OPT)
    if task.party:
        parties = parties.filter(pk=task.party)
    rows = Representative.objects.in_office().filter(partner__in=parties.values("partner"))
    people = list(rows.select_related("user", "partner").order_by("partner", "position", "pk"))
    usual = [person for person in people if person.usual_signatory]
    return usual or people[:1]


def rappel_dossier(params: dict[str, Any]) -> list[Letter]:
    """To whose turn it is: the officer of the file, failing one all officers; or the holders of the role."""
    task = _waiting(params)
    rule = worklist.RULES_BY_CODE[params["regle"]]
    people = _whose_turn(task, rule)
    link = settings.SITE_URL + worklist.address_of(task)
    when = worklist.when(task, timezone.localdate())
    context = {
        "act": None,
        "convention": None,
        "partner": None,
        "officer": None,
        "quote": "",
        "heading": rule.title,
        "summary": "Un rappel : c’est à vous d’agir.",
        "paragraphs": [task.title, as_sentence(task.why), f"{when[:1].upper()}{when[1:]}."],
        "button": rule.action,
        "link": link,
        "why": "c’est à vous d’agir sur ce dossier",
    }
    letters = [
        Letter(
            key=f"utilisateur:{user.pk}",
            to=user.email,
            subject=typeset(f"Rappel : {rule.title.lower()}, {task.title}"),
            template=NOTE,
            context={**context, "reader": user},
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


def _whose_turn(task: Task, rule: Rule) -> list[User]:
    if Role.OFFICER in rule.roles and task.officer:
        officer = User.objects.filter(pk=task.officer, is_active=True).exclude(email="").first()
        if officer is not None:
            return [officer]
    if rule.code in FROM_PARTNERS:
        people = officers_of(task.pk) if task.page == "proposals" else with_roles(Role.OFFICER)
    else:
        people = with_roles(*([role for role in rule.roles if role != Role.OFFICER] or [Role.OFFICER]))
    return [user for user in people if user.pk not in task.not_for]


def _waiting(params: dict[str, Any]) -> Task:
    """The task that still waits; Pointless when it is done."""
    task = worklist.find(params["regle"], params["cle"], today=timezone.localdate())
    if task is None:
        raise Pointless
    return task
