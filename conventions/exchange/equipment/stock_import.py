"""A stock that somebody brought: what each line will be, then those that can go, go; the others stay to be mended.

Nothing is counted twice: a serial or a tag that the stock has is known; a line without either is known by its file.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain.equipment import stock
from conventions.domain.equipment.refusals import EquipmentRefused
from conventions.domain.foundation.jobs import JobRefused, Progress, job, start_job
from conventions.domain.foundation.refusals import Refused
from conventions.enums import AmountStatus, ImportKind
from conventions.equipment_enums import DeviceCondition
from conventions.exchange.equipment import desk
from conventions.exchange.equipment.columns import LABELS
from conventions.exchange.equipment.lines import Line, Reading, read_lines, same_devices
from conventions.exchange.sheets.cells import numbers_told
from conventions.exchange.sheets.tables import Table
from conventions.formats import NBSP, alike_key, counted, maker_key, serial_key, show_date, show_xpf, tag_key
from conventions.models import Device, SheetImport, User

KIND = "import_stock"
AT_ONCE: Final = 50  # lines that a request does itself; also those of one transaction
NOTHING = "Aucune ligne ne peut être reprise. Corrigez celles qui sont à corriger."
NO_LONGER = "Vous n’avez plus le droit de modifier le matériel."
COMPARED: Final = (
    "nature",
    "maker",
    "model",
    "serial",
    "inventory_tag",
    "purchased_on",
    "amount",
    "condition",
    "place",
)


MARKS: Final = ("serial", "inventory_tag")


class Fate(StrEnum):
    """What a line will be."""

    NEW = "nouveau"
    CHANGED = "modifie"
    KNOWN = "connu"
    TWICE = "doublon"
    ASKED = "a_verifier"
    REFUSED = "a_corriger"
    DONE = "repris"


FATES: Final = {
    Fate.NEW: "Nouveaux",
    Fate.CHANGED: "Connus, avec des changements",
    Fate.KNOWN: "Déjà au stock",
    Fate.TWICE: "En double dans le fichier",
    Fate.ASKED: "À vérifier",
    Fate.REFUSED: "À corriger",
    Fate.DONE: "Repris",
}


ONE: Final = {
    Fate.NEW: "Nouveau",
    Fate.CHANGED: "Connu, changé",
    Fate.KNOWN: "Déjà au stock",
    Fate.TWICE: "En double",
    Fate.ASKED: "À vérifier",
    Fate.REFUSED: "À corriger",
    Fate.DONE: "Repris",
}


@dataclass
class Planned:
    """A line, what it will be and why. `changes`: (label, before, after)."""

    line: Line
    fate: Fate = Fate.NEW
    why: list[str] = field(default_factory=list)
    device: Device | None = None
    changes: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def words(self) -> str:
        return ONE[self.fate]

    @property
    def kind(self) -> str:
        """What it is, without its marks."""
        return self._words("nature", "maker", "model")

    @property
    def marks(self) -> str:
        return self._words("serial", "inventory_tag")

    @property
    def name(self) -> str:
        return self._words("nature", "maker", "model", "serial", "inventory_tag")

    def _words(self, *names: str) -> str:
        words = (self.line.values.get(name, "") for name in names)
        return " ".join(word for word in words if word) or next(iter(self.line.seen.values()), "")


@dataclass
class Alike:
    """Lines that say the same, or the devices of one line: one line that opens."""

    lines: list[Planned]

    @property
    def first(self) -> Planned:
        return self.lines[0]

    @property
    def numbers(self) -> str:
        """« 2 », « 2 à 11 », « 2, 5 et 9 »."""
        return numbers_told(one.line.number for one in self.lines)

    @property
    def name(self) -> str:
        """What they are; without their marks when they are several."""
        return self.first.name if len(self.lines) == 1 else self.first.kind


@dataclass
class Plan:
    table: Table
    lines: list[Planned]

    def of(self, *fates: Fate) -> list[Planned]:
        return [one for one in self.lines if one.fate in fates]

    @property
    def counts(self) -> list[tuple[Fate, str, int]]:
        """(code, words, how many) of what is there."""
        return [(fate, words, count) for fate, words in FATES.items() if (count := len(self.of(fate)))]

    @property
    def is_over(self) -> bool:
        return not self.of(Fate.NEW, Fate.CHANGED, Fate.ASKED, Fate.REFUSED)


def alike(lines: Iterable[Planned]) -> list[Alike]:
    """Lines as they are read: those that say the same together, and those of one row whose fate is one.

    One that is to be mended stays apart, for its own form; the devices of its row share it.
    """
    found: dict[tuple[Any, ...], Alike] = {}
    for one in lines:
        line = one.line
        of_row = line.number if line.rank or one.fate in (Fate.REFUSED, Fate.ASKED) else None
        marks = () if line.rank else ("serial", "inventory_tag")
        said = [(name, value) for name, value in line.values.items() if name in marks or name not in MARKS]
        key = (one.fate, of_row, repr(said), repr((one.why, one.changes, line.told, line.notes)))
        found.setdefault(key, Alike([])).lines.append(one)
    return list(found.values())


def plan(row: SheetImport) -> Plan:
    """What each line of a table will be; a handful of queries, whatever its length."""
    table = desk.table_of(row)
    how = Reading(timezone.localdate(), bool(row.options.get("from_1904")))
    planned = [Planned(line) for line in read_lines(table, how, mended=row.mended)]
    for one in planned:
        _look(one, row)
    _find_twice([one for one in planned if one.fate == Fate.NEW])
    _find_known([one for one in planned if one.fate == Fate.NEW], row)
    fresh = [one for one in planned if one.fate == Fate.NEW]
    faults = stock.faults([entry_of(one.line) for one in fresh])
    for rank, told in faults.items():
        fresh[rank].fate, fresh[rank].why = Fate.REFUSED, [told]
    _find_alike([one for one in fresh if one.fate == Fate.NEW], row)
    return Plan(table, planned)


def _look(one: Planned, row: SheetImport) -> None:
    line = one.line
    if line.key in row.done:
        one.fate = Fate.DONE
    elif line.problems:
        one.fate, one.why = Fate.REFUSED, line.problems
    elif line.asked and line.key not in row.confirmed:
        one.fate, one.why = Fate.ASKED, line.asked


def _find_twice(lines: Sequence[Planned]) -> None:
    """The second of two lines of one device: the same, or with something else on it."""
    planned = {id(one.line): one for one in lines}
    for line, first, why in same_devices([one.line for one in lines]):
        one = planned[id(line)]
        told = why or f"La même que la ligne {first.number}, comptée une fois."
        one.fate, one.why = Fate.REFUSED if why else Fate.TWICE, [told]


def _find_known(lines: Sequence[Planned], row: SheetImport) -> None:
    found = stock.known([entry_of(one.line) for one in lines])
    for rank, device in found.items():
        one = lines[rank]
        one.device, one.changes = device, differences(device, one.line)
        one.fate = Fate.CHANGED if one.changes else Fate.KNOWN
    others = SheetImport.objects.filter(kind=ImportKind.STOCK, sha256=row.sha256).exclude(pk=row.pk)
    done = {key: other.created_at for other in others.order_by("pk") for key in other.done}
    for one in lines:
        if one.fate == Fate.NEW and not one.line.has_marks and one.line.key in done:
            one.fate = Fate.KNOWN
            when = done[one.line.key]
            one.why = [f"Déjà repris de ce fichier le {when:%d/%m/%Y}."]


def _find_alike(lines: Sequence[Planned], row: SheetImport) -> None:
    """A serial that differs from one of the stock by an O for a 0, an I for a 1: asked, never merged."""
    keys = {alike_key(serial_key(one.line.values.get("serial", ""))): one for one in lines}
    keys.pop("", None)
    for device in Device.objects.filter(alike_key__in=keys) if keys else ():
        one = keys[device.alike_key]
        if one.line.key not in row.confirmed:
            one.fate = Fate.ASKED
            told = f"{one.line.values['serial']}{NBSP}: le stock a presque le même numéro, {device.serial}."
            one.why = [f"{told} Relisez l’étiquette{NBSP}: O ou 0, I ou 1{NBSP}?"]


def entry_of(line: Line) -> stock.Entry:
    """What the stock takes of a line."""
    values = {name: value for name, value in line.values.items() if name != "quantity"}
    return stock.Entry(**values, notes=line.notes)


def differences(device: Device, line: Line) -> list[tuple[str, str, str]]:
    """What a line says otherwise than the stock; what it does not say changes nothing."""
    found = []
    for name in COMPARED:
        new, old = line.values.get(name), getattr(device, name)
        if new in (None, "") or (name == "condition" and new == DeviceCondition.UNKNOWN) or new == old:
            continue
        keys = {"maker": maker_key, "serial": serial_key, "inventory_tag": tag_key}.get(name)
        if keys and keys(new) == keys(old):
            continue
        found.append((LABELS[name], _shown(name, old, device), _shown(name, new, line)))
    return found


def _shown(name: str, value: Any, of: Device | Line) -> str:
    if value is None or value == "":
        return "rien"
    if name == "purchased_on":
        precision = of.values["purchased_on_precision"] if isinstance(of, Line) else of.purchased_on_precision
        return show_date(value, precision)
    if name == "condition":
        return str(DeviceCondition(value).label)
    return show_xpf(value) if name == "amount" else str(value)


def confirm(row: SheetImport, *, by: User, with_changes: bool = True) -> str:
    """Have the lines that can go, go: at once, or by the worker beyond fifty. What to tell. Raises Refused."""
    permissions.require(permissions.can_edit_equipment, by)
    with transaction.atomic():
        row = desk.locked(row)
        if row.job is not None and row.job.finished_at is None:
            raise Refused(desk.WORKING)
        found = plan(row)
        going = found.of(Fate.NEW, *([Fate.CHANGED] if with_changes else []))
        if not going:
            raise Refused(NOTHING)
        if len(going) > AT_ONCE:
            label = f"Import de {counted(len(going), 'appareil')}"
            arguments = {"import": row.pk, "changes": with_changes}
            row.job = start_job(KIND, owner=by, label=label, arguments=arguments)
            row.save(update_fields=["job", "touched_at"])
            return ""
    return _told(_enter_all(row, by=by, with_changes=with_changes))


@job(KIND)
def enter(work: Any, arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """The lines that can go, fifty at a time; begun again, it goes on with those that wait."""
    row = SheetImport.objects.filter(pk=arguments["import"]).first()
    if row is None:
        raise JobRefused(desk.NO_LONGER)
    if work.owner is None or not permissions.can_edit_equipment(work.owner):
        raise JobRefused(NO_LONGER)
    return {
        "text": _told(_enter_all(row, by=work.owner, with_changes=arguments["changes"], progress=progress))
    }


def _enter_all(
    row: SheetImport, *, by: User, with_changes: bool, progress: Progress = lambda done, total: None
) -> tuple[int, int]:
    """(how many entered, how many changed)."""
    found, entered, changed = plan(row), 0, 0
    new, old = found.of(Fate.NEW), found.of(Fate.CHANGED) if with_changes else []
    total = len(new) + len(old)
    for start in range(0, len(new), AT_ONCE):
        entered += _enter(row, new[start : start + AT_ONCE], by=by)
        progress(min(start + AT_ONCE, len(new)), total)
    for rank, one in enumerate(old, start=1):
        changed += _change(row, one, by=by)
        if rank % AT_ONCE == 0:
            progress(len(new) + rank, total)
    return entered, changed


def _enter(row: SheetImport, lines: Sequence[Planned], *, by: User) -> int:
    """Enter these; those that somebody else entered meanwhile stay, and will be known."""
    waiting = list(lines)
    while waiting:
        try:
            with transaction.atomic():
                stock.enter([entry_of(one.line) for one in waiting], by=by, source=row.name)
                _mark(row, waiting, Fate.NEW)
            return len(waiting)
        except EquipmentRefused as refusal:
            ranks = {int(key) for key in refusal.faults if key.isdecimal()}
            if not ranks:
                raise
            waiting = [one for rank, one in enumerate(waiting) if rank not in ranks]
    return 0


def _change(row: SheetImport, one: Planned, *, by: User) -> int:
    device = one.device
    assert device is not None
    values = {name: one.line.values[name] for name in COMPARED if one.line.values.get(name) not in (None, "")}
    if values.get("condition") == DeviceCondition.UNKNOWN:
        del values["condition"]
    if "amount" in values:
        values["status"] = AmountStatus.KNOWN
    if "purchased_on" in values:
        values["purchased_on_precision"] = one.line.values["purchased_on_precision"]
    try:
        with transaction.atomic():
            stock.correct(device, values, by=by, version=device.version)
            _mark(row, [one], Fate.CHANGED)
    except Refused:
        return 0  # changed meanwhile: the next dry run says what is left
    return 1


def _mark(row: SheetImport, lines: Iterable[Planned], fate: Fate) -> None:
    row.done = row.done | {one.line.key: fate.value for one in lines}
    row.save(update_fields=["done", "touched_at"])


def _told(counts: tuple[int, int]) -> str:
    entered, changed = counts
    told = [counted(entered, "appareil entré au stock", "appareils entrés au stock")] if entered else []
    if changed:
        told.append(counted(changed, "fiche corrigée", "fiches corrigées"))
    return ", ".join(told) + "." if told else "Rien n’a changé."
