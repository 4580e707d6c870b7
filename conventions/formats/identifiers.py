"""Identifiers of New Caledonian and French partners: RIDET, RNA, SIRET, and those of the SCDL data set.

Every identifier is optional. A doubtful RIDET is kept and warned about, never refused (only one that is too
long is): the register has no check digit and shorter numbers circulate.
"""

import re
from dataclasses import dataclass
from typing import Final

from .base import NBSP, FormatError, collapse_spaces, remove_separators

RID_LENGTH: Final = 7
ESTABLISHMENT_LENGTH: Final = 3
_LABEL = re.compile(r"^(?:n° ?)?(?:ridet|rid)\b\s*(?:n°)?\s*:?\s*", re.IGNORECASE)
_REFERENCE = re.compile(
    r"(?:n[°ºo.]? ?)?(20[0-9]{2})[\W_]*([0-9]{1,5})(?:[\W_]*([ar][0-9]{1,2}))?", re.IGNORECASE
)
_ROUNDED = re.compile(r"[0-9]([.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_RNA = re.compile(r"W[0-9A-Z]{9}")
_SIREN_LA_POSTE: Final = "356000000"


@dataclass(frozen=True, slots=True)
class Ridet:
    """A RIDET made comparable: the enterprise (RID), its establishment if given, and what to check."""

    rid: str
    establishment: str | None
    normalised: str
    warnings: tuple[str, ...] = ()


def normalise_ridet(text: str) -> Ridet:
    """The comparable form of a typed RIDET: `0733089.001` (establishment) or `0733089` (enterprise).

    Fewer than 7 digits are padded on the left with a warning. Raises FormatError (in French) for an empty
    text and for more than 7 + 3 characters; anything else is kept, with warnings.
    """
    typed = _LABEL.sub("", collapse_spaces(text)).replace(",", ".")
    typed = re.sub(r"^([0-9]{8,})\.0$", r"\1", typed)  # a number, said a spreadsheet
    compact = remove_separators(typed)
    if not compact:
        raise FormatError("Indiquez un RIDET, par exemple 0733089.001, ou laissez le champ vide.", "empty")
    rid, establishment = _split_ridet(typed, compact)
    if len(rid) > RID_LENGTH or len(establishment or "") > ESTABLISHMENT_LENGTH:
        raise FormatError(
            "Ce RIDET est trop long. Il compte 7 chiffres, suivis ou non d’un point et de 3 chiffres"
            f"{NBSP}: 0733089.001. Vérifiez-le.",
            "too_long",
        )
    if not re.fullmatch(r"[0-9]+", compact):
        warning = "Ce RIDET contient autre chose que des chiffres. Vérifiez-le."
        if _ROUNDED.fullmatch(typed):
            warning = "Un tableur a changé ce RIDET en un nombre arrondi. Recopiez-le depuis l’avis d’immatriculation."
        return Ridet(compact, None, compact, (warning,))
    return _padded_ridet(rid, establishment)


def normalise_reference(text: str) -> str:
    """The number of an act as it is printed, from any spelling: « n° 2026/14 a1 » → `2026-014-A1`. Never raises."""
    if found := _REFERENCE.fullmatch(collapse_spaces(text)):
        year, rank, follows = found.groups()
        return f"{year}-{int(rank):03d}" + (f"-{follows.upper()}" if follows else "")
    return collapse_spaces(text).upper()


def postal_warnings(text: str, *, country: str = "", proposed: str = "") -> tuple[str, ...]:
    """What a person should check in a typed postal code, in French; `proposed`: that of the commune. Never raises."""
    typed = collapse_spaces(text)
    if not typed or country:
        return ()
    if not re.fullmatch(r"98[68][0-9]{2}", typed):
        told = f"«{NBSP}{typed}{NBSP}» n’est pas un code postal de Nouvelle-Calédonie"
        return (f"{told}, par exemple 98800. Hors du pays, indiquez le pays.",)
    if proposed and typed != proposed:
        return (f"Le code postal {typed} n’est pas celui de la commune choisie ({proposed}). Vérifiez-le.",)
    return ()


def ridet_warnings(text: str) -> tuple[str, ...]:
    """What a person should check in a typed RIDET, in French; nothing for an empty one. Never raises."""
    if not text.strip():
        return ()
    try:
        return normalise_ridet(text).warnings
    except FormatError as error:
        return (error.message,)


def normalise_rna(text: str) -> str:
    """An RNA number in capitals, without spaces: « w9n1 004321 » → `W9N1004321`.

    Raises FormatError (in French) unless it is W and 9 letters or digits.
    """
    compact = remove_separators(text)
    if not _RNA.fullmatch(compact):
        raise FormatError(
            "Ce numéro RNA n’est pas valable. Il commence par W, suivi de 9 chiffres ou lettres"
            f"{NBSP}: W9N1004321. Si l’association n’en a pas, laissez le champ vide.",
            "rna",
        )
    return compact


def normalise_siret(text: str) -> str:
    """A SIRET of 14 digits whose check digit is right (Luhn, with La Poste's own rule).

    Raises FormatError (in French). Partners registered in New Caledonia have a RIDET, not a SIRET.
    """
    compact = remove_separators(text)
    if not re.fullmatch(r"[0-9]{14}", compact):
        raise FormatError(
            "Un SIRET compte 14 chiffres. Pour un organisme calédonien, utilisez plutôt le champ RIDET.",
            "siret_length",
        )
    post_office = compact.startswith(_SIREN_LA_POSTE) and sum(map(int, compact)) % 5 == 0
    if not (luhn_is_valid(compact) or post_office):
        raise FormatError(
            "Ce SIRET contient une erreur de saisie (le chiffre de contrôle est faux). Recopiez-le.",
            "siret_checksum",
        )
    return compact


def luhn_is_valid(digits: str) -> bool:
    """Whether a string of digits passes the Luhn check (every second digit from the right counts double)."""
    doubled = (int(digit) * (2 if rank % 2 else 1) for rank, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _split_ridet(typed: str, compact: str) -> tuple[str, str | None]:
    """Enterprise and establishment: at the last dot if there is one, else by counting from the right."""
    if found := re.fullmatch(r"([0-9][0-9 ]*)[.\-/]\s*([0-9]{1,3})", typed):
        return remove_separators(found[1]), found[2]
    if len(compact) > RID_LENGTH:
        return compact[:-ESTABLISHMENT_LENGTH], compact[-ESTABLISHMENT_LENGTH:]
    return compact, None


def _padded_ridet(rid: str, establishment: str | None) -> Ridet:
    full_rid = rid.zfill(RID_LENGTH)
    full_establishment = establishment.zfill(ESTABLISHMENT_LENGTH) if establishment else None
    warnings = []
    if full_rid != rid:
        warnings.append(f"Ce RIDET a moins de 7 chiffres. Il est comparé comme {full_rid}. Vérifiez-le.")
    if full_establishment != establishment:
        warnings.append(
            f"Le numéro d’établissement a 3 chiffres. Il est lu {full_establishment}. Vérifiez-le."
        )
    normalised = f"{full_rid}.{full_establishment}" if full_establishment else full_rid
    return Ridet(full_rid, full_establishment, normalised, tuple(warnings))
