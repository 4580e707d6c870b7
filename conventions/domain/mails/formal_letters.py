"""What leaves with the bytes that are kept: a formal letter, the procès-verbal that somebody has just confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from conventions.domain.acts import letters
from conventions.domain.acts.signing import handovers
from conventions.domain.mails.act_letters import NOTE, context_of
from conventions.domain.mails.letter import Letter, Pointless, Undeliverable
from conventions.enums import LetterKind
from conventions.formats import long_date, show_code, typeset
from conventions.models import Document, FormalLetter, Handover, HandoverSignature, User

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
    """To who confirmed that equipment arrived, or signed for it: what was answered, when, and the procès-verbal."""
    rows = Handover.objects.select_related("act__convention__officer", "acknowledged_by", "document")
    row = rows.filter(pk=params["remise"]).first()
    if row is None or row.acknowledged_by is None or row.acknowledged_at is None:
        raise Pointless
    if signature := HandoverSignature.objects.select_related("user").filter(handover=row).first():
        return [_signed(row, signature)]
    day = long_date(timezone.localdate(row.acknowledged_at))
    said = {
        "subject": f"Votre réponse sur le matériel remis : {row.act.convention.title}",
        "heading": "Vous avez confirmé une remise de matériel",
        "summary": "Votre réponse est enregistrée.",
        "why": "vous avez confirmé une réception dans l’espace des associations",
    }
    told = (
        f"Le {day}, vous avez répondu sur la remise du {long_date(row.handed_on)}. Vous avez dit "
        f"{'ce qui manque' if row.missing else 'que tout est arrivé'}.",
        "Le procès-verbal est joint à ce message : gardez-le." if row.document else "",
        "Si vous n’avez pas fait cette réponse, prévenez l’OPT-NC sans attendre.",
    )
    return [_note(row, row.acknowledged_by, told, enclosed=row.document, quote=row.missing, **said)]


def remise_a_signer(params: dict[str, Any]) -> list[Letter]:
    """To who receives equipment, as the procès-verbal names him or her: the page where it is signed, on the spot."""
    rows = Handover.objects.select_related("act__convention__officer", "document")
    row = rows.filter(pk=params["remise"]).first()
    user = handovers.signer_of(row) if row is not None else None
    if row is None or user is None:
        raise Pointless
    convention = row.act.convention
    said = {
        "subject": f"Procès-verbal à signer : {convention.title}",
        "heading": "Un procès-verbal de remise à signer",
        "summary": "Lisez la liste du matériel, puis signez sur cet écran.",
        "button": "Lire et signer",
        "link": settings.SITE_URL + reverse("portal:handover_sign", args=[convention.slug, row.pk]),
        "why": "le procès-verbal vous nomme pour recevoir ce matériel",
    }
    told = (
        f"Le {long_date(row.handed_on)}, l’OPT-NC vous remet du matériel.",
        "Vérifiez la liste avec la personne qui vous le remet, puis signez. Vous pouvez aussi signer sur papier.",
    )
    return [_note(row, user, told, enclosed=None, **said)]


def _signed(row: Handover, signature: HandoverSignature) -> Letter:
    at, sealed = timezone.localtime(signature.signed_at), handovers.sealed_of(row)
    said = {
        "subject": f"Procès-verbal de remise signé : {row.act.convention.title}",
        "heading": "Vous avez signé un procès-verbal de remise",
        "summary": "Le procès-verbal scellé est joint à ce message."
        if sealed
        else "Votre signature est enregistrée.",
        "why": "vous avez signé un procès-verbal dans l’espace des associations",
    }
    told = (
        f"Le {long_date(at.date())} à {at.hour} h {at:%M} (heure de Nouméa), vous avez signé le procès-verbal de la "
        f"remise du {long_date(row.handed_on)}.",
        "Il est joint à ce message, avec son sceau : gardez le fichier tel quel." if sealed else "",
        "S’il manque quelque chose à l’ouverture des cartons, dites-le dans votre espace.",
        "Si vous n’avez pas signé, prévenez l’OPT-NC sans attendre.",
    )
    return _note(row, signature.user, told, enclosed=sealed, **said)


def _note(
    row: Handover,
    user: User,
    paragraphs: Sequence[str],
    *,
    enclosed: Document | None,
    subject: str,
    quote: str = "",
    **said: str,
) -> Letter:
    if not user.email:
        raise Undeliverable("La personne qui a confirmé la réception n’a plus d’adresse de courriel.")
    act, officer = row.act, row.act.convention.officer
    return Letter(
        key=f"utilisateur:{user.pk}",
        to=user.email,
        subject=typeset(subject),
        template=NOTE,
        context={
            **context_of(act),
            "reader": user,
            "paragraphs": list(paragraphs),
            "quote_title": "Ce qui manque",
            "quote": quote,
            "button": "Ouvrir la convention",
            "link": settings.SITE_URL + reverse("portal:convention", args=[act.convention.slug]),
            **said,
        },
        reply_to=officer.email if officer else "",
        user=user.pk,
        enclosed=enclosed,
    )
