"""What an act may say, but rarely means: it is told from « Soumettre » on, and somebody says why it is right.

A doubt never blocks. Setting it aside writes its sentence and the reason in the journal; when the file changes what
the sentence says, it is a new doubt.
"""

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.acts.content import assembling, loading
from conventions.domain.acts.content.loading import LINE_MODELS, rows_of
from conventions.domain.acts.content.schedule import Schedule, schedule_of, signed_of
from conventions.domain.acts.lifecycle.annexed import FILES, vague_promises
from conventions.domain.acts.lifecycle.impossible import two_delays
from conventions.domain.foundation.refusals import Refused
from conventions.enums import (
    BEFORE_FREEZING_STATES,
    ActKind,
    ActOrigin,
    AmountStatus,
    FundingFigure,
    ObligationKind,
    PageSection,
    PartyRole,
)
from conventions.formats import (
    act_words,
    bare_label,
    capitalise,
    is_line,
    join_list,
    last_day,
    long_date,
    moment,
    show_moment,
    show_xpf,
    slugify_fr,
)
from conventions.models import (
    Act,
    EquipmentTerm,
    Funding,
    InKind,
    InstalmentTerm,
    JournalEntry,
    Obligation,
    User,
)

EVENT = "doute_ecarte"
SUPPORT, TERM, DUTIES = PageSection.SUPPORT.value, PageSection.TERM.value, PageSection.DUTIES.value
PARTIES, DECISION = PageSection.PARTIES.value, "deliberation"
_UNSURE = {
    AmountStatus.CAPPED: "plafonné",
    AmountStatus.OUTCOME: "selon résultat",
    AmountStatus.TO_BE_SET: "à déterminer",
}


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """A sentence, the section of the page it is about; `reason`, `by`: why it is right, who said so."""

    code: str
    label: str
    anchor: str = ""
    reason: str = ""
    by: str = ""


def doubts_on(act: Act, *, row: Act | None = None, on: datetime.date | None = None) -> list[Doubt]:
    """The doubts of a new act that is not frozen yet, those set aside with their reason; `row` is the act `loaded`.

    A reprise has none: it says what its source says.
    """
    if act.origin != ActOrigin.NEW or act.state not in BEFORE_FREEZING_STATES:
        return []
    row, day = row or loading.loaded(act), on or timezone.localdate()
    found = [
        *_of_schedule(assembling.once(row, schedule_of)),
        *_of_term(row, day),
        *_of_past_lines(row, day),
        *_of_budget_years(row),
        *_of_reports(row),
        *_of_decision(row),
        *_of_silent_parties(row),
        *_of_articles(row),
    ]
    return _with_reasons(row, found) if found else []


def set_aside(act: Act, code: str, *, reason: str, by: User) -> Doubt:
    """Write in the journal why a doubt of this act is no trouble. Return the doubt.

    Raises PermissionDenied; Refused without a reason, or for a doubt that the file no longer raises.
    """
    permissions.require(permissions.can_move_acts, by)
    said = reason.strip()
    if not said:
        raise Refused("Écrivez pourquoi ce n’est pas un problème : le journal garde cette raison.")
    with transaction.atomic():
        locked = loading.locked(act)
        doubt = next((one for one in doubts_on(locked) if one.code == code), None)
        if doubt is None:
            raise Refused("Le dossier ne pose plus cette question. Rechargez la page.")
        journal.record(
            EVENT,
            by=by,
            convention=locked.convention,
            details={"acte": locked.pk, "doute": code, "question": doubt.label, "motif": said},
        )
    return replace(doubt, reason=said, by=str(by))


def _with_reasons(row: Act, found: list[Doubt]) -> list[Doubt]:
    lines = JournalEntry.objects.filter(convention=row.convention_id, event=EVENT).select_related("actor")
    told: dict[tuple[str, str], tuple[str, str]] = {}
    for line in lines.order_by("sequence"):
        details = json.loads(line.payload)["details"]
        if details["acte"] == row.pk:
            told[details["doute"], details["question"]] = (details["motif"], str(line.actor or ""))
    reasons = [told.get((doubt.code, doubt.label), ("", "")) for doubt in found]
    return [replace(doubt, reason=reason, by=by) for doubt, (reason, by) in zip(found, reasons, strict=True)]


def _named(line: Any) -> str:
    return f"« {bare_label(str(line))} »"


def _of_schedule(plan: Schedule | None) -> Iterator[Doubt]:
    if plan is None or not plan.instalments:
        return
    unsure = [words for status, words in _UNSURE.items() if status in {line.status for line in plan.fundings}]
    certain, planned = plan.certain, plan.planned
    if unsure:
        label = (
            f"Des versements sont prévus, mais un montant est {join_list(unsure, 'ou')} : "
            "la somme à verser n’est pas encore certaine."
        )
        yield Doubt(code="versements-incertains", label=label, anchor=SUPPORT)
    elif certain and planned is not None and planned < certain and plan.percent != 100:
        label = (
            f"Les versements prévus font {show_xpf(planned)} sur {show_xpf(certain)} : "
            f"{show_xpf(certain - planned)} n’ont pas de versement."
        )
        yield Doubt(code="versements-incomplets", label=label, anchor=SUPPORT)
    for line in plan.instalments if certain else ():
        if certain and _says_two_sums(line, certain):
            share = show_xpf(certain * (line.percent or 0) // 100)
            amount = show_xpf(line.amount or 0)
            label = f"Le versement {_named(line)} dit {line.percent} %, qui font {share}, et {amount}."
            yield Doubt(code=f"versement-deux-sommes-{line.pk}", label=label, anchor=SUPPORT)


def _says_two_sums(line: InstalmentTerm, certain: int) -> bool:
    """Its amount and its share, a whole percent apart or more: « 33 % » may stand beside a third."""
    if line.amount is None or line.percent is None:
        return False
    return abs(line.amount * 100 - line.percent * certain) >= certain


def _of_term(row: Act, day: datetime.date) -> Iterator[Doubt]:
    the = capitalise(act_words(row.kind).the)
    starts = moment(row.starts_on, row.starts_on_precision)
    ends = moment(row.ends_on, row.ends_on_precision)
    if starts and last_day(starts) < day:
        label = f"{the} prend effet {show_moment(starts)}, avant d’être {act_words(row.kind).agree('signé')}."
        yield Doubt(code="effet-passe", label=label, anchor=TERM)
    if ends and last_day(ends) < day:
        label = f"{the} s’achève {show_moment(ends)}, avant d’être {act_words(row.kind).agree('signé')}."
        yield Doubt(code="fin-passee", label=label, anchor=TERM)
    if row.kind != ActKind.INITIAL:
        yield from _of_ended_convention(row, day)


def _of_ended_convention(row: Act, day: datetime.date) -> Iterator[Doubt]:
    last = next((act for act in reversed(assembling.once(row, signed_of)) if act.term_kind), None)
    end = moment(last.ends_on, last.ends_on_precision) if last else None
    if end and last_day(end) < day:
        label = (
            f"La convention a pris fin {show_moment(end)} : {act_words(row.kind).the} vient après son terme."
        )
        yield Doubt(code="convention-finie", label=label, anchor=TERM)


# The dates of a line, as its sentence names them.
_DATES = (
    ("due_on", "l’échéance"),
    ("starts_on", "le début"),
    ("return_on", "le retour"),
    ("pickup_by", "la date de retrait"),
)


def _of_past_lines(row: Act, day: datetime.date) -> Iterator[Doubt]:
    for model in LINE_MODELS:
        for line in assembling.kept(rows_of(row, model)):
            for name, words in _DATES:
                when = getattr(line, name, None)
                if when is not None and when < day:
                    label = f"{capitalise(words)} de {_named(line)}, le {long_date(when)}, est avant la signature."
                    code = f"date-passee-{model._meta.model_name}-{line.pk}-{name}"
                    yield Doubt(code=code, label=label, anchor=DUTIES if model is Obligation else SUPPORT)


def _of_budget_years(row: Act) -> Iterator[Doubt]:
    """An exercice that the term does not cover; nothing is said without both dates."""
    if row.starts_on is None or row.ends_on is None:
        return
    first, last = row.starts_on.year, row.ends_on.year
    for line in assembling.kept(rows_of(row, Funding)):
        if line.budget_year and not first <= line.budget_year <= last:
            years = f"en {first}" if first == last else f"de {first} à {last}"
            the = act_words(row.kind).the
            label = f"{_named(line)} est de l’exercice {line.budget_year}, {the} court {years}."
            yield Doubt(code=f"exercice-{line.pk}", label=label, anchor=SUPPORT)


def _of_reports(row: Act) -> Iterator[Doubt]:
    """The use of money is reported, and what is given is goods alone."""
    money = any(
        line.figure == FundingFigure.GRANTED and is_line(line.status) for line in rows_of(row, Funding)
    )
    if row.kind != ActKind.INITIAL or money or not (rows_of(row, InKind) or rows_of(row, EquipmentTerm)):
        return
    for line in rows_of(row, Obligation):
        if line.kind == ObligationKind.FINANCIAL_REPORT and not line.removed:
            label = (
                f"« {bare_label(line.text)} » rend compte de l’emploi d’une somme, et l’acte n’en donne aucune : "
                "un bilan suffit."
            )
            yield Doubt(code=f"compte-rendu-{line.pk}", label=label, anchor=DUTIES)


def _of_decision(row: Act) -> Iterator[Doubt]:
    """An amendment, a termination, a renewal that nobody decided anew."""
    if row.board_decision_id is None:
        return
    if row.kind != ActKind.INITIAL:
        found = any(act.board_decision_id == row.board_decision_id for act in assembling.once(row, signed_of))
    else:
        renewed = Act.objects.signed().filter(convention=row.convention.renews_id)
        found = (
            bool(row.convention.renews_id) and renewed.filter(board_decision=row.board_decision_id).exists()
        )
    if found:
        whose = "de la convention" if row.kind != ActKind.INITIAL else "de la convention renouvelée"
        the = capitalise(act_words(row.kind).the)
        label = f"{the} s’appuie sur la délibération {whose}, sans nouvelle délibération."
        yield Doubt(code="deliberation-ancienne", label=label, anchor=DECISION)


def _of_silent_parties(row: Act) -> Iterator[Doubt]:
    """A party that signs and promises nothing."""
    if row.kind != ActKind.INITIAL:
        return
    kept = [line for model in LINE_MODELS for line in assembling.kept(rows_of(row, model))]
    bound = {getattr(line, "party_id", None) for line in kept}
    bring = any(getattr(line, "figure", "") == FundingFigure.COFUNDED for line in kept)
    for party in row.convention.parties.all():
        silent = party.role not in (PartyRole.OPT, PartyRole.BENEFICIARY) and party.pk not in bound
        if silent and not (bring and party.role == PartyRole.COFUNDER):
            label = (
                f"{party.partner.short_name} signe sans rien promettre : aucun engagement n’est à sa charge."
            )
            yield Doubt(code=f"partie-muette-{party.pk}", label=label, anchor=DUTIES)


def _of_articles(row: Act) -> Iterator[Doubt]:
    """A promise that no article holds (without any article, the checklist says it); a template of before that gives a
    delay of its own."""
    if not assembling.own_articles(row):
        return
    for clause, told in two_delays(row):
        if not clause.differs_from_template:
            label = f"{capitalise(told)} « Reproposer les articles » retient un texte sans délai."
            yield Doubt(code=f"delais-{clause.pk}", label=label, anchor=PageSection.ARTICLES.value)
    for where in vague_promises(row):
        label = f"{where} parle d’une pièce annexée ou jointe, et l’acte n’a aucune annexe."
        yield Doubt(code=f"annexe-evoquee-{slugify_fr(where)}", label=label, anchor=FILES)
    for heading in assembling.left_over(row):
        label = f"Aucun article ne reprend « {heading} » : l’acte l’imprime en annexe."
        yield Doubt(code=f"annexe-{slugify_fr(heading)}", label=label, anchor=PageSection.ARTICLES.value)
