"""How long something runs, in words, no more precise than what is known: one wording for acts, pages and exports."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, NamedTuple

from .dates import show_date
from .deadlines import as_phrase
from .grammar import elide

# The codes of enums.TermKind, kept here as text so that this package stays free of Django.
OPEN_ENDED: Final = "indeterminee"
WORDING: Final = "libelle"

_DAY: Final = "jour"
UNTIL_FURTHER_NOTICE: Final = "durée indéterminée"


class Moment(NamedTuple):
    """A date and how precisely it is known: jour, mois or annee."""

    date: date
    precision: str = _DAY


def moment(value: date | None, precision: str = _DAY) -> Moment | None:
    """A Moment, or None when there is no date."""
    return Moment(value, precision) if value else None


def show_period(start: Moment | None, end: Moment | None) -> str:
    """« du 1er mars 2023 au 29 février 2024 », « de mars 2023 à décembre 2024 », « à compter de 2023 »; or empty.

    Whole months or years are named once: « en mars 2023 », « en 2023 »; one day: « le 14 mars 2023 ».
    """
    if start is None:
        return _until(end) if end else ""
    if end is None:
        return f"à compter {_from(start)}"
    shown = _shown(start)
    if start.precision == end.precision and shown == _shown(end):
        return f"le {shown}" if start.precision == _DAY else f"en {shown}"
    return f"{_from(start)} {_to(end)}"


class Term(NamedTuple):
    """The duration one act sets; `kind` is a code of enums.TermKind."""

    kind: str
    start: Moment | None
    end: Moment | None
    wording: str = ""


def show_moment(when: Moment) -> str:
    """« le 14 mars 2023 », « en mars 2023 », « en 2023 »."""
    return f"{'le' if when.precision == _DAY else 'en'} {_shown(when)}"


def last_day(when: Moment) -> date:
    """The end of a day, month or year known to that precision."""
    if when.precision == "annee":
        return when.date.replace(month=12, day=31)
    if when.precision == "mois":
        return when.date.replace(day=monthrange(when.date.year, when.date.month)[1])
    return when.date


def comes_after_a_gap(before: Term, after: Term) -> bool:
    """Whether a term begins later than the day that follows the end of the one before."""
    if before.end is None or after.start is None:
        return False
    return after.start.date > last_day(before.end) + timedelta(days=1)


def successive(terms: Iterable[Term]) -> list[Term]:
    """The periods that acts, in order, give to a convention: a term without a gap goes on with the one before."""
    found: list[Term] = []
    for term in terms:
        if found and not comes_after_a_gap(found[-1], term):
            term = term._replace(start=found.pop().start or term.start)
        found.append(term)
    return found


def show_terms(terms: Iterable[Term]) -> str:
    """« du … au …, puis du … au … »; empty when nothing is known."""
    return join_periods(show_term(*term) for term in successive(terms))


def show_term(kind: str, start: Moment | None, end: Moment | None, wording: str = "") -> str:
    """The duration an act sets, in words: its dates, « durée indéterminée », or its own words with what is dated.

    `kind` is a code of enums.TermKind. Empty when nothing is known: each page says so in its own way.
    """
    period, wording = show_period(start, end), as_phrase(wording)
    if kind == OPEN_ENDED:
        period = show_period(start, None)
        return f"{UNTIL_FURTHER_NOTICE}, {period}" if period else UNTIL_FURTHER_NOTICE
    if kind == WORDING and wording:
        return f"{wording}, {period}" if period else wording
    return period or wording


def join_periods(periods: Iterable[str]) -> str:
    """Periods with a gap between them, in order: « du … au …, puis du … au … »."""
    return ", puis ".join(period for period in periods if period)


def _shown(when: Moment) -> str:
    return show_date(when.date, when.precision)


def _from(when: Moment) -> str:
    shown = _shown(when)
    return f"du {shown}" if when.precision == _DAY else elide("de", shown)


def _to(when: Moment) -> str:
    return f"{'au' if when.precision == _DAY else 'à'} {_shown(when)}"


def _until(when: Moment) -> str:
    return f"jusqu’{'au' if when.precision == _DAY else 'en'} {_shown(when)}"
