"""Bank accounts: French RIB (23 characters with a key) and IBAN (ISO 13616, mod 97).

New Caledonia is outside SEPA but its accounts are numbered FR76. Full numbers are for those allowed to see
them; every other screen shows the masked form.
"""

import re
from dataclasses import dataclass
from typing import Final

from .base import NBSP, FormatError, remove_separators

# The RIB counts letters as digits, in three rows: A–I, J–R, S–Z (S starts at 2).
_RIB_DIGITS: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
_RIB = re.compile(r"([0-9A-Z]{5})([0-9A-Z]{5})([0-9A-Z]{11})([0-9]{2})")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}")
_FRENCH_IBAN_LENGTH: Final = 27
_VISIBLE: Final = 4


@dataclass(frozen=True, slots=True)
class Rib:
    """The four parts of a French RIB, key already verified."""

    bank: str
    branch: str
    account: str
    key: str

    @property
    def iban(self) -> str:
        """The same account as an IBAN, without spaces."""
        return rib_to_iban(self)


def rib_key(bank: str, branch: str, account: str) -> str:
    """The two-digit key of a RIB from its bank (5), branch (5) and account number (11 characters)."""
    digits = [int(part.translate(_RIB_DIGITS)) for part in (bank, branch, account)]
    return f"{97 - (89 * digits[0] + 15 * digits[1] + 3 * digits[2]) % 97:02d}"


def parse_rib(text: str) -> Rib:
    """A typed RIB, any spaces. Raises FormatError (in French) for a wrong length or a wrong key."""
    compact = remove_separators(text)
    found = _RIB.fullmatch(compact)
    if found is None:
        raise FormatError(
            f"Un RIB compte 23 caractères{NBSP}: banque (5), guichet (5), compte (11) et clé (2). "
            "Recopiez-le en entier.",
            "rib_length",
        )
    rib = Rib(*found.groups())
    if rib_key(rib.bank, rib.branch, rib.account) != rib.key:
        raise FormatError(
            "La clé de ce RIB ne correspond pas au numéro de compte. "
            "Recopiez-le depuis le relevé de la banque.",
            "rib_key",
        )
    return rib


def rib_to_iban(rib: Rib) -> str:
    """The IBAN (FR76…) of a RIB, without spaces."""
    bban = rib.bank + rib.branch + rib.account + rib.key
    return f"FR{98 - _mod97(f'{bban}FR00'):02d}{bban}"


def normalise_iban(text: str) -> str:
    """A typed IBAN without spaces. Raises FormatError (in French) for a wrong length or check number."""
    compact = remove_separators(re.sub(r"^\s*iban\b\s*:?", "", text, flags=re.IGNORECASE))
    french_length_is_wrong = compact.startswith("FR") and len(compact) != _FRENCH_IBAN_LENGTH
    if not _IBAN.fullmatch(compact) or french_length_is_wrong:
        raise FormatError(
            "Cet IBAN n’est pas complet. Un IBAN calédonien commence par FR76 et compte 27 caractères. "
            "Recopiez-le depuis le relevé de la banque.",
            "iban_length",
        )
    if _mod97(compact[4:] + compact[:4]) != 1:
        raise FormatError(
            "Cet IBAN contient une erreur de saisie (la clé de contrôle est fausse). "
            "Recopiez-le depuis le relevé de la banque.",
            "iban_checksum",
        )
    return compact


def normalise_bank_account(text: str) -> str:
    """The IBAN of what was typed, RIB or IBAN. Raises FormatError (in French)."""
    if _RIB.fullmatch(remove_separators(text)):
        return parse_rib(text).iban
    return normalise_iban(text)


def show_iban(iban: str) -> str:
    """A whole IBAN in groups of four, for those allowed to see it: « FR76 1234 … » (U+00A0)."""
    return NBSP.join(iban[start : start + 4] for start in range(0, len(iban), 4))


def mask_iban(iban: str) -> str:
    """An IBAN with only its first and last four characters: « FR76 •••• •••• •••• •••• •••0 189 »."""
    hidden = max(len(iban) - 2 * _VISIBLE, 0)
    if not hidden:
        return "•" * len(iban)
    return show_iban(iban[:_VISIBLE] + "•" * hidden + iban[_VISIBLE + hidden :])


def _mod97(text: str) -> int:
    """The rest by 97 of a number whose letters count A = 10 … Z = 35 (ISO 7064)."""
    return int("".join(str(int(character, 36)) for character in text)) % 97
