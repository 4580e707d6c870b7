"""Tables of text: CSV of any age and any separator, and what is copied from a spreadsheet.

A quotation mark that opens no cell is a letter like another: an inch, a title in the middle of a sentence, one that
nobody closed. Line breaks inside a quoted cell stay in it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from conventions.exchange.sheets.cells import (
    MAX_CELL,
    MAX_ROWS,
    TOO_LONG,
    Cell,
    Kind,
    Row,
    Sheet,
    UnreadableSheet,
    checked,
    trimmed,
)
from conventions.formats import NBSP, clean_text, plural

SEPARATORS: Final = "\t;,|"
NAMES: Final = {
    "\t": "tabulation",
    ";": "point-virgule",
    ",": "virgule",
    "|": "barre verticale",
    "": "une seule colonne",
}
SAMPLE: Final = 200  # lines
ORPHANS_SHOWN: Final = 5
_SAID = re.compile(r"\s*sep=(.)\s*(?:\r\n?|\n|$)", re.IGNORECASE)
_BREAK = re.compile(r"\r\n|\r|\n")
_ERROR = re.compile(
    r"#(?:N/A|REF!|VALUE!|VALEUR!|NAME\?|NOM\?|DIV/0!|NUM!|NOMBRE!|NULL!|NUL!)", re.IGNORECASE
)


def read_text(text: str, *, charset: str = "") -> Sheet:
    """The rows of a table of text, or of what was pasted. Raises UnreadableSheet."""
    text = text.removeprefix("\ufeff")
    said = _SAID.match(text)
    if said:
        text = text[said.end() :]
    separator = said[1] if said and said[1] in SEPARATORS else separator_of(text)
    reader = _Reader(text, separator)
    rows = [
        Row(number, cells)
        for number, record in enumerate(reader.read(), start=1)
        if (cells := trimmed([_cell(typed) for typed in record]))
        and any(cell.text.strip(SEPARATORS) for cell in cells)
    ]
    source = f"séparateur{NBSP}: {NAMES[separator]}" if separator else NAMES[""]
    return Sheet(checked(rows), f"{charset}, {source}" if charset else source, _told(reader.orphans))


def separator_of(text: str) -> str:
    """What parts the cells of most lines in the same number; empty for a single column.

    A tab, which nobody types in a cell, parts them wherever most lines have one; what parts every line alike comes
    before what parts some of them more often, as serials listed in a cell do.
    """
    best, kept = (False, 0.0), ""
    for separator in SEPARATORS:
        widths = Counter(
            len(record)
            for record, _ in zip(_Reader(text, separator).records(), range(SAMPLE), strict=False)
            if any(cell.strip() for cell in record)
        )
        filled = sum(widths.values())
        several = {width: count for width, count in widths.items() if width > 1}
        if not several:
            continue
        width = max(several, key=lambda width: (several[width], width))
        share = several[width] / filled
        score = (share == 1, share * (width - 1))
        if sum(several.values()) * 2 < filled:
            continue
        if separator == "\t":
            return separator
        if score > best:
            best, kept = score, separator
    return kept


class _Reader:
    """Cells between separators; `orphans`: the records where a quotation mark was a letter."""

    def __init__(self, text: str, separator: str) -> None:
        self.text, self.separator, self.opening, self.orphans = text, separator, "", list[int]()
        stop = f"\r\n{re.escape(separator)}" if separator else "\r\n"
        self.plain = re.compile(f"[^{stop}]*")
        self.usual = -1  # separators of most records, once it is known
        self.well_quoted = 0  # cells of this record that a mark opened and closed on one line

    def read(self) -> Iterator[list[str]]:
        """The records; the second time, lines that two orphans seemed to join are told from cells of several lines."""
        widths, first = Counter[int](), ""
        for record, _ in zip(self.records(), range(SAMPLE), strict=False):
            if any(cell.strip() for cell in record):
                widths[len(record) - 1] += 1
                first = first or self.opening
        self.usual = -1 if first == '"' else widths.most_common(1)[0][0] if widths else -1
        self.orphans.clear()
        return self.records()

    def records(self) -> Iterator[list[str]]:
        text, place, number, record = self.text, 0, 1, list[str]()
        while place < len(text):
            if not record:
                self.opening, self.well_quoted = text[place], 0
            cell, place = self._cell(place, number)
            record.append(cell)
            if place < len(text) and text[place] == self.separator:
                place += 1
                if place < len(text):
                    continue
                record.append("")
            elif place < len(text):
                place += 2 if text.startswith("\r\n", place) else 1
            yield record
            number, record = number + 1, []
            if number > MAX_ROWS * 4:
                raise UnreadableSheet(TOO_LONG)

    def _cell(self, place: int, number: int) -> tuple[str, int]:
        """(its text, where it ends)."""
        if self.text.startswith('"', place) and self.separator:
            found = self._quoted(place)
            if found is not None:
                return found
            self.orphans.append(number)
        ends = self.plain.match(self.text, place).end()  # type: ignore[union-attr]  # it matches nothing at least
        cell = self.text[place:ends]
        if len(cell) > 1 and cell[0] == cell[-1] == '"':
            cell = cell[1:-1]
        return cell, ends

    def _quoted(self, place: int) -> tuple[str, int] | None:
        """The cell that a quotation mark opens, when one closes it before a separator or the end of a line."""
        text, end = self.text, place + 1
        while True:
            end = text.find('"', end)
            if end < 0:
                return None
            if not text.startswith('""', end):
                break
            end += 2
        after = end + 1
        while text.startswith(" ", after):
            after += 1
        if after < len(text) and text[after] not in f"{self.separator}\r\n":
            return None
        inside = text[place + 1 : end]
        if self._is_lines(text, place, end):
            return None
        self.well_quoted += not _BREAK.search(inside)
        return inside.replace('""', '"'), after

    def _is_lines(self, text: str, start: int, end: int) -> bool:
        """Whether what two marks enclose is whole lines of the table: then neither opened nor closed a cell."""
        if self.usual < 1 or self.well_quoted or not _BREAK.search(text, start, end):
            return False
        near = max(0, start - MAX_CELL)
        first = max(text.rfind("\n", near, start), text.rfind("\r", near, start), near - 1) + 1
        last = _BREAK.search(text, end)
        lines = _BREAK.split(text[first : last.start() if last else len(text)])
        return all(line.count(self.separator) == self.usual for line in lines)


def _cell(typed: str) -> Cell:
    text = clean_text(_BREAK.sub("\n", typed)).strip()
    return Cell(text, Kind.ERROR) if _ERROR.fullmatch(text) else Cell(text)


def _told(orphans: list[int]) -> list[str]:
    if not orphans:
        return []
    lines = sorted(set(orphans))
    shown = ", ".join(map(str, lines[:ORPHANS_SHOWN])) + (", …" if len(lines) > ORPHANS_SHOWN else "")
    return [
        f"{plural(len(lines), 'Ligne')} {shown}{NBSP}: un guillemet seul a été gardé comme un signe du texte."
    ]
