"""What leaves with the bytes that are kept: a formal letter, the procès-verbal that somebody has just confirmed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from conventions.domain.acts import letters
from conventions.domain.mails.act_letters import NOTE, context_of
from conventions.domain.mails.letter import Letter, Pointless, Undeliverable
from conventions.enums import LetterKind
from conventions.formats import long_date, show_code, typeset
from conventions.models import FormalLetter, Handover

SAID = {
    LetterKind.NOTIFICATION: "Il vous notifie l’acte signé : gardez-le avec lui.",
    LetterKind.NOTICE: "Il vous demande de remédier à un manquement, dans un délai. Lisez-le sans attendre.",
    LetterKind.PRIOR_NOTICE: "Il vous annonce la fin de la convention, à la date qu’il dit. Lisez-le sans attendre.",
    LetterKind.RECEIPT: "C’est un modèle : complétez-le, vérifiez-le, signez-le, puis envoyez-le à l’OPT-NC.",
}


def courrier_officiel(params: dict[str, Any]) -> list[Letter]:
    rows = FormalLetter.objects.select_related("act__convention__officer", "document", "party__partner")
    letter = rows.filter(pk=params["courrier"]).first()
    if letter is None:
        raise Pointless
    act, partner = letter.act, letter.party.partner
    officer = act.convention.officer
    link = settings.SITE_URL + reverse("portal:convention", args=[act.convention.slug])
    found = [
        Letter(
            key=f"representant:{person.pk}",
            to=letters.address_of(person),
            subject=typeset(f"{letter.document.title}"),
            template=NOTE,
            context={
                **context_of(act),
                "reader": person,
                "partner": partner,
                "heading": "Un courrier de l’OPT-NC",
                "summary": "Le courrier est joint à ce message.",
                "paragraphs": [
                    f"Le courrier n° {letter.number} est joint à ce message. {SAID[LetterKind(letter.kind)]}",
                    f"Son code de vérification est {show_code(letter.document.code)}.",
                ],
                "button": "Ouvrir mon espace",
                "link": link if person.user and person.user.is_active else "",
            },
            reply_to=officer.email if officer else "",
            user=person.user_id,
            enclosed=letter.document,
        )
        for person in letters.readers_of(letter)
    ]
    if not found:
        raise Undeliverable(
            "Personne en fonction chez ce partenaire n’a d’adresse de courriel. Ajoutez-la à sa fiche."
        )
    return found


def recu_de_remise(params: dict[str, Any]) -> list[Letter]:
    """To who confirmed that equipment arrived: what was answered, when, and the procès-verbal itself."""
    rows = Handover.objects.select_related("act__convention__officer", "acknowledged_by", "document")
    row = rows.filter(pk=params["remise"]).first()
    if row is None or row.acknowledged_by is None or row.acknowledged_at is None:
        raise Pointless
    user, act = row.acknowledged_by, row.act
    if not user.email:
        raise Undeliverable("La personne qui a confirmé la réception n’a plus d’adresse de courriel.")
    at = timezone.localtime(row.acknowledged_at)
    officer = act.convention.officer
    return [
        Letter(
            key=f"utilisateur:{user.pk}",
            to=user.email,
            subject=typeset(f"Votre réponse sur le matériel remis : {act.convention.title}"),
            template=NOTE,
            context={
                **context_of(act),
                "reader": user,
                "heading": "Vous avez confirmé une remise de matériel",
                "summary": "Votre réponse est enregistrée.",
                "paragraphs": [
                    f"Le {long_date(at.date())}, vous avez répondu sur la remise du {long_date(row.handed_on)}. "
                    f"Vous avez dit {'ce qui manque' if row.missing else 'que tout est arrivé'}.",
                    "Le procès-verbal est joint à ce message : gardez-le." if row.document else "",
                    "Si vous n’avez pas fait cette réponse, prévenez l’OPT-NC sans attendre.",
                ],
                "quote_title": "Ce qui manque",
                "quote": row.missing,
                "button": "Ouvrir la convention",
                "link": settings.SITE_URL + reverse("portal:convention", args=[act.convention.slug]),
                "why": "vous avez confirmé une réception dans l’espace des associations",
            },
            reply_to=officer.email if officer else "",
            user=user.pk,
            enclosed=row.document,
        )
    ]
