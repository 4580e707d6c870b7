"""What is pasted into the equipment annex of an act, as its lines: through the one reader of tables.

A line is a device, or a lot of devices without numbers; identical lines are one lot. An annex keeps no notes: a column
without a place in it is told, with its cells, as is each line left out.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from django.db import models
from django.utils import timezone

from conventions.enums import AmountStatus, Transfer
from conventions.exchange.equipment import desk
from conventions.exchange.equipment.columns import ANNEX, LABELS
from conventions.exchange.equipment.lines import Line, Reading, read_lines, same_devices
from conventions.exchange.sheets import UnreadableSheet, read_text
from conventions.exchange.sheets.tables import NOTE, Table, find_table
from conventions.formats import NBSP, counted, join_list, show_date, show_xpf
from conventions.models import EquipmentTerm

MAX_LINES: Final = 500
TOO_MANY = f"Au-delà de {MAX_LINES} lignes, collez en plusieurs fois."
FIELDS: Final = {
    "nature": "nature",
    "quantity": "quantity",
    "maker": "brand",
    "model": "model",
    "serial": "serial",
    "inventory_tag": "inventory_tag",
    "purchased_on": "purchased_on",
    "amount": "amount",
    "place": "pickup_place",
    "holds_data": "holds_data",
}


@dataclass(frozen=True)
class BadLine:
    """A pasted line that was not understood: its number (from 1), what is wrong, its text."""

    number: int
    message: str
    text: str

    @property
    def sentence(self) -> str:
        return f"Ligne {self.number} : {self.message}" if self.number else self.message


@dataclass
class Pasted:
    """What was understood of a paste: the devices of each line, the lines to mend, and what to tell of the rest."""

    lines: list[Line] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    of_reprise: bool = False

    @property
    def columns(self) -> list[str]:
        """The fields that a line fills, in the order of an annex."""
        return [name for name in FIELDS if any(_shown(name, line) for line in self.lines)]

    @property
    def headings(self) -> list[str]:
        return [LABELS[name] for name in self.columns]

    @property
    def shown(self) -> list[tuple[int, list[str]]]:
        """Lines as read, for the preview."""
        return [(line.number, [_shown(name, line) for name in self.columns]) for line in self.lines]

    @property
    def count_text(self) -> str:
        """« 1 ligne comprise », « 12 lignes comprises »."""
        return counted(len(self.lines), "ligne comprise", "lignes comprises")

    def instances(self) -> list[EquipmentTerm]:
        return [EquipmentTerm(**_values(line, reprise=self.of_reprise)) for line in self.lines]


def read_paste(text: str, *, reprise: bool = False) -> Pasted:
    """The lines of an annex that a paste holds; headings in any order, else the columns in the order of the help.

    Without a quantity a line is one device, given; in an act of paper only a number says how many, and nothing that it
    was given.
    """
    found = Pasted(of_reprise=reprise)
    if not text.strip():
        return found
    try:
        sheet = read_text(text)
    except UnreadableSheet as refusal:
        found.bad.append(BadLine(0, str(refusal), ""))
        return found
    table = find_table(sheet, ANNEX, desk.remembered().get)
    for column in table.columns:
        column.field = column.field if column.field in FIELDS else NOTE
    texts = {row.number: row.line for row in table.rows}
    how = Reading(timezone.localdate(), lots=True, alone=None if reprise else 1)
    found.told = [*sheet.told, *_columns_told(table), *(left.sentence for left in table.left_out)]
    good = list[Line]()
    for line in read_lines(table, how):
        problems = [*line.problems, *_too_long(line)]
        if problems:
            found.bad.append(BadLine(line.number, " ".join(problems), texts[line.number]))
        else:
            good.append(line)
    _leave_out_repeats(found, good, texts)
    found.lines = _lots(found, good)
    if len(found.lines) > MAX_LINES:
        beyond = found.lines[MAX_LINES]
        found.bad.append(BadLine(beyond.number, TOO_MANY, texts[beyond.number]))
    return found


def _columns_told(table: Table) -> Iterable[str]:
    """Each column without a place, with what it holds."""
    for column in table.columns:
        if column.field != NOTE:
            continue
        cells = [
            f"ligne {row.number}, {row.text(column.index)}" for row in table.rows if row.text(column.index)
        ]
        if cells:
            name = f"Colonne «{NBSP}{column.heading}{NBSP}» sans place dans l’annexe, non reprise"
            more = f"… et {counted(len(cells) - 5, 'autre')}" if len(cells) > 5 else ""
            yield f"{name}{NBSP}: {'; '.join(cells[:5])}{more}."


def _too_long(line: Line) -> Iterable[str]:
    for name in ("nature", "maker", "model", "serial", "inventory_tag", "place"):
        limit = cast(models.Field, EquipmentTerm._meta.get_field(FIELDS[name])).max_length
        size = len(line.values.get(name) or "")
        if limit and size > limit:
            yield f"{LABELS[name]}{NBSP}: {size} caractères, {limit} au plus."


def _leave_out_repeats(found: Pasted, good: list[Line], texts: Mapping[int, str]) -> None:
    """The second of two lines of one device: counted once when it says the same, else to mend."""
    for line, first, why in same_devices(good):
        good.remove(line)
        if why:
            found.bad.append(BadLine(line.number, why, texts[line.number]))
        else:
            found.told.append(
                f"Ligne {line.number}{NBSP}: la même que la ligne {first.number}, comptée une fois."
            )


def _lots(found: Pasted, good: list[Line]) -> list[Line]:
    """Identical lines without numbers as one, with how many they are; what is doubtful of each is told."""
    kept = list[Line]()
    same: dict[tuple[Any, ...], list[Line]] = {}
    for line in good:
        found.told += [f"Ligne {line.key}{NBSP}: {told}" for told in (*line.asked, *line.told)]
        if line.has_marks or line.values["quantity"] is None:
            kept.append(line)
            continue
        alike = tuple((name, line.values.get(name)) for name in FIELDS if name != "quantity")
        lines = same.setdefault(alike, [])
        if not lines:
            kept.append(line)
        lines.append(line)
    for lines in same.values():
        first, *others = lines
        if others:
            first.values["quantity"] = sum(line.values["quantity"] for line in lines)
            if first.values["amount"] is not None:
                first.values["amount"] *= len(lines)
            numbers = join_list([str(line.number) for line in lines])
            count = first.values["quantity"]
            found.told.append(f"Lignes {numbers}, identiques{NBSP}: une seule ligne, quantité {count}.")
    return kept


def _values(line: Line, *, reprise: bool) -> dict[str, Any]:
    values = {FIELDS[name]: value for name, value in line.values.items() if name in FIELDS}
    values["purchased_on_precision"] = line.values["purchased_on_precision"]
    values["status"] = AmountStatus.UNKNOWN if values["amount"] is None else AmountStatus.KNOWN
    return values | ({"transfer": Transfer.UNSAID} if reprise else {})


def _shown(name: str, line: Line) -> str:
    value = line.values.get(name)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime.date):
        return show_date(value, line.values["purchased_on_precision"])
    return show_xpf(value) if name == "amount" else str(value)
