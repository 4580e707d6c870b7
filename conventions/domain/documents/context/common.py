"""Values that internal and public documents share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from conventions.enums import DatePrecision, TermKind

LATER = "later"


def later(default: Any) -> Any:
    """A value that contexts frozen before it existed do not hold: left out of the snapshot while it is the default.

    Every value added to a context after a document was frozen is declared so, or the hash of old ones would change.
    """
    return field(default=default, metadata={LATER: True})


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialDate:
    """A date known to the day, the month or the year; `wording` is the source's own words."""

    value: date
    precision: str = DatePrecision.DAY.value
    wording: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatoryContext:
    """Who signs for a party. The title belongs to the signature, as text."""

    first_name: str
    last_name: str
    title: str
    civility: str = ""  # enums.Civility
    order: int = 1
    capacity: str = ""  # « par délégation du … », « en vertu de la délibération … »


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendeeContext:
    """Someone present at the signature who does not sign."""

    first_name: str
    last_name: str
    title: str = ""
    civility: str = ""  # enums.Civility


@dataclass(frozen=True, slots=True, kw_only=True)
class TermContext:
    """How long the convention runs; every part may be unknown."""

    kind: str = TermKind.UNKNOWN.value
    start: PartialDate | None = None
    end: PartialDate | None = None
    wording: str = ""  # « un an renouvelable »


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardDecisionContext:
    """The délibération which authorises the act."""

    number: str = ""
    decided_on: PartialDate | None = None
    body: str = "conseil d’administration"


@dataclass(frozen=True, slots=True, kw_only=True)
class CeremonyContext:
    """The event during which the act is signed."""

    name: str
    held_on: PartialDate | None = None
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceContext:
    """Where a published fact comes from."""

    title: str
    publisher: str = ""
    url: str = ""
    published_on: PartialDate | None = None
    fact: str = ""  # the fact it establishes; empty: the whole
    wording: str = ""  # the source's own words
