"""Which columns choose the articles of a draft: a change of the others reads no line of the file again."""

import datetime
from typing import Any

import pytest

from conventions.domain.acts.content import assembling, loading
from conventions.domain.acts.content.loading import page_lines
from conventions.domain.acts.drafting.edits import FACT_COLUMNS, WITHOUT_FACTS
from conventions.domain.acts.drafting.page_content import ACT_TERMS, ROWS, Rows
from conventions.models import Act
from conventions.tests.admin.conventions.test_events import complete
from conventions.tests.factories import (
    AttendeeFactory,
    BudgetLineFactory,
    EquipmentTermFactory,
    FundingFactory,
    IndicatorFactory,
    InKindFactory,
    InstalmentTermFactory,
    ObligationFactory,
)

pytestmark = pytest.mark.django_db
OF_LINES = (
    FundingFactory,
    InstalmentTermFactory,
    InKindFactory,
    EquipmentTermFactory,
    ObligationFactory,
    BudgetLineFactory,
    IndicatorFactory,
    AttendeeFactory,
)


@pytest.fixture
def full(draft, the_act):
    complete(draft, the_act)
    for factory in OF_LINES:
        factory(act=the_act)
    return the_act


def others(item: Any, name: str) -> list[Any]:
    """Values that the column could take instead."""
    column = item._meta.get_field(name)
    if column.choices:
        return [value for value, _label in column.flatchoices if value != getattr(item, name)]
    if column.is_relation:
        held = {column.target_field.name: getattr(item, column.attname)}
        return [*column.related_model._default_manager.exclude(**held), *([None] if column.null else [])]
    kind = column.get_internal_type()
    if kind == "BooleanField":
        return [not getattr(item, name)]
    if kind in ("DateField", "DateTimeField"):
        return [datetime.date(2031, 2, 3), None]
    if "Integer" in kind or kind == "DecimalField":
        return [1, 999_999_999, None]
    return ["Autre chose (fictif)", ""]


def facts_with(act: Act, rows: Rows | None, rank: int, name: str, value: Any) -> frozenset[str]:
    row = loading.loaded(Act.objects.get(pk=act.pk))
    item = row if rows is None else page_lines(row, rows.key)[rank]
    setattr(item, name, value)
    return assembling.act_facts(row, row=row)


def moving(act: Act, rows: Rows | None, names: tuple[str, ...]) -> set[str]:
    """The columns of which some value gives other facts."""
    row = loading.loaded(Act.objects.get(pk=act.pk))
    base = assembling.act_facts(row, row=row)
    items = [row] if rows is None else page_lines(row, rows.key)
    assert items, rows
    return {
        name
        for rank, item in enumerate(items)
        for name in names
        for value in others(item, name)
        if facts_with(act, rows, rank, name, value) != base
    }


def test_columns_of_lines_that_make_facts_are_those_that_are_named(full):
    for rows in (rows for rows in ROWS if rows.key in FACT_COLUMNS):
        assert moving(full, rows, rows.fields) <= FACT_COLUMNS[rows.key], rows.key


def test_people_and_the_place_make_no_fact(full):
    for rows in (rows for rows in ROWS if rows.key in ("signatory", "attendee")):
        assert moving(full, rows, rows.fields) == set(), rows.key
    quiet = tuple(name for name in ACT_TERMS if name in WITHOUT_FACTS)
    assert moving(full, None, quiet) == set()
    assert {"path", "term_kind", "ends_on"} <= moving(full, None, tuple(set(ACT_TERMS) - set(quiet)))
