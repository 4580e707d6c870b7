"""The stock: a device enters once, is corrected, checked, reformed, used again, lost, found, written off.

Every verb takes many devices, writes all or nothing in one transaction, and an event for each. Weights are whole grams,
values whole XPF, days plain dates in Nouméa.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.equipment.happening import (
    BATCH,
    Happening,
    conventions_of,
    locked,
    not_to_come,
    tell,
    write,
)
from conventions.domain.equipment.refusals import EquipmentRefused, field_faults, refuse_if_any
from conventions.domain.foundation.refusals import refusal_of
from conventions.enums import AmountStatus, DatePrecision
from conventions.equipment_enums import DeviceCondition, DeviceEventKind
from conventions.formats import join_list
from conventions.models import BoardDecision, Device, EquipmentItem, User
from conventions.models.terms import AMOUNT_ABSENT, AMOUNT_GIVEN, AMOUNT_MESSAGE, NO_AMOUNT_MESSAGE

NOTHING_TO_ENTER = "Indiquez au moins un appareil."
CHANGED = "Quelqu’un a changé cette fiche entre-temps. Rechargez la page, puis corrigez de nouveau."
CORRECTED = (
    "nature", "maker", "model", "serial", "inventory_tag", "purchased_on", "purchased_on_precision", "status", "amount",
    "condition", "condition_words", "place", "holds_data", "weight_grams",
)  # fmt: skip

MARKS = {"maker", "serial", "inventory_tag"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A device to enter, as typed or read. `notes`: what a sheet said that is no field here, by its heading."""

    nature: str
    maker: str = ""
    model: str = ""
    serial: str = ""
    inventory_tag: str = ""
    purchased_on: datetime.date | None = None
    purchased_on_precision: str = DatePrecision.DAY
    status: str = AmountStatus.UNKNOWN
    amount: int | None = None
    condition: str = DeviceCondition.UNKNOWN
    condition_words: str = ""
    place: str = ""
    holds_data: bool = True
    weight_grams: int | None = None
    notes: Mapping[str, str] = field(default_factory=dict)

    def device(self, by: User | None = None) -> Device:
        """The row that it would be, not saved."""
        values = {
            name: value.strip() if isinstance(value := getattr(self, name), str) else value
            for name in CORRECTED
        }
        return Device(entered_by=by, **values).settle_keys()


def enter(entries: Sequence[Entry], *, by: User, source: str = "") -> list[Device]:
    """Enter these devices, all or none; `source` names the file or page they come from.

    Raises EquipmentRefused, by the rank of each entry that stands in the way (`faults`).
    """
    permissions.require(permissions.can_edit_equipment, by)
    if not entries:
        raise EquipmentRefused([NOTHING_TO_ENTER])
    with transaction.atomic():
        devices = [entry.device(by) for entry in entries]
        if found := _faults(devices):
            raise EquipmentRefused({str(rank): told for rank, told in found.items()})
        rows = Device.objects.bulk_create(devices, batch_size=BATCH)
        today = timezone.localdate()
        details = {"source": source} if source else {}
        write(
            (
                Happening(row, DeviceEventKind.ENTERED, today, details=details, text={"notes": dict(entry.notes)})
                for row, entry in zip(rows, entries, strict=True)
            ),
            by=by,
        )  # fmt: skip
        tell("appareils_entres", rows, by=by, of={}, **details)
    return rows


def faults(entries: Sequence[Entry]) -> dict[int, str]:
    """What stands in the way of each entry, by its rank from 0, in French; three queries, whatever their number."""
    return _faults([entry.device() for entry in entries])


def known(entries: Sequence[Entry]) -> dict[int, Device]:
    """{rank from 0: the device of the stock that has its serial or its tag}."""
    return _known([entry.device() for entry in entries])


def _faults(devices: Sequence[Device]) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    serials: dict[tuple[str, str], int] = {}
    tags: dict[str, int] = {}
    for rank, device in enumerate(devices):
        said = found.setdefault(rank, [])
        said += _field_faults(device)
        if device.serial_key:
            first = serials.setdefault((device.maker_key, device.serial_key), rank)
            if first != rank:
                said.append(f"Le numéro de série {device.serial} est déjà à la ligne {first + 1}.")
        if device.tag_key:
            first = tags.setdefault(device.tag_key, rank)
            if first != rank:
                said.append(f"Le numéro d’inventaire {device.inventory_tag} est déjà à la ligne {first + 1}.")
    for rank, device in _known(devices).items():
        found[rank].append(f"{device} est déjà au stock (fiche {device.pk}).")
    return {rank: " ".join(said) for rank, said in found.items() if said}


def _field_faults(device: Device) -> list[str]:
    """What the columns of one row refuse; the rules of the database between columns are told here, without a query."""
    told = field_faults(device, without=("photo", "board_decision", "entered_by", "search_key"))
    if device.status in AMOUNT_GIVEN and device.amount is None:
        told.append(str(NO_AMOUNT_MESSAGE))
    if device.status in AMOUNT_ABSENT and device.amount is not None:
        told.append(str(AMOUNT_MESSAGE))
    if device.weight_grams == 0:
        told.append("Le poids est d’au moins 1 gramme. Laissez-le vide s’il est inconnu.")
    if device.purchased_on is not None and device.purchased_on > timezone.localdate():
        told.append("La date d’achat est dans le futur. Corrigez-la.")
    return told


def _known(devices: Sequence[Device]) -> dict[int, Device]:
    """By maker and serial, where one of the two says no maker too; or by tag."""
    serials = {device.serial_key for device in devices if device.serial_key}
    tags = {device.tag_key for device in devices if device.tag_key}
    if not serials and not tags:
        return {}
    by_serial: dict[str, list[Device]] = {}
    by_tag: dict[str, Device] = {}
    for row in Device.objects.filter(Q(serial_key__in=serials) | Q(tag_key__in=tags)):
        by_serial.setdefault(row.serial_key, []).append(row)
        by_tag.setdefault(row.tag_key, row)
    found = {}
    for rank, device in enumerate(devices):
        same = by_serial.get(device.serial_key, []) if device.serial_key else []
        for row in same:
            if device.maker_key == row.maker_key or not (device.maker_key and row.maker_key):
                found[rank] = row
        if rank not in found and device.tag_key in by_tag:
            found[rank] = by_tag[device.tag_key]
    return {rank: row for rank, row in found.items() if row.pk != devices[rank].pk}


def correct(device: Device, values: Mapping[str, Any], *, by: User, version: int) -> Device:
    """Correct what a device's page says (fields of `CORRECTED`); `version` is that which was read.

    Raises EquipmentRefused: changed meanwhile, marks of another device, a value that no device has.
    """
    permissions.require(permissions.can_edit_equipment, by)
    with transaction.atomic():
        of = conventions_of([device])
        [row] = locked([device])
        if row.version != version:
            raise EquipmentRefused([CHANGED])
        before = journal.field_values(row, list(CORRECTED))
        for name in CORRECTED:
            if name in values:
                value = values[name]
                setattr(row, name, value.strip() if isinstance(value, str) else value)
        changes = journal.difference(before, journal.field_values(row, list(CORRECTED)))
        if not changes:
            return row
        row.search_key = row.searchable()
        if MARKS & changes.keys():  # one that has the number of another, since before the stock, keeps it so
            row.settle_keys()
        if told := _faults([row]):
            raise EquipmentRefused(list(told.values()))
        try:
            row.validate_constraints()
        except ValidationError as error:
            raise refusal_of(error) from error
        row.version += 1
        columns = (*CORRECTED, "search_key", "maker_key", "serial_key", "tag_key", "alike_key", "version")
        Device.objects.filter(pk=row.pk).update(**{name: getattr(row, name) for name in columns})
        today = timezone.localdate()
        write([Happening(row, DeviceEventKind.CORRECTED, today, details={"changes": changes})], by=by)
        tell("appareil_corrige", [row], by=by, of=of, champs=sorted(changes))
    return row


def check(
    devices: Sequence[Device], *, on: datetime.date, condition: str, by: User, words: str = ""
) -> list[Device]:
    """Note the state that was found of these devices that day. Raises EquipmentRefused."""
    permissions.require(permissions.can_edit_equipment, by)
    with transaction.atomic():
        of = conventions_of(devices)
        rows = locked(devices)
        refuse_if_any(not_to_come(on))
        if condition not in DeviceCondition.values:
            raise EquipmentRefused({"condition": "Choisissez l’état constaté."})
        Device.objects.filter(pk__in=[row.pk for row in rows]).update(
            condition=condition, condition_words=words.strip()[:255]
        )
        _happen(rows, DeviceEventKind.CHECKED, on, by=by, details={"etat": condition}, words=words)
        tell("appareils_controles", rows, by=by, of=of, date=on)
    return rows


def reform(
    devices: Sequence[Device], *, on: datetime.date, by: User, decision: BoardDecision | None = None
) -> list[Device]:
    """OPT-NC does without these devices from that day; `decision` is the délibération that says so."""
    permissions.require(permissions.can_edit_equipment, by)
    with transaction.atomic():
        of = conventions_of(devices)
        rows = locked(devices)
        refuse_if_any(not_to_come(on) + _gone(rows) + _already(rows, "reformed_on", "réformé", "réformés"))
        _set(rows, reformed_on=on, board_decision=decision)
        details = {"deliberation": str(decision)} if decision else {}
        _happen(rows, DeviceEventKind.REFORMED, on, by=by, details=details)
        tell("appareils_reformes", rows, by=by, of=of, date=on, **details)
    return rows


def use_again(devices: Sequence[Device], *, on: datetime.date, by: User, words: str = "") -> list[Device]:
    """They serve inside again from that day: an erasure before proves nothing any more, nor does the reform stand."""
    permissions.require(permissions.can_edit_equipment, by)
    with transaction.atomic():
        of = conventions_of(devices)
        rows = locked(devices)
        refuse_if_any(not_to_come(on) + _gone(rows) + _handed(rows))
        _set(rows, used_on=on, used_at=timezone.now(), holds_data=True, reformed_on=None, board_decision=None)
        _happen(rows, DeviceEventKind.USED_AGAIN, on, by=by, words=words)
        tell("appareils_reaffectes", rows, by=by, of=of, date=on)
    return rows


def lose(devices: Sequence[Device], *, on: datetime.date, by: User, words: str = "") -> list[Device]:
    """They are nowhere to be found since that day; a reservation stays, and says so."""
    permissions.require(permissions.can_edit_equipment, by)
    with transaction.atomic():
        of = conventions_of(devices)
        rows = locked(devices)
        refuse_if_any(not_to_come(on) + _already(rows, "lost_on", "perdu", "perdus"))
        _set(rows, lost_on=on)
        _happen(rows, DeviceEventKind.LOST, on, by=by, words=words)
        tell("appareils_perdus", rows, by=by, of=of, date=on)
    return rows


def find_again(devices: Sequence[Device], *, on: datetime.date, by: User, words: str = "") -> list[Device]:
    """What was lost is there again. Nobody knows who used it meanwhile: an erasure before proves nothing any more."""
    permissions.require(permissions.can_edit_equipment, by)
    with transaction.atomic():
        of = conventions_of(devices)
        rows = locked(devices)
        present = [str(row) for row in rows if row.lost_on is None]
        refuse_if_any(
            not_to_come(on)
            + ([f"Ces appareils ne sont pas perdus : {join_list(present)}."] if present else [])
        )
        _set(rows, lost_on=None, used_on=on, used_at=timezone.now())
        _happen(rows, DeviceEventKind.FOUND, on, by=by, words=words)
        tell("appareils_retrouves", rows, by=by, of=of, date=on)
    return rows


def write_off(devices: Sequence[Device], *, on: datetime.date, by: User, words: str = "") -> list[Device]:
    """They leave the inventory of accounting that day: given, lost, broken. What is reserved and here stays in it."""
    permissions.require(permissions.can_edit_equipment, by)
    with transaction.atomic():
        of = conventions_of(devices)
        rows = locked(devices)
        waiting = EquipmentItem.objects.to_hand().filter(device__in=rows, device__lost_on=None)
        held = [str(item) for item in waiting]
        refuse_if_any(
            not_to_come(on)
            + _already(rows, "written_off_on", "sorti de l’inventaire", "sortis de l’inventaire")
            + (
                [f"Réservés, pas encore remis : {join_list(held)}. Libérez-les ou remettez-les d’abord."]
                if held
                else []
            )
        )
        _set(rows, written_off_on=on)
        _happen(rows, DeviceEventKind.WRITTEN_OFF, on, by=by, words=words)
        tell("appareils_sortis", rows, by=by, of=of, date=on)
    return rows


def _set(rows: Sequence[Device], **values: Any) -> None:
    Device.objects.filter(pk__in=[row.pk for row in rows]).update(**values)
    for row in rows:
        for name, value in values.items():
            setattr(row, name, value)


def _happen(
    rows: Iterable[Device],
    kind: str,
    on: datetime.date,
    *,
    by: User,
    details: Mapping[str, Any] | None = None,
    words: str = "",
) -> None:
    text = {"mots": words.strip()}
    write((Happening(row, kind, on, details=details or {}, text=text) for row in rows), by=by)


def _already(rows: Iterable[Device], column: str, one: str, several: str) -> list[str]:
    marks = [str(row) for row in rows if getattr(row, column) is not None]
    if not marks:
        return []
    return [f"Déjà {one if len(marks) == 1 else several} : {join_list(marks)}."]


def _gone(rows: Iterable[Device]) -> list[str]:
    marks = [str(row) for row in rows if row.lost_on or row.written_off_on]
    return [f"Perdus ou sortis de l’inventaire : {join_list(marks)}."] if marks else []


def _handed(rows: Sequence[Device]) -> list[str]:
    items = EquipmentItem.objects.open().handed().filter(device__in=rows)
    marks = [str(item) for item in items]
    return [f"Déjà remis : {join_list(marks)}."] if marks else []
