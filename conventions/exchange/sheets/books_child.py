"""Run apart, by its path, with limits: opens the workbooks that people send (.xlsx, .ods, .xls).

Of the application it imports `apart_child`, the parts beside it and the pure formats. What it is asked (`apart`):

    read KIND SOURCE    {"sheets": [[name, is hidden]…], "sheet": name}; then, as often as it takes,
                        {"rows": [[number, cells]…]}; then {"hidden_rows": [row…]}; then
                        {"hidden": [column…], "from_1904": true or false,
                        "merged": [[[row, column], [row, column]]…]}

The last line is {"end": true}; before it, {"error": …} says « encrypted », « broken », « empty », « rows », « columns »
or « cell NUMBER ». A cell is a text, a number, true or false, null, {"d": day}, {"e": "#N/A"} or {"f": 1}: a formula
without value.
"""

import datetime
import resource
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from conventions.domain.foundation.apart_child import say, wait
from conventions.exchange.sheets.books_parts import Beside, beside

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

MEMORY = 1 << 30  # bytes of address space
SECONDS = 60  # of processor
AT_ONCE = 200  # rows told in a line
MAX_ROWS, MAX_COLUMNS, MAX_CELL = 20_000, 200, 32_767  # those of `cells`
MAX_SIGNS = 20_000_000  # in all


class Refused(Exception):
    """What is told as the error."""


def load() -> None:
    """Once, for all the children: what each would need."""
    import xml.parsers.expat

    import python_calamine

    assert {xml.parsers.expat, python_calamine} <= {*sys.modules.values()}


def main(_command: str, kind: str, source: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        read(kind, source)
    except Refused as refusal:
        say(error=str(refusal))


def read(kind: str, source: str) -> None:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(source)
        name, sheet = _first(book)
    except calamine.PasswordError as error:
        raise Refused("encrypted") from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise Refused("broken") from error
    if sheet is None:
        raise Refused("empty")
    try:
        more = beside(kind, source, book.sheet_names.index(name))
    except Exception as error:  # a hostile file makes a reader raise anything
        raise Refused("broken") from error
    say(sheets=[[one.name, _is_hidden(one)] for one in book.sheets_metadata], sheet=name)
    waiting: list[Any] = []
    for row in _rows(sheet, more):
        waiting.append(row)
        if len(waiting) == AT_ONCE:
            say(rows=waiting)
            waiting = []
    say(rows=waiting)
    merged = sheet.merged_cell_ranges or more.merged
    say(hidden_rows=sorted(more.hidden_rows))
    say(hidden=sorted(more.hidden), merged=merged[:MAX_ROWS], from_1904=more.from_1904)


def _is_hidden(sheet: Any) -> bool:
    return not str(sheet.visible).endswith(".Visible")


def _first(book: "CalamineWorkbook") -> "tuple[str, CalamineSheet | None]":
    """The first sheet that is shown and holds something."""
    for told in book.sheets_metadata:
        if not _is_hidden(told) and str(told.typ).endswith(".WorkSheet"):
            sheet = book.get_sheet_by_name(told.name)
            if sheet.start is not None:
                return told.name, sheet
    return "", None


def _rows(sheet: "CalamineSheet", more: Beside) -> Iterator[list[Any]]:
    """[number, cells] of the rows that hold something; the reader leaves out the columns before the first that does."""
    left = sheet.start[1] if sheet.start else 0
    kept = signs = 0
    for index, values in enumerate(sheet.iter_rows()):
        number = index + 1
        cells = [None] * left + [_told(value) for value in values]
        for column, told in more.cells.pop(index, {}).items():
            if column < MAX_COLUMNS:
                cells.extend([None] * (column + 1 - len(cells)))
                cells[column] = cells[column] if cells[column] is not None else told
        while cells and cells[-1] in (None, ""):
            cells.pop()
        if not cells:
            continue
        kept += 1
        texts = [len(cell) for cell in cells if isinstance(cell, str)]
        signs += sum(texts)
        if max(texts, default=0) > MAX_CELL:
            raise Refused(f"cell {number}")
        if len(cells) > MAX_COLUMNS:
            raise Refused("columns")
        if kept > MAX_ROWS or signs > MAX_SIGNS:
            raise Refused("rows")
        yield [number, cells]


def _told(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, datetime.datetime):
        return {"d": value.date().isoformat()}
    if isinstance(value, datetime.date):
        return {"d": value.isoformat()}
    if isinstance(value, datetime.time | datetime.timedelta):
        return str(value)
    return value


if __name__ == "__main__":
    load()
    wait(main)
