"""Data media: listed by device, erased, removed, destroyed. A failed try is kept; used again is to erase again.

Sizes are bytes, days plain dates in Nouméa. Every verb takes many media, and writes all or nothing in one transaction.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain.equipment.happening import (
    BATCH,
    FUTURE,
    Happening,
    conventions_of,
    locked,
    tell,
    write,
)
from conventions.domain.equipment.refusals import EquipmentRefused, field_faults, refuse_if_any
from conventions.equipment_enums import (
    DeviceEventKind,
    MediumFate,
    MediumKind,
    SanitisationCheck,
    SanitisationMethod,
    SanitisationOutcome,
    SanitisationSource,
    SanitisationTechnique,
)
from conventions.formats import join_list, serial_key
from conventions.models import Attachment, Convention, Device, EquipmentItem, Medium, Sanitisation, User

NO_MEDIUM = "Indiquez au moins un support de données."
# What each technique is by NIST SP 800-88: the word is given where the technique alone settles it.
METHOD_OF: dict[str, SanitisationMethod] = {
    SanitisationTechnique.OVERWRITE: SanitisationMethod.CLEAR,
    SanitisationTechnique.BLOCK: SanitisationMethod.PURGE,
    SanitisationTechnique.CRYPTO: SanitisationMethod.PURGE,
    SanitisationTechnique.DEGAUSS: SanitisationMethod.PURGE,
    SanitisationTechnique.SHRED: SanitisationMethod.DESTROY,
    SanitisationTechnique.DISINTEGRATE: SanitisationMethod.DESTROY,
    SanitisationTechnique.DESTRUCTION: SanitisationMethod.DESTROY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMedium:
    """A medium of a device, as its label says; `size_bytes` null when unknown."""

    device: Device
    kind: str = MediumKind.UNSPECIFIED
    maker: str = ""
    model: str = ""
    serial: str = ""
    size_bytes: int | None = None

    def medium(self, by: User) -> Medium:
        return Medium(
            device=self.device, kind=self.kind, maker=self.maker.strip(), model=self.model.strip(),
            serial=self.serial.strip(), serial_key=serial_key(self.serial)[:80], size_bytes=self.size_bytes,
            recorded_by=by,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One try to erase a medium. `raw`: what a file says, without a person's name; `agent`: who did it, erasable."""

    medium: Medium
    done_on: datetime.date
    agent: str = ""
    outcome: str = SanitisationOutcome.SUCCEEDED
    method: str = ""
    technique: str = SanitisationTechnique.UNKNOWN
    verification: str = SanitisationCheck.UNKNOWN
    tool: str = ""
    tool_version: str = ""
    ended_at: datetime.datetime | None = None
    certificate: str = ""
    attachment: Attachment | None = None
    source: str = SanitisationSource.TYPED
    raw: Mapping[str, Any] = field(default_factory=dict)
    sha256: str = ""
    words: str = ""

    def row(self, by: User) -> Sanitisation:
        """As it would be kept, without its event."""
        return Sanitisation(
            medium=self.medium, outcome=self.outcome, technique=self.technique,
            method=self.method or METHOD_OF.get(self.technique, SanitisationMethod.UNKNOWN),
            verification=self.verification, tool=self.tool.strip(), tool_version=self.tool_version.strip(),
            done_on=self.done_on, ended_at=self.ended_at, certificate=self.certificate.strip(),
            attachment=self.attachment, source=self.source, raw=dict(self.raw), sha256=self.sha256, recorded_by=by,
        )  # fmt: skip


def add(media: Sequence[NewMedium], *, by: User) -> list[Medium]:
    """List the media of devices. Raises EquipmentRefused: a serial that stands already, or a device that has left."""
    permissions.require(permissions.can_edit_equipment, by)
    with transaction.atomic():
        devices = [one.device for one in media]
        of = conventions_of(devices)
        if not media:
            raise EquipmentRefused([NO_MEDIUM])
        rows = locked(devices)
        found = [one.medium(by) for one in media]
        told = [told for one in found for told in field_faults(one, without=("device", "recorded_by"))]
        refuse_if_any(list(dict.fromkeys(told)) + _left(rows) + _listed(found))
        made = Medium.objects.bulk_create(found, batch_size=BATCH)
        Device.objects.filter(pk__in=[row.pk for row in rows], holds_data=False).update(holds_data=True)
        today = timezone.localdate()
        write(
            (
                Happening(one.device, DeviceEventKind.MEDIUM_LISTED, today, details=_listed_as(one))
                for one in made
            ),
            by=by,
        )  # fmt: skip
        tell("supports_releves", rows, by=by, of=of, supports=len(made))
    return made


def _listed_as(medium: Medium) -> dict[str, Any]:
    return {"support": medium.pk, "type": medium.kind}


def sanitise(tries: Sequence[Try], *, by: User) -> list[Sanitisation]:
    """Keep these tries, failed ones too. Raises EquipmentRefused: a day to come, nobody named, a medium that left."""
    permissions.require(permissions.can_edit_equipment, by)
    with transaction.atomic():
        if not tries:
            raise EquipmentRefused([NO_MEDIUM])
        devices = [one.medium.device for one in tries]
        of = conventions_of(devices)
        locked(devices)
        return _keep(tries, of=of, by=by)


def erase(
    devices: Sequence[Device],
    *,
    done_on: datetime.date,
    agent: str,
    by: User,
    technique: str = SanitisationTechnique.UNKNOWN,
    **more: Any,
) -> list[Sanitisation]:
    """Every medium in place of these devices was erased so; « support non précisé » stands where none was listed.

    `more`: other fields of `Try`. Raises EquipmentRefused, which names the devices that are erased already.
    """
    permissions.require(permissions.can_edit_equipment, by)
    with transaction.atomic():
        of = conventions_of(devices)
        rows = locked(devices)
        media = list(Medium.objects.filter(device__in=rows).with_standing().select_related("device"))
        listed = {one.device_id for one in media}
        waiting = [one for one in media if one.fate == MediumFate.IN_PLACE and one.standing != "efface"]
        unlisted = [row for row in rows if row.pk not in listed]
        waiting_of = {one.device_id for one in waiting}
        done = [row for row in rows if row.pk in listed and row.pk not in waiting_of]
        refuse_if_any(
            _left(rows) + [f"L’effacement de l’appareil {row} est déjà enregistré." for row in done]
        )
        waiting += Medium.objects.bulk_create(
            (NewMedium(device=row).medium(by) for row in unlisted), batch_size=BATCH
        )
        tries = [
            Try(medium=one, done_on=done_on, agent=agent, technique=technique, **more) for one in waiting
        ]
        return _keep(tries, of=of, by=by)


def _keep(tries: Sequence[Try], *, of: Mapping[int, Convention], by: User) -> list[Sanitisation]:
    rows = [one.row(by) for one in tries]
    told = [
        said
        for row in rows
        for said in field_faults(row, without=("medium", "event", "attachment", "recorded_by"))
    ]
    refuse_if_any([*dict.fromkeys(told), *_reasons(tries)])
    events = write(
        (
            Happening(
                one.medium.device,
                DeviceEventKind.ERASED if _succeeded(one) else DeviceEventKind.ERASURE_FAILED,
                one.done_on,
                details={"support": one.medium.pk, "certificat": one.certificate},
                text={"agent": one.agent.strip(), "mots": one.words.strip()},
            )
            for one in tries
        ),
        by=by,
    )
    for row, event in zip(rows, events, strict=True):
        row.event = event
    made = Sanitisation.objects.bulk_create(rows, batch_size=BATCH)
    for done in _by_journal((one for one in tries if _succeeded(one)), of):
        tell("donnees_effacees", _devices(done), by=by, of=of, **_told(done))
    for failed in _by_journal((one for one in tries if not _succeeded(one)), of):
        tell("effacement_echoue", _devices(failed), by=by, of=of, **_told(failed))
    return made


def _by_journal(tries: Iterable[Try], of: Mapping[int, Convention]) -> list[list[Try]]:
    """Those that one journal tells: no convention reads who worked for another."""
    found: dict[int, list[Try]] = {}
    for one in tries:
        convention = of.get(one.medium.device_id)
        found.setdefault(convention.pk if convention else 0, []).append(one)
    return [found[key] for key in sorted(found)]


def _devices(tries: Iterable[Try]) -> list[Device]:
    return list({one.medium.device_id: one.medium.device for one in tries}.values())


def _told(tries: Sequence[Try]) -> dict[str, Any]:
    """What the line of the journal says of these tries: the technique and the day where they share one, who did it."""
    techniques, days = {str(one.technique) for one in tries}, {one.done_on for one in tries}
    agents = sorted({one.agent.strip() for one in tries} - {""})
    told: dict[str, Any] = {"methode": techniques.pop()} if len(techniques) == 1 else {}
    if len(days) == 1:
        told["date"] = days.pop()
    return told | {"personal": {"agent": join_list(agents)} if agents else None}


def _succeeded(one: Try) -> bool:
    return one.outcome == SanitisationOutcome.SUCCEEDED


def remove(media: Sequence[Medium], *, on: datetime.date, by: User, words: str = "") -> list[Medium]:
    """These media were taken out of their devices that day, and stay here."""
    return _leave(media, MediumFate.REMOVED, on=on, by=by, text={"mots": words.strip()})


def destroy(
    media: Sequence[Medium], *, on: datetime.date, agent: str, by: User, words: str = ""
) -> list[Medium]:
    """These media were destroyed that day, by this person."""
    if not agent.strip():
        raise EquipmentRefused({"agent": "Indiquez qui a détruit les supports."})
    text = {"agent": agent.strip(), "mots": words.strip()}
    return _leave(media, MediumFate.DESTROYED, on=on, by=by, text=text)


def _leave(
    media: Sequence[Medium], fate: MediumFate, *, on: datetime.date, by: User, text: Mapping[str, str]
) -> list[Medium]:
    permissions.require(permissions.can_edit_equipment, by)
    with transaction.atomic():
        if not media:
            raise EquipmentRefused([NO_MEDIUM])
        keys = [one.pk for one in media]
        devices = [one.device for one in Medium.objects.filter(pk__in=keys).select_related("device")]
        of = conventions_of(devices)
        rows = locked(devices)
        found = list(Medium.objects.filter(pk__in=keys).select_related("device"))
        gone = [str(one) for one in found if one.fate in (fate, MediumFate.DESTROYED)]
        reasons = [FUTURE] if on > timezone.localdate() else []
        if gone:
            reasons.append(f"Ces supports sont déjà retirés ou détruits : {join_list(gone)}.")
        refuse_if_any(reasons)
        Medium.objects.filter(pk__in=keys).update(fate=fate)
        destroyed = fate == MediumFate.DESTROYED
        kind = DeviceEventKind.MEDIUM_DESTROYED if destroyed else DeviceEventKind.MEDIUM_REMOVED
        write(
            (Happening(one.device, kind, on, details={"support": one.pk}, text=text) for one in found), by=by
        )
        if destroyed:
            tell("supports_detruits", rows, by=by, of=of, supports=len(found))
        else:
            tell("supports_retires", rows, by=by, of=of, supports=len(found))
        for one in found:
            one.fate = fate
    return found


def _reasons(tries: Sequence[Try]) -> list[str]:
    reasons = []
    if any(one.done_on > timezone.localdate() for one in tries):
        reasons.append("La date d’effacement est dans le futur. Corrigez-la.")
    if any(not one.agent.strip() for one in tries if one.source == SanitisationSource.TYPED):
        reasons.append("Indiquez l’agent qui a effacé les données.")
    gone = [str(one.medium) for one in tries if one.medium.fate == MediumFate.DESTROYED]
    if gone:
        reasons.append(f"Ces supports sont détruits : {join_list(gone)}.")
    files = [(one.medium.pk, one.sha256) for one in tries if one.sha256]
    stored = set(
        Sanitisation.objects.filter(medium__in=[key for key, _sha in files]).values_list("medium", "sha256")
    ) if files else set()  # fmt: skip
    twice = [str(one.medium) for one in tries if (one.medium.pk, one.sha256) in stored]
    if twice or len(set(files)) < len(files):
        reasons.append(f"Ce fichier est déjà enregistré{f' pour {join_list(twice)}' if twice else ''}.")
    return reasons


def _left(devices: Iterable[Device]) -> list[str]:
    items = EquipmentItem.objects.open().handed().filter(device__in=[device.pk for device in devices])
    return [f"L’appareil {item} a déjà été remis." for item in items]


def _listed(media: Sequence[Medium]) -> list[str]:
    keys = [one.serial_key for one in media if one.serial_key]
    stand = Medium.objects.filter(serial_key__in=keys, fate=MediumFate.IN_PLACE).select_related("device")
    reasons = [f"Le support {one} est déjà dans l’appareil {one.device}." for one in stand] if keys else []
    twice = sorted({one.serial for one in media if one.serial_key and keys.count(one.serial_key) > 1})
    if twice:
        reasons.append(f"Numéro de série de support donné deux fois : {join_list(twice)}.")
    return reasons
