"""What the cell of a column means: a day with its precision, an amount, a number, yes or no, an identifier.

Each gives the value, what to tell of how it was read, and what stands in the way, with the text as seen. Nothing
doubtful is guessed: it is refused, and says what to do.
"""

import datetime
import re
from typing import Any, Final, NamedTuple

from conventions.exchange.sheets.cells import Cell, Kind
from conventions.formats import (
    NBSP,
    FormatError,
    long_date,
    parse_date_fr,
    parse_xpf,
    read_serial,
    search_key,
    whole_number,
)
from conventions.formats.serials import rounded

UNKNOWN_WORDS: Final = frozenset(
    {"", "nc", "n c", "nr", "n r", "nd", "n d", "na", "n a", "inconnu", "inconnue", "non communique", "non precise",
     "non precisee", "non renseigne", "non renseignee", "a definir", "don", "sans", "neant", "aucun", "aucune", "x"}
)  # fmt: skip
YES: Final = frozenset({"oui", "o", "vrai", "true", "yes", "y", "1", "x"})
NO: Final = frozenset({"non", "n", "faux", "false", "no", "0"})
DAY_ZERO: Final = datetime.date(1899, 12, 30)
LATER_BY: Final = 1462  # days between the systems of 1900 and 1904
DAY_NUMBERS: Final = range(18_264, 110_000)  # 1950 to 2201
MAX_QUANTITY: Final = 100_000
_SHORT: Final = re.compile(r"(?:(\d{1,2})[ .\-/])?([^\W\d_]+)\.?[ .\-/](\d{2})")
_MIDNIGHT = re.compile(r"[T ]\d{1,2}[:h]\d{2}(?:[:m]\d{2}(?:\.\d+)?)?(?: ?Z)?$")
_NO_DECIMALS = re.compile(r"[.,]0{4,}$")
_SLASHED_ISO = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})")
SEVERAL_ROWS = (
    "La cellule «{0}{1}{0}» est fusionnée sur plusieurs lignes. Écrivez sa valeur sur chaque ligne."
)


class Meaning(NamedTuple):
    """`value` (None: not known), with the precision of a day; `told` to read over; `problem` stands in the way."""

    value: Any = None
    told: str = ""
    problem: str = ""
    precision: str = "jour"


def day_of(cell: Cell, *, today: datetime.date, from_1904: bool = False) -> Meaning:
    """A day that has come, as precise as it was written."""
    if fault := _fault(cell):
        return Meaning(problem=fault)
    text = _MIDNIGHT.sub("", re.sub(r"(?<=\d)\.0$", "", cell.text.strip()))
    if search_key(text) in UNKNOWN_WORDS:
        return Meaning()
    told = ""
    number = whole_number(text)
    try:
        if number is not None and number in DAY_NUMBERS:
            day = DAY_ZERO + datetime.timedelta(days=number + (LATER_BY if from_1904 else 0))
            precision, told = "jour", f"«{NBSP}{text}{NBSP}» lu comme le {long_date(day)} (numéro de jour)."
        else:
            day, precision = parse_date_fr(_with_century(text, today))
    except FormatError as error:
        return Meaning(problem=f"«{NBSP}{text}{NBSP}»{NBSP}: {error.message}")
    if day > today:
        return Meaning(
            problem=f"«{NBSP}{text}{NBSP}» est dans le futur ({long_date(day)}). Corrigez cette date."
        )
    return Meaning(day, told, precision=precision)


def _with_century(text: str, today: datetime.date) -> str:
    """« mars-23 » → « mars 2023 », « 2019/7/9 » → « 2019-07-09 »."""
    if found := _SLASHED_ISO.fullmatch(text):
        return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}"
    if found := _SHORT.fullmatch(text):
        year = int(found[3]) + (2000 if int(found[3]) <= today.year % 100 else 1900)
        return f"{found[1] or ''} {found[2]} {year}".strip()
    return text


def amount_of(cell: Cell) -> Meaning:
    """Whole XPF; « n.c. », « don » and 0 are not known."""
    if fault := _fault(cell):
        return Meaning(problem=fault)
    text = _NO_DECIMALS.sub("", cell.text.strip())
    if search_key(text) in UNKNOWN_WORDS:
        return Meaning()
    if cell.kind == Kind.NUMBER:
        text = text.replace(".", ",")
    try:
        value = parse_xpf(text)
    except FormatError as error:
        return Meaning(problem=f"«{NBSP}{cell.text}{NBSP}»{NBSP}: {error.message}")
    if value == 0:
        return Meaning(told=f"«{NBSP}{cell.text}{NBSP}» est lu comme une valeur inconnue.")
    return Meaning(value)


def quantity_of(cell: Cell) -> Meaning:
    """A whole number from 1."""
    if fault := _fault(cell):
        return Meaning(problem=fault)
    text = re.sub(r"\s", "", cell.text).removesuffix(".0")
    if search_key(cell.text) in UNKNOWN_WORDS:
        return Meaning()
    number = whole_number(text)
    if number is None or not 1 <= number <= MAX_QUANTITY:
        told = f"«{NBSP}{cell.text}{NBSP}» n’est pas un nombre entier d’au moins 1."
        return Meaning(problem=f"{told} Corrigez-le, ou laissez vide.")
    return Meaning(number)


def truth_of(cell: Cell) -> Meaning:
    """Yes or no."""
    if cell.kind in (Kind.ERROR, Kind.FORMULA):
        return Meaning(problem=_fault(cell))
    key = search_key(cell.text)
    if key in YES or key in NO:
        return Meaning(key in YES)
    told = f"«{NBSP}{cell.text}{NBSP}»{NBSP}: écrivez «{NBSP}oui{NBSP}» ou «{NBSP}non{NBSP}»."
    return Meaning(problem=told if key else "")


def weight_of(cell: Cell) -> Meaning:
    """Whole grams, from « 1,8 kg », « 1800 g », or kilograms without unit."""
    if fault := _fault(cell):
        return Meaning(problem=fault)
    if search_key(cell.text) in UNKNOWN_WORDS:
        return Meaning()
    found = re.fullmatch(
        r"([0-9]{1,6}(?:[.,][0-9]{1,3})?) ?(kg|kilos?|g|grammes?)?", cell.text.strip().lower()
    )
    if found is None:
        told = f"«{NBSP}{cell.text}{NBSP}» ne se lit pas comme un poids."
        return Meaning(problem=f"{told} Écrivez par exemple «{NBSP}1,8 kg{NBSP}».")
    value = float(found[1].replace(",", "."))
    return Meaning(round(value * (1 if (found[2] or "kg").startswith("g") else 1000)) or None)


def identifier_fault(cell: Cell) -> str:
    """Why no identifier can be read there, in French; empty when one can."""
    if cell.kind == Kind.ROUNDED:
        return rounded(cell.text) or f"«{NBSP}{cell.text}{NBSP}»{NBSP}: ce numéro est perdu."
    if fault := _fault(cell):
        return fault
    return rounded(cell.text)


def serial_of(text: str) -> Meaning:
    """A serial; `told` asks when it looks like none."""
    read = read_serial(text)
    if read.doubt and not read.key:
        return Meaning(problem=read.doubt)
    return Meaning(read.text if read.key else "", told=read.doubt)


def plain_text(cell: Cell) -> Meaning:
    """A text; what a spreadsheet could not compute is none."""
    if cell.kind in (Kind.ERROR, Kind.FORMULA):
        return Meaning(problem=_fault(cell))
    return Meaning(" ".join(cell.text.split()))


def _fault(cell: Cell) -> str:
    if cell.kind == Kind.ERROR:
        return f"Le tableur affiche «{NBSP}{cell.text}{NBSP}» ici. Écrivez la valeur."
    if cell.kind == Kind.FORMULA:
        return "Une formule sans résultat est ici. Ouvrez le classeur, enregistrez-le, ou écrivez la valeur."
    return SEVERAL_ROWS.format(NBSP, cell.text) if cell.merged and cell.text else ""
