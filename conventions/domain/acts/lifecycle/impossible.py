"""What no act may say: sums that do not fit, dates that do not exist, one paper due twice, letters nobody can print.

The same sentences stand in the checklist of the page, under the button and in the guard, from « Soumettre » on. A
reprise never meets them: it says what its source says.
"""

import datetime
from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.text import capfirst

from conventions.domain.acts.content import assembling
from conventions.domain.acts.content.loading import LINE_MODELS, rows_of
from conventions.domain.acts.content.schedule import Schedule, schedule_of, signed_of
from conventions.domain.acts.lifecycle.table import Missing
from conventions.domain.documents.rendering.letters import letters_without_glyph
from conventions.enums import ActKind, AmountStatus, ObligationKind, PageSection
from conventions.formats import (
    as_phrase,
    bare_label,
    delay_in,
    impossible_date,
    lists,
    long_date,
    other_deadline,
    search_key,
    show_xpf,
)
from conventions.models import (
    Act,
    Clause,
    Convention,
    Obligation,
    Partner,
    Project,
    Signatory,
)
from conventions.models.terms import Term

SUPPORT, TERM, DUTIES = PageSection.SUPPORT.value, PageSection.TERM.value, PageSection.DUTIES.value
PARTIES, ARTICLES = PageSection.PARTIES.value, PageSection.ARTICLES.value
ESSENTIALS = PageSection.ESSENTIALS.value
# A date outside these years was mistyped: « 0027 ».
FIRST_YEAR, LAST_YEAR = 1900, 2100
REPORTS = (ObligationKind.FINANCIAL_REPORT, ObligationKind.REVIEW)
REPORT_ARTICLE = "compte_rendu"


def impossible_in(row: Act) -> list[Missing]:
    """What a `loaded` act, new, cannot say as it stands; each sentence says what to do."""
    return [
        *_of_amounts(row),
        *_of_schedule(assembling.once(row, schedule_of)),
        *_of_term(row),
        *_of_dates(row),
        *_of_deadlines(row),
        *_of_letters(row),
    ]


def _kept(row: Act, model: type[Term]) -> list[Any]:
    return assembling.kept(rows_of(row, model))


def _named(line: models.Model) -> str:
    return f"« {bare_label(str(line))} »"


# Amounts


def _of_amounts(row: Act) -> Iterator[Missing]:
    for line in _kept(row, LINE_MODELS[0]):
        if line.status == AmountStatus.UNKNOWN:
            yield Missing(
                code=f"montant-tu-{line.pk}",
                label=f"Donner le montant de {_named(line)}, ou choisir « à déterminer » ou « selon résultat » : "
                "les parties ne signent pas un montant non communiqué. Pour le public, décocher « publiable ».",
                anchor=SUPPORT,
            )
    for model in LINE_MODELS:
        for line in _kept(row, model):
            if getattr(line, "amount", None) == 0:
                yield Missing(
                    code=f"zero-{model._meta.model_name}-{line.pk}",
                    label=f"Corriger {_named(line)} : 0 F CFP ne promet rien. Donner le montant, ou le laisser vide.",
                    anchor=SUPPORT,
                )


def _of_schedule(plan: Schedule | None) -> Iterator[Missing]:
    if plan is None or not plan.instalments:
        return
    if plan.percent > 100:
        label = f"Corriger les parts des versements prévus : elles font {plan.percent} %, plus que le soutien entier."
        yield Missing(code="parts", label=label, anchor=SUPPORT)
    limit = plan.limit
    if not any(line.status != AmountStatus.NOT_APPLICABLE for line in plan.fundings):
        label = "Indiquer le soutien financier que les versements prévus versent, ou retirer ces versements."
        yield Missing(code="versements-sans-soutien", label=label, anchor=SUPPORT)
    elif limit is not None and plan.at_least > limit and plan.percent <= 100:
        label = (
            f"Corriger les versements prévus ou le montant : les versements font {show_xpf(plan.at_least)}, "
            f"le soutien de l’OPT-NC {show_xpf(limit)}{' au plus' if plan.certain is None else ''}."
        )
        yield Missing(code="versements", label=label, anchor=SUPPORT)
    yield from _of_instalments(plan)


def _of_instalments(plan: Schedule) -> Iterator[Missing]:
    certain = plan.certain
    for line in plan.instalments if certain else ():
        if line.amount is None and line.percent is None:
            label = f"Donner le montant ou la part du versement {_named(line)}."
            yield Missing(code=f"versement-sans-somme-{line.pk}", label=label, anchor=SUPPORT)


# Dates


def _of_term(row: Act) -> Iterator[Missing]:
    """The end before the start; within one act the form and the base refuse it already."""
    if row.kind == ActKind.INITIAL:
        return
    end = row.effective_on if row.kind == ActKind.TERMINATION else row.ends_on
    if end is None or row.starts_on is not None:
        return
    first = next((act.starts_on for act in assembling.once(row, signed_of) if act.rank == 0), None)
    if first is not None and end < first:
        label = (
            f"Corriger la date du {long_date(end)} : la convention n’a commencé que le {long_date(first)}."
        )
        yield Missing(code="fin-avant-debut", label=label, anchor=TERM)


def _of_dates(row: Act) -> Iterator[Missing]:
    """Dates that no sentence can say: a year of another age, a day that the calendar has not."""
    for line, field, anchor in _printed(row):
        value = getattr(line, field.attname)
        if type(value) is datetime.date and not FIRST_YEAR <= value.year <= LAST_YEAR:
            yield _wrong_date(line, field, f"{value.day:02}/{value.month:02}/{value.year:04}", anchor)
        elif isinstance(value, str) and (lost := impossible_date(value)):
            yield _wrong_date(line, field, lost, anchor)


def _wrong_date(line: models.Model, field: models.Field, told: str, anchor: str) -> Missing:
    whose = "" if isinstance(line, Act) else f" de {_named(line)}"
    label = f"Corriger la date « {told} » ({field.verbose_name}{whose}) : elle n’existe pas."
    return Missing(code=f"date-{line._meta.model_name}-{line.pk}-{field.name}", label=label, anchor=anchor)


def _of_deadlines(row: Act) -> Iterator[Missing]:
    """One paper, two last days: in a line, between two lines, between a line and an article."""
    for model in LINE_MODELS:
        for line in _kept(row, model):
            words = getattr(line, "due_wording", "") or getattr(line, "condition", "")
            other = other_deadline(getattr(line, "due_on", None), words)
            if other:
                label = (
                    f"Choisir une seule échéance pour {_named(line)} : la date dit {long_date(line.due_on)}, "
                    f"les mots disent {other}."
                )
                anchor = DUTIES if model is Obligation else SUPPORT
                yield Missing(
                    code=f"echeances-{model._meta.model_name}-{line.pk}", label=label, anchor=anchor
                )
    yield from _of_twins(_kept(row, Obligation))
    yield from _of_report_article(row)


def _of_twins(duties: list[Obligation]) -> Iterator[Missing]:
    seen: dict[tuple, Obligation] = {}
    for line in duties:
        key = (line.party_id, search_key(bare_label(line.text)))
        first = seen.setdefault(key, line)
        if first is not line and first.due != line.due:
            label = (
                f"Garder une seule échéance pour {_named(line)} : cet engagement est écrit deux fois, "
                f"{first.due or 'sans échéance'} et {line.due or 'sans échéance'}."
            )
            yield Missing(code=f"echeances-doubles-{line.pk}", label=label, anchor=DUTIES)


def _of_report_article(row: Act) -> Iterator[Missing]:
    """An article on reports written by hand may give no delay of its own beside the duties that give theirs."""
    for clause, told in two_delays(row):
        if clause.differs_from_template:
            label = f"Choisir une seule échéance : {told} Corriger l’article, ou « Reproposer les articles »."
            yield Missing(code=f"echeances-article-{clause.pk}", label=label, anchor=ARTICLES)


def two_delays(row: Act) -> Iterator[tuple[Clause, str]]:
    """The articles on reports that give a delay beside the duties that give theirs, with what both say."""
    due = [line for line in _kept(row, Obligation) if line.kind in REPORTS and line.due]
    for clause in assembling.own_articles(row) if due else ():
        if clause.code == REPORT_ARTICLE and (delay := delay_in(clause.body)):
            yield (
                clause,
                f"l’article « {clause.heading} » dit « {delay} », l’engagement « {as_phrase(due[0].text)} » dit "
                f"« {due[0].due} ».",
            )


# Letters


def _of_letters(row: Act) -> Iterator[Missing]:
    for line, field, anchor in _printed(row):
        value = getattr(line, field.attname)
        if isinstance(value, str) and (lost := letters_without_glyph(lists.unmarked(value))):
            whose = "" if isinstance(line, Act) else f" de {_named(line)}"
            shown = ", ".join(f"« {letter} »" for letter in lost[:5])
            label = f"Écrire autrement {shown} ({field.verbose_name}{whose}) : aucune de nos polices ne l’imprime."
            code = f"lettre-{line._meta.model_name}-{line.pk}-{field.name}"
            yield Missing(code=code, label=capfirst(label), anchor=anchor)


# Of these tables the act prints some columns alone; of its lines, every one that people type.
_PRINTED: dict[type[models.Model], tuple[str, ...]] = {
    Convention: ("title", "purpose"),
    Project: ("name",),
    Act: (
        "starts_on", "ends_on", "effective_on", "term_wording", "place", "preamble", "reason", "object_text",
    ),
    Partner: (
        "name", "acronym", "designation", "ridet", "rna", "siret", "receipt_number", "address", "postal_code",
        "country", "legal_form", "founding_texts",
    ),
    Signatory: ("first_name", "last_name", "title", "capacity"),
}  # fmt: skip


def _printed(row: Act) -> Iterator[tuple[models.Model, models.Field, str]]:
    """Everything typed that a `loaded` act prints, with the section of the page that holds it."""
    for line, anchor in _lines(row):
        names = _PRINTED.get(type(line))
        for field in line._meta.fields:
            if field.name in names if names else field.editable and not field.choices:
                yield line, field, anchor


def _lines(row: Act) -> Iterator[tuple[models.Model, str]]:
    yield row.convention, ESSENTIALS
    if row.convention.project:
        yield row.convention.project, ESSENTIALS
    yield row, TERM
    for party in row.convention.parties.all():
        yield party.partner, PARTIES
    for person in row.signatories.all():
        yield person, PARTIES
    for model in LINE_MODELS:
        anchor = DUTIES if model is Obligation else SUPPORT
        yield from ((line, anchor) for line in _kept(row, model))
    yield from ((line, ARTICLES) for line in _kept(row, Clause))
