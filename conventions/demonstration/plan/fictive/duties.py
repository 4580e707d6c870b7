"""What follows an invented signature: duties, equipment on its way, amendments and terminations."""

from __future__ import annotations

from datetime import date, timedelta

from conventions.demonstration.plan.fictive.days import months_after, weekday
from conventions.demonstration.plan.fictive.editions import Edition
from conventions.demonstration.plan.shapes import (
    Calendar,
    FundingPlan,
    HandoverPlan,
    LaterAct,
    ObligationPlan,
    Programme,
    ReportPlan,
)
from conventions.enums import ActKind, ActState, FundingFigure, ObligationKind


def obligations_of(programme: Programme) -> tuple[ObligationPlan, ...]:
    """What an officer adds to the usual duties of a sponsorship."""
    if programme.kind != "parrainage":
        return ()
    return (
        ObligationPlan(
            kind=ObligationKind.VISIBILITY,
            text="Placer le logotype de l’OPT-NC sur les arches, les dossards et les affiches.",
            due_wording="à chaque édition de la manifestation",
        ),
    )


def reports_of(row: Edition, start: date, end: date | None, today: date) -> tuple[ReportPlan, ...]:
    """The review before the end, the report of each year before its day; received on time, or not at all."""
    if row.state != ActState.SIGNED or row.late_report or end is None:
        return ()
    found = []
    money = [line for line in row.money if line.figure == FundingFigure.GRANTED]
    for year in range(start.year, end.year + 1) if money else ():
        if date(year + 1, 6, 30) >= today:
            break
        report_on = weekday(date(year + 1, 6, 5))
        granted = sum(line.amount or 0 for line in money)
        spent = granted if year == end.year else None  # what each year spent, nobody said
        found.append(
            ReportPlan(
                kind=ObligationKind.FINANCIAL_REPORT,
                received_on=report_on,
                accepted_on=weekday(report_on + timedelta(days=14)),
                spent=spent or None,
            )
        )
    if end < today:
        found.append(ReportPlan(kind=ObligationKind.REVIEW, received_on=weekday(end - timedelta(days=6))))
    return tuple(found)


def handover_of(row: Edition, signed_on: date | None, today: date, rank: int) -> HandoverPlan | None:
    """Old equipment is handed over; recent equipment is at several steps, so that each screen has something."""
    if signed_on is None or not (row.computers or row.lot):
        return None
    aside, erased, handed = (weekday(signed_on + timedelta(days=gap)) for gap in (15, 24, 38))
    if handed >= today:
        return None
    recent = signed_on > today - timedelta(days=130)
    if recent and rank % 3 == 0:
        return HandoverPlan(set_aside_on=aside)
    if recent and rank % 3 == 1:
        return HandoverPlan(set_aside_on=aside, erased_on=erased)
    return HandoverPlan(set_aside_on=aside, erased_on=erased, handed_on=handed)


def later_acts_of(
    row: Edition, start: date, end: date | None, fundings: tuple[FundingPlan, ...], today: date
) -> tuple[LaterAct, ...]:
    if row.terminated is not None:
        return (_termination(row, today),)
    if row.amendment not in ("duree", "montant") or end is None:
        return ()
    signed = weekday(today - timedelta(days=35))
    if row.amendment == "duree":
        reason = "prolonger de six mois la durée de la convention, à la demande du partenaire."
        longer = months_after(start, row.months + 6)
        return (
            LaterAct(
                kind=ActKind.AMENDMENT, reason=reason, calendar=later_calendar(signed),
                starts_on=start, ends_on=longer,
            ),
        )  # fmt: skip
    more = tuple(
        FundingPlan(amount=800_000, budget_year=start.year, label="aménagement d’un second voilier adapté")
        for _ in fundings[:1]
    )
    reason = "ajouter un soutien pour l’aménagement d’un second voilier."
    return (LaterAct(kind=ActKind.AMENDMENT, reason=reason, calendar=later_calendar(signed), fundings=more),)


def _termination(row: Edition, today: date) -> LaterAct:
    effect = today + timedelta(days=row.terminated or 0)
    signed = weekday(effect - timedelta(days=20))
    return LaterAct(
        kind=ActKind.TERMINATION,
        reason="la troupe cesse son activité ; les sommes non employées sont restituées.",
        calendar=later_calendar(signed),
        effective_on=effect,
    )


def later_calendar(signed: date) -> Calendar:
    """Counted back from the signature."""
    back = [weekday(signed - timedelta(days=gap)) for gap in (26, 18, 12, 8)]
    return Calendar(
        created_on=back[0], submitted_on=back[1], reviewed_on=back[2], frozen_on=back[3], ended_on=signed
    )
