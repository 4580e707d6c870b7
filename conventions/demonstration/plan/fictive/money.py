"""Money of invented conventions: what is promised by budget year, its instalments, what was paid so far."""

from __future__ import annotations

from datetime import date, timedelta

from conventions.demonstration.plan.fictive.days import months_after, weekday
from conventions.demonstration.plan.fictive.editions import Edition
from conventions.demonstration.plan.shapes import FundingPlan, InstalmentPlan, PaymentPlan, Programme
from conventions.enums import FundingFigure, InstalmentCondition


def fundings_of(row: Edition, start: date, end: date | None, programme: Programme) -> tuple[FundingPlan, ...]:
    """One line per budget year: an amount over two years is shared, the first year takes the larger part."""
    years = sorted({start.year, min(end.year, start.year + 1)}) if end and row.months > 12 else [start.year]
    lines = []
    for money in row.money:
        shared = years if money.figure == FundingFigure.GRANTED else years[:1]
        for rank, year in enumerate(shared):
            lines.append(
                FundingPlan(
                    amount=_share(money.amount, rank, len(shared)),
                    status=money.status,
                    figure=money.figure,
                    budget_year=year,
                    publishable=money.publishable,
                    label=money.label or f"soutien au projet « {programme.project} »",
                )
            )
    return tuple(lines)


def _share(amount: int | None, rank: int, count: int) -> int | None:
    if amount is None or count == 1:
        return amount
    first = amount * 6 // 10
    return first if rank == 0 else amount - first


_CONDITIONS = (
    ("premier versement", InstalmentCondition.SIGNATURE, "sur présentation du RIB"),
    ("deuxième versement", InstalmentCondition.OTHER, "sur présentation d’un point d’étape"),
    ("solde", InstalmentCondition.REPORT, ""),
)


def instalments_of(
    row: Edition, fundings: tuple[FundingPlan, ...], first_day: date, end: date | None
) -> tuple[InstalmentPlan, ...]:
    granted = [line for line in fundings if line.figure == FundingFigure.GRANTED]
    if not granted or any(line.amount is None for line in granted):
        return ()
    total = sum(line.amount or 0 for line in granted)
    steps = [
        _CONDITIONS[0],
        *_CONDITIONS[1 : row.instalments - 1],
        *([_CONDITIONS[2]] if row.instalments > 1 else []),
    ]
    last_day = end or first_day + timedelta(days=360)
    gap = (last_day - first_day) // max(1, row.instalments)
    percents = {1: (100,), 2: (70, 30), 3: (50, 30, 20)}[row.instalments]
    amounts = [total * percent // 100 for percent in percents]
    amounts[-1] += total - sum(amounts)
    return tuple(
        InstalmentPlan(
            label=label,
            condition_kind=kind,
            condition=condition,
            amount=amount,
            percent=percent if row.instalments > 1 else None,
            due_on=first_day + timedelta(days=30) + gap * rank,
        )
        for rank, ((label, kind, condition), amount, percent) in enumerate(
            zip(steps, amounts, percents, strict=True)
        )
    )


def payments_of(
    row: Edition, fundings: tuple[FundingPlan, ...], signed_on: date | None, start: date, today: date
) -> tuple[PaymentPlan, ...]:
    """What was sent to the accountant and paid so far: the first instalments, in order."""
    if signed_on is None:
        return ()
    end = months_after(start, row.months)
    lines = instalments_of(row, fundings, signed_on, end if row.term == "dates" else None)
    found = []
    for rank, line in enumerate(lines):
        sent = weekday(max(signed_on + timedelta(days=8), (line.due_on or signed_on) - timedelta(days=12)))
        paid = weekday(sent + timedelta(days=16))
        held = row.late_report and rank == len(lines) - 1 and rank > 0
        if sent > today or line.amount is None or held or (row.terminated is not None and rank):
            break
        found.append(
            PaymentPlan(
                amount=line.amount, instalment=rank, sent_on=sent, paid_on=paid if paid <= today else None
            )
        )
    return tuple(found)
