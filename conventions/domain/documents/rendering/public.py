"""What public documents print: the sheet of a convention, its reconstitution, a press release."""

from __future__ import annotations

from typing import Any

from conventions.domain.documents.context import (
    PressContactContext,
    PressReleaseContext,
    PublicActContext,
    PublicFundingContext,
    PublicPartyContext,
    PublicSheetContext,
    SectionContext,
    SignatoryContext,
    SourceContext,
)
from conventions.domain.documents.durations import term_in_words
from conventions.domain.documents.rendering.letterhead import heading, identity, named, running_title
from conventions.domain.documents.rendering.text import (
    compose,
    dated,
    decision_wording,
    facts,
    full_name,
    name_and_title,
    short_date,
)
from conventions.enums import ActKind
from conventions.formats import capitalise, contract, long_date, show_amount, told_date

RECONSTITUTION = "Reconstitution d’après les informations publiées, document non signé"
BANDS = {
    False: "Version publique · ne remplace pas l’acte signé",
    True: "Reconstitution · document non signé",
}
FICTITIOUS = "Fictif : convention inventée pour la démonstration"


def sheet_page(ctx: PublicSheetContext, *, reconstitution: bool = False) -> dict[str, Any]:
    """The template context of a public sheet, marked when it reconstitutes a reprise."""
    kicker = "Reconstitution" if reconstitution else "Version publique"
    reference = f"n° {ctx.reference}" if ctx.reference else ""
    running = " · ".join(part for part in (kicker, reference, running_title(ctx.title)) if part)
    return {
        "doc": {
            **heading(ctx.title, ctx.kind_label, reference),
            "band": BANDS[reconstitution],
            "draft": False,
            "name": named(f"{kicker} · {ctx.kind_label} {reference}".strip(), ctx.title),
            **identity(reference=ctx.reference, on=ctx.published_on),
            "running": compose(running),
            "description": compose(ctx.summary or ctx.object or ctx.title),
        },
        "notice": _notice(ctx, reconstitution),
        "explanation": compose(_explanation(reconstitution)),
        "summary": compose(ctx.summary),
        "facts": _sheet_facts(ctx),
        "parties": [_party(party) for party in ctx.parties],
        "sections": _sections(ctx.sections),
        "sources": [_source(source) for source in ctx.sources],
        "contacts": [_contact(contact) for contact in ctx.press_contacts],
        "published_on": short_date(ctx.published_on),
    }


def _notice(ctx: PublicSheetContext, reconstitution: bool) -> str:
    if ctx.is_demo:
        return FICTITIOUS
    return RECONSTITUTION if reconstitution else ""


def _explanation(reconstitution: bool) -> str:
    if reconstitution:
        return (
            "Cette convention a été signée avant la mise en place de l’application. Son texte n’est pas reproduit "
            "ici : ce document rassemble les faits publiés, avec leurs sources. Il ne remplace pas l’acte signé."
        )
    return "Ce document présente la convention au public. Il ne remplace pas l’acte signé."


def _later_act(act: PublicActContext) -> str:
    """« Avenant n° 1, 3 mars 2015 », « Résiliation, 2013, effet le 1er mai 2013 »."""
    held = act.signed_on
    when = told_date(held.value, held.precision, act.signed_wording) if held else act.signed_wording
    effect = f"effet le {long_date(act.effective_on)}" if act.effective_on else ""
    return ", ".join(part for part in (act.label, when, effect) if part)


def _sheet_facts(ctx: PublicSheetContext) -> list[tuple[str, list[str]]]:
    place = contract("à", ctx.place) if ctx.place else ""
    held = ctx.signed_on
    when = (
        told_date(held.value, held.precision, ctx.signed_wording, weekday=True)
        if held
        else ctx.signed_wording
    )
    signed = ", ".join(part for part in (when, place) if part)
    return facts(
        (
            ("Signature", signed),
            ("Cérémonie", ctx.ceremony.name if ctx.ceremony else ""),
            ("Personnes présentes", [name_and_title(person) for person in ctx.attendees]),
            ("Projet", f"{ctx.project} ({ctx.project_place})" if ctx.project_place else ctx.project),
            ("Objet", ctx.object),
            ("Nature selon la source", ctx.kind_wording),
            ("Édition", ctx.edition),
            ("Bénéficiaires finaux", list(ctx.beneficiaries)),
            ("Co-financeurs du projet", list(ctx.cofunders)),
            ("Soutien financier", [_funding(line) for line in ctx.fundings]),
            ("Soutien en nature", [support.label for support in ctx.supports]),
            ("Durée", term_in_words(*(ctx.periods or (ctx.term,)))),
            ("Actes suivants", [_later_act(act) for act in ctx.acts if act.kind != ActKind.INITIAL]),
            ("Décision", decision_wording(ctx.board_decision)),
            ("Lieu d’action", ctx.area),
            ("Valeurs de l’OPT-NC", ", ".join(ctx.values)),
            ("Plan stratégique", ctx.plan),
        )
    )


def _funding(line: PublicFundingContext) -> str:
    figure = show_amount(*line.stated)
    year = str(line.budget_year) if line.budget_year else ""
    intro = ", ".join(part for part in (line.label, year) if part)
    return f"{intro} : {figure}" if intro else figure


def _party(party: PublicPartyContext) -> dict[str, Any]:
    role = "" if party.role_label == party.name else party.role_label
    details = " · ".join(part for part in (role, party.nature_label, party.commune) if part)
    return {
        "name": compose(party.name),
        "details": compose(capitalise(details)),
        "presentation": compose(party.presentation),
        "people": [_person(person) for person in party.signatories],
    }


def _person(person: SignatoryContext) -> dict[str, str]:
    """A name and a title; who is known by the title alone is called by it."""
    name, title = full_name(person), compose(person.title)
    return {"name": name, "title": title} if name else {"name": capitalise(title), "title": ""}


def _sections(sections: tuple[SectionContext, ...]) -> list[dict[str, Any]]:
    return [
        {"heading": compose(s.heading), "paragraphs": [compose(text) for text in s.paragraphs]}
        for s in sections
    ]


def _source(source: SourceContext) -> dict[str, str]:
    fact = f"pour : {source.fact}" if source.fact else ""
    details = ", ".join(part for part in (source.publisher, dated(source.published_on), fact) if part)
    return {"title": compose(source.title), "details": compose(details), "url": source.url}


def _contact(contact: PressContactContext) -> dict[str, str]:
    return {
        "name": contact.name,
        "title": compose(contact.title),
        "phones": " / ".join(contact.phones),
        "email": contact.email,
    }


def _press_mark(ctx: PressReleaseContext) -> str:
    return "Fictif : communiqué inventé pour la démonstration" if ctx.is_demo else ""


def press_page(ctx: PressReleaseContext) -> dict[str, Any]:
    """The template context of a press release."""
    place_and_date = ", ".join(part for part in (ctx.place, dated(ctx.dated, weekday=True)) if part)
    return {
        "doc": {
            **heading(ctx.headline, "Communiqué de presse", ""),
            "draft": ctx.is_draft,
            **identity(on=ctx.dated),
            "running": compose(f"Communiqué de presse · {running_title(ctx.headline)}"),
            "description": compose(ctx.lead),
        },
        "dateline": capitalise(place_and_date),
        "embargo": compose(" · ".join(mark for mark in (ctx.embargo, _press_mark(ctx)) if mark)),
        "lead": compose(ctx.lead),
        "signatories": [
            {"name": full_name(person), "title": compose(person.title)} for person in ctx.signatories
        ],
        "items": [
            {"partner": compose(i.partner), "title": compose(i.title), "support": compose(i.support)}
            for i in ctx.items
        ],
        "sections": _sections(ctx.sections),
        "values": [compose(value) for value in ctx.values],
        "contacts": [_contact(contact) for contact in ctx.contacts],
    }
