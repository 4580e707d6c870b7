"""What the page of a device tells: its facts, its media, and what happened to it, in French sentences."""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conventions.domain.equipment.accounting import bought
from conventions.equipment_enums import (
    DeviceCondition,
    DeviceEventKind,
    MediaState,
    MediumFate,
    SanitisationMethod,
)
from conventions.formats import capitalise, show_amount, show_date, show_number, show_size
from conventions.models import Convention, Device, DeviceEvent, Medium, Sanitisation

UNKNOWN = "non précisé"


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened: `convention` is the one that it concerns, `by` who recorded it."""

    on: datetime.date
    what: str
    more: str
    convention: Convention | None
    by: str


@dataclass(frozen=True, slots=True)
class MediumTold:
    """A medium, how it stands, and its tries, the last first, with how each was done."""

    row: Medium
    name: str
    standing: str
    tries: tuple[tuple[Sanitisation, str], ...]

    @property
    def is_in_place(self) -> bool:
        return self.row.fate == MediumFate.IN_PLACE


def facts(device: Device) -> list[tuple[str, str]]:
    """(label, value) of what it is; what nobody said is « non précisé », once."""
    weight = f"{show_number(device.weight_grams)} g" if device.weight_grams else ""
    condition = "" if device.condition == DeviceCondition.UNKNOWN else str(device.get_condition_display())
    state = ", ".join(part for part in (condition, device.condition_words) if part)
    reformed = f"le {show_date(device.reformed_on)}" if device.reformed_on else ""
    if reformed and device.board_decision_id:
        reformed += f", {device.board_decision}"
    told = (
        ("Nature", capitalise(device.nature)),
        ("Marque et modèle", " ".join(part for part in (device.maker, device.model) if part)),
        ("Numéro de série", device.serial),
        ("Numéro d’inventaire", device.inventory_tag),
        ("Acheté", bought(device)),
        ("Valeur estimée", show_amount(device.amount, device.status) if device.amount is not None else ""),
        ("Poids", weight),
        ("État", capitalise(state)),
        ("Lieu", device.place),
        ("Réformé", reformed),
        ("Sorti de l’inventaire", f"le {show_date(device.written_off_on)}" if device.written_off_on else ""),
    )
    optional = ("Poids", "Réformé", "Sorti de l’inventaire")
    return [(label, value or UNKNOWN) for label, value in told if value or label not in optional]


def media_of(device: Device) -> list[MediumTold]:
    """Its media with their tries: two queries."""
    rows = list(device.media.with_standing().order_by("pk"))
    tries: dict[int, list[Sanitisation]] = defaultdict(list)
    done = Sanitisation.objects.filter(medium__in=rows).latest_first()
    for one in done.select_related("event__text", "attachment"):
        tries[one.medium_id].append(one)
    told = {key: tuple((one, how(one)) for one in found) for key, found in tries.items()}
    return [MediumTold(row, _name(row), _standing(row), told.get(row.pk, ())) for row in rows]


def _name(row: Medium) -> str:
    size = show_size(row.size_bytes) if row.size_bytes else ""
    made = " ".join(part for part in (row.maker, row.model) if part)
    return ", ".join(
        part for part in (capitalise(str(row.get_kind_display())), made, row.serial, size) if part
    )


def _standing(row: Medium) -> str:
    if row.fate != MediumFate.IN_PLACE:
        return str(row.get_fate_display())
    return str(MediaState(row.standing).label)


def how(one: Sanitisation) -> str:
    """« effacement logiciel avec écrasement, effacement logique (Clear), vérification complète »."""
    method = "" if one.method == SanitisationMethod.UNKNOWN else str(one.get_method_display())
    tool = " ".join(part for part in (one.tool, one.tool_version) if part)
    certificate = f"certificat {one.certificate}" if one.certificate else ""
    parts = (str(one.get_technique_display()), method, str(one.get_verification_display()), tool, certificate)
    return ", ".join(part for part in parts if part)


def story(device: Device) -> list[Told]:
    """What happened to it, the latest first: one query."""
    rows = DeviceEvent.objects.filter(device=device).select_related("text", "convention", "recorded_by")
    return [
        Told(
            on=row.happened_on,
            what=capitalise(str(row.get_kind_display())),
            more=_more(row.details, _text(row)),
            convention=row.convention,
            by=str(row.recorded_by) if row.recorded_by else "",
        )
        for row in rows.order_by("-happened_on", "-pk")
    ]


def notes(device: Device) -> dict[str, str]:
    """What a sheet said of it that is no field here, by its heading."""
    entered = DeviceEvent.objects.filter(device=device, kind=DeviceEventKind.ENTERED).select_related("text")
    found: dict[str, str] = {}
    for row in entered:
        found |= dict(_text(row).get("notes") or {})
    return found


def _text(row: DeviceEvent) -> Mapping[str, Any]:
    text = getattr(row, "text", None)
    return text.data if text else {}


def _more(details: Mapping[str, Any], text: Mapping[str, Any]) -> str:
    condition = details.get("etat")
    said = (
        str(DeviceCondition(condition).label) if condition in DeviceCondition.values else "",
        str(details.get("deliberation", "")),
        f"certificat {details['certificat']}" if details.get("certificat") else "",
        str(details.get("nouvelles", "")),
        str(text.get("agent", "")),
        str(text.get("motif", "")),
        str(text.get("mots", "")),
    )
    return ", ".join(part for part in said if part)
