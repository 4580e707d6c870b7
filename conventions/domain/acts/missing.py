"""What was not in the boxes: the association says so when it opens them, the staff say what became of it."""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.equipment import happening, stock
from conventions.domain.equipment.happening import Happening
from conventions.domain.equipment.refusals import EquipmentRefused
from conventions.equipment_enums import DeviceEventKind, MissingOutcome
from conventions.formats import join_list
from conventions.models import EquipmentItem, Handover, User


def note(handover: Handover, items: Sequence[EquipmentItem], *, words: str, by: User) -> None:
    """Keep which devices of a remise the association says are missing; in the transaction of who records its answer."""
    happening.write(
        (
            Happening(
                item.device,
                DeviceEventKind.MISSING,
                timezone.localdate(),
                convention=handover.act.convention,
                line=item.equipment.line,
                handover=handover,
                text={"mots": words.strip()},
            )
            for item in items
        ),
        by=by,
    )


def settle(
    handover: Handover,
    items: Sequence[EquipmentItem],
    *,
    outcome: str,
    on: datetime.date,
    by: User,
    words: str = "",
) -> list[EquipmentItem]:
    """Say what became of devices of a remise said to be missing. Raises EquipmentRefused."""
    permissions.require(permissions.can_edit_equipment, by)
    with transaction.atomic():
        convention = handover.act.convention
        journal.hold(convention)
        rows = list(_standing(handover).filter(pk__in=[item.pk for item in items]))
        happening.locked(row.device for row in rows)
        reasons = happening.not_to_come(on)
        if outcome not in MissingOutcome.values:
            reasons.append("Choisissez ce qu’est devenu ce matériel.")
        if len(rows) < len({item.pk for item in items}):
            gone = [str(item) for item in items if item.pk not in {row.pk for row in rows}]
            reasons.append(f"Déjà réglé : {join_list(gone)}. Rechargez la page.")
        if reasons:
            raise EquipmentRefused(reasons)
        _write(handover, rows, outcome, on, words, by=by)
        if outcome == MissingOutcome.LOST:
            stock.lose([row.device for row in rows], on=on, words=words, by=by)
        of = dict.fromkeys((row.device_id for row in rows), convention)
        devices = [row.device for row in rows]
        personal = {"mots": words.strip()} if words.strip() else None
        happening.tell("materiel_manquant", devices, by=by, of=of, personal=personal, suite=outcome, date=on)
    return rows


def _standing(handover: Handover) -> QuerySet[EquipmentItem]:
    """Its devices that neither came back nor were settled as never given."""
    rows = EquipmentItem.objects.open().filter(handovers=handover, device__lost_on=None)
    return rows.select_related("device", "equipment")


def _write(
    handover: Handover,
    rows: Sequence[EquipmentItem],
    outcome: str,
    on: datetime.date,
    words: str,
    *,
    by: User,
) -> None:
    kinds = [DeviceEventKind.MISSING, *([DeviceEventKind.REFUSED] if outcome == MissingOutcome.HERE else [])]
    happening.write(
        (
            Happening(
                row.device,
                kind,
                on,
                convention=handover.act.convention,
                line=row.equipment.line,
                handover=handover,
                details={"suite": outcome},
                text={"mots": words.strip()},
            )
            for row in rows
            for kind in kinds
        ),
        by=by,
    )
    if outcome == MissingOutcome.HERE:
        EquipmentItem.objects.filter(pk__in=[row.pk for row in rows]).update(released_at=timezone.now())
