"""What public documents print: the sheet of a convention, its reconstitution, a press release."""

from __future__ import annotations

from typing import Any

from conventions.domain.context import (
    PressContactContext,
    PressReleaseContext,
    PublicFundingContext,
    PublicPartyContext,
    PublicSheetContext,
    SectionContext,
    SourceContext,
)
from conventions.domain.rendering.text import (
    UNKNOWN_AMOUNT,
    dated,
    decision_wording,
    facts,
    full_name,
    money,
    name_and_title,
    short_date,
    term_wording,
)
from conventions.formats import show_xpf, typeset

RECONSTITUTION = "Reconstitution d’après les informations publiées, document non signé"


def sheet_page(ctx: PublicSheetContext, *, reconstitution: bool = False) -> dict[str, Any]:
    """The template context of a public sheet, marked when it reconstitutes a reprise."""
    kicker = "Reconstitution" if reconstitution else "Version publique"
    reference = f"n° {ctx.reference}" if ctx.reference else ""
    running = " · ".join(part for part in (kicker, reference, ctx.title) if part)
    return {
        "doc": {
            "title": typeset(ctx.title),
            "kicker": typeset(ctx.kind_label),
            "reference": typeset(reference),
            "draft": False,
            "running": typeset(running),
            "description": typeset(ctx.summary or ctx.object or ctx.title),
        },
        "notice": RECONSTITUTION if reconstitution else "",
        "explanation": typeset(_explanation(reconstitution)),
        "summary": typeset(ctx.summary),
        "facts": _sheet_facts(ctx),
        "parties": [_party(party) for party in ctx.parties],
        "sections": _sections(ctx.sections),
        "values": [typeset(value) for value in ctx.values],
        "plan": typeset(ctx.plan),
        "sources": [_source(source) for source in ctx.sources],
        "contacts": [_contact(contact) for contact in ctx.press_contacts],
        "published_on": short_date(ctx.published_on),
    }


def _explanation(reconstitution: bool) -> str:
    if reconstitution:
        return (
            "La convention a été signée sur papier. Son texte n’est pas reproduit ici : ce document rassemble "
            "les faits publiés, avec leurs sources. Il ne remplace pas l’acte signé."
        )
    return "Ce document présente la convention au public. Il ne remplace pas l’acte signé."


def _sheet_facts(ctx: PublicSheetContext) -> list[tuple[str, list[str]]]:
    place = f"à {ctx.place}" if ctx.place else ""
    signed = ", ".join(part for part in (dated(ctx.signed_on, weekday=True), place) if part)
    return facts(
        (
            ("Signature", signed),
            ("Cérémonie", ctx.ceremony.name if ctx.ceremony else ""),
            ("En présence de", [name_and_title(person) for person in ctx.attendees]),
            ("Projet", ctx.project),
            ("Objet", ctx.object),
            ("Soutien financier", [_funding(line) for line in ctx.fundings]),
            ("Soutien en nature", [support.label for support in ctx.supports]),
            ("Durée", term_wording(ctx.term)),
            ("Décision", decision_wording(ctx.board_decision)),
            ("Lieu d’action", ctx.area),
        )
    )


def _funding(line: PublicFundingContext) -> str:
    if line.amount is None:
        figure = UNKNOWN_AMOUNT
    else:
        figure = f"jusqu’à {show_xpf(line.amount)}" if line.capped else money(line.amount)
    year = str(line.budget_year) if line.budget_year else ""
    intro = ", ".join(part for part in (line.label, year) if part)
    return f"{intro} : {figure}" if intro else figure


def _party(party: PublicPartyContext) -> dict[str, Any]:
    details = " · ".join(part for part in (party.role_label, party.nature_label, party.commune) if part)
    return {
        "name": typeset(party.name),
        "details": typeset(details[:1].upper() + details[1:]),
        "presentation": typeset(party.presentation),
        "people": [
            {"name": full_name(person), "title": typeset(person.title)} for person in party.signatories
        ],
    }


def _sections(sections: tuple[SectionContext, ...]) -> list[dict[str, Any]]:
    return [
        {"heading": typeset(s.heading), "paragraphs": [typeset(text) for text in s.paragraphs]}
        for s in sections
    ]


def _source(source: SourceContext) -> dict[str, str]:
    details = ", ".join(part for part in (source.publisher, dated(source.published_on)) if part)
    return {"title": typeset(source.title), "details": typeset(details), "url": source.url}


def _contact(contact: PressContactContext) -> dict[str, str]:
    return {
        "name": contact.name,
        "title": typeset(contact.title),
        "phones": " / ".join(contact.phones),
        "email": contact.email,
    }


def press_page(ctx: PressReleaseContext) -> dict[str, Any]:
    """The template context of a press release."""
    place_and_date = ", ".join(part for part in (ctx.place, dated(ctx.dated, weekday=True)) if part)
    return {
        "doc": {
            "title": typeset(ctx.headline),
            "kicker": "Communiqué de presse",
            "reference": "",
            "draft": ctx.is_draft,
            "running": typeset(f"Communiqué de presse · {ctx.headline}"),
            "description": typeset(ctx.lead),
        },
        "dateline": place_and_date[:1].upper() + place_and_date[1:],
        "embargo": typeset(ctx.embargo),
        "lead": typeset(ctx.lead),
        "signatories": [
            {"name": full_name(person), "title": typeset(person.title)} for person in ctx.signatories
        ],
        "items": [
            {"partner": typeset(i.partner), "title": typeset(i.title), "support": typeset(i.support)}
            for i in ctx.items
        ],
        "sections": _sections(ctx.sections),
        "values": [typeset(value) for value in ctx.values],
        "contacts": [_contact(contact) for contact in ctx.contacts],
    }
