"""Letters between an association and the office: what one sent, what the other decided or answered.

None carries what was written or attached: the reader opens the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from conventions.domain.mails.act_letters import NOTE, officers_of, with_roles
from conventions.domain.mails.letter import Letter, Pointless, Undeliverable
from conventions.domain.space import news
from conventions.enums import MandateKind, PartyRole, ProposalState, Role
from conventions.formats import as_sentence, long_date, typeset
from conventions.models import (
    AddressChange,
    BankProposal,
    Convention,
    Handover,
    MandateProposal,
    Message,
    Partner,
    ReportReceived,
    Representative,
    User,
)

NOBODY = "Personne à l’OPT-NC ne peut recevoir ce message. Vérifiez les rôles et adresses."
NO_ADDRESS = "Cette personne n’a pas d’adresse de courriel. Ajoutez-la à sa fiche."


def demande_recue(params: dict[str, Any]) -> list[Letter]:
    row = _proposal(params)
    if row.state != ProposalState.WAITING:
        raise Pointless
    what = _what(row)
    context = {
        "heading": f"{what[:1].upper()}{what[1:]} à examiner",
        "summary": "Une association attend votre réponse.",
        "paragraphs": [
            f"« {row.partner.name} » a envoyé {what}.",
            "Rien ne change tant que vous n’avez pas accepté. Un refus se motive.",
        ],
        "button": "Examiner la demande",
        "link": settings.SITE_URL + reverse("admin:partner_proposals", args=[row.partner_id]),
    }
    return note_to_staff(officers_of(row.partner_id), f"À examiner : {row.partner.name}", context)


def adresse_a_approuver(params: dict[str, Any]) -> list[Letter]:
    """To every officer but the one who asked; neither address is in it."""
    row = AddressChange.objects.to_approve().select_related("user").filter(pk=params["changement"]).first()
    mandate = row.user.mandates.in_office().select_related("partner").order_by("pk").first() if row else None
    if row is None or mandate is None:
        raise Pointless
    name = mandate.partner.name
    context = {
        "heading": "Une adresse de connexion attend votre accord",
        "summary": "Une boîte est perdue : une seconde personne approuve.",
        "paragraphs": [
            f"Une nouvelle adresse est demandée pour {mandate}, « {name} », qui n’a plus accès à sa boîte.",
            "Lisez comment cette personne a été reconnue, appelez-la au besoin, puis approuvez ou annulez. "
            "Sans réponse, la demande s’efface au bout de sept jours.",
        ],
        "button": "Voir la demande",
        "link": settings.SITE_URL + reverse("admin:partner_addresses", args=[mandate.partner_id]),
        "why": "vous suivez les associations, et une autre personne que vous a fait cette demande",
    }
    people = [user for user in with_roles(Role.OFFICER) if user.pk != row.asked_by_id]
    return note_to_staff(people, f"À approuver : une adresse de connexion, {name}", context)


def demande_examinee(params: dict[str, Any]) -> list[Letter]:
    row = _proposal(params)
    accepted = row.state == ProposalState.ACCEPTED
    what = _what(row, own=True)
    context = {
        "heading": "C’est accepté" if accepted else "À reprendre",
        "summary": f"{what[:1].upper()}{what[1:]} : {row.get_state_display()}.",
        "paragraphs": [
            f"L’OPT-NC a accepté {what}." if accepted else f"L’OPT-NC n’a pas pu accepter {what}.",
            "" if accepted else "Vous pouvez faire un nouvel envoi depuis votre espace.",
        ],
        "quote_title": "Le motif",
        "quote": row.reason,
        "button": "Ouvrir mon espace",
        "link": settings.SITE_URL + reverse("portal:association", args=[row.partner.slug]),
    }
    subject = "Votre envoi est accepté" if accepted else "Votre envoi est à reprendre"
    letters = _to_people([row.sent_by], row.partner, subject, context)
    return letters + _welcome(row) + _farewell(row) if accepted else letters


def _welcome(row: BankProposal | MandateProposal) -> list[Letter]:
    """To the person accepted: the space is open, and how one enters it."""
    if not isinstance(row, MandateProposal) or row.representative is None or row.representative.user is None:
        return []
    user = row.representative.user
    context = {
        "heading": "Votre espace est ouvert",
        "summary": "Vous entrez avec un code reçu par courriel.",
        "paragraphs": [
            f"Vous pouvez lire les conventions de « {row.partner.name} » avec l’OPT-NC.",
            "Il n’y a pas de mot de passe : donnez cette adresse, un code vous est envoyé.",
        ],
        "button": "Ouvrir mon espace",
        "link": settings.SITE_URL + reverse("portal:home"),
    }
    return _to_people([user], row.partner, "Votre espace à l’OPT-NC est ouvert", context)


def _farewell(row: BankProposal | MandateProposal) -> list[Letter]:
    """To the person replaced, unless he or she sent the request: nobody loses a mandate without being told."""
    former = row.replaces if isinstance(row, MandateProposal) else None
    if former is None or former.user is None or former.user_id == row.sent_by_id or not former.user.email:
        return []
    if former.mandate_end is None:
        return []
    context = {
        "heading": "Votre mandat prend fin",
        "summary": "L’OPT-NC a accepté un changement de présidence.",
        "paragraphs": [
            f"Votre mandat dans l’espace de « {row.partner.name} » prend fin le {long_date(former.mandate_end)}.",
            "Vous gardez la lecture de ce que vous avez signé. Si c’est une erreur, dites-le à votre interlocuteur "
            "à l’OPT-NC.",
        ],
        "button": "Ouvrir mon espace",
        "link": settings.SITE_URL + reverse("portal:home"),
    }
    return _to_people([former.user], row.partner, "Votre mandat prend fin", context)


def materiel_accuse(params: dict[str, Any]) -> list[Letter]:
    row = Handover.objects.select_related("act__convention__officer").filter(pk=params["remise"]).first()
    if row is None or row.acknowledged_at is None:
        raise Pointless
    convention = row.act.convention
    context = {
        "heading": "Il manque du matériel" if row.missing else "Le matériel est bien arrivé",
        "summary": "L’association a répondu.",
        "paragraphs": ["L’association dit qu’il manque quelque chose." if row.missing else
                       "L’association confirme qu’elle a tout reçu."],
        "quote_title": "Ce qui manque",
        "quote": row.missing,
        "button": "Ouvrir le suivi",
        "link": _follow(convention, "materiel"),
    }  # fmt: skip
    people = [*in_charge_of(convention), *with_roles(Role.LOGISTICS)]
    return note_to_staff(people, f"{context['heading']} : {convention.title}", context, convention)


def nouvelles_du_materiel(params: dict[str, Any]) -> list[Letter]:
    """A year after a remise, to who may answer for the association: what became of it, in one tap."""
    rows = news.awaited(timezone.localdate()).select_related("act__convention__officer")
    row = rows.filter(pk=params["remise"]).first()
    if row is None:
        raise Pointless
    convention = row.act.convention
    partners = [
        party.partner for party in convention.parties.exclude(role=PartyRole.OPT).select_related("partner")
    ]
    link = reverse("portal:handover_news", args=[convention.slug, row.pk])
    context = {
        "heading": "Qu’est devenu le matériel\N{NO-BREAK SPACE}?",
        "summary": "Une seule réponse à choisir.",
        "paragraphs": [
            f"Le {long_date(row.handed_on)}, l’OPT-NC vous a remis du matériel. Un an après, elle aimerait savoir ce "
            "qu’il est devenu.",
            "Répondez en une fois, depuis votre espace.",
        ],
        "button": "Donner des nouvelles",
        "link": settings.SITE_URL + link,
    }
    return _to_offices(partners, f"Le matériel remis : {convention.title}", context, convention)


def compte_rendu_depose(params: dict[str, Any]) -> list[Letter]:
    row = _report(params)
    if row.accepted_on or row.refused_on:
        raise Pointless
    convention = row.obligation.act.convention
    label = str(row.obligation.get_kind_display())
    context = {
        "heading": "Un document est arrivé",
        "summary": f"{label} : à accepter ou à redemander.",
        "paragraphs": [
            f"L’association a envoyé : {label}.",
            "Lisez-le, puis acceptez-le ou redemandez-le en disant pourquoi.",
        ],
        "button": "Ouvrir le suivi",
        "link": _follow(convention, "comptes-rendus"),
    }
    return note_to_staff(in_charge_of(convention), f"Reçu : {label}, {convention.title}", context, convention)


def compte_rendu_a_reprendre(params: dict[str, Any]) -> list[Letter]:
    row = _report(params)
    if not row.refused_on:
        raise Pointless
    convention, party = row.obligation.act.convention, row.obligation.party
    label = str(row.obligation.get_kind_display())
    partners = [party.partner] if party and not party.partner.is_opt else _partners(convention)
    context = {
        "heading": "Un document est à reprendre",
        "summary": f"{label} : un nouvel envoi est attendu.",
        "paragraphs": [f"Le document que vous avez envoyé ({label}) est à reprendre."],
        "quote_title": "Pourquoi",
        "quote": row.refusal,
        "button": "Envoyer un nouveau document",
        "link": _convention_url(convention),
    }
    subject = f"À reprendre : {label}, {convention.title}"
    return _to_offices(partners, subject, context, convention)


def message_recu(params: dict[str, Any]) -> list[Letter]:
    """To who is in charge of the file; on an article, to the lawyers too. Pointless once answered or closed."""
    row = _message(params)
    if not row.thread.waits_for_staff:
        raise Pointless
    convention = row.thread.convention
    link = settings.SITE_URL + reverse("admin:conventions_convention_messages", args=[convention.pk])
    context = {
        "heading": "Une association vous a écrit",
        "summary": "Le message se lit dans le dossier.",
        "paragraphs": [
            f"« {row.thread.partner.name} » a écrit à propos de : {as_sentence(row.thread.subject)}"
        ],
        "button": "Lire et répondre",
        "link": f"{link}#echange-{row.thread_id}",
    }
    people = in_charge_of(convention)
    if row.thread.on_clause:
        people += with_roles(Role.LAWYER)
        context["why"] = "ce dossier est le vôtre, ou vous êtes juriste et la question porte sur un article"
    return note_to_staff(people, f"Message : {convention.title}", context, convention)


def message_reponse(params: dict[str, Any]) -> list[Letter]:
    row = _message(params)
    convention = row.thread.convention
    link = reverse("portal:thread", args=[convention.slug, row.thread_id])
    context = {
        "heading": "L’OPT-NC vous a répondu",
        "summary": "La réponse se lit dans votre espace.",
        "paragraphs": [f"Une réponse vous attend, à propos de : {as_sentence(row.thread.subject)}"],
        "button": "Lire la réponse",
        "link": settings.SITE_URL + link,
    }
    return _to_offices([row.thread.partner], f"Réponse : {convention.title}", context, convention)


def _proposal(params: dict[str, Any]) -> BankProposal | MandateProposal:
    model = BankProposal if params["sorte"] == "rib" else MandateProposal
    rows = model.objects.select_related("partner", "sent_by")
    row = rows.filter(pk=params["demande"]).first()
    if row is None:
        raise Pointless
    return row


def _what(row: BankProposal | MandateProposal, *, own: bool = False) -> str:
    if isinstance(row, BankProposal):
        return "votre RIB" if own else "un RIB"
    if row.kind == MandateKind.PRESIDENT:
        return "le changement de présidence" if own else "un changement de présidence"
    return "l’accès de votre collègue" if own else "une demande d’accès pour un collègue"


def _report(params: dict[str, Any]) -> ReportReceived:
    rows = ReportReceived.objects.select_related(
        "obligation__act__convention__officer", "obligation__party__partner"
    )
    row = rows.filter(pk=params["compte_rendu"]).first()
    if row is None:
        raise Pointless
    return row


def _message(params: dict[str, Any]) -> Message:
    rows = Message.objects.select_related("thread__convention__officer", "thread__partner")
    row = rows.filter(pk=params["message"], erased_at=None).first()
    if row is None:
        raise Pointless
    return row


def _follow(convention: Convention, anchor: str) -> str:
    url = reverse("admin:conventions_convention_follow", args=[convention.pk])
    return f"{settings.SITE_URL}{url}#{anchor}"


def _convention_url(convention: Convention) -> str:
    return settings.SITE_URL + reverse("portal:convention", args=[convention.slug])


def _partners(convention: Convention) -> list[Partner]:
    return [
        party.partner for party in convention.parties.select_related("partner") if not party.partner.is_opt
    ]


def in_charge_of(convention: Convention) -> list[User]:
    """Who is in charge of the file; every officer while nobody is."""
    officer = convention.officer
    return [officer] if officer and officer.is_active else with_roles(Role.OFFICER)


def blank(reader: User, convention: Convention | None = None) -> dict[str, Any]:
    """What the template of notes reads, for a letter that is not about an act."""
    return {
        "reader": reader,
        "act": None,
        "convention": convention,
        "partner": None,
        "officer": convention.officer if convention else None,
        "quote": "",
        "quote_title": "",
        "why": "ce dossier est le vôtre",
    }


def note_to_staff(
    people: Iterable[User], subject: str, context: dict[str, Any], convention: Convention | None = None
) -> list[Letter]:
    """One note to each of these members of staff who has an address. Raises Undeliverable when none has."""
    found = {user.pk: user for user in people if user.email}
    if not found:
        raise Undeliverable(NOBODY)
    return [
        Letter(
            key=f"utilisateur:{user.pk}",
            to=user.email,
            subject=typeset(subject),
            template=NOTE,
            context={**blank(user, convention), **context},
            user=user.pk,
            is_staff=True,
        )
        for user in found.values()
    ]


def _to_offices(
    partners: Iterable[Partner], subject: str, context: dict[str, Any], convention: Convention
) -> list[Letter]:
    """To everyone who may send something for these partners today."""
    mandates = Representative.objects.in_office().filter(
        partner__in=list(partners), user__is_active=True, reads_only=False
    )
    letters: list[Letter] = []
    for mandate in mandates.select_related("user", "partner").order_by("pk"):
        if mandate.user is not None and mandate.user.email:
            letters += _to_people([mandate.user], mandate.partner, subject, context, convention)
    if not letters:
        raise Undeliverable("Personne n’est en fonction, avec un accès, chez ce partenaire.")
    return letters


def _to_people(
    people: Iterable[User],
    partner: Partner,
    subject: str,
    context: dict[str, Any],
    convention: Convention | None = None,
) -> list[Letter]:
    found = [user for user in people if user.is_active and user.email]
    if not found:
        raise Undeliverable(NO_ADDRESS)
    officer = convention.officer if convention else None
    return [
        Letter(
            key=f"compte:{user.pk}",
            to=user.email,
            subject=typeset(subject),
            template=NOTE,
            context={**blank(user, convention), "partner": partner, **context},
            reply_to=officer.email if officer else "",
            user=user.pk,
        )
        for user in found
    ]
