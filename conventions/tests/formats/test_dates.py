from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conventions.formats import (
    FormatError,
    long_date,
    long_date_html,
    parse_date_fr,
    show_date,
    weekday_date,
)

SIGNED = date(2023, 3, 14)
dates = st.dates(date(1900, 1, 1), date(2999, 12, 31))


def test_date_shown_in_each_precision():
    assert show_date(SIGNED, "jour") == "14 mars 2023"
    assert show_date(SIGNED, "jour", weekday=True) == "mardi 14 mars 2023"
    assert show_date(SIGNED, "mois") == "mars 2023"
    assert show_date(SIGNED, "annee") == "2023"


def test_date_shown_with_an_unknown_precision_is_an_error():
    with pytest.raises(ValueError, match="Unknown precision"):
        show_date(SIGNED, "siècle")


def test_first_of_the_month_is_an_ordinal():
    assert long_date(date(2023, 4, 1)) == "1er avril 2023"
    assert long_date_html(date(2023, 4, 1)) == "1<sup>er</sup> avril 2023"
    assert long_date_html(date(2023, 4, 11)) == "11 avril 2023"
    assert weekday_date(date(2023, 4, 1)) == "samedi 1er avril 2023"


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(2020, 4, 17), "vendredi 17 avril 2020"),
        (date(2020, 8, 20), "jeudi 20 août 2020"),
        (date(2021, 7, 28), "mercredi 28 juillet 2021"),
    ],
)
def test_weekday_is_computed(day, shown):
    assert weekday_date(day) == shown


@given(dates)
@settings(max_examples=300, derandomize=True, deadline=None)
def test_date_read_back_is_the_date_shown(day):
    assert parse_date_fr(long_date(day)) == (day, "jour")
    assert parse_date_fr(weekday_date(day)) == (day, "jour")
    assert parse_date_fr(f"{day:%d/%m/%Y}") == (day, "jour")
    assert parse_date_fr(day.isoformat()) == (day, "jour")
    assert parse_date_fr(show_date(day, "mois")) == (day.replace(day=1), "mois")
    assert parse_date_fr(show_date(day, "annee")) == (day.replace(month=1, day=1), "annee")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("14/03/2023", (SIGNED, "jour")),
        ("14-3-2023", (SIGNED, "jour")),
        ("14.03.2023", (SIGNED, "jour")),
        (" 14\u00a0mars  2023 ", (SIGNED, "jour")),
        ("le 14 Mars 2023", (SIGNED, "jour")),
        ("Mardi 14 mars 2023", (SIGNED, "jour")),
        ("1er avril 2023", (date(2023, 4, 1), "jour")),
        ("1 avril 2023", (date(2023, 4, 1), "jour")),
        ("20 aout 2020", (date(2020, 8, 20), "jour")),
        ("17 avr. 2020", (date(2020, 4, 17), "jour")),
        ("03/2023", (date(2023, 3, 1), "mois")),
        ("2023-03", (date(2023, 3, 1), "mois")),
        ("29/02/2024", (date(2024, 2, 29), "jour")),
    ],
)
def test_date_read_from_what_people_type(typed, expected):
    assert parse_date_fr(typed) == expected


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "unreadable"),
        ("hier", "unreadable"),
        ("14 marsembre 2023", "unreadable"),
        ("mardi mars 2023", "unreadable"),
        ("31/02/2023", "impossible"),
        ("29 février 2023", "impossible"),
        ("14/13/2023", "impossible"),
        ("14/03/23", "short_year"),
        ("14/03/0223", "year"),
        ("lundi 14 mars 2023", "wrong_weekday"),
    ],
)
def test_date_that_cannot_be_is_refused(typed, code):
    with pytest.raises(FormatError) as caught:
        parse_date_fr(typed)
    assert caught.value.code == code


def test_refused_weekday_says_the_right_one():
    with pytest.raises(FormatError, match=r"Le 14 mars 2023 est un mardi, pas un lundi\."):
        parse_date_fr("lundi 14 mars 2023")
