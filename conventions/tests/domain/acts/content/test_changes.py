"""The line before, the line after: whatever an amendment changes of a promise is seen."""

import datetime

import pytest

from conventions.domain.acts.content import changes
from conventions.enums import (
    AmountStatus,
    BudgetSide,
    DatePrecision,
    FundingFigure,
    FundingStanding,
    InstalmentCondition,
    ObligationKind,
    Transfer,
)
from conventions.tests import factories as f

pytestmark = pytest.mark.django_db
DAY = datetime.date(2027, 3, 1)
# Columns that place a line or show it to the public: they promise nothing.
NO_PROMISE = {
    "id", "act", "line", "replaces", "removed", "position", "publishable", "funding_line", "template", "code",
}  # fmt: skip
OTHERS = {
    "figure": FundingFigure.RAISED,
    "status": AmountStatus.CAPPED,
    "purchased_on_precision": DatePrecision.YEAR,
    "holds_data": False,
    "transfer": Transfer.LENT,
    "condition_kind": InstalmentCondition.DECISION,
    "side": BudgetSide.EXPENSE,
    "standing": FundingStanding.ASKED,
}
FACTORIES = {
    "funding": f.FundingFactory,
    "instalmentterm": f.InstalmentTermFactory,
    "inkind": f.InKindFactory,
    "equipmentterm": f.EquipmentTermFactory,
    "clause": f.ClauseFactory,
    "obligation": f.ObligationFactory,
    "budgetline": f.BudgetLineFactory,
    "indicator": f.IndicatorFactory,
}
FILLED = {
    "funding": {"amount": 500_000, "status": AmountStatus.KNOWN},
    "instalmentterm": {"amount": 100_000},
    "budgetline": {"side": BudgetSide.INCOME},
    "indicator": {},
    "inkind": {"quantity": 2, "amount": 50_000, "status": AmountStatus.KNOWN},
    "equipmentterm": {
        "serial": "",
        "quantity": 2,
        "amount": 50_000,
        "status": AmountStatus.KNOWN,
        "purchased_on": datetime.date(2020, 5, 4),
    },
    "clause": {},
    "obligation": {"kind": ObligationKind.REVIEW},
}
COLUMNS = [
    (model, field.name)
    for model in changes.TERM_MODELS
    for field in model._meta.concrete_fields
    if field.name not in NO_PROMISE and (model.__name__, field.name) != ("Clause", "heading")
]


def another(row, name):
    """A value that this column does not have."""
    field = row._meta.get_field(name)
    if name in OTHERS:
        return OTHERS[name]
    if name == "kind":
        inkind = row._meta.model_name == "inkind"
        return f.SupportKindFactory(slug="pret") if inkind else ObligationKind.RECEIPT
    if name == "obligation":
        return f.ObligationFactory(act=row.act)
    if name == "party":
        return f.PartyFactory(convention=row.act.convention)
    if field.get_internal_type() == "DateField":
        return DAY
    if "Integer" in field.get_internal_type():
        return 7
    return "Autre chose (fictif)"


@pytest.mark.parametrize(("model", "name"), COLUMNS, ids=lambda value: getattr(value, "__name__", value))
def test_every_promise_changed_reads_otherwise(model, name):
    key = model._meta.model_name
    row = FACTORIES[key](**FILLED[key])
    before = changes.describe(row)
    setattr(row, name, another(row, name))
    assert changes.describe(row) != before


def test_value_that_nobody_estimated_is_not_told():
    assert "valeur" not in changes.describe(f.EquipmentTermFactory(status=AmountStatus.UNKNOWN, amount=None))


@pytest.mark.parametrize(
    ("start", "expected"),
    [(datetime.date(2020, 4, 1), "d’avril 2020 à décembre 2021"), (None, "jusqu’en décembre 2021")],
)
def test_duration_is_no_more_precise_than_known(start, expected):
    act = f.ActFactory(
        reprise=True,
        starts_on=start,
        starts_on_precision=DatePrecision.MONTH,
        ends_on=datetime.date(2021, 12, 1),
        ends_on_precision=DatePrecision.MONTH,
    )
    assert changes.term_wording(act) == expected


def test_who_owes_is_named_as_french_does():
    party = f.PartyFactory(partner=f.PartnerFactory(name="Les Amis du Récif (fictif)"))
    row = f.ObligationFactory(text="Tenir un stand.", kind=ObligationKind.OTHER, party=party)
    assert changes.describe(row) == "tenir un stand, à la charge des Amis du Récif (fictif)"


def test_article_renamed_is_told_by_both_titles():
    act = f.ConventionFactory(act="signe", act__clauses=[{"heading": "Objet", "body": "Texte."}]).acts.get()
    amendment = f.ActFactory(convention=act.convention, amendment=True)
    first = act.clause_set.get()
    f.ClauseFactory(act=amendment, replaces=first, line=first.line, heading="But", body="Texte.")
    (change,) = changes.changes_of(amendment)
    assert (change.label, change.before, change.after, change.heading) == (
        "Objet",
        "Texte.",
        "Texte.",
        "But",
    )
