"""Figures reconcile with their rows, and say what they could not count."""

import datetime

import pytest

from conventions.domain.following import statistics
from conventions.enums import AmountStatus, FundingFigure
from conventions.formats import Tally
from conventions.models import Area
from conventions.tests.factories import ConventionFactory, FundingFactory, PaymentFactory

pytestmark = pytest.mark.django_db
YEAR = 2026


def signed(**lists):
    values = {f"act__{name}": rows for name, rows in lists.items()}
    return ConventionFactory(act="signe", act__starts_on=datetime.date(YEAR, 1, 1), **values)


def funding(amount=None, **values):
    known = {"amount": amount} if amount is not None else {"unknown": True}
    return {"budget_year": YEAR, **known, **values}


def test_total_adds_known_amounts_and_counts_the_others():
    signed(fundings=[funding(500_000), funding(250_000), funding()])
    figures = statistics.year_figures(YEAR)
    assert figures.granted == Tally(total=750_000, counted=2, unknown=1)
    assert sum(row.amount for row in figures.granted_rows if row.amount is not None) == 750_000
    assert [row.text for row in figures.granted_rows if row.amount is None] == ["montant non communiqué"]
    assert figures.unknown == 1


def test_nothing_known_is_said_in_words_never_zero():
    signed(fundings=[funding()])
    total = statistics.year_figures(YEAR).granted
    assert (total.total, total.text) == (None, "montant non communiqué")
    assert statistics.year_figures(YEAR + 1).granted.text == ""


def test_capped_amount_is_a_ceiling_not_a_sum():
    signed(
        fundings=[funding(500_000), {"budget_year": YEAR, "status": AmountStatus.CAPPED, "amount": 900_000}]
    )
    figures = statistics.year_figures(YEAR)
    assert figures.granted == Tally(total=500_000, counted=1, ceiling=900_000, capped=1)
    assert (
        figures.granted_rows[1].text.replace("\u202f", " ").replace("\u00a0", " ") == "jusqu’à 900 000 F CFP"
    )


@pytest.mark.parametrize("figure", [FundingFigure.RAISED, FundingFigure.PRIZE, FundingFigure.COFUNDED])
def test_money_of_others_is_never_added(figure):
    signed(fundings=[funding(500_000), funding(400_000, figure=figure)])
    assert statistics.year_figures(YEAR).granted.total == 500_000


def test_drafts_and_other_years_do_not_count():
    draft = ConventionFactory()
    FundingFactory(act=draft.acts.get(), budget_year=YEAR, amount=1_000_000)
    signed(fundings=[funding(500_000, budget_year=YEAR - 1)])
    assert statistics.year_figures(YEAR).granted == Tally()
    assert [(bar.label, bar.total.total) for bar in statistics.overview(YEAR)[1]] == [("2025", 500_000)]


def test_paid_counts_against_its_budget_year():
    convention = signed(fundings=[funding(500_000)])
    line = convention.acts.get().funding_set.get()
    PaymentFactory(
        convention=convention,
        funding=line,
        amount=200_000,
        sent_on=None,
        paid_on=datetime.date(YEAR + 1, 2, 1),
    )
    PaymentFactory(convention=convention, funding=line, amount=300_000, sent_on=datetime.date(YEAR, 2, 1))
    assert statistics.year_figures(YEAR).paid == Tally(total=200_000, counted=1)
    assert statistics.year_figures(YEAR + 1).paid == Tally()


def test_bars_split_by_kind_and_province_and_reconcile():
    convention = signed(fundings=[funding(500_000)])
    convention.areas.add(Area.objects.get(slug="poya"))
    signed(fundings=[funding()])
    rows = statistics.year_figures(YEAR).granted_rows
    kinds = statistics.by_kind(rows)
    assert sum(bar.total.total or 0 for bar in kinds) == 500_000
    assert {bar.label: bar.total.total for bar in statistics.by_province(rows)} == {
        "Province Nord": 500_000,
        "Province Sud": 500_000,
        "Territoire non précisé": None,
    }
    assert [bar.share for bar in statistics.by_province(rows)] == [100, 100, None]


@pytest.mark.parametrize("count", [1, 30])
def test_figures_cost_the_same_for_1_and_30(query_budget, count):
    for _rank in range(count):
        signed(fundings=[funding(500_000)])
    with query_budget(4):
        figures = statistics.year_figures(YEAR)
    assert figures.granted.counted == count
