"""Telephone numbers: +687 and six digits, shown `82.77.67`. Doubts are warnings, never refusals."""

import re
from dataclasses import dataclass

from .base import NBSP, collapse_spaces


@dataclass(frozen=True, slots=True)
class Phone:
    """A typed number: comparable form (E.164 where there is one), how to show it, what to check."""

    typed: str
    normalised: str
    shown: str
    warnings: tuple[str, ...] = ()


def parse_phone(text: str) -> Phone:
    """What a typed number is. Never raises.

    « 82 77 67 », « +687 827767 » → `+687827767`, shown `82.77.67`. A foreign number (+ or 00) is shown as
    typed. Green numbers (`05.30.30`), short codes (`3677`) and anything else are kept with a warning.
    """
    typed = collapse_spaces(text)
    if not typed:
        return Phone("", "", "")
    compact = re.sub(r"[\s.\-()/\u2010-\u2015]", "", typed)
    compact = re.sub(r"^00", "+", compact)
    if found := re.fullmatch(r"(?:\+?687)?([0-9]{6})", compact):
        return _local(typed, found[1])
    if re.fullmatch(r"[0-9]{2,4}", compact):
        warning = f"Numéro court ({compact}). Vérifiez qu’il est complet."
        return Phone(typed, compact, compact, (warning,))
    if re.fullmatch(r"\+(?!687)[1-9][0-9]{6,14}", compact):
        return Phone(typed, compact, typed)
    warning = (
        f"Ce numéro n’est pas reconnu. Un numéro calédonien a 6 chiffres{NBSP}: 82.77.67. "
        "Un numéro étranger commence par +. Indiquez un seul numéro."
    )
    return Phone(typed, typed, typed, (warning,))


def show_phone(text: str) -> str:
    """A stored or typed number for the reader: `+687827767` → `82.77.67`; foreign numbers as they are."""
    return parse_phone(text).shown


def phone_warnings(text: str) -> tuple[str, ...]:
    """What a person should check in a typed number, in French. Never raises."""
    return parse_phone(text).warnings


def _local(typed: str, digits: str) -> Phone:
    shown = ".".join((digits[:2], digits[2:4], digits[4:]))
    warnings = ("Numéro vert (il commence par 05). Vérifiez que c’est bien celui à afficher.",)
    return Phone(typed, f"+687{digits}", shown, warnings if digits.startswith("05") else ())
