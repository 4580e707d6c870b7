"""A device is promised once: reserved for a line of an annex, then released or handed over."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import cast

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.equipment.happening import BATCH, NONE_CHOSEN, Happening, locked, tell, write
from conventions.domain.equipment.refusals import EquipmentRefused, refuse_if_any
from conventions.enums import ENDED_STATES, ActKind, ActState
from conventions.equipment_enums import DeviceEventKind
from conventions.formats import counted, join_list
from conventions.models import Act, Convention, Device, EquipmentItem, EquipmentTerm, User
from conventions.models.equipment import EquipmentItemQuerySet

LINE_GONE = "La ligne a été retirée de l’acte."
TERMINATED = "La convention est résiliée."
ACT_ENDED = "L’acte a pris fin sans être signé."
CHANGED_LINE = "Un avenant a changé cette ligne. Rechargez la page, puis choisissez la ligne en vigueur."
ENDED = "Cet acte est abandonné ou terminé : aucun appareil ne lui est plus réservé."
RELEASED = "Ces appareils sont déjà libérés. Rechargez la page."
CLOSED = "Cette convention est close : aucun appareil ne lui est plus réservé."


def reserve(
    term: EquipmentTerm, devices: Sequence[Device], *, by: User, note: str = ""
) -> list[EquipmentItem]:
    """Reserve devices for a line, in a draft or once signed; all of them or none.

    Raises EquipmentRefused: the line changed or is full, a device is taken (who has it is named), lost or written off.
    """
    permissions.require(permissions.can_edit_equipment, by)
    with transaction.atomic():
        act = Act.objects.select_related("convention").get(pk=term.act_id)
        journal.hold(act.convention)
        act = Act.objects.select_related("convention").get(pk=term.act_id)
        rows = locked(devices)
        refuse_if_any([*_line_reasons(act, term, len(rows)), *taken(rows)])
        today = timezone.localdate()
        items = EquipmentItem.objects.bulk_create(
            (EquipmentItem(equipment=term, device=row, note=note, recorded_by=by) for row in rows),
            batch_size=BATCH,
        )
        write(
            (
                Happening(row, DeviceEventKind.RESERVED, today, convention=act.convention, line=term.line)
                for row in rows
            ),
            by=by,
        )
        tell(
            "materiel_prepare", rows, by=by, of=dict.fromkeys((row.pk for row in rows), act.convention), ligne=term.pk
        )  # fmt: skip
    return items


def _line_reasons(act: Act, term: EquipmentTerm, more: int) -> list[str]:
    reasons = []
    if act.state in ENDED_STATES:
        reasons.append(ENDED)
    if act.convention.closed_on is not None:
        reasons.append(CLOSED)
    if act.state == ActState.SIGNED and not EquipmentTerm.objects.current().filter(pk=term.pk).exists():
        reasons.append(CHANGED_LINE)
    reasons += beyond_promised(term, more)
    return reasons


def beyond_promised(term: EquipmentTerm, more: int) -> list[str]:
    """Why so many more devices do not fit on a line; a line keeps its devices when an amendment takes it over."""
    if term.quantity is None:
        return []
    has = EquipmentItem.objects.open().filter(equipment__line=term.line).count()
    if has + more <= term.quantity:
        return []
    promised = counted(term.quantity, "appareil est prévu", "appareils sont prévus")
    return [f"{promised} sur cette ligne : vous en indiquez {has + more} en tout."]


def taken(devices: Sequence[Device]) -> list[str]:
    """Why these devices cannot be promised: who has each, in French; empty when they can."""
    reasons = [
        f"L’appareil {device} est {'perdu' if device.lost_on else 'sorti de l’inventaire'} : choisissez-en un autre."
        for device in devices
        if device.lost_on or device.written_off_on
    ]
    held: dict[Convention, list[str]] = defaultdict(list)
    items = EquipmentItem.objects.open().filter(device__in=[device.pk for device in devices])
    for item in items.select_related("equipment__act__convention").order_by("pk"):
        held[item.equipment.act.convention].append(str(item))
    for convention, marks in held.items():
        these = (
            f"L’appareil {marks[0]} est déjà réservé"
            if len(marks) == 1
            else f"Les appareils {join_list(marks)} sont déjà réservés"
        )
        reasons.append(f"{these} pour « {convention} ». Choisissez-en d’autres, ou libérez d’abord.")
    return reasons


def release(items: Iterable[EquipmentItem], *, by: User, words: str = "") -> int:
    """Give reserved devices back to the stock; how many. What was handed over comes back by another verb.

    Raises EquipmentRefused when one of them was handed over, or is released already.
    """
    permissions.require(permissions.can_edit_equipment, by)
    keys = {item.pk for item in items}
    with transaction.atomic():
        if not keys:
            raise EquipmentRefused([NONE_CHOSEN])
        rows = EquipmentItem.objects.filter(pk__in=keys)
        conventions = {
            row.equipment.act.convention_id: row.equipment.act.convention
            for row in rows.select_related("equipment__act__convention")
        }
        for key in sorted(conventions):
            journal.hold(conventions[key])
        refuse_if_any([] if conventions else [RELEASED])
        locked(row.device for row in rows)
        left = list(rows.to_hand().select_related("equipment__act__convention"))
        if len(left) < len(keys):
            gone = [str(row) for row in rows if row.pk not in {one.pk for one in left}]
            raise EquipmentRefused(
                [f"Déjà remis ou libérés : {join_list(gone)}. Rechargez la page." if gone else RELEASED]
            )
        _free(left, on=timezone.localdate(), by=by, words=words)
    return len(left)


def release_lines(terms: Iterable[EquipmentTerm], *, by: User | None, words: str = "") -> int:
    """Release what lines that go, or whose act ends, had reserved: in the transaction of who does it; how many."""
    return _release_all(EquipmentItem.objects.filter(equipment__in=terms), by=by, words=words)


def release_ended(act: Act, *, by: User | None) -> int:
    """Release what an act that was just signed leaves without a promise: all for a termination, the lines it removes.

    What was handed over stays so. In the transaction of who signs; how many.
    """
    if act.kind == ActKind.TERMINATION:
        items = EquipmentItem.objects.filter(equipment__act__convention=act.convention_id)
        return _release_all(items, by=by, words=TERMINATED)
    removed = EquipmentTerm.objects.filter(act=act, removed=True).values("line")
    return _release_all(EquipmentItem.objects.filter(equipment__line__in=removed), by=by, words=LINE_GONE)


def _release_all(items: QuerySet[EquipmentItem], *, by: User | None, words: str) -> int:
    waiting = cast(EquipmentItemQuerySet, items).to_hand()
    left = list(waiting.select_related("equipment__act__convention"))
    if left:
        _free(left, on=timezone.localdate(), by=by, words=words)
    return len(left)


def _free(items: Sequence[EquipmentItem], *, on: datetime.date, by: User | None, words: str) -> None:
    """The reservation goes; the events keep that it was."""
    EquipmentItem.objects.filter(pk__in=[item.pk for item in items]).delete()
    write(
        (
            Happening(
                item.device,
                DeviceEventKind.RELEASED,
                on,
                convention=item.equipment.act.convention,
                line=item.equipment.line,
                text={"motif": words},
            )
            for item in items
        ),
        by=by,
    )
    of = {item.device_id: item.equipment.act.convention for item in items}
    personal = {"motif": words} if words else None
    tell("materiel_libere", [item.device for item in items], by=by, of=of, personal=personal)
