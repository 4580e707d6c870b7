"""From rows to a table: which line names the columns, and what above, between and below is no line of it.

Nothing is dropped without a word: titles, totals, repeated headings and notes are named with their line; a column whose
heading is not understood is named, and its cells are kept as notes.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from conventions.exchange.sheets.cells import Kind, Row, Sheet, letters
from conventions.formats import NBSP, collapse_spaces, search_key

LOOKED_AT: Final = 30  # rows, for the headings
NOTE: Final = "note"
SKIPPED: Final = "ignorer"
TOTAL = re.compile(
    r"(?:sous )?totaux?(?: .*)?|(?:sous )?total(?: .*)?|somme(?: .*)?|ensemble|grand total|nombre total.*"
)
REMARK = re.compile(
    r"(?:nb|nota|note|notes|source|sources|remarque|remarques|legende|edite|exporte|imprime|page)\b.*"
)
COUNT = re.compile(r"[0-9]{1,4}")  # of devices, under their numbers
LONG_REMARK: Final = 40  # characters


@dataclass(frozen=True)
class Vocabulary:
    """`words`: {field: headings, as search keys}; `labels`: {field: its French name}; `positions` without headings."""

    words: Mapping[str, Sequence[str]]
    labels: Mapping[str, str]
    positions: Sequence[str] = ()

    def field_of(self, heading: str) -> str:
        """The field a heading names; empty when nobody knows it. « Ordinateur - Numéro de série » is a serial."""
        known = {word: name for name, words in self.words.items() for word in words}
        for part in (heading, heading.rpartition(" - ")[2], re.sub(r"\(.*?\)|\[.*?\]", " ", heading)):
            if found := known.get(search_key(part)):
                return found
        return ""


@dataclass
class Column:
    """One column: its heading as seen, the field it fills (NOTE: kept as a note)."""

    index: int
    heading: str
    field: str = NOTE
    understood: bool = False
    hidden: bool = False
    sample: str = ""


@dataclass(frozen=True)
class LeftOut:
    number: int
    why: str
    text: str

    @property
    def sentence(self) -> str:
        return f"Ligne {self.number}, {self.why}{NBSP}: «{NBSP}{self.text}{NBSP}»."


@dataclass
class Table:
    columns: list[Column]
    rows: list[Row]
    left_out: list[LeftOut] = field(default_factory=list)
    has_headings: bool = True

    @property
    def key(self) -> str:
        """The same for the same set of headings, in any order."""
        return headings_key([column.heading for column in self.columns]) if self.has_headings else ""

    def column_of(self, name: str) -> int | None:
        return next((column.index for column in self.columns if column.field == name), None)

    def choose(self, mapping: Mapping[str, str]) -> None:
        """Have columns fill these fields ({heading: field}); a field already taken by another column stays a note."""
        taken: set[str] = set()
        for column in self.columns:
            chosen = mapping.get(_heading_key(column.heading), column.field)
            column.field = NOTE if chosen in taken else chosen
            column.understood = column.understood or _heading_key(column.heading) in mapping
            if chosen not in (NOTE, SKIPPED):
                taken.add(chosen)


def headings_key(headings: Sequence[str]) -> str:
    keys = sorted({_heading_key(heading) for heading in headings if heading})
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:32]


def _heading_key(heading: str) -> str:
    return search_key(heading)


def mapping_of(table: Table) -> dict[str, str]:
    """What `choose` takes, from a table."""
    return {_heading_key(column.heading): column.field for column in table.columns if column.heading}


def find_table(
    sheet: Sheet,
    vocabulary: Vocabulary,
    remembered: Callable[[str], Mapping[str, str] | None] = lambda key: None,
) -> Table:
    """The table of a sheet, its headings recognised by the vocabulary, or as they were the last time (`remembered`)."""
    found = _headings(sheet, vocabulary, remembered)
    if found is None:
        width = range(sheet.width)
        names = [*vocabulary.positions, *[""] * sheet.width] if vocabulary.positions else [""] * sheet.width
        columns = [
            Column(index, f"Colonne {letters(index)}", names[index] or NOTE, bool(names[index]))
            for index in width
        ]
        table = Table(columns, list(sheet.rows), has_headings=False)
    else:
        first, last, headings = found
        table = Table(_columns(headings, sheet, vocabulary), sheet.rows[last + 1 :])
        table.left_out = [
            LeftOut(row.number, "titre au-dessus du tableau", row.line) for row in sheet.rows[:first]
        ]
        if mapping := remembered(table.key):
            table.choose(mapping)
    _sort_out(table)
    for column in table.columns:
        column.sample = next((row.text(column.index) for row in table.rows if row.text(column.index)), "")
        column.hidden = column.index in sheet.hidden_columns
    table.columns = [column for column in table.columns if column.heading or column.sample]
    return table


def _headings(
    sheet: Sheet, vocabulary: Vocabulary, remembered: Callable[[str], Mapping[str, str] | None]
) -> tuple[int, int, list[str]] | None:
    """(first row, last row, headings) of the line, or the two lines, that name most columns."""
    least = 1 if sheet.width <= 2 else 2
    best: tuple[tuple[int, bool], tuple[int, int, list[str]]] | None = None
    for rank, row in enumerate(sheet.rows[:LOOKED_AT]):
        single = [collapse_spaces(cell.text) for cell in row.cells]
        if remembered(headings_key(single)):
            return rank, rank, single
        options = [(rank, rank, single)]
        if rank + 1 < len(sheet.rows) and _names_several(row) and _names_several(sheet.rows[rank + 1]):
            options.append((rank, rank + 1, _joined(row, sheet.rows[rank + 1], vocabulary)))
        for option in options:
            count = len({name for heading in option[2] if (name := vocabulary.field_of(heading))})
            score = (count, option[0] == option[1])
            if count >= least and (best is None or score > best[0]):
                best = score, option
    return best[1] if best else None if vocabulary.positions else _unknown(sheet)


def _unknown(sheet: Sheet) -> tuple[int, int, list[str]] | None:
    """The first line that may name columns, before lines with figures, where nobody knows its words."""
    for rank, row in enumerate(sheet.rows[:LOOKED_AT]):
        if _names_several(row) and len(row.cells) == sheet.width and len(sheet.rows) > rank + 1:
            return rank, rank, [collapse_spaces(cell.text) for cell in row.cells]
    return None


def _names_several(row: Row) -> bool:
    return _may_name(row) and sum(bool(cell.text) for cell in row.cells) > 1


def _may_name(row: Row) -> bool:
    """Texts without figures, but « N° 2 »-like ones: a line of data rarely has none."""
    return all(
        cell.kind == Kind.TEXT and sum(sign.isdecimal() for sign in cell.text) * 3 <= len(cell.text)
        for cell in row.cells
        if cell.text
    )


def _joined(upper: Row, lower: Row, vocabulary: Vocabulary) -> list[str]:
    """Two lines of headings as one: « Achat » over « Date » and « Valeur » is « Date achat », « Valeur »."""
    found, above = list[str](), ""
    for index in range(max(len(upper.cells), len(lower.cells))):
        own, above = collapse_spaces(lower.text(index)), collapse_spaces(upper.text(index)) or above
        top = collapse_spaces(upper.text(index))
        options = [own, f"{own} {above}", f"{above} {own}"] if own else [top]
        known = next((option for option in options if vocabulary.field_of(option)), "")
        found.append(known or (f"{above} {own}".strip() if own else top))
    return found


def _columns(headings: list[str], sheet: Sheet, vocabulary: Vocabulary) -> list[Column]:
    found, taken = list[Column](), set[str]()
    for index in range(max(sheet.width, len(headings))):
        heading = headings[index] if index < len(headings) else ""
        name = vocabulary.field_of(heading)
        column = Column(index, heading or "", understood=bool(name))
        if name and name not in taken:
            column.field = name
            taken.update({name} - {NOTE})
        found.append(column)
    for column in found:
        column.heading = column.heading or (
            f"Colonne {letters(column.index)}" if _is_filled(column, sheet) else ""
        )
    return found


def _is_filled(column: Column, sheet: Sheet) -> bool:
    return any(row.text(column.index) for row in sheet.rows)


def _sort_out(table: Table) -> None:
    """Leave out of the rows what is no line of the table, and name it."""
    headings = [search_key(column.heading) for column in table.columns]
    serial, kept = table.column_of("serial"), list[Row]()
    previous = table.rows[0].number - 1 if table.rows else 0
    for row in table.rows:
        why = _why_no_line(
            row, headings, serial, after_gap=row.number > previous + 1, width=len(table.columns)
        )
        if why:
            table.left_out.append(LeftOut(row.number, why, row.line))
        else:
            kept.append(row)
            previous = row.number
    table.rows = kept


def _why_no_line(row: Row, headings: list[str], serial: int | None, *, after_gap: bool, width: int) -> str:
    filled = [cell.text for cell in row.cells if cell.text]
    keys = [search_key(text) for text in filled]
    mark = row.text(serial) if serial is not None else ""
    identified = mark and not COUNT.fullmatch(mark) and not TOTAL.fullmatch(search_key(mark))
    if not identified and any(TOTAL.fullmatch(key) for key in keys[:3]):
        return "ligne de total laissée de côté"
    if [key for key in keys if key] and all(
        search_key(row.text(rank)) in ("", key) for rank, key in enumerate(headings)
    ):
        return "titres répétés"
    alone = len(filled) == 1 and width > 2 and not identified
    looks_like_one = alone and (
        after_gap or len(filled[0]) > LONG_REMARK or filled[0][0] in "*(¹²³†" or REMARK.fullmatch(keys[0])
    )
    return "remarque hors du tableau" if looks_like_one else ""
