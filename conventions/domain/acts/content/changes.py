"""What an act changes, in words: the line before, the line after. One description per kind of term."""

import datetime
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from django.db import models

from conventions.domain.documents.context import ChangeContext
from conventions.domain.documents.context.rows import term_context
from conventions.domain.documents.durations import term_in_words, term_of
from conventions.enums import (
    ActKind,
    AmountStatus,
    DatePrecision,
    FundingFigure,
    ObligationKind,
    TermKind,
    Transfer,
)
from conventions.formats import (
    Moment,
    as_phrase,
    as_value,
    comes_after_a_gap,
    contract,
    counted,
    date_phrase,
    duty_phrase,
    join_list,
    join_periods,
    join_phrases,
    last_day,
    measured,
    moment,
    proof_phrase,
    show_amount,
    show_computation,
    show_date,
    show_moment,
    show_number,
    show_period,
    successive,
)
from conventions.models import (
    Act,
    BudgetLine,
    Clause,
    EquipmentTerm,
    Funding,
    Indicator,
    InKind,
    InstalmentTerm,
    Obligation,
    Party,
)
from conventions.models.support import Loan
from conventions.models.terms import Computed, Term

Shown = Callable[[int | None, str], str]
TERM_MODELS: tuple[type[Term], ...] = (
    Funding,
    InstalmentTerm,
    InKind,
    EquipmentTerm,
    Obligation,
    BudgetLine,
    Indicator,
    Clause,
)
REMOVED, TERM_LABEL, TERM = "supprimé", "Durée", "duree"


def _day(value: datetime.date | None, precision: str = DatePrecision.DAY) -> str:
    return show_date(value, precision) if value else ""


def _dated(link: str, value: datetime.date | None, precision: str) -> str:
    return date_phrase(link, _day(value, precision))


def _funding(row: Funding, show: Shown) -> str:
    figure = "" if row.figure == FundingFigure.GRANTED else str(row.get_figure_display())
    year = f"exercice {row.budget_year}" if row.budget_year else ""
    amount = show(row.amount, row.status)
    return join_phrases(row.label, figure, year, amount, _computed(row), _brought(row.party))


def _brought(party: Party | None, other: str = "") -> str:
    by = party.partner.short_name if party else other
    return f"apporté par : {by}" if by else ""


def _computed(row: Computed, *, counted_already: bool = False) -> str:
    """« 120 licences à 15 000 F CFP l’unité »; the price alone where the quantity is told beside it, or unknown."""
    return show_computation(
        None if counted_already else row.quantity, "" if counted_already else row.unit, row.unit_price
    )


def _instalment(row: InstalmentTerm, show: Shown) -> str:
    amount = show(row.amount, AmountStatus.KNOWN) if row.amount is not None else ""
    share = f"{row.percent} %" if row.percent is not None else ""
    awaited = f"engagement attendu : {as_phrase(row.obligation.text)}" if row.obligation else ""
    return join_phrases(row.label, amount, share, row.due, awaited)


def _in_kind(row: InKind, show: Shown) -> str:
    quantity = measured(row.quantity, row.unit) if row.quantity else ""
    price = _computed(row, counted_already=True)
    value = _value(row, show)
    told = (as_phrase(row.description), quantity, price, value, *_loan(row), as_phrase(row.conditions))
    return join_phrases(str(row.kind), *told)


def _loan(row: Loan) -> tuple[str, ...]:
    """What a loan says beside the thing lent."""
    return (
        f"à partir du {_day(row.starts_on)}" if row.starts_on else "",
        f"retour le {_day(row.return_on)}" if row.return_on else "",
        *row.care,
    )


def _value(row: InKind | EquipmentTerm, show: Shown) -> str:
    """The estimated value of a thing; nothing is said of one that nobody estimated."""
    return "" if row.status == AmountStatus.UNKNOWN else f"valeur : {as_value(show(row.amount, row.status))}"


def _equipment(row: EquipmentTerm, show: Shown) -> str:
    quantity = measured(row.quantity, row.unit) if row.quantity else "quantité non précisée"
    bought = _day(row.purchased_on, row.purchased_on_precision)
    details = (
        f"n° de série {row.serial}" if row.serial else "",
        f"n° d’inventaire {row.inventory_tag}" if row.inventory_tag else "",
        f"achat : {bought}" if bought else "",
        _computed(row, counted_already=True),
        _value(row, show),
        f"retrait : {row.pickup}" if row.pickup else "",
        "" if row.holds_data else "sans donnée",
        str(row.get_transfer_display()) if row.transfer == Transfer.LENT else "",
        *_loan(row),
    )
    return join_phrases(row.nature, quantity, row.brand, row.model, *details)


def _obligation(row: Obligation, show: Shown) -> str:
    whose = f"à la charge {contract('de', row.party.partner.short_name)}" if row.party else ""
    kind = "" if row.kind == ObligationKind.OTHER else str(row.get_kind_display())
    proof = proof_phrase(row.proof)
    return join_phrases(kind, duty_phrase(row.text, row.due), whose, proof)


def _budget_line(row: BudgetLine, show: Shown) -> str:
    year = f"exercice {row.budget_year}" if row.budget_year else ""
    brought = _brought(row.party, row.funder)
    standing = str(row.get_standing_display()) if row.standing else ""
    told = (year, show(row.amount, row.status), _computed(row), brought, standing)
    return join_phrases(f"{row.get_side_display()} : {as_phrase(row.heading)}", *told)


def _indicator(row: Indicator, show: Shown) -> str:
    number = f"{show_number(row.target)} {row.unit}".strip() if row.target is not None else row.unit
    target = join_phrases(number, as_phrase(row.target_wording))
    return join_phrases(row.name, f"cible : {target}" if target else "", row.due)


def _clause(row: Clause, show: Shown) -> str:
    return row.body


_WORDINGS: dict[type[models.Model], Callable[..., str]] = {
    Funding: _funding,
    InstalmentTerm: _instalment,
    InKind: _in_kind,
    EquipmentTerm: _equipment,
    Obligation: _obligation,
    BudgetLine: _budget_line,
    Indicator: _indicator,
    Clause: _clause,
}


_TOLD_WITH: dict[type[Term], tuple[str, ...]] = {
    Funding: ("party__partner", "replaces__party__partner"),
    InstalmentTerm: ("obligation", "replaces__obligation"),
    InKind: ("replaces__kind",),
    Obligation: ("party__partner", "replaces__party__partner"),
    BudgetLine: ("party__partner", "replaces__party__partner"),
}


def told_with(model: type[Term]) -> tuple[str, ...]:
    """What must be loaded with rows of this model for `describe` to cost no query."""
    return _TOLD_WITH.get(model, ())


def describe(row: models.Model, *, show: Shown = show_amount) -> str:
    """A line of an act in words; `show`: how an amount is said, `amount_in_full` in figures and in letters."""
    return _WORDINGS[type(row)](row, show)


def term_wording(act: Act) -> str:
    """The duration an act sets, in words; it says so when it is unknown."""
    return term_in_words(term_context(act)) or str(TermKind.UNKNOWN.label)


def changes_of(act: Act) -> tuple[ChangeContext, ...]:
    """What an amendment changes: its duration, then line by line what it adds, replaces or removes.

    One query for an act already `loaded`.
    """
    if act.kind != ActKind.AMENDMENT:
        return ()
    told = duration_change(act)
    return (*told, *(change_of(row) for model in TERM_MODELS for row in changing_rows(act, model)))


def duration_change(act: Act) -> list[ChangeContext]:
    """What an amendment makes of the duration: one change, or none."""
    return _term_change(act, _signed_terms(act.convention_id))


def changing_rows(act: Act, model: type[Term]) -> list[Any]:
    """The rows of an amendment that change the convention, in order; its own articles are not changes."""
    rows = getattr(act, f"{model._meta.model_name}_set").all()
    found = [row for row in rows if not (isinstance(row, Clause) and row.is_own)]
    return sorted(found, key=lambda row: (row.position, row.pk))


def changes_by_act(acts: list[Act]) -> dict[int, tuple[ChangeContext, ...]]:
    """The same for several acts of one convention; nine queries, whatever their number."""
    found: dict[int, list[ChangeContext]] = {act.pk: [] for act in acts}
    later = [act for act in acts if act.kind == ActKind.AMENDMENT]
    if later:
        terms = _signed_terms(later[0].convention_id)
        for act in later:
            found[act.pk] += _term_change(act, terms)
    for model in TERM_MODELS if later else ():
        rows: Any = model._default_manager.filter(act__in=later).select_related("replaces", *told_with(model))
        if model is Clause:
            rows = rows.of_convention()  # its own articles are not changes
        for row in rows.order_by("act", "position", "pk"):
            found[row.act_id].append(change_of(row))
    return {act: tuple(told) for act, told in found.items()}


def change_of(row: Term, show: Shown = show_amount) -> ChangeContext:
    """What one row of an amendment adds (no `before`), replaces or removes (no `after`)."""
    label, heading = str(row._meta.verbose_name), ""
    if isinstance(row, Clause):
        label = row.replaces.heading if isinstance(row.replaces, Clause) else row.heading
        heading = row.heading
    return ChangeContext(
        label=label[:1].upper() + label[1:],
        before=describe(row.replaces, show=show) if row.replaces else "",
        after="" if row.removed else describe(row, show=show),
        term=str(row._meta.model_name),
        heading=heading,
    )


def _signed_terms(convention: int) -> list[Act]:
    return list(Act.objects.signed().filter(convention=convention).exclude(term_kind="").order_by("rank"))


def _term_before(act: Act, terms: list[Act]) -> Act | None:
    return next((one for one in reversed(terms) if one.rank < act.rank), None)


def _term_change(act: Act, terms: list[Act]) -> list[ChangeContext]:
    before = _term_before(act, terms)
    known = term_in_words(term_context(before)) if before else ""
    after, note = term_wording(act), ""
    if not act.term_kind or known == after:
        return []
    if before is not None and _comes_after_a_gap(act, before):
        after, note = join_periods([known, after]), _gap(act, before)
    return [ChangeContext(label=TERM_LABEL, before=known, after=after, term=TERM, note=note)]


def _gap(act: Act, before: Act) -> str:
    """« La convention a pris fin le … ; l’avenant la prolonge à compter du …, après une interruption du … au …. »"""
    end, start = _end_of(before), moment(act.starts_on, act.starts_on_precision)
    assert end is not None
    assert start is not None  # else nothing comes after a gap
    return f"{_extension(end, start)}, après une interruption {_between(end, start)}."


def _between(end: Moment, start: Moment) -> str:
    day = datetime.timedelta(days=1)
    return show_period(Moment(last_day(end) + day), Moment(start.date - day))


def gaps(acts: list[Act]) -> tuple[str, ...]:
    """What no period of the signed acts, in order, covers: « du 1er janvier 2027 au 28 février 2027 »."""
    terms = list(successive(term_of(term_context(act)) for act in acts if act.term_kind))
    return tuple(
        _between(before.end, after.start)
        for before, after in pairwise(terms)
        if before.end is not None and after.start is not None
    )


def _extension(end: Moment, start: Moment) -> str:
    return f"La convention a pris fin {show_moment(end)} ; l’avenant la prolonge {show_period(start, None)}"


def _comes_after_a_gap(act: Act, before: Act) -> bool:
    return comes_after_a_gap(term_of(term_context(before)), term_of(term_context(act)))


def whole_term(acts: list[Act]) -> str:
    """The periods that the signed acts, in order, give to the convention: « du … au …, puis du … au … »."""
    return term_in_words(*(term_context(act) for act in acts if act.term_kind))


def extension_sentence(act: Act, *, today: datetime.date) -> str:
    """What an amendment does to a term that is over: « La convention a pris fin le … ». Empty otherwise."""
    before = _term_before(act, _signed_terms(act.convention_id)) if act.term_kind else None
    end, new_end = _end_of(before) if before else None, _end_of(act)
    if before is None or end is None or new_end is None:
        return ""
    ended = show_moment(end)
    start = moment(act.starts_on, act.starts_on_precision)
    if start is not None and _comes_after_a_gap(act, before):
        return f"{_extension(end, start)}."
    if last_day(end) < today and last_day(new_end) > last_day(end):
        until = show_period(None, new_end)
        return f"La convention a pris fin {ended} ; l’avenant la prolonge sans interruption {until}."
    return ""


def _end_of(act: Act) -> Moment | None:
    return moment(act.ends_on, act.ends_on_precision)


def sentence(act: Act, told: tuple[ChangeContext, ...]) -> str:
    """One sentence of what an act changed; `told` are its changes."""
    if act.kind == ActKind.INITIAL:
        return "Le texte d’origine."
    if act.kind == ActKind.TERMINATION:
        day = _day(act.effective_on)
        return f"Met fin à la convention le {day}." if day else "Met fin à la convention."
    parts = [_term_part(act, told)] + [_lines_part(verb, told, test) for verb, test in _SORTS]
    said = join_list(part for part in parts if part) or "ne change aucune ligne"
    return f"{said[:1].upper()}{said[1:]}."


def _term_part(act: Act, told: tuple[ChangeContext, ...]) -> str:
    change = next((change for change in told if change.term == TERM), None)
    if change is None:
        return ""
    if change.note:
        return f"prolonge la convention, après une interruption, {term_wording(act)}"
    if act.ends_on is None:
        return f"fixe la durée ({term_wording(act)})"
    return f"porte la durée {show_period(None, _end_of(act))}"


def prolonging(act: Act) -> str:
    """What an amendment does to the duration, in the infinitive: « prolonger la convention jusqu’au … »; or empty."""
    if act.ends_on is None:
        return ""
    before = _term_before(act, _signed_terms(act.convention_id))
    if before is not None and _comes_after_a_gap(act, before):
        return f"prolonger la convention, après une interruption, {term_wording(act)}"
    ended, end = _end_of(before) if before else None, _end_of(act)
    later = ended is not None and end is not None and last_day(end) > last_day(ended)
    return f"{'prolonger la convention' if later else 'porter la durée de la convention'} {show_period(None, end)}"


def _lines_part(verb: str, told: tuple[ChangeContext, ...], test: Callable[[ChangeContext], bool]) -> str:
    labels = [_named(change) for change in told if change.term != TERM and test(change)]
    if not labels:
        return ""
    names = list(dict.fromkeys(labels))
    named = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
    return f"{verb} {counted(len(labels), 'ligne')} ({named})"


def _named(change: ChangeContext) -> str:
    if change.term == Clause._meta.model_name:
        return f"article « {change.label} »"
    return change.label[:1].lower() + change.label[1:]


_SORTS: tuple[tuple[str, Callable[[ChangeContext], bool]], ...] = (
    ("modifie", lambda change: bool(change.before and change.after)),
    ("ajoute", lambda change: not change.before),
    ("supprime", lambda change: not change.after),
)
