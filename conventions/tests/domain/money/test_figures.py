"""Figures reconcile with their rows, and say what they could not count."""

import datetime
import random

import pytest

from conventions.domain.money import figures as money_figures
from conventions.domain.money.sums import added
from conventions.enums import AmountStatus, FundingFigure
from conventions.formats import Tally, tally
from conventions.models import Area, PaymentPosition
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
    figures = money_figures.year_figures(YEAR)
    assert figures.granted == Tally(total=750_000, counted=2, unknown=1)
    rows = list(money_figures.granted_rows(YEAR))
    assert sum(row.amount for row in rows if row.amount is not None) == 750_000
    assert [row.text for row in rows if row.amount is None] == ["montant non communiqué"]
    assert figures.unknown == 1


def test_nothing_known_is_said_in_words_never_zero():
    signed(fundings=[funding()])
    total = money_figures.year_figures(YEAR).granted
    assert (total.total, total.text) == (None, "montant non communiqué")
    assert money_figures.year_figures(YEAR + 1).granted.text == ""


def test_capped_amount_is_a_ceiling_not_a_sum():
    signed(
        fundings=[funding(500_000), {"budget_year": YEAR, "status": AmountStatus.CAPPED, "amount": 900_000}]
    )
    figures = money_figures.year_figures(YEAR)
    assert figures.granted == Tally(total=500_000, counted=1, ceiling=900_000, capped=1)
    told = list(money_figures.granted_rows(YEAR))[1].text
    assert told.replace("\u202f", " ").replace("\u00a0", " ") == "jusqu’à 900 000 F CFP"


@pytest.mark.parametrize("figure", [FundingFigure.RAISED, FundingFigure.PRIZE, FundingFigure.COFUNDED])
def test_money_of_others_is_never_added(figure):
    signed(fundings=[funding(500_000), funding(400_000, figure=figure)])
    assert money_figures.year_figures(YEAR).granted.total == 500_000


def test_drafts_and_other_years_do_not_count():
    draft = ConventionFactory()
    FundingFactory(act=draft.acts.get(), budget_year=YEAR, amount=1_000_000)
    signed(fundings=[funding(500_000, budget_year=YEAR - 1)])
    assert money_figures.year_figures(YEAR).granted == Tally()
    assert [(bar.label, bar.total.total) for bar in money_figures.overview(YEAR)[1]] == [("2025", 500_000)]


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
    assert money_figures.year_figures(YEAR).paid == Tally(total=200_000, counted=1)
    assert money_figures.year_figures(YEAR + 1).paid == Tally()


def test_bars_split_by_kind_and_province_and_reconcile():
    convention = signed(fundings=[funding(500_000)])
    convention.areas.add(Area.objects.get(slug="poya"))
    signed(fundings=[funding()])
    kinds = money_figures.by_kind(YEAR)
    assert sum(bar.total.total or 0 for bar in kinds) == 500_000
    assert {bar.label: bar.total.total for bar in money_figures.by_province(YEAR)} == {
        "Province Nord": 500_000,
        "Province Sud": 500_000,
        "Territoire non précisé": None,
    }
    assert [bar.share for bar in money_figures.by_province(YEAR)] == [100, 100, None]


@pytest.mark.parametrize("count", [1, 30])
def test_figures_cost_the_same_for_1_and_30(query_budget, count):
    for _rank in range(count):
        signed(fundings=[funding(500_000)])
    with query_budget(4):
        figures = money_figures.year_figures(YEAR)
    assert figures.granted.counted == count


def test_two_places_of_one_province_count_once():
    convention = signed(fundings=[funding(500_000)])
    convention.areas.add(*Area.objects.filter(provinces__slug="province-sud").exclude(slug="poya")[:3])
    (bar,) = money_figures.by_province(YEAR)
    assert (bar.label, bar.total) == ("Province Sud", Tally(total=500_000, counted=1))


def test_what_was_paid_and_came_back_is_not_paid():
    line = signed(fundings=[funding(500_000)]).acts.get().funding_set.get()
    payment = PaymentFactory(funding=line, amount=300_000, paid_on=datetime.date(YEAR, 3, 1))
    PaymentPosition.objects.filter(payment=payment).update(reversed_amount=100_000)
    assert money_figures.year_figures(YEAR).paid == Tally(total=200_000, counted=1)
    assert [row.amount for row in money_figures.paid_rows(YEAR)] == [200_000]


def test_a_page_of_rows_reads_no_more_than_itself(django_assert_num_queries):
    signed(in_kind=[{}] * 3, equipment=[{}] * 4)
    rows = money_figures.in_kind_rows(YEAR)
    whole = list(rows)
    assert (len(rows), len(whole)) == (7, 7)
    pages = [rows[first : first + 2] for first in range(0, 7, 2)]
    assert [row for page in pages for row in page] == whole
    with django_assert_num_queries(1):
        assert len(rows[0:2]) == 2


def test_every_figure_equals_a_naive_recount():
    """Each total is made by the database; here each row is added by hand."""
    draw = random.Random(2026)
    known = [AmountStatus.KNOWN, AmountStatus.CAPPED]
    for _ in range(12):
        lines = []
        for _line in range(draw.randint(0, 3)):
            status = draw.choice(list(AmountStatus))
            amount = draw.randint(1, 10**6) if status in known else None
            lines.append(
                {"status": status, "amount": amount, "budget_year": draw.choice([YEAR, YEAR - 1, None])}
            )
        act = signed(fundings=lines, in_kind=[{}] * draw.randint(0, 2)).acts.get()
        for line in act.funding_set.all():
            PaymentFactory(funding=line, amount=draw.randint(1, 999), paid_on=datetime.date(YEAR, 5, 5))
    found = money_figures.year_figures(YEAR)
    pairs = {
        "granted": money_figures.granted_rows(YEAR),
        "undated_granted": money_figures.granted_rows(None),
        "in_kind": money_figures.in_kind_rows(YEAR),
        "paid": money_figures.paid_rows(YEAR),
        "undated_paid": money_figures.paid_rows(None),
    }
    for name, rows in pairs.items():
        assert getattr(found, name) == tally((row.amount, row.status) for row in rows), name
    assert added(bar.total for bar in money_figures.by_kind(YEAR)) == found.granted
    listed = list(money_figures.partnerships(YEAR))
    assert sum(row.granted or 0 for row in listed) == (found.granted.total or 0)
