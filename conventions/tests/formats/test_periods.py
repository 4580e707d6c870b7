"""Durations in words, for each precision of each end."""

from datetime import date

import pytest

from conventions.enums import TermKind
from conventions.formats import periods
from conventions.formats.periods import Moment, join_periods, moment, show_period, show_term

START, END = date(2023, 3, 1), date(2024, 12, 31)


def test_kinds_are_those_of_the_product():
    assert {periods.OPEN_ENDED, periods.WORDING} <= set(TermKind.values)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (None, None, ""),
        ("jour", "jour", "du 1er mars 2023 au 31 décembre 2024"),
        ("mois", "mois", "de mars 2023 à décembre 2024"),
        ("annee", "annee", "de 2023 à 2024"),
        ("jour", "mois", "du 1er mars 2023 à décembre 2024"),
        ("mois", "jour", "de mars 2023 au 31 décembre 2024"),
        ("annee", "jour", "de 2023 au 31 décembre 2024"),
        ("annee", "mois", "de 2023 à décembre 2024"),
        ("jour", None, "à compter du 1er mars 2023"),
        ("mois", None, "à compter de mars 2023"),
        ("annee", None, "à compter de 2023"),
        (None, "jour", "jusqu’au 31 décembre 2024"),
        (None, "mois", "jusqu’en décembre 2024"),
        (None, "annee", "jusqu’en 2024"),
    ],
)
def test_each_precision(start, end, words):
    assert show_period(moment(start and START, start or ""), moment(end and END, end or "")) == words


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (Moment(date(2023, 4, 1), "mois"), Moment(date(2023, 8, 1), "mois"), "d’avril 2023 à août 2023"),
        (Moment(date(2023, 10, 1), "mois"), None, "à compter d’octobre 2023"),
        (Moment(date(2023, 3, 1), "mois"), Moment(date(2023, 3, 31), "mois"), "en mars 2023"),
        (Moment(date(2023, 1, 1), "annee"), Moment(date(2023, 12, 31), "annee"), "en 2023"),
        (Moment(date(2023, 3, 14)), Moment(date(2023, 3, 14)), "le 14 mars 2023"),
    ],
)
def test_elision_and_what_is_said_once(start, end, words):
    assert show_period(start, end) == words


@pytest.mark.parametrize(
    ("kind", "start", "end", "wording", "words"),
    [
        (TermKind.DATES, START, END, "", "du 1er mars 2023 au 31 décembre 2024"),
        (TermKind.DATES, None, END, "", "jusqu’au 31 décembre 2024"),
        (TermKind.DATES, START, None, "", "à compter du 1er mars 2023"),
        (TermKind.OPEN_ENDED, None, None, "", "durée indéterminée"),
        (TermKind.OPEN_ENDED, START, END, "", "durée indéterminée, à compter du 1er mars 2023"),
        (TermKind.WORDING, None, None, "1 an renouvelable", "1 an renouvelable"),
        (TermKind.WORDING, START, None, "1 an renouvelable", "1 an renouvelable, à compter du 1er mars 2023"),
        (TermKind.WORDING, None, END, "", "jusqu’au 31 décembre 2024"),
        (TermKind.UNKNOWN, None, None, "", ""),
        (TermKind.UNKNOWN, START, None, "", "à compter du 1er mars 2023"),
        (TermKind.UNKNOWN, None, None, "depuis 2020", "depuis 2020"),
        ("", None, None, "", ""),
    ],
)
def test_term(kind, start, end, wording, words):
    assert show_term(kind, moment(start), moment(end), wording) == words


def test_two_periods_with_a_gap():
    first, second = show_period(None, moment(END)), show_period(moment(date(2025, 3, 1)), None)
    assert join_periods([first, "", second]) == "jusqu’au 31 décembre 2024, puis à compter du 1er mars 2025"
