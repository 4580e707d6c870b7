"""The annex of an act in preparation, filled with devices of the stock: alike ones make one line, and are reserved."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet

from conventions import permissions
from conventions.domain.acts.drafting import saving
from conventions.domain.equipment import gestures, reserving
from conventions.domain.equipment.choosing import Chosen
from conventions.domain.equipment.refusals import refuse_if_any
from conventions.enums import EDITABLE_STATES, ActKind
from conventions.formats import NBSP
from conventions.models import Act, Device, EquipmentItem, EquipmentTerm, User

NOT_EDITABLE = "L’annexe de cet acte ne se modifie plus : préparez un avenant."
KEY = str(EquipmentTerm._meta.model_name)
# What a line says of its devices, beside their number, their marks and their value.
ALIKE = (
    "nature",
    "brand",
    "model",
    "pickup_place",
    "holds_data",
    "purchased_on",
    "purchased_on_precision",
    "status",
)


def open_acts() -> QuerySet[Act]:
    """Acts in preparation that may have an annex."""
    rows = Act.objects.filter(state__in=EDITABLE_STATES, convention__closed_on=None)
    rows = rows.exclude(kind=ActKind.TERMINATION)
    return rows.select_related("convention").order_by("convention__title", "rank")


def told(act: Act) -> str:
    """« Les Kimonos : avenant »."""
    return f"{act.convention.title}{NBSP}: {act.get_kind_display()}"


def annex(act: Act, devices: Sequence[Device], *, transfer: str, by: User) -> list[EquipmentTerm]:
    """Add these devices to the annex, alike ones on one line with their number, and reserve them; all or none.

    A line of the act that says the same of devices of the stock takes them. Raises EquipmentRefused when the act is no
    longer in preparation, or a device is taken; Locked.
    """
    permissions.require(permissions.can_edit_equipment, by)
    with transaction.atomic():
        convention, locked = saving.lock(act)
        refuse_if_any([] if locked.is_editable else [NOT_EDITABLE])
        refuse_if_any(reserving.taken(devices))
        last = locked.equipmentterm_set.aggregate(last=Max("position"))["last"]
        rank, edit = 0 if last is None else last + 1, saving.RowEdit(key=KEY)
        lots = _lots(devices)
        terms = []
        for lot in lots:
            line = _line(lot, transfer=transfer, position=rank + len(edit.added))
            terms.append(_grown(locked, line, lot) or line)
            (edit.changed if terms[-1].pk else edit.added).append(terms[-1])
        whole = saving.Edit(convention=convention, act=locked, rows=[edit])
        saving.save(whole, by=by, version=convention.version)
        for term, lot in zip(terms, lots, strict=True):
            reserving.reserve(term, lot, by=by)
    return terms


def _grown(act: Act, line: EquipmentTerm, lot: Sequence[Device]) -> EquipmentTerm | None:
    """A line of several devices of the stock that says the same, with those of this lot; None: there is none."""
    same = {name: getattr(line, name) for name in ALIKE} | {"transfer": line.transfer, "replaces": None}
    for term in act.equipmentterm_set.filter(**same, quantity__gt=1, serial="", removed=False).order_by(
        "position"
    ):
        items = list(EquipmentItem.objects.open().filter(equipment=term))
        quantity = term.quantity or 0
        if len(items) != quantity or {item.device.amount for item in items} != {lot[0].amount}:
            continue
        term.quantity = quantity + len(lot)
        term.amount = None if lot[0].amount is None else lot[0].amount * term.quantity
        return term
    return None


def _lots(devices: Iterable[Device]) -> list[list[Device]]:
    """Devices that one line can name together, in the order in which they come."""
    found: dict[tuple, list[Device]] = {}
    for device in devices:
        line = _line([device], transfer="", position=0)
        found.setdefault((*(getattr(line, name) for name in ALIKE), device.amount), []).append(device)
    return list(found.values())


def _line(lot: Sequence[Device], *, transfer: str, position: int) -> EquipmentTerm:
    """One device keeps its marks on its line; of several, the devices say them. The value is that of the whole lot."""
    first, alone = lot[0], len(lot) == 1
    return EquipmentTerm(
        position=position,
        transfer=transfer,
        nature=first.nature,
        brand=first.maker,
        model=first.model,
        quantity=len(lot),
        serial=first.serial if alone else "",
        inventory_tag=first.inventory_tag if alone else "",
        purchased_on=first.purchased_on,
        purchased_on_precision=first.purchased_on_precision,
        status=first.status,
        amount=None if first.amount is None else first.amount * len(lot),
        pickup_place=first.place[:120],
        holds_data=first.holds_data,
    )


def _annex(rows: Sequence[Chosen], values: Mapping[str, Any], by: User) -> None:
    act = Act.objects.select_related("convention").get(pk=values["act"])
    annex(act, [row.device for row in rows], transfer=values["transfer"], by=by)


ANNEX = gestures.Gesture(
    code="annexer",
    title="Ajouter à l’annexe d’un acte en préparation",
    button="Ajouter à l’annexe",
    obstacle=gestures.not_free,
    do=_annex,
    done=("appareil ajouté à l’annexe et réservé", "appareils ajoutés à l’annexe et réservés"),
    help="Les appareils semblables font une seule ligne, avec leur nombre. Chacun est réservé.",
)
gestures.GESTURES[ANNEX.code] = ANNEX
