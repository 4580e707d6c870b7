"""What the project costs, who pays for it, and what will tell whether it succeeded: two annexes of an act."""

from __future__ import annotations

from collections.abc import Iterator

from conventions.domain.documents.context import AgreementContext, BudgetLineContext, IndicatorContext
from conventions.domain.documents.merge_fields import show_partial
from conventions.domain.documents.rendering.text import Column, Table, came_from, cell, money_foot
from conventions.enums import BudgetSide, FundingStanding
from conventions.formats import (
    as_phrase,
    bare_label,
    capitalise,
    due_phrase,
    join_phrases,
    measured,
    show_amount,
    show_computation,
    tally,
)

BUDGET, INDICATORS = "Budget du projet", "Indicateurs"
_CAPTIONS = {BudgetSide.EXPENSE: "Dépenses prévues", BudgetSide.INCOME: "Recettes prévues"}


def annexes(ctx: AgreementContext) -> list[tuple[str, list[Table]]]:
    """(title, tables) of each annex that the act has lines for."""
    found = [(BUDGET, list(_budget(ctx))), (INDICATORS, list(_indicators(ctx)))]
    return [(title, tables) for title, tables in found if tables]


def _budget(ctx: AgreementContext) -> Iterator[Table]:
    for side, caption in _CAPTIONS.items():
        lines = [line for line in ctx.budget if line.side == side]
        if lines:
            yield _side(lines, caption, income=side == BudgetSide.INCOME)


def _side(lines: list[BudgetLineContext], caption: str, *, income: bool) -> Table:
    columns = [
        Column(label="Poste"),
        *([Column(label="Financeur", css="w-third")] if income else []),
        Column(label="Exercice", css="w-year"),
        Column(label="Montant", css="w-money number"),
    ]
    rows = tuple(
        (
            cell(
                bare_label(line.heading),
                show_computation(line.quantity, line.unit, line.unit_price),
                came_from(line.from_act),
            ),
            *([cell(bare_label(line.funder), _standing(line))] if income else []),
            cell(str(line.budget_year or "")),
            cell(show_amount(line.amount, line.status)),
        )
        for line in lines
    )
    found = tally((line.amount, line.status) for line in lines)
    foot = money_foot(found) if found.total is not None else None
    return Table(caption=caption, columns=tuple(columns), rows=rows, foot=foot)


def _standing(line: BudgetLineContext) -> str:
    return str(FundingStanding(line.standing).label) if line.standing else ""


def _indicators(ctx: AgreementContext) -> Iterator[Table]:
    columns = (
        Column(label="Indicateur"),
        Column(label="Cible", css="w-third"),
        Column(label="Échéance", css="w-third"),
    )
    rows = tuple(
        (cell(bare_label(line.name), came_from(line.from_act)), cell(_target(line)), cell(_due(line)))
        for line in ctx.indicators
    )
    if rows:
        yield Table(caption="Ce qui sera mesuré", columns=columns, rows=rows)


def _target(line: IndicatorContext) -> str:
    number = measured(line.target, line.unit) if line.target is not None else line.unit
    return join_phrases(number, as_phrase(line.target_wording))


def _due(line: IndicatorContext) -> str:
    if line.due is None:
        return capitalise(due_phrase(None, line.due_wording))
    if not line.due_wording:
        return show_partial(line.due)
    return capitalise(due_phrase(line.due.value, line.due_wording, line.due.precision))
