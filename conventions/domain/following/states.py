"""Where a promise stands, in words: nothing is stored, all is read from the facts and the day."""

import datetime
from dataclasses import dataclass

from conventions.models import InKind, InstalmentTerm, Obligation

LATE, WAITING, UNDER_WAY, DONE = "bad", "warn", "info", "ok"
SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class State:
    """`tone` is a badge of the design system; `is_done`: nothing more is awaited."""

    label: str
    tone: str
    is_done: bool = False


def instalment_state(row: InstalmentTerm, payments: list, today: datetime.date) -> State:
    if payments and all(payment.paid_on for payment in payments):
        paid = sum(payment.position.net for payment in payments)
        if row.amount is not None and paid < row.amount:
            return State("payé en partie", WAITING)
        return State("payé", DONE, True)
    if payments:
        return State("transmis, pas encore payé", UNDER_WAY)
    return _awaited(row.due_on, today, "à préparer")


def report_state(row: Obligation, reports: list, today: datetime.date) -> State:
    if any(report.accepted_on for report in reports):
        return State("accepté", DONE, True)
    if any(report.refused_on is None for report in reports):
        return State("reçu, à accepter", UNDER_WAY)
    return _awaited(row.due_on, today, "à renvoyer" if reports else "attendu")


def loan_state(row: InKind, returns: list, today: datetime.date) -> State:
    counts = [one.quantity for one in returns]
    if returns and (None in counts or row.quantity is None or sum(counts) >= row.quantity):
        return State("rendu", DONE, True)
    late = row.return_on is not None and row.return_on < today
    if returns:
        return State("rendu en partie", LATE if late else WAITING)
    return _awaited(row.return_on, today, "prêté")


def _awaited(due: datetime.date | None, today: datetime.date, label: str) -> State:
    """Late after its day; to do in the last month before it; else quiet."""
    if due is None:
        return State(label, "neutral")
    if due < today:
        return State("en retard", LATE)
    return State(label, WAITING if (due - today).days <= SOON_DAYS else "neutral")
