"""What an amount says, or why there is none; what a sum counted, and what it left out. One wording for all readers.

A certain amount counts. A ceiling is told apart and never added to what is certain. « Selon résultat » promises nothing
yet. What is unknown, or still to be set, is a line without figure. « Sans objet » is no line at all.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from .base import NBSP
from .grammar import counted, join_list
from .letters import amount_in_words
from .money import show_number, show_xpf

# The codes of enums.AmountStatus, kept here as text so that this package stays free of Django.
KNOWN: Final = "connu"
UNKNOWN: Final = "inconnu"
NOT_APPLICABLE: Final = "sans_objet"
TO_BE_SET: Final = "a_determiner"
CAPPED: Final = "plafonne"
OUTCOME: Final = "resultat"

_PLAIN_NOUN = re.compile(r"[A-ZÀ-ÖØ-ÞŒ][a-zß-öø-ÿœ]{3,}(?![^\s,;(-])(?! [A-ZÀ-ÖØ-ÞŒ])")
NOT_TOLD: Final = "montant non communiqué"
_WITHOUT_FIGURE: Final = {
    UNKNOWN: NOT_TOLD,
    TO_BE_SET: "montant à déterminer",
    OUTCOME: "selon résultat",
    CAPPED: "montant plafonné",
    NOT_APPLICABLE: "sans objet",
}

_OF_A_VALUE: Final = {
    NOT_TOLD: "non communiquée",
    "montant à déterminer": "à déterminer",
    "montant plafonné": "plafonnée",
}


class Amount(NamedTuple):
    """Whole XPF, or None, and the code of what is known of it."""

    value: int | None
    status: str

    @property
    def certain(self) -> int | None:
        """What a sum may count, in XPF; None for anything else."""
        return self.value if self.status == KNOWN else None


def is_line(status: str) -> bool:
    """Whether a table or a count has a line for an amount of this status: « sans objet » has none."""
    return status != NOT_APPLICABLE


def show_amount(value: int | None, status: str) -> str:
    """« 2 000 000 F CFP », « jusqu’à 500 000 F CFP », « montant non communiqué », « selon résultat »; never 0 for them.

    The same words in acts, amendments, pages, exports and mails. Raises ValueError for a status that does not exist.
    """
    if status not in _WITHOUT_FIGURE and status != KNOWN:
        raise ValueError(f"Unknown status of an amount: {status!r}")
    if value is None:
        return _WITHOUT_FIGURE.get(status, NOT_TOLD)
    if status == CAPPED:
        return f"jusqu’à {show_xpf(value)}"
    return f"{show_xpf(value)}, selon résultat" if status == OUTCOME else show_xpf(value)


def as_value(said: str) -> str:
    """What `show_amount` said, after the word « valeur »: « à déterminer » for « montant à déterminer »."""
    return _OF_A_VALUE.get(said, said)


def amount_in_full(value: int | None, status: str) -> str:
    """The same as `show_amount` in figures then in letters: « 500 000 F CFP (cinq cent mille francs CFP) »."""
    if value is None or status not in (KNOWN, CAPPED, OUTCOME):
        return show_amount(value, status)
    figures = show_xpf(value)
    return show_amount(value, status).replace(figures, f"{figures} ({amount_in_words(value)})")


def counted_thing(thing: str) -> str:
    """A nature or a unit after its number: « Ordinateurs de bureau » → « ordinateurs de bureau ».

    It is no name of its own: only acronyms, symbols and names of several capitals keep theirs, « PC », « Go »,
    « Samsung Galaxy ».
    """
    return thing[0].lower() + thing[1:] if _PLAIN_NOUN.match(thing) else thing


def measured(quantity: int, unit: str) -> str:
    """« 120 licences », « 7 ordinateurs de bureau »; the number alone without a unit."""
    return f"{show_number(quantity)} {counted_thing(unit)}".strip()


def show_computation(quantity: int | None, unit: str, unit_price: int | None) -> str:
    """How an amount is made: « 120 licences à 15 000 F CFP l’unité »; what is known of it, maybe nothing."""
    price = f"{show_xpf(unit_price)} l’unité" if unit_price is not None else ""
    if quantity is None:
        return f"{price} ({unit})" if price and unit else price or unit
    counted_units = measured(quantity, unit)
    return f"{counted_units} à {price}" if price else counted_units


@dataclass(frozen=True, slots=True)
class Tally:
    """A sum in XPF and what it could not count.

    `total` is None when nothing could be added. `ceiling` is the sum of the ceilings, None without one. The rest counts
    lines: added, capped, depending on a result, to be set, of unknown amount. `others`: left out for one of these
    reasons, in a sum made where they are not told apart.
    """

    total: int | None = None
    counted: int = 0
    ceiling: int | None = None
    capped: int = 0
    outcome: int = 0
    to_be_set: int = 0
    unknown: int = 0
    others: int = 0

    @property
    def left_out(self) -> int:
        """How many lines the total does not count."""
        return self.capped + self.outcome + self.to_be_set + self.unknown + self.others

    @property
    def lines(self) -> int:
        """Every line, added or not."""
        return self.counted + self.left_out

    @property
    def text(self) -> str:
        """The sum, or why there is none; empty without a line. It says nothing of what it left out: see `words`."""
        if self.total is not None:
            return show_xpf(self.total)
        if self.capped and self.capped == self.left_out:
            return show_amount(self.ceiling, CAPPED)
        reasons = [
            words
            for count, words in (
                (self.outcome, _WITHOUT_FIGURE[OUTCOME]),
                (self.to_be_set, _WITHOUT_FIGURE[TO_BE_SET]),
            )
            if count and count == self.left_out
        ]
        return reasons[0] if reasons else NOT_TOLD if self.left_out else ""

    @property
    def note(self) -> str:
        """« sans compter 1 montant plafonné (jusqu’à 200 000 F CFP) »; empty when all is counted."""
        return f"sans compter {self._left_out_words}" if self.left_out else ""

    @property
    def lines_note(self) -> str:
        """« 12 lignes comptées, sans compter 3 montants non communiqués »."""
        told = counted(self.counted, "ligne comptée", "lignes comptées")
        return ", ".join(part for part in (told, self.note) if part)

    @property
    def brief(self) -> str:
        """The same beside a bar, where there is little room: « 1 500 000 F CFP (+ 1) »; the words stand elsewhere."""
        if self.total is None or not self.left_out:
            return self.text
        return f"{self.text} (+{NBSP}{self.left_out})"

    @property
    def words(self) -> str:
        """The sum and what it left out: « 1 500 000 F CFP, sans compter 1 montant non communiqué ».

        When nothing could be added the reason alone is said; several reasons are counted. Empty without a line.
        """
        if self.total is not None:
            return ", ".join(part for part in (self.text, self.note) if part)
        kinds = [self.capped, self.outcome, self.to_be_set, self.unknown, self.others]
        return self._left_out_words if sum(map(bool, kinds)) > 1 else self.text

    @property
    def _left_out_words(self) -> str:
        limit = f" ({show_amount(self.ceiling, CAPPED)})" if self.ceiling is not None else ""
        parts = (
            counted(self.capped, "montant plafonné", "montants plafonnés") + limit if self.capped else "",
            counted(self.outcome, "montant selon résultat", "montants selon résultat")
            if self.outcome
            else "",
            counted(self.to_be_set, "montant à déterminer", "montants à déterminer")
            if self.to_be_set
            else "",
            counted(self.unknown, NOT_TOLD, "montants non communiqués") if self.unknown else "",
            counted(
                self.others, "montant non communiqué ou non fixé", "montants non communiqués ou non fixés"
            )
            if self.others
            else "",
        )
        return join_list([part for part in parts if part])


def tally(lines: Iterable[tuple[int | None, str]]) -> Tally:
    """The sum of (XPF or None, status): certain amounts are added, ceilings apart, the rest counted by its reason."""
    amounts = [Amount(*pair) for pair in lines if is_line(pair[1])]
    certain = [line.certain for line in amounts if line.certain is not None]
    ceilings = [line.value for line in amounts if line.status == CAPPED and line.value is not None]
    counts = {
        status: sum(line.status == status for line in amounts) for status in (CAPPED, OUTCOME, TO_BE_SET)
    }
    return Tally(
        total=sum(certain) if certain else None,
        counted=len(certain),
        ceiling=sum(ceilings) if ceilings else None,
        capped=counts[CAPPED],
        outcome=counts[OUTCOME],
        to_be_set=counts[TO_BE_SET],
        unknown=len(amounts) - len(certain) - sum(counts.values()),
    )
