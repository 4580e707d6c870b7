"""What a table is once read: rows with the number a spreadsheet shows, cells with how each was read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from conventions.domain.foundation.refusals import Refused
from conventions.formats import join_list, show_number, show_size

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 200
MAX_CELL: Final = 32_767  # characters, as a workbook allows
LARGEST_EXACT: Final = 10**15  # from there a spreadsheet has replaced digits by zeros


class UnreadableSheet(Refused):
    """A table that cannot be read; its message, in French, says what to do."""


TOO_BIG = f"Ce fichier dépasse {show_size(MAX_BYTES)}. Partagez-le en plusieurs."
TOO_LONG = f"Ce tableau dépasse {show_number(MAX_ROWS)} lignes. Partagez-le en plusieurs fichiers."
TOO_WIDE = f"Ce tableau dépasse {MAX_COLUMNS} colonnes. Gardez les colonnes utiles, puis recommencez."
LONG_CELL = "Une cellule de ce tableau, ligne {}, dépasse 32 767 caractères. Raccourcissez-la."
EMPTY = "Ce fichier n’a aucune ligne remplie. Vérifiez que c’est le bon."


class Kind(StrEnum):
    """How a cell was read."""

    TEXT = "texte"
    NUMBER = "nombre"
    DATE = "date"
    TRUTH = "oui_non"
    ERROR = "erreur"
    FORMULA = "formule"  # computed by nobody: the file holds no value for it
    ROUNDED = "arrondi"  # a number of more digits than a spreadsheet keeps


class Cell(NamedTuple):
    """`text` as a reader sees it; a date as « 2019-07-09 ». `merged`: it covers other rows than its own."""

    text: str = ""
    kind: Kind = Kind.TEXT
    merged: bool = False


class Row(NamedTuple):
    """`number`: as a spreadsheet counts, from 1, empty rows and titles counted."""

    number: int
    cells: list[Cell]

    def text(self, index: int) -> str:
        """The text of a column; empty beyond the last cell."""
        return self.cells[index].text if index < len(self.cells) else ""

    @property
    def line(self) -> str:
        """What is filled, side by side, for a message."""
        return " · ".join(cell.text for cell in self.cells if cell.text)


@dataclass
class Sheet:
    """The rows that hold something, in order, and what to say of how they were read."""

    rows: list[Row]
    source: str
    told: list[str] = field(default_factory=list)
    hidden_columns: frozenset[int] = frozenset()
    from_1904: bool = False

    @property
    def width(self) -> int:
        return max((len(row.cells) for row in self.rows), default=0)


EMPTY_CELL: Final = Cell()


def letters(index: int) -> str:
    """« A », « B »… « AA »: as a spreadsheet names a column, from 0."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def numbers_told(numbers: Iterable[int]) -> str:
    """« 2 », « 2, 3 et 7 », « 2 à 9 et 12 », of rows, in order."""
    spans: list[list[int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][-1] + 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    told = list[str]()
    for span in spans:
        first, last = span[0], span[-1]
        told += [f"{first} à {last}"] if len(span) > 2 else map(str, span)
    return join_list(told)


def trimmed(cells: list[Cell]) -> list[Cell]:
    """Without the empty cells at the end."""
    end = len(cells)
    while end and not cells[end - 1].text:
        end -= 1
    return cells[:end]


def checked(rows: list[Row]) -> list[Row]:
    """The rows, when they are neither too many nor too wide. Raises UnreadableSheet."""
    if not rows:
        raise UnreadableSheet(EMPTY)
    if len(rows) > MAX_ROWS:
        raise UnreadableSheet(TOO_LONG)
    for row in rows:
        if len(row.cells) > MAX_COLUMNS:
            raise UnreadableSheet(TOO_WIDE)
        if any(len(cell.text) > MAX_CELL for cell in row.cells):
            raise UnreadableSheet(LONG_CELL.format(row.number))
    return rows
