"""A paper to type: what a historian writes of it, and what every reader must find again.

The real cases hold the facts of their sources alone; every other one is invented and says « (fictif) ».
"""

from dataclasses import dataclass, field

OPT, PARTNER = "opt", "partner"  # a party, by its place

Row = tuple[str, dict[str, str]]


@dataclass(frozen=True)
class Later:
    """An amendment or a termination of paper: its own small form, then its page."""

    act: dict[str, str]
    page: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    adds: list[Row] = field(default_factory=list)  # lines that the amendment adds to the convention


@dataclass(frozen=True)
class Case:
    """`told`: what the attestation, the public page and its PDF must say; `exported`: what the list's export must."""

    key: str
    new: dict[str, str]
    page: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    later: list[Later] = field(default_factory=list)
    told: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()  # on the public page and its PDF alone
    exported: tuple[str, ...] = ()


def source(title: str, publisher: str = "OPT-NC") -> Row:
    return ("source", {"title": title, "publisher": publisher, "publishable": "on"})


def attendee(first: str, last: str, title: str = "") -> Row:
    return ("attendee", {"first_name": first, "last_name": last, "title": title})


def money(year: str, amount: str, figure: str = "accorde") -> Row:
    typed = {"budget_year": year, "amount": amount, "figure": figure, "status": "connu", "publishable": "on"}
    return ("funding", typed)
