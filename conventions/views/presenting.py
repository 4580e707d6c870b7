"""Published facts arranged for a page: sentences, rows and labels; no query here."""

import datetime
from dataclasses import dataclass

from django.conf import settings

from conventions.domain.documents.context import AttendeeContext, PublicSheetContext, SignatoryContext
from conventions.domain.documents.durations import term_in_words, term_of
from conventions.domain.documents.rendering.text import decision_wording
from conventions.domain.publication import stored_context, wording
from conventions.domain.publication.key_figures import Equipment, Slice
from conventions.enums import ActKind, FundingFigure, TermKind
from conventions.formats import (
    NBSP,
    NOT_TOLD,
    Tally,
    capitalise,
    contract,
    counted,
    join_list,
    last_day,
    long_date,
    plural,
    show_amount,
    show_number,
    show_size,
    tally,
    typeset,
)
from conventions.models import Document, PublicSheet

MIN_SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the head of a page says: its title, its description, its own address."""

    title: str
    description: str
    path: str
    kind: str = "website"

    @property
    def url(self) -> str:
        return f"{settings.SITE_URL}{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    label: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BarRow:
    """A row of `components/_bars.html`; `share` is None when the value is not known."""

    label: str
    text: str
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A row of `components/_timeline.html`."""

    state: str
    title: str
    date: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A convention in a list."""

    sheet: PublicSheet
    partners: str
    signed: str
    status: Status | None
    support: tuple[str, ...]

    @property
    def summary(self) -> str:
        return typeset(self.sheet.summary)


def card(sheet: PublicSheet, *, on: datetime.date) -> Card:
    facts = stored_context(sheet)
    return Card(
        sheet=sheet,
        partners=join_list(party.name for party in wording.supported(facts)),
        signed=wording.signature_date(facts.signed_on, facts.signed_wording),
        status=public_status(facts, on=on),
        support=tuple(wording.support_tags(facts)),
    )


def public_status(facts: PublicSheetContext, *, on: datetime.date) -> Status | None:
    """What the public reads of the term; None when it is not communicated."""
    ended = [act.effective_on for act in facts.acts if act.kind == ActKind.TERMINATION]
    if any(day is None or day <= on for day in ended):  # of paper, nobody may say from when
        return Status(label="Résiliée", tone="done")
    if facts.closed_on and facts.closed_on <= on:
        return Status(label="Close", tone="done")
    term = facts.term
    if term.start and term.start.value > on:
        return Status(label="À venir", tone="neutral")
    end = term_of(term).end
    if end and last_day(end) < on:
        return Status(label="Terminée", tone="done")
    if term.end or term.kind == TermKind.OPEN_ENDED:
        return Status(label="En cours", tone="info")
    return None


def convention_facts(facts: PublicSheetContext) -> list[tuple[str, str]]:
    """« L’essentiel »: label and value of each stated fact."""
    signed = capitalise(wording.signature_date(facts.signed_on, facts.signed_wording))
    rows = (
        (
            "Signature",
            ", ".join(part for part in (signed, contract("à", facts.place) if facts.place else "") if part),
        ),
        ("Cérémonie", facts.ceremony.name if facts.ceremony else ""),
        ("Nature", facts.kind_label),
        ("Nature selon la source", facts.kind_wording),
        ("Référence", facts.reference or ""),
        ("Édition", facts.edition),
        ("Durée", capitalise(term_in_words(*(facts.periods or (facts.term,)))) or "Non communiquée"),
        ("Projet", _project(facts)),
        ("Territoire", facts.area),
        ("Thèmes", capitalise(", ".join(facts.themes))),
        ("Délibération", decision_wording(facts.board_decision)),
        ("Co-financeurs", join_list(facts.cofunders)),
        ("Bénéficiaires finaux", join_list(facts.beneficiaries)),
    )
    return [(label, typeset(value)) for label, value in rows if value]


def _project(facts: PublicSheetContext) -> str:
    if facts.project and facts.project_place:
        return capitalise(f"{facts.project}, {facts.project_place}")
    return capitalise(facts.project or facts.project_place)


def money_rows(facts: PublicSheetContext) -> list[dict]:
    """OPT-NC's money, one row per line: year, label, amount in words when it is not communicated."""
    return [
        {
            "year": str(line.budget_year or "Exercice non précisé"),
            "label": typeset(line.label),
            "amount": show_amount(*line.stated),
            "known": line.amount is not None,
        }
        for line in wording.granted(facts)
    ]


def money_total(facts: PublicSheetContext) -> str:
    """The sum of several lines, saying what it could not count; empty for a single line, or when none counts."""
    lines = wording.granted(facts)
    found = tally(line.stated for line in lines)
    return found.words if len(lines) > 1 and found.total is not None else ""


def other_money(facts: PublicSheetContext) -> list[tuple[str, str]]:
    """Money that is not OPT-NC's: shown apart, never added."""
    return [
        (
            typeset(f"{line.label}, {line.budget_year}" if line.budget_year else line.label),
            show_amount(*line.stated),
        )
        for line in facts.fundings
        if line.figure != FundingFigure.GRANTED
    ]


def named(person: SignatoryContext | AttendeeContext) -> dict[str, str]:
    """A name and a title; who is known by the title alone is called by it."""
    name, title = wording.person_name(person), typeset(person.title)
    return {"name": name, "title": title} if name else {"name": capitalise(title), "title": ""}


def people(facts: PublicSheetContext) -> list[dict]:
    """Parties with their signatories, OPT-NC first."""
    return [
        {
            "party": party,
            "role": capitalise(party.role_label) if party.role != "opt" else "",
            "signatories": [
                named(person) for person in sorted(party.signatories, key=lambda person: person.order)
            ],
        }
        for party in facts.parties
    ]


def timeline(facts: PublicSheetContext, *, on: datetime.date) -> list[Moment]:
    """What happened to the convention and, when it is known, when it ends.

    A signature that no source dates is left out: some sources tell of a decision or a programme.
    """
    moments = [
        Moment(
            state="done",
            title=act.label,
            date=wording.signature_date(act.signed_on, act.signed_wording),
            text=f"Effet le {long_date(act.effective_on)}." if act.effective_on else typeset(act.note),
        )
        for act in facts.acts
        if act.signed_on or act.kind != ActKind.INITIAL
    ]
    status = public_status(facts, on=on)
    if facts.term.end and status and status.label not in ("Résiliée", "Close"):
        over = status.label == "Terminée"
        moments.append(
            Moment(
                state="done" if over else "next",
                title="Fin de la convention",
                date=wording.signature_date(facts.term.end),
                text="",
            )
        )
    return moments


def story(facts: PublicSheetContext) -> str:
    """Who, when, what, in the sentences that open the page."""
    support = wording.support_phrase(facts)
    given = f" L’OPT-NC apporte {support}." if support else ""
    return typeset(f"{wording.opening_sentence(facts)}{given}")


def detail(facts: PublicSheetContext, *, on: datetime.date) -> dict:
    """What the page of a convention tells, part by part; its status and its moments are those of a plain date."""
    return {
        "status": public_status(facts, on=on),
        "story": story(facts),
        "essentials": convention_facts(facts),
        "people": people(facts),
        "attendees": [named(person) for person in facts.attendees],
        "money": money_rows(facts),
        "money_total": money_total(facts),
        "other_money": other_money(facts),
        "unknown_amount": NOT_TOLD,
        "presented": [party for party in wording.others(facts) if party.presentation],
        "moments": timeline(facts, on=on),
    }


def file_size(document: Document) -> str:
    """« 128 ko, 2 pages »."""
    return f"{show_size(document.size)}, {counted(document.page_count, 'page')}"


def amount_figure(amount: Tally) -> tuple[str, str]:
    """A key figure and its label: the number apart from its unit, so that it never breaks."""
    label = "accordés par l’OPT-NC, montants communiqués"
    if amount.total is None:
        return NOT_TOLD, "soutien financier de l’OPT-NC"
    return show_number(amount.total), f"F{NBSP}CFP {label}"


def show_equipment(equipment: Equipment) -> str:
    return "quantité non communiquée" if equipment.total is None else show_number(equipment.total)


def equipment_note(equipment: Equipment) -> str:
    if not equipment.uncounted:
        return ""
    one, many = "lot de quantité inconnue, non compté", "lots de quantité inconnue, non comptés"
    return f"{show_number(equipment.uncounted)}{NBSP}{plural(equipment.uncounted, one, many)}"


def convention_bars(slices: list[Slice]) -> list[BarRow]:
    """A bar per slice, by number of conventions."""
    top = max((row.conventions for row in slices), default=0)
    return [
        BarRow(
            label=row.label,
            text=counted(row.conventions, "convention"),
            share=_share(row.conventions, top),
        )
        for row in slices
    ]


def amount_bars(slices: list[Slice]) -> list[BarRow]:
    """A bar per slice, by amount; none where nothing could be added."""
    top = max((row.granted.total or 0 for row in slices), default=0)
    return [
        BarRow(
            label=row.label,
            text=row.granted.text or NOT_TOLD,
            share=None if row.granted.total is None else _share(row.granted.total, top),
        )
        for row in slices
    ]


def _share(value: int, top: int) -> float:
    return round(max(100 * value / top, MIN_SHARE), 1) if value and top else 0
