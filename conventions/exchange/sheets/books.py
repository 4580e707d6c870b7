"""Workbooks (.xlsx, .ods, .xls), opened by a process apart."""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from conventions.domain.foundation import apart
from conventions.exchange.sheets.cells import (
    EMPTY,
    EMPTY_CELL,
    LARGEST_EXACT,
    LONG_CELL,
    TOO_LONG,
    TOO_WIDE,
    Cell,
    Kind,
    Row,
    Sheet,
    UnreadableSheet,
    checked,
    letters,
    numbers_told,
    trimmed,
)
from conventions.formats import FILE_LABELS, NBSP, clean_text, join_list, plural

CHILD: Final = Path(__file__).with_name("books_child.py")
MAX_SECONDS: Final = 90
ENCRYPTED = "Ce classeur est protégé par un mot de passe. Enregistrez-en une copie sans protection."
BROKEN = (
    "Ce classeur est abîmé et ne s’ouvre pas. Enregistrez-le de nouveau depuis le tableur, puis recommencez."
)
TOO_HEAVY = "Ce classeur demande trop de mémoire ou de temps. Copiez les lignes utiles dans un classeur neuf."
ERRORS: Final = {
    "encrypted": ENCRYPTED,
    "broken": BROKEN,
    "empty": EMPTY,
    "rows": TOO_LONG,
    "columns": TOO_WIDE,
}
Merged = list[tuple[tuple[int, int], tuple[int, int]]]


def read_book(content: bytes, kind: str) -> Sheet:
    """The rows of the first sheet that is shown and filled. Raises UnreadableSheet."""
    rows: list[Row] = []
    told: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="classeur-") as folder:
        source = Path(folder) / f"source.{kind}"
        source.write_bytes(content)
        for line in _run("read", kind, str(source)):
            for number, cells in line.pop("rows", ()):
                rows.append(Row(number, [_cell(value) for value in cells]))
            told |= line
    rows = _filled(rows, [((a, b), (c, d)) for (a, b), (c, d) in told.get("merged", ())])
    hidden = frozenset(told.get("hidden", ()))
    return Sheet(
        checked(rows),
        FILE_LABELS[kind],
        [*_sheets_told(told["sheets"], told["sheet"]), *_hidden_told(rows, hidden, told["hidden_rows"])],
        hidden,
        bool(told.get("from_1904")),
    )


def _run(*arguments: str) -> Iterator[dict[str, Any]]:
    try:
        for told in apart.told(CHILD, *arguments, seconds=MAX_SECONDS):
            if error := told.get("error"):
                name, _, number = error.partition(" ")
                raise UnreadableSheet(LONG_CELL.format(number) if name == "cell" else ERRORS[name])
            yield told
    except apart.Stopped as error:
        raise UnreadableSheet(TOO_HEAVY) from error


def _cell(value: Any) -> Cell:
    if value is None:
        return EMPTY_CELL
    if isinstance(value, str):
        return Cell(clean_text(value).strip())
    if isinstance(value, bool):
        return Cell("oui" if value else "non", Kind.TRUTH)
    if isinstance(value, int | float):
        return _number(value)
    if "d" in value:
        return Cell(value["d"], Kind.DATE)
    return Cell(value["e"], Kind.ERROR) if "e" in value else Cell("formule sans valeur", Kind.FORMULA)


def _number(value: float) -> Cell:
    if value != value or abs(value) == float("inf"):
        return Cell(str(value), Kind.ERROR)
    if abs(value) >= LARGEST_EXACT:
        return Cell(f"{value:.14E}".replace(".", ","), Kind.ROUNDED)
    whole = value == int(value)
    return Cell(str(int(value)) if whole else repr(value), Kind.NUMBER)


def _filled(rows: list[Row], merged: Merged) -> list[Row]:
    """Each row with what a merged cell says for it; `merged` on each of them when it covers several rows."""
    places = {row.number: rank for rank, row in enumerate(rows)}
    for (top, left), (bottom, _right) in merged:
        first = places.get(top + 1)
        if first is None or left >= len(rows[first].cells) or not (cell := rows[first].cells[left]).text:
            continue
        several = cell._replace(merged=True) if bottom > top else cell
        for number in range(top + 1, min(bottom, rows[-1].number) + 2):
            if (place := places.get(number)) is None:
                continue
            cells = rows[place].cells
            cells.extend([EMPTY_CELL] * (left + 1 - len(cells)))
            cells[left] = several
    return [row._replace(cells=cells) for row in rows if (cells := trimmed(row.cells))]


def _sheets_told(sheets: list[list[Any]], read: str) -> list[str]:
    hidden = [f"«{NBSP}{name}{NBSP}»" for name, is_hidden in sheets if is_hidden]
    others = [f"«{NBSP}{name}{NBSP}»" for name, is_hidden in sheets if not is_hidden and name != read]
    told = []
    if others:
        words = plural(len(others), "n’est pas lue", "ne sont pas lues")
        told.append(
            f"La feuille «{NBSP}{read}{NBSP}» est lue{NBSP}; {join_list(others)} {words}. Pour en lire une autre, "
            "mettez-la en premier."
        )
    if hidden:
        words = plural(len(hidden), "feuille masquée n’est pas lue", "feuilles masquées ne sont pas lues")
        told.append(f"{len(hidden)} {words}{NBSP}: {join_list(hidden)}.")
    return told


def _hidden_told(rows: list[Row], columns: Iterable[int], hidden_rows: Iterable[int]) -> Iterator[str]:
    """What nobody saw in the workbook and is read all the same; empty rows and columns are not worth a word."""
    numbers = {index + 1 for index in hidden_rows} & {row.number for row in rows}
    filled = [index for index in sorted(columns) if any(row.text(index) for row in rows)]
    if filled:
        names = join_list(map(letters, filled))
        words = plural(len(filled), "Colonne masquée", "Colonnes masquées")
        yield f"{words} dans le classeur, {plural(len(filled), 'lue')} comme les autres{NBSP}: {names}."
    if numbers:
        words = plural(len(numbers), "Ligne masquée", "Lignes masquées")
        told = numbers_told(numbers)
        yield f"{words} dans le classeur, {plural(len(numbers), 'lue')} comme les autres{NBSP}: {told}."
