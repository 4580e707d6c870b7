"""The first page of a convention: where it stands, what is due, whom to ask, what to download."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils import timezone

from conventions.domain.documents.context.rows import term_context
from conventions.domain.documents.durations import term_in_words
from conventions.domain.documents.rendering.text import compose
from conventions.domain.documents.storage import file_name, newest
from conventions.domain.space.access import File, documents_of
from conventions.domain.space.rows import Rows
from conventions.domain.space.todo import PAPERS, SOON
from conventions.domain.space.wording import (
    Situation,
    act_label,
    day,
    document_label,
    names,
    signed_when,
    situation,
)
from conventions.enums import ActKind, ActState, PartyRole
from conventions.formats import as_phrase, as_sentence, show_size, typeset
from conventions.models import Act, Document, Signatory

if TYPE_CHECKING:
    from conventions.domain.space.rows import ReadDuty, ReadParty

PAST_DUE = "Échéance passée"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A row of `components/_timeline.html`."""

    state: str
    title: str
    date: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What a party owes; `label` and `tone` are empty where nothing can be said of it."""

    text: str
    due: str
    due_on: datetime.date | None
    label: str
    tone: str
    by_opt: bool
    open: bool
    pk: int
    party: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A stored document and what its link says."""

    pk: int
    label: str
    size: str
    pages: int
    made_on: datetime.date
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    name: str
    title: str
    party: str
    signed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    situation: Situation
    moments: tuple[Moment, ...]
    our_duties: tuple[Duty, ...]
    opt_duties: tuple[Duty, ...]
    papers: tuple[Paper, ...]
    people: tuple[tuple[str, tuple[Person, ...]], ...]
    partners: str
    period: str
    signed: str


def overview(file: File, rows: Rows) -> Overview:
    """Where a convention stands: two queries, beside `rows`."""
    today = timezone.localdate()
    parties = {row.pk: row for row in rows.parties.get(file.convention.pk, [])}
    signatories = list(Signatory.objects.filter(act__in=file.acts).order_by("order", "pk"))
    duties = _duties(file, rows, parties, today)
    ours = tuple(duty for duty in duties if not duty.by_opt)
    stands = _situation(file, signatories, ours)
    return Overview(
        situation=stands,
        moments=tuple(_moments(file, stands, today)),
        our_duties=ours,
        opt_duties=tuple(duty for duty in duties if duty.by_opt),
        papers=tuple(_papers(file)),
        people=tuple(_people(file, signatories, parties)),
        partners=typeset(names([row.partner.name for row in parties.values() if row.role != PartyRole.OPT])),
        period=typeset(period(file)),
        signed=signed_when(file.acts[0]),
    )


def _situation(file: File, signatories: list[Signatory], duties: tuple[Duty, ...]) -> Situation:
    pending = file.pending_act
    left = [str(one) for one in signatories if pending and one.act_id == pending.pk and not one.signed_on]
    found = situation(file, waiting_for=names(left) if left else "")
    waited = next((duty for duty in duties if duty.open and duty.due_on), None)
    if pending or not file.in_office:
        return found
    if waited is None:
        return replace(found, next=found.next or typeset("Aucune échéance n’est prévue pour l’instant."))
    return replace(found, next=typeset(f"{_reminder(waited)} {found.next}".strip()))


def _reminder(duty: Duty) -> str:
    text = as_sentence(as_phrase(duty.text))
    if duty.label == PAST_DUE:
        return f"Une échéance est passée ({duty.due}) : {text} Si c’est déjà fait, dites-le à votre interlocuteur."
    return f"Votre prochaine échéance, {duty.due} : {text}"


def period(file: File) -> str:
    """The duration of the convention as its acts give it; empty when unknown."""
    return term_in_words(*(term_context(act) for act in file.source_acts if _sets_a_term(act)))


def _sets_a_term(act: Act) -> bool:
    return bool(act.term_kind) and act.kind != ActKind.TERMINATION


def _duties(file: File, rows: Rows, parties: dict[int, ReadParty], today: datetime.date) -> list[Duty]:
    duties = [_duty(row, parties, today, live=_live(file)) for row in rows.duties_of(file)]
    return sorted(duties, key=lambda duty: (not duty.open, duty.due_on or datetime.date.max))


def _live(file: File) -> bool:
    """Whether duties are awaited: someone in office, of a signed convention."""
    return file.in_office and bool(file.signed_acts)


def _duty(row: ReadDuty, parties: dict[int, ReadParty], today: datetime.date, *, live: bool) -> Duty:
    party = parties.get(row.party_id or 0)
    by_opt = party is not None and party.role == PartyRole.OPT
    label, tone, is_open = ("", "", False)
    if live and not by_opt and row.kind in PAPERS:
        label, tone, is_open = _paper_state(row, today)
    return Duty(
        text=typeset(row.text),
        due=compose(row.due),
        due_on=row.due_on,
        label=label,
        tone=tone,
        by_opt=by_opt,
        open=is_open,
        pk=row.pk,
        party=row.party_id,
    )


def _paper_state(row: ReadDuty, today: datetime.date) -> tuple[str, str, bool]:
    """Badge, tone and whether it is still awaited."""
    if row.accepted_on:
        return "Reçu et accepté", "ok", False
    if row.received_on:
        return f"Reçu le {day(row.received_on)}", "ok", False
    if row.last_refusal:
        return "À reprendre", "warn", True
    if row.due_on and row.due_on < today:
        return PAST_DUE, "warn", True
    if row.due_on and row.due_on <= today + SOON:
        return "Bientôt", "warn", True
    return "À remettre", "neutral", True


def _papers(file: File) -> list[Paper]:
    """Act by act, the signed copy before the text it was made from."""
    acts = {act.pk: act for act in file.acts}
    rows = newest(documents_of(file).order_by("-created_at"))
    found = [(acts[row.act_id], row) for row in rows if row.act_id]
    found.sort(key=lambda pair: (pair[0].rank, pair[1].pk == pair[0].frozen_document_id))
    return [paper_of(row, act) for act, row in found]


def paper_of(row: Document, act: Act) -> Paper:
    """What the link to a stored document says; no query."""
    row.act = act
    return Paper(
        pk=row.pk,
        label=document_label(row.kind, act, signed=act.state == ActState.SIGNED),
        size=show_size(row.size),
        pages=row.page_count,
        made_on=timezone.localdate(row.created_at),
        name=file_name(row),
    )


def _people(
    file: File, signatories: list[Signatory], parties: dict[int, ReadParty]
) -> list[tuple[str, tuple[Person, ...]]]:
    found = []
    for act in file.acts:
        rows = tuple(_person(row, parties) for row in signatories if row.act_id == act.pk)
        if rows:
            found.append((typeset(act_label(act).capitalize()), rows))
    return found


def _person(row: Signatory, parties: dict[int, ReadParty]) -> Person:
    party = parties.get(row.party_id)
    partner = party.partner if party else None
    return Person(
        name=str(row),
        title=typeset(row.title),
        party=typeset(partner.acronym or partner.name) if partner else "",
        signed=day(row.signed_on),
    )


def _moments(file: File, stands: Situation, today: datetime.date) -> list[Moment]:
    """What happened, where we are, what is foreseen: a state is « current » once."""
    dated = [moment for act in file.acts for moment in _past(act)]
    past = [moment for _on, moment in sorted(dated, key=lambda pair: pair[0])]
    if not file.in_office:
        return past
    current = Moment(state="current", title=stands.label, date="Aujourd’hui", text=stands.now)
    return [*past, current, *_ahead(file, file.acts[0], today)]


def _past(act: Act) -> list[tuple[datetime.date, Moment]]:
    """When the text of an act was frozen, when it was signed; a date nobody knows goes first."""
    found = []
    if act.frozen_at and not act.is_reprise:
        on = timezone.localdate(act.frozen_at)
        title = typeset(f"Texte définitif, {act_label(act)}")
        found.append((on, Moment(state="done", title=title, date=day(on))))
    if act.state == ActState.SIGNED:
        title = typeset(f"Signature, {act_label(act)}")
        moment = Moment(state="done", title=title, date=signed_when(act))
        found.append((act.signed_on or datetime.date.min, moment))
    return found


def _ahead(file: File, first: Act, today: datetime.date) -> list[Moment]:
    if not file.source_acts:
        return []
    found = []
    if not file.signed_acts:
        found.append(Moment(state="next", title="Signature par toutes les parties", date=""))
    if first.starts_on and first.starts_on > today:
        found.append(Moment(state="next", title="Prise d’effet", date=day(first.starts_on)))
    last = [act for act in file.source_acts if act.ends_on]
    if last and last[-1].ends_on and last[-1].ends_on > today:
        ends_on = day(last[-1].ends_on, last[-1].ends_on_precision)
        found.append(Moment(state="next", title="Fin de la convention", date=ends_on))
    return found
