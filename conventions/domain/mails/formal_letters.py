"""A formal letter leaves by mail: the very bytes that are kept, enclosed, to each person in office of its party."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from conventions.domain.acts import letters
from conventions.domain.mails.act_letters import NOTE, context_of
from conventions.domain.mails.letter import Letter, Pointless, Undeliverable
from conventions.enums import LetterKind
from conventions.formats import show_code, typeset
from conventions.models import FormalLetter

SAID = {
    LetterKind.NOTIFICATION: "Il vous notifie l’acte signé : gardez-le avec lui.",
    LetterKind.NOTICE: "Il vous demande de remédier à un manquement, dans un délai. Lisez-le sans attendre.",
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
