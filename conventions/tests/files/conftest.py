"""Forty files made on the screens, once for the tests of this folder, undone at their end.

Twenty are new, varied, frozen and signed on paper. Twenty are reprises: every status of an amount, every precision of a
date, every kind.
"""

import itertools

import pytest

from conventions.demonstration.plan.fictive import varied
from conventions.enums import AmountStatus, DatePrecision, TermKind
from conventions.tests.files.desk import Desk
from conventions.tests.harness import Kept

AMOUNTS = {
    AmountStatus.KNOWN: 1_500_000,
    AmountStatus.CAPPED: 400_000,
    AmountStatus.OUTCOME: 300_000,
    AmountStatus.UNKNOWN: None,
    AmountStatus.TO_BE_SET: None,
    AmountStatus.NOT_APPLICABLE: None,
}
DURATIONS = (
    {"term_kind": TermKind.DATES, "starts_on": "2023-04-01", "ends_on": "2025-12-31"},
    {"term_kind": TermKind.DATES, "ends_on": "2025-12-31"},
    {"term_kind": TermKind.DATES, "starts_on": "2023-04-01"},
    {"term_kind": TermKind.OPEN_ENDED, "starts_on": "2023-04-01"},
    {"term_kind": TermKind.WORDING, "term_wording": "1 an renouvelable", "starts_on": "2023-04-01"},
    {"term_kind": TermKind.UNKNOWN},
)


# How much of « 2023-04-01 » is typed: « 2023-04 », « 2023 ».
AS_KNOWN = {DatePrecision.DAY: 10, DatePrecision.MONTH: 7, DatePrecision.YEAR: 4}


def reprises(desk: Desk) -> list[int]:
    """Each status beside a known amount of another year, each duration with each precision in turn."""
    made = []
    precisions = itertools.cycle(DatePrecision.values)
    pairs = zip(itertools.cycle(AMOUNTS.items()), itertools.cycle(DURATIONS[::-1]), range(20), strict=False)
    for (status, amount), duration, rank in pairs:
        money = {"figure": "accorde", "publishable": rank % 4 != 3}
        first = {"budget_year": 2023, "status": status, "amount": amount, "label": f"ligne {rank}"}
        lines = [("funding", money | first)]
        if rank % 3 == 0:
            lines.append(("funding", money | {"budget_year": 2024, "status": "connu", "amount": 200_000}))
        known = {"starts_on": next(precisions), "ends_on": next(precisions)}
        typed = {
            name: value[: AS_KNOWN[known[name]]] if name in known else value
            for name, value in duration.items()
        }
        made.append(desk.reprise(rank, lines=lines, **typed).pk)
    return made


@pytest.fixture(scope="package")
def _made(django_db_setup, django_db_blocker, tmp_path_factory):
    with Kept.around(django_db_blocker, tmp_path_factory.mktemp("files")) as kept:
        with kept.being_made():
            desk = Desk()
            acts = {file.key: desk.signed(desk.frozen(file)).pk for file in varied.FILES}
            forty = [*acts.values(), *reprises(desk)]
        yield {"desk": desk, "acts": acts, "forty": forty, "kept": kept}


@pytest.fixture
def made(_made, db, settings):
    """{"acts": key of a varied file to its signed act, "forty": all acts, "desk": who made them}."""
    _made["kept"].found_by(settings)
    return _made
