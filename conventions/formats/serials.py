"""Serial numbers, inventory tags and makers: how they are compared, and when what was read is to be asked again.

Nothing is guessed: a reading that looks like no number comes with what it may have been, for a person to confirm.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from .base import NBSP, collapse_spaces, remove_separators
from .search import search_key

MAX_SERIAL: Final = 80
_SHORTEST: Final = 4
_LABEL = re.compile(
    r"^(?:s ?/ ?n\s*[.:#=°]*|(?:s\.?n\.?|serial(?: ?(?:number|no|nr|num))?|service tag"
    r"|(?:n(?:[°ºo]|um[ée]ro)?\.? ?(?:de )?)?s[ée]rie)(?:\s*[.:#=°]+|(?=\s)))\s*(?=\S)",
    re.IGNORECASE,
)
_TAG_LABEL = re.compile(
    r"^(?:(?:n(?:[°ºo]|um[ée]ro)?\.? ?)?(?:d[’' ]?)?inv(?:entaire)?|asset tag|[ée]tiquette)\s*[.:#=°]+\s*",
    re.IGNORECASE,
)
# What makers and inventories write where there is no number, by search key.
_PLACEHOLDERS: Final = frozenset((
    "", "to be filled by o e m", "to be filled by oem", "default string", "default", "not specified",
    "not available", "not applicable", "not defined", "none", "null", "nil", "n a", "na", "n d", "nd", "n c",
    "nc", "n r", "nr", "inconnu", "inconnue", "unknown", "undefined", "sans", "sans numero", "sans serie",
    "sans n", "neant", "aucun", "aucune", "vide", "a definir", "a completer", "a renseigner", "non renseigne",
    "non renseignee", "non releve", "non communique", "non disponible", "non precise", "non precisee",
    "illisible", "absent", "system serial number", "chassis serial number", "base board serial number",
    "system manufacturer", "system product name", "oem", "o e m", "invalid", "empty", "serial",
    "serial number", "sn", "s n", "numero de serie", "test", "tbd", "tba", "ref", "0123456789", "123456789",
    "1234567890", "12345678", "1234567",
))  # fmt: skip
_REPEATED = re.compile(r"([0XF.\-_?*])\1*", re.IGNORECASE)
# The signs of an AZERTY computer when the reader presses the keys of a QWERTY one.
_AZERTY: Final = "&é\"'(-è_çà)=azqw,;:!ùm*^$" + "AZQW?./§%M°+"
_QWERTY: Final = "1234567890-=qwazm,./';\\[]" + 'QWAZM<>?":_+'
_AS_TYPED: Final = str.maketrans(_AZERTY, _QWERTY)
_WRONG_KEYS = re.compile("[éèçàù&\"'(?§]")
_SERIAL = re.compile(r"[A-Z0-9][A-Z0-9 ./\-_+#:]*")
_ROUNDED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]{1,3}", re.IGNORECASE)
_WHOLE = re.compile(r"([0-9]{3,})[.,]0+")
_LENOVO = re.compile(r"1S[0-9A-Z]{10}([0-9A-Z]{8})")
_ALIKE: Final = str.maketrans("OQIL", "0011")
_COMPANY = re.compile(
    r"\b(?:inc|incorporated|corp|corporation|co|ltd|limited|llc|gmbh|ag|sa|sas|bv|company|computer|computers"
    r"|electronics|technology|technologies|international)\b"
)
_MAKERS: Final = {
    "hewlett packard": "HP", "hewlett packard enterprise": "HPE", "hp": "HP", "asustek": "ASUS", "micro star": "MSI",
    "giga byte": "GIGABYTE", "western digital": "WDC", "wd": "WDC",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadSerial:
    """`text` to keep, `key` to compare (empty for none), `doubt` to ask in French, `proposed`: what it may be."""

    text: str
    key: str
    doubt: str = ""
    proposed: str = ""


def read_serial(typed: str) -> ReadSerial:
    """A serial as it was typed, scanned or pasted: without « S/N: »; with its doubt when it looks like none.

    Never raises and never changes a number by itself: `proposed` is for a person to confirm.
    """
    text = _LABEL.sub("", collapse_spaces(typed))
    if is_placeholder(text):
        return ReadSerial(text, "")
    if _ROUNDED.fullmatch(text):
        return ReadSerial(text, "", rounded(text))
    if found := _WHOLE.fullmatch(text):
        text = found[1]
    key = _key(text)
    if not key:
        return ReadSerial(text, "")
    doubt, proposed = _doubt(text)
    return ReadSerial(text, key, doubt, proposed)


def rounded(text: str) -> str:
    """What to say of an identifier that a spreadsheet took for a number; empty when it did not."""
    if not _ROUNDED.fullmatch(text):
        return ""
    told = f"Un tableur a changé ce numéro en un nombre arrondi («{NBSP}{text}{NBSP}»){NBSP}: il est perdu."
    return f"{told} Recopiez-le depuis l’étiquette."


def serial_key(typed: str) -> str:
    """How a serial is compared: capitals, without spaces, dots nor dashes; empty for a placeholder or a lost number."""
    return read_serial(typed).key


def tag_key(typed: str) -> str:
    """How an inventory tag is compared; empty where there is none."""
    text = _TAG_LABEL.sub("", collapse_spaces(typed))
    if is_placeholder(text) or _ROUNDED.fullmatch(text):
        return ""
    found = _WHOLE.fullmatch(text)
    return _key(found[1] if found else text)


def maker_key(typed: str) -> str:
    """How a maker is compared: « Hewlett-Packard », « HP Inc. » → « HP »; empty where there is none."""
    plain = collapse_spaces(_COMPANY.sub(" ", search_key(typed)))
    if is_placeholder(plain):
        return ""
    return _MAKERS.get(plain, plain.upper())


def alike_key(key: str) -> str:
    """The same key for numbers that eyes take for one another: O and 0, I, L and 1. To ask, never to merge."""
    return key.translate(_ALIKE)


def is_placeholder(typed: str) -> bool:
    """Whether it stands where there is no number: « To be filled by O.E.M. », « Default string », « 0 », « n.c. »."""
    text = collapse_spaces(typed)
    return search_key(text) in _PLACEHOLDERS or _REPEATED.fullmatch(text.replace(" ", "")) is not None


def typed_as_qwerty(text: str) -> str:
    """What a reader set to QWERTY read, when an AZERTY computer typed: « àà'HA" » → « 004HQ3 »; empty for none."""
    straight = text.replace("’", "'").replace("“", '"').replace("”", '"')
    if not _WRONG_KEYS.search(straight) or re.search("[0-9 ]", straight) or len(straight) < _SHORTEST:
        return ""
    read = straight.translate(_AS_TYPED)
    return read if _SERIAL.fullmatch(read.upper()) and re.search("[0-9]", read) else ""


def _key(text: str) -> str:
    return remove_separators(unicodedata.normalize("NFKC", text))


def _doubt(text: str) -> tuple[str, str]:
    """(what to ask, in French; what it may have been), both empty when it looks like a serial."""
    if len(text) > MAX_SERIAL:
        return f"Ce numéro a {len(text)} caractères, {MAX_SERIAL} au plus. Relisez l’étiquette.", ""
    if "://" in text or text.lower().startswith("www."):
        return (
            "Ce code est l’adresse d’un site, pas un numéro de série. Lisez l’autre code de l’étiquette.",
            "",
        )
    if proposed := typed_as_qwerty(text):
        return (
            f"Le lecteur semble réglé pour un clavier anglais{NBSP}: «{NBSP}{text}{NBSP}» est-il "
            f"«{NBSP}{proposed}{NBSP}»{NBSP}?",
            proposed,
        )
    if found := _LENOVO.fullmatch(text.upper()):
        return (
            f"Ce code réunit le modèle et la série{NBSP}: le numéro de série est-il «{NBSP}{found[1]}{NBSP}»{NBSP}?",
            found[1],
        )
    strange = "".join(
        dict.fromkeys(re.sub(r"[A-Z0-9 ./\-_+#:]", "", unicodedata.normalize("NFKC", text).upper()))
    )
    if strange:
        return f"Un numéro de série n’a pas de «{NBSP}{strange}{NBSP}». Relisez l’étiquette.", ""
    if len(_key(text)) < _SHORTEST:
        return f"Ce numéro de série est bien court («{NBSP}{text}{NBSP}»). Relisez l’étiquette.", ""
    return "", ""
