"""Amounts in francs CFP (XPF, ISO 4217, no decimals): whole numbers, shown and read.

An amount that is not known is None and never comes here: unknown is never shown as 0.
"""

import re
from decimal import Decimal
from typing import Final

from .base import NBSP, NNBSP, FormatError, collapse_spaces

MAX_XPF: Final = 10**12
"""The largest amount that is read or written in letters: 10¹² francs, a thousand milliards."""

_MULTIPLIERS: Final = {
    "k": 10**3, "mille": 10**3,
    "m": 10**6, "million": 10**6, "millions": 10**6,
    "md": 10**9, "mds": 10**9, "milliard": 10**9, "milliards": 10**9,
}  # fmt: skip
_UNIT = r"(?:f\.? ?c\.?f\.?p\.?|f|xpf|cfp|francs?(?: (?:cfp|pacifique))?)"
_AMOUNT = re.compile(
    rf"^(?:{_UNIT} ?(?=\d))?(?P<number>\d[\d .,']*?) ?(?P<multiplier>{'|'.join(_MULTIPLIERS)})?"
    rf"(?: ?(?:de )?{_UNIT})?$"
)
_WHOLE = re.compile(r"^(?:\d+|\d{1,3}(?P<separator>[ .'])\d{3}(?:(?P=separator)\d{3})*)$")
_NO_CENTIMES = re.compile(r"^(.*\d)([.,])00?$")  # « 2 000 000,00 », and « 50000.0 » of a spreadsheet
_DECIMAL = re.compile(r"^(?:\d+|\d{1,3}(?: \d{3})+)[.,]\d+$")
_MAX_LENGTH: Final = 60
_EXAMPLE: Final = f"2{NNBSP}000{NNBSP}000"


def show_number(value: int) -> str:
    """A whole number in groups of three digits: 67200000 → « 67 200 000 » (U+202F between groups)."""
    sign = "\u2212" if value < 0 else ""
    return sign + f"{abs(value):,}".replace(",", NNBSP)


def show_xpf(amount: int) -> str:
    """An amount in XPF for the reader: 2000000 → « 2 000 000 F CFP » (U+00A0 before and inside the unit)."""
    return f"{show_number(amount)}{NBSP}F{NBSP}CFP"


def show_millions(amount: int) -> str:
    """An amount in XPF cut short: 67200000 → « 67,2 M »; below a million the whole number."""
    if amount < 1_000_000:
        return show_number(amount)
    tenths = (amount + 50_000) // 100_000
    return f"{show_number(tenths // 10)},{tenths % 10}{NBSP}M"


def parse_xpf(text: str) -> int:
    """The amount in XPF that a person typed, from 0 to MAX_XPF.

    Reads « 2 000 000 F CFP », « 2.000.000 FCFP », « XPF 500 », « 2 M », « 2,5 millions », « 500 k », with any
    kind of space; « ,00 » adds nothing. Raises FormatError (in French) for anything else: what is doubtful is
    refused, not guessed.
    """
    cleaned = collapse_spaces(text).lower().replace("\u2019", "'").replace("\u2212", "-")
    if not cleaned:
        raise FormatError(f"Indiquez un montant en francs CFP, par exemple {_EXAMPLE}.", "empty")
    if re.search(r"€|\beur", cleaned):
        raise FormatError(
            f"Indiquez le montant en francs CFP, et non en euros, par exemple {_EXAMPLE}.", "currency"
        )
    if cleaned.startswith("-") and any(character.isdigit() for character in cleaned):
        raise FormatError(
            f"Le montant ne peut pas être négatif. Retirez le signe «{NBSP}-{NBSP}».", "negative"
        )
    readable = cleaned.isascii() and len(cleaned) <= _MAX_LENGTH
    found = _AMOUNT.fullmatch(cleaned) if readable else None
    if found is None:
        raise FormatError(
            f"Ce montant n’est pas lisible. Écrivez-le en chiffres, par exemple {_EXAMPLE}.", "unreadable"
        )
    amount = _scaled(found["number"], found["multiplier"])
    if amount > MAX_XPF:
        raise FormatError(
            f"Ce montant est trop grand. Vérifiez le nombre de zéros{NBSP}: "
            f"le maximum est de {show_xpf(MAX_XPF)}.",
            "too_large",
        )
    return amount


def _scaled(number: str, multiplier: str | None) -> int:
    """The whole francs meant by a typed number and its « M », « k » or « millions »."""
    number = number.rstrip()
    if not multiplier and (found := _NO_CENTIMES.fullmatch(number)) and found[2] not in found[1]:
        number = found[1]
    factor = _MULTIPLIERS[multiplier] if multiplier else 1
    # « 2.500 M » may mean 2.5 or 2,500 million: refused; without a multiplier the dot parts groups.
    ambiguous = multiplier is not None and re.search(r"[.']\d{3}(?!\d)", number) is not None
    if _WHOLE.fullmatch(number) and not ambiguous:
        return int(re.sub(r"\D", "", number)) * factor
    if ambiguous or not _DECIMAL.fullmatch(number):
        raise FormatError(
            f"Ce montant peut se lire de plusieurs façons. Écrivez-le en entier, par exemple {_EXAMPLE}.",
            "ambiguous",
        )
    exact = Decimal(number.replace(" ", "").replace(",", ".")) * factor
    if multiplier is None or exact != exact.to_integral_value():
        raise FormatError(
            "Le franc CFP n’a pas de centimes. "
            f"Écrivez un nombre entier, sans virgule, par exemple {_EXAMPLE}.",
            "decimals",
        )
    return int(exact)
