"""Bank accounts: French RIB (23 characters with a key) and IBAN (ISO 13616, mod 97).

New Caledonia is outside SEPA but its accounts are numbered FR76. An IBAN of France, its territories and Monaco holds a
RIB, whose own key is checked too; of another country only the IBAN's check number is. Full numbers are for those
allowed to see them; every other screen shows the masked form.
"""

import re
from dataclasses import dataclass
from typing import Final

from .base import NBSP, FormatError, remove_separators

# The RIB counts letters as digits, in three rows: A–I, J–R, S–Z (S starts at 2).
_RIB_DIGITS: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
_RIB = re.compile(r"([0-9]{5})([0-9]{5})([0-9A-Z]{11})([0-9]{2})")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}")
# In the columns of a statement each part stands apart, its label between; in a letter, all in a row.
_SHOWN_RIB = re.compile(
    r"(?<![0-9A-Z])(?=([0-9]{5})[^0-9]{0,40}([0-9]{5})[^0-9]{0,40}?([0-9A-Z]{11})[^0-9]{0,40}([0-9]{2})(?![0-9A-Z]))"
)
_SHOWN_IBAN = re.compile(r"(?<![0-9A-Z])(?=([A-Z]{2}[0-9]{2}(?:[\s.-]?[0-9A-Z]){11,30}))")
_SHORTEST_IBAN: Final = 15  # characters, of Norway
_LABEL = re.compile(r"(?:(?:IBAN|RIB)(?:N[°º])?)?:?")  # no country is IB nor RI
_OF_A_RIB: Final = ("FR", "MC")  # whose IBAN is made of a RIB (ISO 13616 registry)
_IBAN_OF_A_RIB: Final = 27  # characters
_VISIBLE: Final = 4
# What may be an account number in the middle of a text, however it is spaced; whether it is one is checked apart.
_IN_A_TEXT = re.compile(
    r"(?<![0-9A-Z])(?:[A-Z]{2}[ \u00a0.-]?[0-9](?:[ \u00a0.-]?[0-9A-Z]){12,31}"
    r"|[0-9](?:[ \u00a0.-]?[0-9]){9}(?:[ \u00a0.-]?[0-9A-Z]){11}(?:[ \u00a0.-]?[0-9]){2})(?![0-9A-Z])"
)
_COPY: Final = "Recopiez-le en entier, depuis le RIB de la banque."


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
    found = _RIB.fullmatch(_compact(text))
    if found is None:
        raise FormatError(
            f"Un RIB compte 23 caractères{NBSP}: banque (5 chiffres), guichet (5 chiffres), compte (11 chiffres ou "
            f"lettres) et clé (2 chiffres). {_COPY}",
            "rib_length",
        )
    rib = Rib(*found.groups())
    if not _has_its_key(rib):
        raise FormatError(f"La clé de ce RIB ne correspond pas au numéro de compte. {_COPY}", "rib_key")
    return rib


def rib_to_iban(rib: Rib) -> str:
    """The IBAN (FR76…) of a RIB, without spaces."""
    bban = rib.bank + rib.branch + rib.account + rib.key
    return f"FR{_iban_key('FR', bban)}{bban}"


def normalise_iban(text: str) -> str:
    """A typed IBAN without spaces. Raises FormatError (in French) for a wrong length, check number or RIB key.

    « FR23 1416 8000 0101 2345 6789 011 » has the right check number of a wrong RIB: it is nobody's account.
    """
    compact = _compact(text)
    country, bban = compact[:2], compact[4:]
    holds_rib = country in _OF_A_RIB
    if not _IBAN.fullmatch(compact) or (holds_rib and len(compact) != _IBAN_OF_A_RIB):
        raise FormatError(
            f"Cet IBAN n’est pas complet. Un IBAN calédonien commence par FR76 et compte 27 caractères. {_COPY}",
            "iban_length",
        )
    if compact[2:4] != _iban_key(country, bban):
        raise FormatError(
            f"Cet IBAN contient une erreur de saisie (la clé de contrôle est fausse). {_COPY}",
            "iban_checksum",
        )
    found = _RIB.fullmatch(bban)
    if holds_rib and not (found and _has_its_key(Rib(*found.groups()))):
        raise FormatError(
            "Dans cet IBAN, la clé RIB (les deux derniers chiffres) ne correspond pas au numéro de compte. "
            "Recopiez l’IBAN en entier, depuis le RIB de la banque. S’il y est écrit ainsi, demandez-lui un autre RIB.",
            "rib_key",
        )
    return compact


def normalise_bank_account(text: str) -> str:
    """The IBAN of what was typed, RIB or IBAN. Raises FormatError (in French)."""
    if _compact(text)[:1].isdecimal():
        return parse_rib(text).iban
    return normalise_iban(text)


def holds_account(text: str) -> bool:
    """Whether a text shows a whole account number whose keys are right: an IBAN, a RIB in a row or in its columns."""
    if any(_has_its_key(Rib(*found.groups())) for found in _SHOWN_RIB.finditer(text)):
        return True
    return any(_begins_with_iban(_compact(found[1])) for found in _SHOWN_IBAN.finditer(text))


def _begins_with_iban(signs: str) -> bool:
    """What follows an IBAN in a text may stand in its way: each length is tried."""
    for length in range(_SHORTEST_IBAN, len(signs) + 1):
        try:
            normalise_iban(signs[:length])
        except FormatError:
            continue
        return True
    return False


def show_iban(iban: str) -> str:
    """A whole IBAN in groups of four, for those allowed to see it: « FR76 1234 … » (U+00A0)."""
    return NBSP.join(iban[start : start + 4] for start in range(0, len(iban), 4))


def mask_iban(iban: str) -> str:
    """An IBAN with only its first and last four characters: « FR76 •••• •••• •••• •••• •••0 189 »."""
    hidden = max(len(iban) - 2 * _VISIBLE, 0)
    if not hidden:
        return "•" * len(iban)
    return show_iban(iban[:_VISIBLE] + "•" * hidden + iban[_VISIBLE + hidden :])


def without_accounts(text: str, instead: str) -> str:
    """A text in which each whole account number, RIB or IBAN, has left its place to `instead`."""
    return _IN_A_TEXT.sub(lambda found: instead if _is_account(found.group()) else found.group(), text)


def _is_account(text: str) -> bool:
    try:
        normalise_bank_account(text)
    except FormatError:
        return False
    return True


def _compact(text: str) -> str:
    """What was typed, in capitals, without separators nor the words before it: « IBAN n° FR76 … »."""
    return _LABEL.sub("", remove_separators(text), count=1)


def _has_its_key(rib: Rib) -> bool:
    return rib.key == rib_key(rib.bank, rib.branch, rib.account)


def _iban_key(country: str, bban: str) -> str:
    """The two check digits of an IBAN, 02 to 98 (ISO 7064): 00, 01 and 99 leave the same rest and are of no IBAN."""
    return f"{98 - _mod97(f'{bban}{country}00'):02d}"


def _mod97(text: str) -> int:
    """The rest by 97 of a number whose letters count A = 10 … Z = 35 (ISO 7064)."""
    return int("".join(str(int(character, 36)) for character in text)) % 97
