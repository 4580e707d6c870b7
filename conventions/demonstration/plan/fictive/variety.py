"""The twenty varied files as conventions of the demonstration: signed on paper, published, one a fortnight."""

from __future__ import annotations

from datetime import date, timedelta

from conventions.demonstration.plan.fictive.days import weekday
from conventions.demonstration.plan.fictive.varied import FILES, PREAMBLE, VariedFile, days
from conventions.demonstration.plan.shapes import Calendar, ConventionPlan, Programme
from conventions.enums import ActState, ConventionStatus, TermKind


def programme_of(file: VariedFile) -> Programme:
    """What its partner does; the public reads its purpose."""
    return Programme(
        key=file.key,
        partner=file.partner,
        title=file.title,
        kind=file.kind,
        project=file.title,
        place="",
        areas=("nouvelle-caledonie-entiere",),
        themes=("solidarite",),
        values=("cohesion",),
        purpose=file.purpose,
        summary=file.purpose,
        story="Convention imaginée pour montrer une sorte de soutien (fictif).",
        dated=False,
        others=file.others,
    )


PROGRAMMES: dict[str, Programme] = {file.key: programme_of(file) for file in FILES}


def conventions(today: date) -> list[ConventionPlan]:
    """Begun on the first of this month or of the five before, signed a few days earlier."""
    return [_convention(file, rank, today) for rank, file in enumerate(FILES)]


def _convention(file: VariedFile, rank: int, today: date) -> ConventionPlan:
    first = today.replace(day=1)
    for _ in range(rank % 6):
        first = (first - timedelta(days=1)).replace(day=1)
    start, end = days(file, first)
    signed_on = weekday(start - timedelta(days=8 + rank))
    open_ended, in_words = file.term_kind == TermKind.OPEN_ENDED, file.term_kind == TermKind.WORDING
    return ConventionPlan(
        key=file.key,
        programme=file.key,
        title=f"{file.title} (fictif)",
        kind=file.kind,
        state=ActState.SIGNED,
        status=ConventionStatus.UNKNOWN_TERM if in_words else ConventionStatus.RUNNING,
        calendar=Calendar(
            created_on=weekday(signed_on - timedelta(days=40)),
            submitted_on=weekday(signed_on - timedelta(days=25)),
            reviewed_on=weekday(signed_on - timedelta(days=18)),
            frozen_on=weekday(signed_on - timedelta(days=9)),
            ended_on=signed_on,
        ),
        term_kind=file.term_kind,
        term_wording=file.term_wording,
        starts_on=start,
        ends_on=None if open_ended or in_words else end,
        preamble=(PREAMBLE,),
        typed=file.lines(start, end),
        board_decision=f"d{start.year}",
        published=True,
        officer=rank % 2,
    )
