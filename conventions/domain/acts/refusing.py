"""What the association does not take at a remise: each device with its reason, free again."""

from collections.abc import Iterable, Mapping

from django.utils import timezone

from conventions.domain.equipment import happening
from conventions.domain.equipment.happening import Happening
from conventions.equipment_enums import DeviceEventKind
from conventions.formats import NBSP, join_list
from conventions.models import Act, Device, DeviceEvent, EquipmentItem, Handover, User

Refusals = Mapping[EquipmentItem, str]


def obstacles(act: Act, items: Iterable[EquipmentItem], refused: Refusals) -> list[str]:
    """Why these devices cannot be refused, in French sentences; empty when they can."""
    if not refused:
        return []
    reasons = []
    mute = [str(item) for item, reason in refused.items() if not reason.strip()]
    if mute:
        reasons.append(f"Dites pourquoi est refusé{NBSP}: {join_list(mute)}.")
    both = [str(item) for item in items if item in refused]
    if both:
        reasons.append(f"À la fois remis et refusés{NBSP}: {join_list(both)}. Choisissez.")
    waiting = EquipmentItem.objects.to_hand().filter(
        pk__in=[item.pk for item in refused], equipment__act__convention=act.convention_id
    )
    if waiting.count() < len(refused):
        reasons.append("Un appareil refusé n’attend plus d’être remis. Rechargez la page.")
    return reasons


def told(refused: Iterable[tuple[Device, str]]) -> str:
    """« Refusé à la remise : 5CG1 et 5CG2 (écran cassé) ; 5CG3 (rayé). »; empty for none. A reason may be erased."""
    alike: dict[str, list[str]] = {}
    for device, reason in sorted(refused, key=lambda pair: pair[0].pk):
        alike.setdefault(reason.strip(), []).append(str(device))
    groups = [join_list(marks) + (f" ({reason})" if reason else "") for reason, marks in alike.items()]
    return f"Refusé à la remise{NBSP}: {f'{NBSP}; '.join(groups)}." if groups else ""


def of(handovers: Iterable[Handover]) -> dict[int, str]:
    """{remise: what was refused there, as `told`}; one query."""
    events = DeviceEvent.objects.filter(
        handover__in=[row.pk for row in handovers], kind=DeviceEventKind.REFUSED
    ).select_related("device", "text")
    found: dict[int, list[tuple[Device, str]]] = {}
    for event in events:
        if "suite" not in event.details and event.handover_id:  # a « suite » settles what was missing later
            text = getattr(event, "text", None)
            found.setdefault(event.handover_id, []).append(
                (event.device, text.data.get("motif", "") if text else "")
            )
    return {key: told(pairs) for key, pairs in found.items()}


def take_back(handover: Handover, refused: Refusals, *, by: User) -> None:
    """Free what was refused; its events keep that it was, and why. In the transaction of the remise."""
    convention = handover.act.convention
    rows = list(
        EquipmentItem.objects.filter(pk__in=[item.pk for item in refused]).select_related("equipment")
    )
    EquipmentItem.objects.filter(pk__in=[row.pk for row in rows]).update(released_at=timezone.now())
    happening.write(
        (
            Happening(
                row.device,
                DeviceEventKind.REFUSED,
                handover.handed_on,
                convention=convention,
                line=row.equipment.line,
                handover=handover,
                text={"motif": refused[row].strip()},
            )
            for row in rows
        ),
        by=by,
    )
    devices = [row.device for row in rows]
    of_devices = dict.fromkeys((device.pk for device in devices), convention)
    personal = {"motif": told((row.device, refused[row]) for row in rows)}
    happening.tell("materiel_refuse", devices, by=by, of=of_devices, personal=personal, remise=handover.pk)
