"""What calamine does not say of a workbook: what is hidden, errors, formulas without value, days counted from 1904.

Read apart, beside `books_child`. XML with entities of its own is refused: no workbook has any.
"""

import struct
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field
from typing import IO, Any, Final
from xml.parsers import expat

from conventions.formats.files import workbook_stream

MAX_PART: Final = 200 << 20  # bytes of one part, unzipped
MAX_TOLD: Final = 100_000  # cells beside
MAX_HIDDEN: Final = 20_000  # rows of one element
MAX_INDEX: Final = 1 << 20
PIECE: Final = 1 << 16
_ERRORS: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
}


@dataclass
class Beside:
    """`cells`: {row: {column: what stands there}}, from 0; `merged`: corners of ranges; `hidden`: columns."""

    hidden: set[int] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    cells: dict[int, dict[int, Any]] = field(default_factory=lambda: defaultdict(dict))
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    from_1904: bool = False
    told: int = 0

    def hide_rows(self, first: int, many: int = 1) -> None:
        if len(self.hidden_rows) < MAX_TOLD:
            self.hidden_rows.update(range(first, first + min(many, MAX_HIDDEN)))

    def put(self, row: int, column: int, value: Any) -> None:
        self.told += 1
        if self.told <= MAX_TOLD:
            self.cells[row][column] = value


def beside(kind: str, source: str, rank: int) -> Beside:
    """Of the sheet of this rank. Raises anything for a broken file."""
    if kind == "xls":
        with open(source, "rb") as file:
            return _of_records(workbook_stream(file.read()), rank)
    with zipfile.ZipFile(source) as archive:
        return _of_xlsx(archive, rank) if kind == "xlsx" else _of_ods(archive, rank)


class _Walk:
    """One part read from its start, without names of its own; `open`, `close`, `text` are those of the subclass."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = lambda name, values: self.open(_plain(name), values)
        self.parser.EndElementHandler = lambda name: self.close(_plain(name))
        self.parser.EntityDeclHandler = self._refuse
        self.parser.buffer_text = True

    def _refuse(self, *_declared: Any) -> None:
        raise ValueError("entity")

    def read(self, file: IO[bytes]) -> None:
        left = MAX_PART
        while piece := file.read(PIECE):
            left -= len(piece)
            if left < 0:
                raise ValueError("size")
            self.parser.Parse(piece, False)
        self.parser.Parse(b"", True)

    def open(self, name: str, values: dict[str, str]) -> None: ...

    def close(self, name: str) -> None: ...


def _plain(name: str) -> str:
    return name.rpartition(":")[2]


class _Listed(_Walk):
    """The elements of a small part: [(name, attributes)…]."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def open(self, name: str, values: dict[str, str]) -> None:
        self.found.append((name, {_plain(key): value for key, value in values.items()}))


def _listed(archive: zipfile.ZipFile, part: str) -> list[tuple[str, dict[str, str]]]:
    walk = _Listed()
    with archive.open(part) as file:
        walk.read(file)
    return walk.found


def _of_xlsx(archive: zipfile.ZipFile, rank: int) -> Beside:
    root = _listed(archive, "_rels/.rels")
    office = [value["Target"] for name, value in root if value.get("Type", "").endswith("/officeDocument")]
    book = (office[0] if office else "xl/workbook.xml").lstrip("/")
    folder, _, name = book.rpartition("/")
    elements = _listed(archive, book)
    sheets = [values["id"] for element, values in elements if element == "sheet"]
    targets = {
        values["Id"]: values["Target"]
        for element, values in _listed(archive, f"{folder}/_rels/{name}.rels")
        if element == "Relationship"
    }
    target = targets[sheets[rank]]
    walk = _SheetOfXlsx()
    walk.found.from_1904 = any(
        element == "workbookPr" and values.get("date1904", "0") in ("1", "true")
        for element, values in elements
    )
    with archive.open(target.lstrip("/") if target.startswith("/") else f"{folder}/{target}") as file:
        walk.read(file)
    return walk.found


class _SheetOfXlsx(_Walk):
    def __init__(self) -> None:
        super().__init__()
        self.found = Beside()
        self.row = self.column = -1
        self.has_formula = self.has_value = self.is_error = False
        self.value = ""

    def open(self, name: str, values: dict[str, str]) -> None:
        if name == "c":
            self._place(values.get("r", ""))
            self.has_formula, self.has_value, self.is_error = False, False, values.get("t") == "e"
        elif name == "row":
            self.row, self.column = int(values.get("r", self.row + 2)) - 1, -1
            if values.get("hidden", "0") in ("1", "true"):
                self.found.hide_rows(self.row)
        elif name == "f":
            self.has_formula = True
        elif name in ("v", "is"):
            self.has_value, self.value = name == "is" or not self.has_formula, ""
            if self.is_error or self.has_formula:
                self.parser.CharacterDataHandler = self._add
        elif name == "col" and values.get("hidden", "0") in ("1", "true"):
            first, last = int(values["min"]), min(int(values["max"]), MAX_INDEX)
            self.found.hidden.update(range(first - 1, min(last, first + 255)))

    def _place(self, reference: str) -> None:
        letters = reference.rstrip("0123456789")
        if not letters:
            self.column += 1
            return
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        self.column = column - 1

    def _add(self, text: str) -> None:
        self.has_value, self.value = True, (self.value + text)[:100]

    def close(self, name: str) -> None:
        if name == "v":
            self.parser.CharacterDataHandler = None
        elif name == "c" and self.is_error:
            self.found.put(self.row, self.column, {"e": self.value.strip() or "#N/A"})
        elif name == "c" and self.has_formula and not self.has_value:
            self.found.put(self.row, self.column, {"f": 1})


def _of_ods(archive: zipfile.ZipFile, rank: int) -> Beside:
    walk = _SheetOfOds(rank)
    with archive.open("content.xml") as file:
        walk.read(file)
    return walk.found


class _SheetOfOds(_Walk):
    def __init__(self, rank: int) -> None:
        super().__init__()
        self.found, self.rank = Beside(), rank
        self.table = self.row = self.column = self.columns = -1
        self.repeated = 1

    def open(self, name: str, values: dict[str, str]) -> None:
        if name == "table":
            self.table, self.row, self.columns, self.repeated = self.table + 1, -1, 0, 1
        if self.table != self.rank:
            return
        if name == "table-column":
            many = int(values.get("table:number-columns-repeated", 1))
            if values.get("table:visibility", "visible") != "visible":
                self.found.hidden.update(range(self.columns, self.columns + min(many, 256)))
            self.columns += many
        elif name == "table-row":
            self.row, self.column = self.row + self.repeated, 0
            self.repeated = int(values.get("table:number-rows-repeated", 1))
            if values.get("table:visibility", "visible") != "visible":
                self.found.hide_rows(self.row, self.repeated)
        elif name in ("table-cell", "covered-table-cell"):
            self._cell(values)

    def _cell(self, values: dict[str, str]) -> None:
        rows = int(values.get("table:number-rows-spanned", 1))
        columns = int(values.get("table:number-columns-spanned", 1))
        if rows > 1 or columns > 1:
            corner = (self.row + rows - 1, self.column + columns - 1)
            self.found.merged.append(((self.row, self.column), corner))
        if values.get("table:formula") and "office:value-type" not in values:
            self.found.put(self.row, self.column, {"f": 1})
        self.column += int(values.get("table:number-columns-repeated", 1))


def _of_records(stream: bytes, rank: int) -> Beside:
    """Of a workbook before 2007: the records of its head, then those of the sheet."""
    found, starts = Beside(), list[int]()
    for kind, data in _records(stream, 0):
        if kind == 0x0022:
            found.from_1904 = data[:2] == b"\x01\x00"
        elif kind == 0x0085:
            starts.append(struct.unpack_from("<I", data)[0])
    for kind, data in _records(stream, starts[rank]):
        if kind == 0x007D and struct.unpack_from("<H", data, 8)[0] & 1:
            first, last = struct.unpack_from("<HH", data)
            found.hidden.update(range(first, min(last, first + 255) + 1))
        elif kind == 0x0208 and data[12] & 0x20:
            found.hide_rows(struct.unpack_from("<H", data)[0])
        elif kind == 0x0205 and data[7]:
            row, column = struct.unpack_from("<HH", data)
            found.put(row, column, {"e": _ERRORS.get(data[6], "#N/A")})
        elif kind == 0x0006 and data[12:14] == b"\xff\xff" and data[6] == 2:
            row, column = struct.unpack_from("<HH", data)
            found.put(row, column, {"e": _ERRORS.get(data[8], "#N/A")})
    return found


def _records(stream: bytes, place: int) -> Any:
    """(kind, data) of each record up to the end of this part (EOF)."""
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield kind, stream[place + 4 : place + 4 + length]
        if kind == 0x000A:
            return
        place += 4 + length
