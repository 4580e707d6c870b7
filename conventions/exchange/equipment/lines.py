"""Rows of an inventory as devices: one each, ten for a line of ten serials.

What is doubtful is said with what was seen, and asked. Nothing is dropped: a column that fills no field is a note of
the device.
"""

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from conventions.enums import AmountStatus
from conventions.equipment_enums import DeviceCondition
from conventions.exchange.equipment.columns import LABELS
from conventions.exchange.sheets.cells import EMPTY_CELL, Cell, Row
from conventions.exchange.sheets.tables import SKIPPED, Table
from conventions.exchange.sheets.values import (
    Meaning,
    amount_of,
    day_of,
    identifier_fault,
    plain_text,
    quantity_of,
    serial_of,
    truth_of,
    weight_of,
)
from conventions.formats import NBSP, counted, is_placeholder, maker_key, search_key, serial_key, tag_key

MAX_LOT: Final = 500  # devices of one line
_PARTS = re.compile(r"\s*[\n;,|]\s*|\s+/\s+")
_CONDITIONS: Final = {
    DeviceCondition.NEW: ("neuf", "neuve", "new"),
    DeviceCondition.GOOD: ("bon", "bonne", "bon etat", "tres bon", "tres bon etat", "good", "fonctionnel", "ok"),
    DeviceCondition.WORN: ("usage", "use", "moyen", "etat moyen", "etat d usage", "correct", "fair", "worn"),
    DeviceCondition.BROKEN: (
        "hs", "h s", "hors service", "en panne", "panne", "mauvais", "mauvais etat", "casse", "broken", "pour pieces",
    ),
}  # fmt: skip


@dataclass
class Line:
    """One device that a row gives. `rank`: its place among those of its row; `asked`: to confirm before it goes."""

    number: int
    rank: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """« 12 », « 12.3 » for the third device of line 12."""
        return f"{self.number}.{self.rank}" if self.rank else str(self.number)

    @property
    def has_marks(self) -> bool:
        return bool(self.values.get("serial") or self.values.get("inventory_tag"))


@dataclass(frozen=True, slots=True)
class Reading:
    """How cells are read: the day it is, and from when the file counts days.

    `lots`: devices without numbers stay one line with its quantity (None: not known), for an annex; `alone`: how many
    such a line is, where no column counts.
    """

    today: datetime.date
    from_1904: bool = False
    lots: bool = False
    alone: int | None = 1


def read_lines(
    table: Table, how: Reading, *, mended: Mapping[str, Mapping[str, str]] | None = None
) -> list[Line]:
    """The devices of a table; `mended`: what a person wrote over a line, {number of the row: {field: text}}."""
    notes = {
        column.index: column.heading
        for column in table.columns
        if column.field not in LABELS and column.field != SKIPPED
    }
    fields = {column.field: column.index for column in table.columns if column.field in LABELS}
    found: list[Line] = []
    for row in table.rows:
        cells = {name: row.cells[at] for name, at in fields.items() if at < len(row.cells)}
        for name, text in (mended or {}).get(str(row.number), {}).items():
            cells[name] = Cell(text)
        found += _devices(row, cells, {notes[at]: row.text(at) for at in notes if row.text(at)}, how)
    _repeated_serials(found)
    return found


def _devices(row: Row, cells: Mapping[str, Cell], notes: dict[str, str], how: Reading) -> Iterable[Line]:
    """One line for each serial of a row, one for each of a lot."""
    line = Line(row.number, notes=notes, seen={name: cell.text for name, cell in cells.items() if cell.text})
    _read_fields(line, cells, how)
    quantity = _value(line, "quantity", quantity_of(cells.get("quantity", EMPTY_CELL)))
    serials = _marks(line, cells, "serial", quantity)
    tags = _marks(line, cells, "inventory_tag", quantity)
    many = max(len(serials), len(tags), 1)
    if quantity and quantity != many and (serials or tags):
        what = "numéro de série" if serials else "numéro d’inventaire"
        plural = "numéros de série" if serials else "numéros d’inventaire"
        line.problems.append(
            f"{counted(many, what, plural)} pour une quantité{NBSP}: {quantity}. Écrivez-les tous."
        )
    elif serials and tags and len(serials) != len(tags) and len(tags) > 1:
        line.problems.append(
            f"{len(serials)} numéros de série et {len(tags)} numéros d’inventaire. Vérifiez la ligne."
        )
    elif len(serials) > 1 and len(tags) == 1:
        line.problems.append(f"Un seul numéro d’inventaire pour {len(serials)} appareils. Écrivez-les tous.")
    is_lot = how.lots and not (serials or tags)
    if is_lot:
        line.values["quantity"] = quantity if "quantity" in cells else how.alone
    elif not (serials or tags):
        many = quantity or 1
    if many > MAX_LOT:
        line.problems.append(
            f"{counted(many, 'appareil')} sur une ligne, {MAX_LOT} au plus. Partagez cette ligne."
        )
    if not line.values.get("nature"):
        line.problems.append("La nature du matériel manque.")
    if line.problems or is_lot:
        line.values.setdefault("quantity", many)
        return [line]
    return [_one(line, rank, many, serials, tags, how) for rank in range(many)]


def _one(line: Line, rank: int, many: int, serials: list[str], tags: list[str], how: Reading) -> Line:
    found = Line(line.number, rank + 1 if many > 1 else 0, dict(line.values), line.notes, line.seen)
    found.told, found.asked = list(line.told), list(line.asked)
    found.values["quantity"] = 1
    found.values["inventory_tag"] = tags[rank] if rank < len(tags) else ""
    if rank < len(serials):
        meaning = serial_of(serials[rank])
        found.values["serial"] = meaning.value or ""
        found.problems += [meaning.problem] if meaning.problem else []
        found.asked += [meaning.told] if meaning.told else []
    if many > 1 and found.values.get("amount") is not None:
        # Of one, or of all of them? The sheet does not say: nothing is counted ten times.
        seen = line.seen.get("amount", "")
        found.notes = {**line.notes, LABELS["amount"]: seen}
        found.values |= {"amount": None, "status": AmountStatus.UNKNOWN}
        of_whom = f"de la ligne ou de chacun des {many} appareils"
        what = (
            "elle n’est pas reprise. Écrivez-la sur chaque ligne" if how.lots else "elle est gardée en note"
        )
        found.told.append(f"La valeur «{NBSP}{seen}{NBSP}» est celle {of_whom}{NBSP}: {what}.")
    return found


def _marks(line: Line, cells: Mapping[str, Cell], name: str, quantity: int | None) -> list[str]:
    """The numbers of a cell: several when it holds several, between line breaks, commas or semicolons."""
    cell = cells.get(name, EMPTY_CELL)
    if not cell.text:
        return []
    if fault := identifier_fault(cell):
        line.problems.append(f"{LABELS[name]}{NBSP}: {fault}")
        return []
    parts = [part for part in _PARTS.split(cell.text) if part and not is_placeholder(part)]
    if not parts and _PARTS.split(cell.text) != [""]:
        line.told.append(f"{LABELS[name]}{NBSP}: «{NBSP}{cell.text}{NBSP}» ne désigne aucun appareil.")
    words = [word for word in cell.text.split() if not is_placeholder(word)]
    if len(parts) == 1 and quantity and quantity > 1 and len(words) == quantity:
        parts = words
    return parts


def _read_fields(line: Line, cells: Mapping[str, Cell], how: Reading) -> None:
    for name in ("nature", "maker", "model", "place"):
        line.values[name] = _value(line, name, plain_text(cells.get(name, EMPTY_CELL))) or ""
    if is_placeholder(line.values["maker"]):
        line.values["maker"] = ""
    day = day_of(cells.get("purchased_on", EMPTY_CELL), today=how.today, from_1904=how.from_1904)
    line.values["purchased_on"] = _value(line, "purchased_on", day)
    line.values["purchased_on_precision"] = day.precision
    amount = _value(line, "amount", amount_of(cells.get("amount", EMPTY_CELL)))
    line.values["amount"] = amount
    line.values["status"] = AmountStatus.UNKNOWN if amount is None else AmountStatus.KNOWN
    words = _value(line, "condition", plain_text(cells.get("condition", EMPTY_CELL))) or ""
    line.values["condition"] = next(
        (code for code, known in _CONDITIONS.items() if search_key(words) in known), DeviceCondition.UNKNOWN
    )
    line.values["condition_words"] = (
        words if words and line.values["condition"] == DeviceCondition.UNKNOWN else ""
    )
    if (
        "holds_data" in cells
        and (data := _value(line, "holds_data", truth_of(cells["holds_data"]))) is not None
    ):
        line.values["holds_data"] = data
    line.values["weight_grams"] = _value(line, "weight", weight_of(cells.get("weight", EMPTY_CELL)))


def _value(line: Line, name: str, meaning: Meaning) -> Any:
    label = LABELS[name]
    if meaning.problem:
        line.problems.append(f"{label}{NBSP}: {meaning.problem}")
    elif meaning.told:
        line.told.append(f"{label}{NBSP}: {meaning.told}")
    return meaning.value


def _repeated_serials(lines: list[Line]) -> None:
    """The same number typed on every row, as spreadsheets fill a column down, is said on each."""
    counts = Counter(line.values.get("serial", "") for line in lines)
    for line in lines:
        serial = line.values.get("serial", "")
        if serial and counts[serial] > 2:
            line.asked.append(f"Le numéro de série {serial} est sur {counts[serial]} lignes.")


def same_devices(lines: Iterable[Line]) -> list[tuple[Line, Line, str]]:
    """(the second line, the first, why it is to mend) of each device that two lines name; no reason when they agree."""
    found, seen = list[tuple[Line, Line, str]](), dict[tuple[str, ...], Line]()
    for line in lines:
        values = line.values
        marks: list[tuple[str, ...]] = [("inventory_tag", tag_key(values.get("inventory_tag", "")))]
        marks.append(("serial", maker_key(values.get("maker", "")), serial_key(values.get("serial", ""))))
        for mark in (mark for mark in marks if mark[-1]):
            first = seen.setdefault(mark, line)
            if first is line:
                continue
            told = f"Même {LABELS[mark[0]].lower()} que la ligne {first.number}, avec autre chose."
            found.append((line, first, "" if first.values == values else f"{told} Corrigez l’une des deux."))
            break
    return found
