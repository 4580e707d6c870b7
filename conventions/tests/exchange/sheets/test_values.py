"""What a cell means: days of every style, amounts, numbers; doubtful ones are refused with what was seen."""

import datetime

import pytest

from conventions.exchange.sheets.cells import Cell, Kind
from conventions.exchange.sheets.values import (
    amount_of,
    day_of,
    identifier_fault,
    quantity_of,
    truth_of,
    weight_of,
)

TODAY = datetime.date(2026, 11, 30)


def day(text, kind=Kind.TEXT, **more):
    return day_of(Cell(text, kind), today=TODAY, **more)


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("09/07/2019", "2019-07-09", "jour"),
        ("2019-07-09", "2019-07-09", "jour"),
        ("2019-07-09 00:00:00", "2019-07-09", "jour"),
        ("2019/7/9", "2019-07-09", "jour"),
        ("mars 2018", "2018-03-01", "mois"),
        ("mars-18", "2018-03-01", "mois"),
        ("14-mars-23", "2023-03-14", "jour"),
        ("déc.-99", "1999-12-01", "mois"),
        ("2023", "2023-01-01", "annee"),
        ("2023.0", "2023-01-01", "annee"),
        ("43655", "2019-07-09", "jour"),
        ("43655.0", "2019-07-09", "jour"),
    ],
)
def test_day_keeps_its_precision(text, value, precision):
    found = day(text)
    assert (found.value, found.precision, found.problem) == (
        datetime.date.fromisoformat(value),
        precision,
        "",
    )


def test_day_numbers_are_told_and_1904_counts_from_later():
    assert "43655" in day("43655", Kind.NUMBER).told
    assert day("42193", Kind.NUMBER, from_1904=True).value == datetime.date(2019, 7, 9)


@pytest.mark.parametrize(
    "text",
    [
        "01/02/2119",
        "80000",
        "2119",
        "2022-12--01",
        "31/02/2020",
        "07/25/2019",
        "demain",
        "09/07/19",
        "12/2030",
    ],
)
def test_impossible_day_is_refused_with_what_was_seen(text):
    found = day(text)
    assert found.value is None
    assert text in found.problem


@pytest.mark.parametrize("text", ["", "n.c.", "inconnue", "?", "non précisé", "-"])
def test_unknown_is_unknown(text):
    assert day(text) == amount_of(Cell(text)) == quantity_of(Cell(text)) == (None, "", "", "jour")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("85000", 85000),
        ("2 000 000,00", 2_000_000),
        ("85000.0000", 85000),
        ("85 000,0000", 85000),
        ("2 M", 2_000_000),
        ("1.500.000", 1_500_000),
        ("45 000 F CFP", 45000),
        ("don", None),
        ("0", None),
        ("0.0000", None),
    ],
)
def test_amounts(text, value):
    found = amount_of(Cell(text))
    assert (found.value, found.problem) == (value, "")


@pytest.mark.parametrize("text", ["17 000,50", "1883828.77", "45 000,00 €", "abc", "1,5"])
def test_doubtful_amount_is_refused_with_what_was_seen(text):
    found = amount_of(Cell(text))
    assert found.value is None
    assert text in found.problem


@pytest.mark.parametrize("read", [amount_of, quantity_of, weight_of, truth_of, day])
def test_what_a_spreadsheet_could_not_compute_is_said(read):
    for cell in (Cell("#N/A", Kind.ERROR), Cell("formule sans valeur", Kind.FORMULA)):
        found = day_of(cell, today=TODAY) if read is day else read(cell)
        assert found.value is None
        assert found.problem


def test_merged_amount_is_not_counted_on_each_row():
    assert "fusionnée" in amount_of(Cell("85000", Kind.NUMBER, merged=True)).problem
    assert "fusionnée" in identifier_fault(Cell("S1", merged=True))


@pytest.mark.parametrize(
    "cell", [Cell("3,56938E+14"), Cell("9,50000000000000E+17", Kind.ROUNDED), Cell("#N/A", Kind.ERROR)]
)
def test_lost_identifier_is_said(cell):
    assert cell.text in identifier_fault(cell)


def test_others():
    assert quantity_of(Cell("10.0")).value == 10
    assert quantity_of(Cell("0")).problem
    assert quantity_of(Cell("2,5")).problem
    assert truth_of(Cell("VRAI")).value is True
    assert truth_of(Cell("non")).value is False
    assert (
        weight_of(Cell("1,8 kg")).value
        == weight_of(Cell("1800 g")).value
        == weight_of(Cell("1.8")).value
        == 1800
    )
    assert weight_of(Cell("lourd")).problem
