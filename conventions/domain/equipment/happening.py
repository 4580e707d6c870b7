"""What happens to devices, written for all of them at once; and the locks of who writes."""

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from conventions.domain import journal
from conventions.domain.equipment.refusals import refuse_if_any
from conventions.models import Convention, Device, DeviceEvent, DeviceEventText, EquipmentItem, Handover, User

BATCH = 500
FUTURE = "La date est dans le futur. Corrigez-la."
NONE_CHOSEN = "Choisissez au moins un appareil."


@dataclass(frozen=True, slots=True)
class Happening:
    """One event to write. `details` hold nothing personal; `text` holds names and free words, and may be erased."""

    device: Device
    kind: str
    on: datetime.date
    convention: Convention | None = None
    line: uuid.UUID | None = None
    handover: Handover | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    text: Mapping[str, Any] = field(default_factory=dict)


def write(happenings: Iterable[Happening], *, by: User | None) -> list[DeviceEvent]:
    """Write these events with their texts, in their order: two statements each five hundred."""
    told = [(one, _said(one)) for one in happenings]
    moment = timezone.now()
    events = DeviceEvent.objects.bulk_create(
        (
            DeviceEvent(
                device=one.device,
                kind=one.kind,
                happened_on=one.on,
                recorded_at=moment,
                recorded_by=by,
                convention=one.convention,
                line=one.line,
                handover=one.handover,
                details={**one.details, **({"texte": True} if said else {})},
            )
            for one, said in told
        ),
        batch_size=BATCH,
    )
    texts = [
        DeviceEventText(event=event, data=said)
        for event, (_one, said) in zip(events, told, strict=True)
        if said
    ]
    DeviceEventText.objects.bulk_create(texts, batch_size=BATCH)
    return events


def _said(one: Happening) -> dict[str, Any]:
    return {key: value for key, value in one.text.items() if value}


def locked(devices: Iterable[Device]) -> list[Device]:
    """These devices as they stand now, locked in the order of their keys. Raises EquipmentRefused for none."""
    keys = {device.pk for device in devices}
    if not keys:
        refuse_if_any([NONE_CHOSEN])
    return list(Device.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))


def conventions_of(devices: Iterable[Device]) -> dict[int, Convention]:
    """{device: the convention that reserves it now, or has it}; each of them held in this transaction."""
    items = EquipmentItem.objects.open().filter(device__in=[device.pk for device in devices])
    named = {
        item.device_id: item.equipment.act.convention
        for item in items.select_related("equipment__act__convention")
    }
    for convention in sorted({row.pk: row for row in named.values()}.values(), key=lambda row: row.pk):
        journal.hold(convention)
    return named


def tell(
    event: str, devices: Sequence[Device], *, by: User | None, of: Mapping[int, Convention], **more: Any
) -> None:
    """One line a chain: that of each convention that has some of these devices, that of the site for the others."""
    chains: dict[int | None, list[Device]] = {}
    for device in devices:
        convention = of.get(device.pk)
        chains.setdefault(convention.pk if convention else None, []).append(device)
    personal = more.pop("personal", None)
    for key in sorted(chains, key=lambda pk: (pk is not None, pk or 0)):
        rows = chains[key]
        details = {
            "appareils": len(rows),
            "series": [str(row) for row in rows],
            "fiches": [row.pk for row in rows],
        }
        journal.record(
            event,
            by=by,
            convention=of[rows[0].pk] if key is not None else None,
            details=details | more,
            personal=personal,
        )


def not_to_come(on: datetime.date) -> list[str]:
    """The reason against a day in the future, if it is one."""
    return [FUTURE] if on > timezone.localdate() else []
