"""Devices that were lent: which are out, until when, which come back and how. Device by device, all or nothing."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from conventions import permissions
from conventions.domain.equipment.happening import (
    NONE_CHOSEN,
    Happening,
    conventions_of,
    locked,
    not_to_come,
    tell,
    write,
)
from conventions.domain.equipment.refusals import EquipmentRefused, refuse_if_any
from conventions.enums import Transfer
from conventions.equipment_enums import DeviceCondition, DeviceEventKind
from conventions.formats import join_list
from conventions.models import Device, EquipmentItem, User


def out() -> QuerySet[EquipmentItem]:
    """Devices lent and not yet back, the oldest day of return first; those without a day last."""
    rows = EquipmentItem.objects.open().handed().filter(equipment__transfer=Transfer.LENT)
    ordered = rows.order_by(F("equipment__return_on").asc(nulls_last=True), "equipment", "pk")
    return ordered.select_related("device", "equipment__act__convention")


def late(on: datetime.date) -> QuerySet[EquipmentItem]:
    """Those that should have come back before that day; what is lost is told apart."""
    return out().filter(equipment__return_on__lt=on, device__lost_on=None)


def give_back(
    items: Iterable[EquipmentItem], *, on: datetime.date, condition: str, by: User, words: str = ""
) -> list[EquipmentItem]:
    """These devices came back that day, in this state; their data are to be erased again, whoever used them.

    Raises EquipmentRefused for one that is not out, or a day to come.
    """
    permissions.require(permissions.can_edit_equipment, by)
    keys = {item.pk for item in items}
    with transaction.atomic():
        if not keys:
            raise EquipmentRefused([NONE_CHOSEN])
        named = [item.device for item in EquipmentItem.objects.filter(pk__in=keys)]
        of = conventions_of(named)
        devices = locked(named)
        rows = list(out().filter(pk__in=keys).prefetch_related("handovers"))
        if len(rows) < len(keys):
            back = [str(item) for item in EquipmentItem.objects.filter(pk__in=keys).exclude(pk__in=rows)]
            raise EquipmentRefused([f"Déjà rendus, ou jamais remis : {join_list(back)}. Rechargez la page."])
        refuse_if_any(not_to_come(on) + _before_remise(rows, on))
        if condition not in DeviceCondition.values:
            raise EquipmentRefused({"condition": "Choisissez l’état constaté au retour."})
        _settle(rows, devices, on=on, condition=condition, words=words, by=by)
        tell("appareils_rendus", devices, by=by, of=of, date=on)
    return rows


def _settle(
    rows: list[EquipmentItem],
    devices: list[Device],
    *,
    on: datetime.date,
    condition: str,
    words: str,
    by: User,
) -> None:
    now = timezone.now()
    state = {"condition": condition, "condition_words": words.strip()[:255], "lost_on": None}
    Device.objects.filter(pk__in=[row.pk for row in devices]).update(used_on=on, used_at=now, **state)
    write(
        (
            Happening(
                row.device,
                DeviceEventKind.RETURNED,
                on,
                convention=row.equipment.act.convention,
                line=row.equipment.line,
                handover=next(iter(row.handovers.all())),
                details={"etat": condition},
                text={"mots": words.strip()},
            )
            for row in rows
        ),
        by=by,
    )
    # The return is told first: what was handed over is not free again without it.
    EquipmentItem.objects.filter(pk__in=[row.pk for row in rows]).update(released_at=now)


def _before_remise(rows: list[EquipmentItem], on: datetime.date) -> list[str]:
    early = [str(row) for row in rows if any(given.handed_on > on for given in row.handovers.all())]
    return [f"Rendus avant d’avoir été remis : {join_list(early)}. Corrigez la date."] if early else []
