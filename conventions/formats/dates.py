"""Plain dates (Nouméa's calendar, no time zone) in French, with their precision.

Neither Babel nor Django writes « 1er avril »; the weekday is always computed, never typed.
"""

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from .base import NBSP, FormatError, collapse_spaces
from .search import search_key
from .typography import raised

Precision = Literal["jour", "mois", "annee"]
"""The codes of enums.DatePrecision, kept here as text so that this package stays free of Django."""

MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
WEEKDAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

_MONTH_NUMBERS: Final = {search_key(name): number for number, name in enumerate(MONTHS, 1)} | {
    "janv": 1, "jan": 1, "fevr": 2, "fev": 2, "avr": 4, "juil": 7, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_NUMERIC = re.compile(r"(\d{1,2}) ?[/.\-] ?(\d{1,2}) ?[/.\-] ?(\d{4})")
_NUMERIC_MONTH = re.compile(r"(\d{1,2}) ?[/.\-] ?(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
_WRITTEN = re.compile(
    rf"(?:le )?(?:({'|'.join(WEEKDAYS)}),? )?(?:(\d{{1,2}})(?: ?er)? )?([^\W\d]+)\.? (\d{{4}})"
)
_SHORT_YEAR = re.compile(r"\d{1,2} ?[/.\-] ?\d{1,2} ?[/.\-] ?\d{2}")
_HYPHENS = re.compile("[\u2010-\u2015\u2212]")
_FIRST_YEAR, _LAST_YEAR = 1800, 2999  # what a day is added to, or taken from, stays in the calendar
_EXAMPLE: Final = "14/03/2023 ou 14 mars 2023"


class ParsedDate(NamedTuple):
    """A date as it was known: « mars 2023 » is the first of March with the precision « mois »."""

    date: date
    precision: Precision


def long_date(value: date) -> str:
    """« 14 mars 2023 », « 1er avril 2023 »."""
    return f"{_day(value)} {month_and_year(value)}"


def day_and_month(day: int, month: int) -> str:
    """« 31 décembre », « 1er juillet »: a day of each year."""
    return f"{'1er' if day == 1 else day} {MONTHS[month - 1]}"


def long_date_html(value: date) -> str:
    """The same with a superscript: « 1<sup>er</sup> avril 2023 ». Safe HTML: nothing typed goes into it."""
    return raised(long_date(value))


def weekday_date(value: date) -> str:
    """« mardi 14 mars 2023 »."""
    return f"{WEEKDAYS[value.weekday()]} {long_date(value)}"


def later_day(day: date, months: int, days: int) -> date:
    """The day some months then days later; the last of its month where that month is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1])) + timedelta(days=days)


def month_and_year(value: date) -> str:
    """« mars 2023 »."""
    return f"{MONTHS[value.month - 1]} {value.year}"


def show_date(value: date, precision: str = "jour", weekday: bool = False) -> str:
    """A date no more precise than what is known: « 14 mars 2023 », « mars 2023 » or « 2023 ».

    `weekday` only applies to a whole day. Raises ValueError for another precision than jour, mois, annee.
    """
    if precision == "jour":
        return weekday_date(value) if weekday else long_date(value)
    if precision == "mois":
        return month_and_year(value)
    if precision == "annee":
        return str(value.year)
    raise ValueError(f"Unknown precision: {precision!r}")


def parse_date_fr(text: str, *, any_weekday: bool = False) -> ParsedDate:
    """The date that a person typed, with its precision.

    Reads « 14/03/2023 », « 2023-03-14 », « mardi 14 mars 2023 », « 1er avril 2023 », « mars 2023 »,
    « 03/2023 » and « 2023 ». Raises FormatError (in French) for a date that does not exist, a year of two digits, or a
    weekday that is not the right one; `any_weekday` lets that one pass, for the words of an old paper.
    """
    typed = _HYPHENS.sub("-", collapse_spaces(text).lower())
    if found := _NUMERIC.fullmatch(typed):
        day, month, year = found.groups()
        return ParsedDate(_existing(year, month, day), "jour")
    if found := _ISO.fullmatch(typed):
        year, month, iso_day = found.groups()
        return ParsedDate(_existing(year, month, iso_day or "1"), "jour" if iso_day else "mois")
    if found := _NUMERIC_MONTH.fullmatch(typed):
        return ParsedDate(_existing(found[2], found[1], "1"), "mois")
    if re.fullmatch(r"[0-9]{4}", typed):
        return ParsedDate(_existing(typed, "1", "1"), "annee")
    if _SHORT_YEAR.fullmatch(typed):
        raise FormatError("Écrivez l’année avec quatre chiffres, par exemple 14/03/2023.", "short_year")
    return _parse_written(typed, any_weekday=any_weekday)


def _parse_written(typed: str, *, any_weekday: bool = False) -> ParsedDate:
    """« mardi 14 mars 2023 », « 1er avril 2023 », « mars 2023 »."""
    found = _WRITTEN.fullmatch(typed)
    month = _MONTH_NUMBERS.get(search_key(found[3])) if found else None
    if found is None or month is None or (found[1] and not found[2]):
        raise FormatError(f"Cette date n’est pas lisible. Écrivez par exemple {_EXAMPLE}.", "unreadable")
    weekday, day, _, year = found.groups()
    value = _existing(year, str(month), day or "1")
    if weekday and not any_weekday and weekday != WEEKDAYS[value.weekday()]:
        raise FormatError(
            f"Le {long_date(value)} est un {WEEKDAYS[value.weekday()]}, pas un {weekday}. "
            "Corrigez la date ou retirez le jour de la semaine.",
            "wrong_weekday",
        )
    return ParsedDate(value, "jour" if day else "mois")


_IN_WORDS = re.compile(
    rf"(?:\b({'|'.join(WEEKDAYS)}),? )?\b(\d{{1,2}})(?: ?er)? ([^\W\d]+)\.? (\d{{4}})\b"
    r"|\b(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})\b"
)


def date_conflict(value: date, precision: str, wording: str) -> str:
    """How the words of a source disagree with the date that is held; empty when they do not.

    « Le 9 mars 2022 était un mercredi, la source écrit « jeudi 9 mars 2022 ». » Only whole days are compared.
    """
    found = _IN_WORDS.search(_HYPHENS.sub("-", collapse_spaces(wording).lower()))
    if found is None:
        return ""
    parts = [part or "" for part in found.groups()]
    weekday, day, name, year = parts[:4] if parts[1] else ["", *parts[4:]]
    month = _MONTH_NUMBERS.get(search_key(name)) if parts[1] else int(name)
    said = f"la source écrit «{NBSP}{collapse_spaces(wording)}{NBSP}»."
    try:
        told = date(int(year), month or 0, int(day))
    except ValueError:
        return f"Cette date n’existe pas dans le calendrier{NBSP}: {said}"
    if weekday and weekday != WEEKDAYS[told.weekday()]:
        return f"Le {long_date(told)} était un {WEEKDAYS[told.weekday()]}, {said}"
    same = (told.year, told.month, told.day)[: {"annee": 1, "mois": 2}.get(precision, 3)]
    if same != (value.year, value.month, value.day)[: len(same)]:
        return f"La date retenue est {show_date(value, precision)}, {said}"
    return ""


def told_date(
    value: date | None, precision: str = "jour", wording: str = "", *, weekday: bool = False
) -> str:
    """A date of a paper, with the words of its source where they disagree; these words alone without a date."""
    if value is None:
        return wording
    shown, conflict = show_date(value, precision, weekday), date_conflict(value, precision, wording)
    return f"{shown} ({conflict[:1].lower()}{conflict[1:].rstrip('.')})" if conflict else shown


def check_year(year: int) -> None:
    """Raises FormatError for a year that nobody means: 24 for 2024, 9999."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise FormatError(
            f"L’année {year:04} n’est pas plausible. Vérifiez-la, par exemple {_EXAMPLE}.", "year"
        )


def _existing(year: str, month: str, day: str) -> date:
    check_year(int(year))
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise FormatError(
            f"Cette date n’existe pas dans le calendrier. Vérifiez le jour et le mois{NBSP}: {_EXAMPLE}.",
            "impossible",
        ) from None


def _day(value: date) -> str:
    return "1er" if value.day == 1 else str(value.day)
