"""What follows a number is no name of its own: its capital goes."""

import pytest

from conventions.domain.publication.wording import quantity_phrase
from conventions.formats import measured


@pytest.mark.parametrize(
    ("quantity", "nature", "expected"),
    [
        (7, "Ordinateur de bureau", "7 ordinateurs de bureau"),
        (1, "Écran", "1 écran"),
        (2, "PC portable", "2 PC portables"),
        (3, "iPad", "3 iPad"),
    ],
)
def test_a_nature_after_its_quantity_is_in_small_letters(quantity, nature, expected):
    assert quantity_phrase(quantity, nature).replace("\u00a0", " ").startswith(expected)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("Licences", "12 licences"),
        ("Go", "12 Go"),
        ("Samsung Galaxy", "12 Samsung Galaxy"),
        ("GHz", "12 GHz"),
        ("kWh", "12 kWh"),
        ("", "12"),
    ],
)
def test_a_unit_after_its_quantity_is_in_small_letters(unit, expected):
    assert measured(12, unit) == expected
