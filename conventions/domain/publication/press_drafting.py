"""The first text of a press release, in our own words, from the facts alone; communication edits it afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from conventions.domain.documents.context import PublicSheetContext, SectionContext
from conventions.domain.documents.durations import term_in_words
from conventions.domain.publication import wording
from conventions.formats import (
    NBSP,
    bare_label,
    capitalise,
    contract,
    elide,
    join_list,
    show_amount,
    typeset,
    weekday_date,
    words_for_count,
)
from conventions.models import Ceremony

OPT = "l’OPT-NC"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseText:
    """Title, standfirst and body as they are first proposed; « ## » opens a subtitle."""

    title: str
    standfirst: str
    body: str


def for_convention(ctx: PublicSheetContext, *, signed: bool) -> ReleaseText:
    """The text for one convention, signed or about to be."""
    title = capitalise(f"{OPT} s’engage aux côtés {join_list(map(wording.of_party, wording.supported(ctx)))}")
    parts = [
        ("La signature", _signature(ctx, signed=signed)),
        *[(section.heading, list(section.paragraphs)) for section in _project(ctx)],
        *_presentations(ctx),
        ("Le soutien de l’OPT-NC", _support(ctx)),
        ("Les valeurs de l’OPT-NC", _values([ctx], "Ce soutien répond")),
    ]
    return _text(title, _standfirst(ctx, signed=signed), parts)


def for_ceremony(ceremony: Ceremony, contexts: list[PublicSheetContext], *, signed: bool) -> ReleaseText:
    """The text for the conventions of one ceremony, told together."""
    count = words_for_count(len(contexts), feminine=True)
    noun = "convention" if len(contexts) == 1 else "conventions"
    partners = list(
        dict.fromkeys(wording.party_phrase(p) for ctx in contexts for p in wording.supported(ctx))
    )
    title = f"L’OPT-NC signe {count} {noun}"
    short = list(dict.fromkeys(wording.short_phrase(p) for ctx in contexts for p in wording.supported(ctx)))
    if len(short) <= 4:
        title = f"{title} avec {join_list(short)}"
    moment = capitalise(", ".join(part for part in (_held(ceremony), _at(ceremony.place)) if part))
    verb = f"a signé {count} {noun}" if signed else f"signe {count} {noun}"
    opening = f"{moment}, {OPT} {verb}" if moment else capitalise(f"{OPT} {verb}")
    parts = [
        ("", [" ".join(chunk.split()) for chunk in ceremony.public_summary.split("\n\n") if chunk.strip()]),
        ("Les conventions", [_announced(ctx) for ctx in contexts]),
        ("Les signataires", _people(contexts)),
        ("Les valeurs de l’OPT-NC", _values(contexts, "Ces soutiens répondent")),
    ]
    return _text(title, f"{opening} avec {join_list(partners)}.", parts)


def _text(title: str, standfirst: str, parts: list[tuple[str, list[str]]]) -> ReleaseText:
    chunks = []
    for heading, texts in parts:
        if texts:
            chunks += [f"## {heading}"] if heading else []
            chunks += texts
    body = "\n\n".join(typeset(chunk) for chunk in chunks)
    return ReleaseText(title=typeset(title)[:255], standfirst=typeset(standfirst), body=body)


def _held(ceremony: Ceremony) -> str:
    return f"le {weekday_date(ceremony.held_on)}" if ceremony.held_on else ""


def _at(place: str) -> str:
    """« à Nouméa », « au Mont-Dore »."""
    return contract("à", place) if place else ""


def _standfirst(ctx: PublicSheetContext, *, signed: bool) -> str:
    opening = wording.opening_sentence(ctx, signed=signed)
    return " ".join(part for part in (opening, " ".join(ctx.summary.split())) if part)


def _signature(ctx: PublicSheetContext, *, signed: bool) -> list[str]:
    names = wording.signatories_phrase(ctx)
    if not names:
        texts = []
    elif signed:
        moment = wording.signature_moment(ctx)
        texts = [f"La convention « {ctx.title} » a été signée {f'{moment} ' if moment else ''}par {names}."]
    else:
        texts = [f"La convention « {ctx.title} » est signée par {names}."]
    present = wording.attendees_phrase(ctx.attendees)
    return [*texts, *([f"En présence {elide('de', present)}."] if present else [])]


def _project(ctx: PublicSheetContext) -> list[SectionContext]:
    told = [section for section in ctx.sections if section.heading == "Le projet"]
    if not ctx.project:
        return told
    place = f" ({ctx.project_place})" if ctx.project_place else ""
    opening = f"La convention porte sur le projet « {ctx.project} »{place}."
    texts = told[0].paragraphs if told else ()
    return [SectionContext(heading="Le projet", paragraphs=(opening, *texts))]


def _presentations(ctx: PublicSheetContext) -> list[tuple[str, list[str]]]:
    return [
        (
            f"Qui est {wording.party_phrase(party)} ?",
            [" ".join(chunk.split()) for chunk in party.presentation.split("\n\n")],
        )
        for party in wording.others(ctx)
        if party.presentation.strip()
    ]


def _support(ctx: PublicSheetContext) -> list[str]:
    texts = []
    if given := wording.support_phrase(ctx):
        texts.append(capitalise(f"{OPT} apporte {given}."))
    texts += [
        capitalise(f"{bare_label(line.label)} : {show_amount(*line.stated)}.")
        for line in ctx.fundings
        if line not in wording.granted(ctx)
    ]
    if term := term_in_words(*(ctx.periods or (ctx.term,))):
        texts.append(f"Durée de la convention : {term}.")
    told = [section for section in ctx.sections if section.heading != "Le projet"]
    return [*texts, *[text for section in told for text in section.paragraphs]]


def _values(contexts: list[PublicSheetContext], opening: str) -> list[str]:
    names = list(dict.fromkeys(value.lower() for ctx in contexts for value in ctx.values))
    plans = list(dict.fromkeys(ctx.plan for ctx in contexts if ctx.plan))
    texts = []
    if len(names) == 1:
        texts.append(f"{opening} à une valeur de l’OPT-NC : {names[0]}.")
    elif names:
        texts.append(f"{opening} à {words_for_count(len(names))} valeurs de l’OPT-NC : {join_list(names)}.")
    texts += [f"L’office suit son plan stratégique «{NBSP}{plan}{NBSP}»." for plan in plans]
    return [" ".join(texts)] if texts else []


def _announced(ctx: PublicSheetContext) -> str:
    names = capitalise(join_list(wording.party_phrase(party) for party in wording.supported(ctx)))
    support = wording.support_phrase(ctx) or "soutien non précisé"
    about = " ".join((ctx.summary or ctx.object).split())
    return f"{names} : {wording.agreement_phrase(ctx)}, {support}." + (f" {about}" if about else "")


def _people(contexts: list[PublicSheetContext]) -> list[str]:
    named = [
        wording.named_with_title(person, party)
        for ctx in contexts
        for person, party in wording.signatories(ctx)
    ]
    signatories = list(dict.fromkeys(named))
    attendees = list(dict.fromkeys(person for ctx in contexts for person in ctx.attendees))
    texts = [f"Ont signé : {' ; '.join(signatories)}."] if signatories else []
    present = wording.attendees_phrase(attendees)
    return [*texts, *([f"En présence {elide('de', present)}."] if present else [])]
