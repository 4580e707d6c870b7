"""Two invented conventions to follow: a whole life, with two amendments and a termination; an amendment in draft."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

from conventions.demonstration.plan.fictive.days import months_after, weekday
from conventions.demonstration.plan.fictive.duties import later_calendar
from conventions.demonstration.plan.shapes import (
    Calendar,
    ConventionPlan,
    InKindPlan,
    InstalmentPlan,
    LaterAct,
    LineEdit,
)
from conventions.enums import ActKind, AmountStatus, InstalmentCondition
from conventions.formats import show_date


def whole_life(row: ConventionPlan, today: date) -> ConventionPlan:
    """More support and a loan; after its end, a longer term; then its termination, already in the row."""
    instalments = tuple(dataclasses.replace(line, percent=None) for line in row.instalments)
    later = (_more_support(row), _longer_term(row), *row.later)
    return dataclasses.replace(row, instalments=instalments, later=later)


def _span(row: ConventionPlan) -> tuple[date, date]:
    """The first and the last day of its first term."""
    if row.starts_on is None or row.ends_on is None:
        raise ValueError(f"{row.key} runs between no dates")
    return row.starts_on, row.ends_on


def _more_support(row: ConventionPlan) -> LaterAct:
    start, end = _span(row)
    due = start + timedelta(days=180)
    return LaterAct(
        kind=ActKind.AMENDMENT,
        reason="accompagner une quatrième pièce, que la troupe ajoute à son projet.",
        calendar=later_calendar(weekday(start + timedelta(days=120))),
        edits=(
            LineEdit(table="fundings", line=0, values=(("amount", 620_000),)),
            LineEdit(table="in_kind", line=0, removed=True),
            LineEdit(
                table="clauses",
                line="communication",
                text="Le nom de l’OPT-NC figure sur l’affiche de chacune des quatre pièces.",
            ),
        ),
        instalments=(
            InstalmentPlan(
                label="versement complémentaire",
                condition_kind=InstalmentCondition.OTHER,
                condition="sur présentation du programme de la quatrième pièce",
                amount=120_000,
                due_on=due,
            ),
        ),
        in_kind=(
            InKindPlan(
                kind_id="pret",
                description="sonorisation portable",
                quantity=1,
                unit="appareil",
                status=AmountStatus.KNOWN,
                amount=85_000,
                starts_on=due,
                return_on=end,
            ),
        ),
    )


def _longer_term(row: ConventionPlan) -> LaterAct:
    """Signed two months and a half after the end: the convention runs again from the signature on."""
    start, end = _span(row)
    longer = months_after(start, 24)
    signed = weekday(end + timedelta(days=75))
    return LaterAct(
        kind=ActKind.AMENDMENT,
        reason=(
            f"prolonger la convention, qui a pris fin le {show_date(end)} sans que toutes les pièces aient été "
            "jouées, faute de salle, et reporter le solde."
        ),
        calendar=later_calendar(signed),
        starts_on=signed,
        ends_on=longer,
        edits=(
            LineEdit(table="instalments", line=1, values=(("due_on", longer - timedelta(days=60)),)),
            LineEdit(table="in_kind", line=0, values=(("return_on", longer),)),
        ),
    )


def draft_amendment(row: ConventionPlan, today: date) -> ConventionPlan:
    """An amendment that somebody is writing: a larger amount, more devices."""
    instalments = tuple(dataclasses.replace(line, percent=None) for line in row.instalments)
    [lot] = row.equipment
    draft = LaterAct(
        kind=ActKind.AMENDMENT,
        reason="accueillir trois adultes de plus dans l’atelier et lui donner cinq appareils de plus à réparer.",
        calendar=Calendar(created_on=weekday(today - timedelta(days=3))),
        edits=(
            LineEdit(table="fundings", line=0, values=(("amount", 1_350_000),)),
            LineEdit(table="instalments", line=1, values=(("amount", 580_000),)),
            LineEdit(table="equipment", line=0, values=(("quantity", (lot.quantity or 0) + 5),)),
        ),
    )
    return dataclasses.replace(row, instalments=instalments, later=(draft,))


# By the word of their row in editions.py.
AMENDED = {"vie": whole_life, "brouillon": draft_amendment}
