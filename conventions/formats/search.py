"""Keys for searching and comparing names: what people type is rarely what was stored."""

import re
import unicodedata
from typing import Final

from .marks import clean_line

_LETTERS: Final = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "&": " et "}
)
# Apostrophes, quotation marks used as such, and the glottal marks of Pacific languages (ʻokina, saltillo…).
_APOSTROPHES = re.compile("['’‘‛`´′＇ʹʻʼʽˈʾʿ\ua78b\ua78c]")
_ELISION = re.compile(r"\b([cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu|aujourd)'")
_LABELS: Final = frozenset({"n", "no", "num", "numero", "ref", "reference", "ridet", "rid"})
# A RIDET, or the number of an act, typed in one piece.
_GLUED = re.compile(r"(?:([0-9]{7})([0-9]{3})|(20[0-9]{2})([0-9]{3})([ar][0-9]{1,2})?)")
_CIVILITY = re.compile(
    r"^(?:(?:m|mr|mme|mlle|dr)\b[.\s]|(?:monsieur|madame|mademoiselle)\b)\s*", re.IGNORECASE
)
# Letters that a keyboard lacks, as they are typed without it; then as some languages spell them out.
_PLAIN: Final = dict(zip(map(ord, "ıħŧŋɛɔɨʉəĦŦŊƐƆƗɄƏ"), "ihtneoiueHTNEOIUE", strict=True))
_SPELLED_OUT: Final = _PLAIN | str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ø": "oe",
        "å": "aa",
        "Ä": "AE",
        "Ö": "OE",
        "Ü": "UE",
        "Ø": "OE",
        "Å": "AA",
    }
)
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_SMALL_WORDS: Final = frozenset(
    {"a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "pour", "sur"}
)


def search_key(text: str) -> str:
    """The text as it is searched: without case, accents, œ/æ, hyphens, punctuation or kind of apostrophe.

    « L’Œuvre-des-Îles » → « l oeuvre des iles ». The apostrophe of a French elision parts two words; any
    other one, and the glottal marks of Pacific names, disappear: « Faʻa » = « Fa'a » = « Faa ». Idempotent.
    """
    folded = _without_marks(_without_marks(_APOSTROPHES.sub("'", clean_line(text))))
    folded = _ELISION.sub(r"\1 ", _APOSTROPHES.sub("'", folded)).replace("'", "")
    return _NOT_ALPHANUMERIC.sub(" ", folded).strip()


def search_words(text: str) -> list[str]:
    """The words that a row must hold. An identifier is found in any spelling: « n° 2026014 » = « 2026-014 »,
    « RIDET 0733089001 » = « 0733089.001 »."""
    words = search_key(text).split()
    if any(word[0].isdecimal() for word in words):
        words = [word for word in words if word not in _LABELS]
    return [part for word in words for part in _parts(word)]


def _parts(word: str) -> tuple[str, ...]:
    found = _GLUED.fullmatch(word)
    return tuple(part for part in found.groups() if part) if found else (word,)


def name_keys(text: str) -> frozenset[str]:
    """The ways a person's name may be spelled, apart from case, accents, spaces, hyphens and apostrophes.

    « Møller » is « moller » and « moeller »; a civility before the name does not count.
    """
    plain = _CIVILITY.sub("", clean_line(text).strip())
    return frozenset(search_key(plain.translate(habit)).replace(" ", "") for habit in (_PLAIN, _SPELLED_OUT))


def acronym_key(text: str) -> str:
    """An acronym as it is compared: « B.A.N.C. », « b a n c » and « BANC » → « banc »."""
    return search_key(text).replace(" ", "")


def initials_key(name: str) -> str:
    """The acronym a full name would give, small words left out.

    « Banque alimentaire de Nouvelle-Calédonie » → « banc »: a hint that two files are of one partner.
    """
    return "".join(word[0] for word in search_key(name).split() if word not in _SMALL_WORDS)


def slugify_fr(text: str, max_length: int = 80) -> str:
    """The text for an address: « Les Kimonos du Cœur » → « les-kimonos-du-coeur ».

    Plain ASCII, cut between words at `max_length` characters; empty when no letter or digit is left.
    """
    ascii_text = search_key(text).encode("ascii", "ignore").decode()
    slug = "-".join(ascii_text.split())
    if len(slug) <= max_length:
        return slug
    cut = slug[: max_length + 1].rpartition("-")[0]
    return cut or slug[:max_length]


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold()).casefold()
    letters = (character for character in decomposed if not unicodedata.combining(character))
    return "".join(letters).translate(_LETTERS)
