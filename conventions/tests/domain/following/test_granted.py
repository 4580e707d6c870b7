"""What was granted, convention by convention and in all: signed and foreseen apart, nothing unknown added as 0."""

import pytest

from conventions.domain.following.granted import Totals, totals, with_granted
from conventions.enums import ActState
from conventions.models import Convention
from conventions.tests.factories import ActFactory, ConventionFactory

pytestmark = pytest.mark.django_db


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (Totals(0, None, 0, None, 0), "0 convention"),
        (Totals(1, 8_400_000, 0, None, 0), "1 convention · 8 400 000 F CFP accordés"),
        (
            Totals(12, 8_400_000, 3, 500_000, 0),
            "12 conventions · 8 400 000 F CFP accordés, sans compter 3 montants non communiqués ou non fixés"
            " · 500 000 F CFP prévus",
        ),
        (Totals(1, None, 1, None, 0), "1 convention · accordé : 1 montant non communiqué ou non fixé"),
        (Totals(1, 0, 0, None, 0), "1 convention · 0 F CFP accordés"),
    ],
)
def test_totals_in_words(found, told):
    assert plain(found.sentence) == told


def test_totals_of_a_selection_in_one_query(django_assert_num_queries):
    ConventionFactory(act=ActState.SIGNED, act__fundings=[{"amount": 2_000_000}, {"unknown": True}])
    ConventionFactory(act=ActState.DRAFT, act__fundings=[{"amount": 300_000}])
    ConventionFactory(act=ActState.ABANDONED, act__fundings=[{"amount": 9}])
    with django_assert_num_queries(1):
        assert totals(Convention.objects.all(), 3) == Totals(3, 2_000_000, 1, 300_000, 0)


def test_line_that_an_amendment_replaced_is_counted_once():
    convention = ConventionFactory(act=ActState.SIGNED, act__fundings=[{"amount": 2_000_000}])
    first = convention.acts.get().funding_set.get()
    changed = [{"amount": 3_000_000, "replaces": first, "line": first.line}]
    ActFactory(convention=convention, amendment=True, state=ActState.SIGNED, fundings=changed)
    row = with_granted(Convention.objects.all()).get()
    assert (row.granted_known, row.granted_unknown, row.is_signed) == (3_000_000, None, True)


@pytest.mark.parametrize(
    ("lines", "known", "unknown"),
    [
        ([], None, None),
        ([{"amount": 5}, {"amount": 6}], 11, None),
        ([{"unknown": True}], None, 1),
        ([{"amount": 5}, {"status": "plafonne", "amount": 900}], 5, 1),
        ([{"amount": 5, "figure": "collecte"}], None, None),
    ],
)
def test_row_of_the_list(lines, known, unknown):
    ConventionFactory(act=ActState.SIGNED, act__fundings=lines)
    row = with_granted(Convention.objects.all()).get()
    assert (row.granted_known, row.granted_unknown) == (known, unknown)
