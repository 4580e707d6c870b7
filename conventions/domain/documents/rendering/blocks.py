"""The blocks of an agreement's articles: tables and lists made from its lines.

A field `{{ tableau_… }}` or `{{ liste_… }}` that stands alone in its paragraph is replaced by what `BLOCKS` makes of
the context. Its words are those of the layout; any other comes from a line or from an article.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from conventions.domain.documents.context import (
    AgreementContext,
    FundingContext,
    InKindContext,
    ObligationContext,
)
from conventions.domain.documents.merge_fields import show_partial
from conventions.domain.documents.promises import (
    brought_by,
    counterparts,
    duties_of,
    granted,
    lent,
    listed_duties,
    listed_in_kind,
    loans,
    opt_duties,
    other_money,
    other_parties,
    parties_with,
    reports,
)
from conventions.domain.documents.rendering import amending, project
from conventions.domain.documents.rendering.annexes import files_table
from conventions.domain.documents.rendering.text import (
    NOT_STATED,
    Column,
    Table,
    came_from,
    cell,
    compose,
    money_foot,
    stated_value,
)
from conventions.enums import AmountStatus, FundingFigure, PartyRole
from conventions.formats import (
    amount_in_full,
    as_phrase,
    as_sentence,
    bare_label,
    capitalise,
    contract,
    due_phrase,
    duty_phrase,
    join_phrases,
    loan_phrases,
    measured,
    proof_phrase,
    search_key,
    show_amount,
    show_computation,
    show_number,
    show_xpf,
    tally,
)

Block = dict[str, Any]


def _table(table: Table) -> list[Block]:
    return [{"kind": "table", "table": table}]


def _list(items: Iterable[str]) -> list[Block]:
    said = [bare_label(item) for item in items]
    ended = [f"{item} ;" for item in said[:-1]] + [as_sentence(item) for item in said[-1:]]
    return [{"kind": "list", "items": [compose(item) for item in ended]}]


def _intro(text: str) -> Block:
    return {"kind": "text", "text": compose(text), "intro": True}


# Money


def _fundings(ctx: AgreementContext) -> list[Block]:
    """One row per line, the total saying what it could not count."""
    lines = granted(ctx)
    columns = (
        Column(label="Exercice", css="w-year"),
        Column(label="Destination"),
        Column(label="Montant", css="w-money number"),
    )
    rows = tuple((cell(_year(line)), cell(*_destination(line)), cell(_amount(line))) for line in lines)
    foot = money_foot(tally((line.amount, line.status) for line in lines))
    return _table(Table(caption="Répartition du soutien financier", columns=columns, rows=rows, foot=foot))


def _destination(line: FundingContext) -> tuple[str, ...]:
    """What it is for, how it was computed, and in a text in force the act that says so."""
    computed = show_computation(line.quantity, line.unit, line.unit_price)
    return bare_label(line.label), computed, came_from(line.from_act)


def _year(line: FundingContext) -> str:
    return str(line.budget_year or "")


def _amount(line: FundingContext) -> str:
    return show_amount(line.amount, line.status)


def _amount_rules(ctx: AgreementContext) -> list[Block]:
    """What each status of an amount means, for those that the act has."""
    found = tally((line.amount, line.status) for line in granted(ctx))
    statuses = {line.status for line in granted(ctx)}
    certain, ceiling = (
        amount_in_full(amount, AmountStatus.KNOWN) if amount is not None else ""
        for amount in (found.total, found.ceiling)
    )
    certain, ceiling = certain and f", soit {certain},", ceiling and f", soit {ceiling} au plus"
    rules = {
        AmountStatus.KNOWN: f"un montant certain{certain} est ferme",
        AmountStatus.CAPPED: "un montant plafonné est arrêté sur présentation des justificatifs des dépenses, dans la "
        f"limite du plafond{ceiling}",
        AmountStatus.OUTCOME: "un montant selon résultat est arrêté au vu du résultat constaté, pièces à l’appui",
        AmountStatus.TO_BE_SET: "un montant à déterminer est fixé d’un commun accord, par avenant, avant tout "
        "versement",
    }
    return _list(rule for status, rule in rules.items() if status in statuses)


def _other_fundings(ctx: AgreementContext) -> list[Block]:
    """What others bring, never added to OPT-NC's money."""
    columns = (
        Column(label="Origine", css="w-third"),
        Column(label="Exercice", css="w-year"),
        Column(label="Destination"),
        Column(label="Montant", css="w-money number"),
    )
    rows = tuple(
        (
            cell(capitalise(str(FundingFigure(line.figure).label)), line.party),
            cell(_year(line)),
            cell(*_destination(line)),
            cell(_amount(line)),
        )
        for line in other_money(ctx)
    )
    return _table(Table(caption="Autres financements du projet", columns=columns, rows=rows))


def _instalments(ctx: AgreementContext) -> list[Block]:
    columns = (
        Column(label="Rang", css="w-rank"),
        Column(label="Échéance", css="w-date"),
        Column(label="Condition"),
        Column(label="Montant", css="w-money number"),
    )
    rows = tuple(
        (
            cell(str(line.order)),
            cell(show_partial(line.due)),
            cell(
                line.condition,
                f"engagement attendu : {as_phrase(line.obligation)}" if line.obligation else "",
                came_from(line.from_act),
            ),
            cell(*_share(line.amount, line.percentage)),
        )
        for line in sorted(ctx.instalments, key=lambda line: line.order)
    )
    return _table(Table(caption="Échéancier des versements", columns=columns, rows=rows))


def _share(amount: int | None, percentage: int | None) -> tuple[str, ...]:
    figure = show_xpf(amount) if amount is not None else ""
    share = f"{percentage} %" if percentage is not None else ""
    return (figure, share) if figure or share else (NOT_STATED,)


# Goods


def _in_kind(ctx: AgreementContext) -> list[Block]:
    return _list(thing_line(line) for line in listed_in_kind(ctx))


def _loans(ctx: AgreementContext) -> list[Block]:
    """The goods lent, each with its dates and its rules; equipment has its own in the annex."""
    annexed = ["le matériel prêté que décrit l’annexe « Équipements »"] if lent(ctx) else []
    return _list([*(thing_line(line) for line in loans(ctx)), *annexed])


def thing_line(line: InKindContext) -> str:
    """« prêt ou mise à disposition : deux bornes (2 bornes, à restituer le …, sans plafond) »."""
    dates = (show_partial(line.starts_on), show_partial(line.return_on))
    details = join_phrases(
        _quantity(line),
        show_computation(None, "", line.unit_price),
        stated_value(line.value, line.amount, line.status),
        *loan_phrases(*dates, line.custody, line.insurance, line.state_given),
        as_phrase(line.conditions),
        came_from(line.from_act),
    )
    return f"{line.kind_label} : {as_phrase(line.label)}" + (f" ({details})" if details else "")


def _quantity(line: InKindContext) -> str:
    """A bare number is left to a label that already says it: « 1 local »."""
    if not line.quantity:
        return line.unit
    number = show_number(line.quantity)
    if line.unit:
        return measured(line.quantity, line.unit)
    return "" if number in search_key(line.label).split() else f"quantité : {number}"


# Duties


def _duties(lines: Iterable[ObligationContext]) -> list[Block]:
    return _list(duty_line(line) for line in lines)


def duty_line(line: ObligationContext) -> str:
    """What is promised, by when, and what shows that it was done."""
    said = duty_phrase(line.label, _due(line))
    details = join_phrases(proof_phrase(line.proof) if line.proof else "", came_from(line.from_act))
    return f"{said} ({details})" if details else said


def _due(line: ObligationContext) -> str:
    if line.due is None:
        return due_phrase(None, line.due_wording)
    return due_phrase(line.due.value, line.due_wording or line.due.wording, line.due.precision)


def _of_beneficiaries(ctx: AgreementContext, lines: Iterable[ObligationContext]) -> list[Block]:
    """Where several benefit, each duty says whose it is."""
    if len(parties_with(ctx, PartyRole.BENEFICIARY)) < 2:
        return _duties(lines)
    return _list(
        f"{duty_line(line)} (à la charge {contract('de', line.party)})" if line.party else duty_line(line)
        for line in lines
    )


def _of_others(ctx: AgreementContext) -> list[Block]:
    """Party by party, what it promises; nothing for one that promises nothing."""
    blocks: list[Block] = []
    for party in other_parties(ctx):
        brought = [contribution_line(line) for line in brought_by(ctx, party)]
        items = [*brought, *(duty_line(line) for line in duties_of(ctx, party))]
        if items:
            many = party.plural or party.short_name.lower().startswith("les ")
            verb = "s’engagent" if many else "s’engage"
            blocks += [_intro(f"{capitalise(party.short_name)} {verb} à :"), *_list(items)]
    return blocks


def contribution_line(line: FundingContext) -> str:
    """« apporter au projet 500 000 F CFP (repas des bénévoles, exercice 2027) »."""
    year = f"exercice {line.budget_year}" if line.budget_year else ""
    told = join_phrases(as_phrase(line.label), year, came_from(line.from_act))
    return f"apporter au projet {_amount(line)}" + (f" ({told})" if told else "")


def _annexes(ctx: AgreementContext) -> list[Block]:
    """What is typeset after the signatures, by its title; then what was received, with what proves each file."""
    own = [title for title, _tables in project.annexes(ctx)]
    typeset = [*ctx.annexes, *own, *(["Équipements"] if ctx.equipment else [])]
    return [*(_list(typeset) if typeset else []), *(_table(files_table(ctx.files)) if ctx.files else [])]


BLOCKS: dict[str, Callable[[AgreementContext], list[Block]]] = {
    "tableau_financements": _fundings,
    "regles_montants": _amount_rules,
    "tableau_autres_financements": _other_fundings,
    "tableau_echeancier": _instalments,
    "liste_soutiens_nature": _in_kind,
    "liste_prets": _loans,
    "liste_engagements_opt": lambda ctx: _duties(opt_duties(ctx)),
    "liste_engagements": lambda ctx: _of_beneficiaries(ctx, listed_duties(ctx)),
    "engagements_autres_parties": _of_others,
    "liste_contreparties": lambda ctx: _of_beneficiaries(ctx, counterparts(ctx)),
    "liste_comptes_rendus": lambda ctx: _of_beneficiaries(ctx, reports(ctx)),
    "liste_annexes": _annexes,
    "tableau_modifications": amending.changes,
}
