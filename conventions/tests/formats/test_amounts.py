"""One wording of an amount for each status; sums that count what is certain and say the rest."""

import pytest

from conventions.enums import AmountStatus
from conventions.formats import amounts
from conventions.formats.amounts import Tally, as_value, show_amount, show_computation, tally


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_statuses_are_those_of_the_product():
    codes = {
        amounts.KNOWN,
        amounts.UNKNOWN,
        amounts.NOT_APPLICABLE,
        amounts.TO_BE_SET,
        amounts.CAPPED,
        amounts.OUTCOME,
    }
    assert codes == set(AmountStatus.values)


@pytest.mark.parametrize(
    ("value", "status", "words"),
    [
        (2_000_000, AmountStatus.KNOWN, "2 000 000 F CFP"),
        (500_000, AmountStatus.CAPPED, "jusqu’à 500 000 F CFP"),
        (300_000, AmountStatus.OUTCOME, "300 000 F CFP, selon résultat"),
        (None, AmountStatus.OUTCOME, "selon résultat"),
        (None, AmountStatus.TO_BE_SET, "montant à déterminer"),
        (None, AmountStatus.UNKNOWN, "montant non communiqué"),
        (None, AmountStatus.NOT_APPLICABLE, "sans objet"),
        (None, AmountStatus.KNOWN, "montant non communiqué"),
        (None, AmountStatus.CAPPED, "montant plafonné"),
    ],
)
def test_show_amount(value, status, words):
    assert plain(show_amount(value, status)) == words


def test_status_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="peut-être"):
        show_amount(1, "peut-être")


K, C, R, U, S, N = (
    AmountStatus.KNOWN,
    AmountStatus.CAPPED,
    AmountStatus.OUTCOME,
    AmountStatus.UNKNOWN,
    AmountStatus.TO_BE_SET,
    AmountStatus.NOT_APPLICABLE,
)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], ""),
        ([(None, N)], ""),
        ([(1_000_000, K), (500_000, K)], "1 500 000 F CFP"),
        ([(0, K)], "0 F CFP"),
        ([(None, U)], "montant non communiqué"),
        ([(None, U), (None, U)], "montant non communiqué"),
        ([(200_000, C)], "jusqu’à 200 000 F CFP"),
        ([(200_000, C), (300_000, C)], "jusqu’à 500 000 F CFP"),
        ([(None, S)], "montant à déterminer"),
        ([(300_000, R)], "selon résultat"),
        ([(1, K), (None, U), (None, N)], "1 F CFP, sans compter 1 montant non communiqué"),
        ([(1_000, K), (300_000, R)], "1 000 F CFP, sans compter 1 montant selon résultat"),
        (
            [(1_000, K), (200_000, C), (None, U), (None, U)],
            "1 000 F CFP, sans compter 1 montant plafonné (jusqu’à 200 000 F CFP) et 2 montants non communiqués",
        ),
        (
            [(200_000, C), (None, U)],
            "1 montant plafonné (jusqu’à 200 000 F CFP) et 1 montant non communiqué",
        ),
        (
            [(5, K), (None, C), (2, R), (None, S), (None, U)],
            "5 F CFP, sans compter 1 montant plafonné, 1 montant selon résultat, 1 montant à déterminer et "
            "1 montant non communiqué",
        ),
    ],
)
def test_a_sum_says_what_it_left_out(lines, words):
    assert plain(tally(lines).words) == words


def test_sum_of_lines_not_told_apart():
    assert (
        plain(Tally(total=10, counted=1, others=2).words)
        == "10 F CFP, sans compter 2 montants non communiqués ou non fixés"
    )
    assert Tally(others=1).words == "montant non communiqué"


@pytest.mark.parametrize("status", [C, R, U, S, N])
def test_only_what_is_certain_is_added(status):
    """Whatever the figure beside it."""
    given = 7 if status in (C, R) else None
    found = tally([(100, K), (given, status)])
    assert (found.total, found.counted, found.left_out) == (100, 1, 0 if status == N else 1)


@pytest.mark.parametrize(
    ("lines", "brief"),
    [
        ([(1_000, K)], "1 000 F CFP"),
        ([(1_000, K), (None, U), (5, C)], "1 000 F CFP (+ 2)"),
        ([(None, U)], "montant non communiqué"),
    ],
)
def test_a_sum_beside_a_bar_is_short(lines, brief):
    assert plain(tally(lines).brief) == brief


@pytest.mark.parametrize(
    ("quantity", "unit", "price", "words"),
    [
        (120, "leçons", 4_000, "120 leçons à 4 000 F CFP l’unité"),
        (1_500, "", 20, "1 500 à 20 F CFP l’unité"),
        (60, "jours", None, "60 jours"),
        (None, "jours", 20_000, "20 000 F CFP l’unité (jours)"),
        (None, "", 20_000, "20 000 F CFP l’unité"),
        (None, "jours", None, "jours"),
        (None, "", None, ""),
    ],
)
def test_computation_says_what_is_known_of_it(quantity, unit, price, words):
    assert plain(show_computation(quantity, unit, price)) == words


@pytest.mark.parametrize(("status", "said"), [
    (AmountStatus.TO_BE_SET, "à déterminer"), (AmountStatus.CAPPED, "plafonnée"),
    (AmountStatus.UNKNOWN, "non communiquée"), (AmountStatus.OUTCOME, "selon résultat"),
    (AmountStatus.NOT_APPLICABLE, "sans objet"),
])  # fmt: skip
def test_value_of_a_thing_agrees_with_its_word(status, said):
    assert as_value(show_amount(None, status)) == said
