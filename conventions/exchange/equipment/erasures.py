"""Certificates that somebody brought, matched with the media of the stock by their serial, else by that of the device.

Each file is listed with what it will be: matched, failed, unknown, known already, unreadable. A failed try is kept.
"""

import dataclasses
import datetime
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain.equipment import media
from conventions.domain.equipment.refusals import EquipmentRefused
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ImportKind
from conventions.equipment_enums import (
    MediumFate,
    SanitisationCheck,
    SanitisationOutcome,
    SanitisationSource,
    SanitisationTechnique,
)
from conventions.exchange.equipment import desk
from conventions.exchange.equipment.certificates import (
    Certificate,
    Sent,
    UnreadableCertificate,
    is_pdf,
    read_certificates,
    unpacked,
)
from conventions.formats import NBSP, alike_key, counted, join_list
from conventions.models import Device, EquipmentItem, Medium, Sanitisation, SheetImport, User

NO_FILE = "Choisissez au moins un fichier."
NOTHING = "Aucun certificat ne peut être enregistré. Lisez pourquoi, fichier par fichier."
PDF = "PDF : joignez-le depuis la page de l’appareil, en saisissant cet effacement."


class Fate(StrEnum):
    MATCHED = "rapproche"
    FAILED = "echoue"
    UNKNOWN = "inconnu"
    KNOWN = "connu"
    REFUSED = "refuse"


FATES: Final = {
    Fate.MATCHED: "Rapprochés",
    Fate.FAILED: "Échoués, gardés comme essais",
    Fate.UNKNOWN: "Inconnus du stock",
    Fate.KNOWN: "Déjà enregistrés",
    Fate.REFUSED: "Refusés",
}


ONE: Final = {
    Fate.MATCHED: "Rapproché",
    Fate.FAILED: "Échoué",
    Fate.UNKNOWN: "Inconnu",
    Fate.KNOWN: "Déjà enregistré",
    Fate.REFUSED: "Refusé",
}


@dataclass
class Matched:
    """A file, or one report of it, and what it will be."""

    file: str
    fate: Fate
    why: str = ""
    certificate: Certificate | None = None
    device: Device | None = None
    medium: Medium | None = None
    told: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        return ONE[self.fate]

    @property
    def goes(self) -> bool:
        return self.fate in (Fate.MATCHED, Fate.FAILED)


@dataclass
class Plan:
    files: list[Matched]

    def of(self, *fates: Fate) -> list[Matched]:
        return [one for one in self.files if one.fate in fates]

    @property
    def counts(self) -> list[tuple[Fate, str, int]]:
        return [(fate, words, count) for fate, words in FATES.items() if (count := len(self.of(fate)))]

    @property
    def going(self) -> list[Matched]:
        return [one for one in self.files if one.goes]


def receive(files: Iterable[tuple[str, bytes]], *, by: User) -> SheetImport:
    """Read these files, archives opened, and keep what they say for the dry run. Raises Refused."""
    permissions.require(permissions.can_edit_equipment, by)
    files = list(files)
    if not files:
        raise Refused(NO_FILE)
    sent = list(unpacked(files))
    digest = hashlib.sha256(b"".join(hashlib.sha256(content).digest() for _name, content in files))
    row = SheetImport(
        kind=ImportKind.ERASURES,
        name=join_list([name for name, _content in files][:3])[:255],
        sha256=digest.hexdigest(),
        content={"files": read(sent)},
        created_by=by,
    )
    row.save()
    return row


def read(sent: Sequence[Sent]) -> list[dict[str, Any]]:
    """What each file says, as it is kept: {"file", "fault"} or {"file", "certificate"}; each content once."""
    found: list[dict[str, Any]] = []
    seen: dict[str, str] = {}
    today = timezone.localdate()
    for one in sent:
        if not one.fault and (first := seen.setdefault(one.sha256, one.name)) is not one.name:
            found.append({"file": one.name, "fault": f"Le même fichier que « {first} », compté une fois."})
            continue
        try:
            if is_pdf(one):
                raise UnreadableCertificate(PDF)
            found += [
                {"file": one.name, "certificate": _packed(said)}
                for said in read_certificates(one, today=today)
            ]
        except UnreadableCertificate as refusal:
            found.append({"file": one.name, "fault": str(refusal)})
    return found


def _packed(said: Certificate) -> dict[str, Any]:
    values = dataclasses.asdict(said)
    values["done_on"] = said.done_on.isoformat()
    values["ended_at"] = said.ended_at.isoformat() if said.ended_at else None
    return values


def _unpacked(values: Mapping[str, Any]) -> Certificate:
    ended_at = values["ended_at"]
    return Certificate(
        **{
            **values,
            "done_on": datetime.date.fromisoformat(values["done_on"]),
            "ended_at": datetime.datetime.fromisoformat(ended_at) if ended_at else None,
        }
    )


def plan(files: Sequence[Mapping[str, Any]], *, only: Device | None = None) -> Plan:
    """What each file will be; four queries. `only`: the device whose page it is, and no other."""
    found = [
        Matched(one["file"], Fate.REFUSED, one["fault"])
        if "fault" in one
        else Matched(one["file"], Fate.UNKNOWN, certificate=_unpacked(one["certificate"]))
        for one in files
    ]
    read_ones = [one for one in found if one.certificate is not None]
    _match(read_ones)
    for one in read_ones:
        if only is not None and one.device is not None and one.device.pk != only.pk:
            one.fate, one.why = (
                Fate.REFUSED,
                f"Ce certificat est celui d’un autre appareil{NBSP}: {one.device}.",
            )
    _tell_twice(read_ones)
    return Plan(found)


def _match(found: Sequence[Matched]) -> None:
    keys = {one.certificate.key for one in found if one.certificate}
    by_medium: dict[str, list[Medium]] = defaultdict(list)
    for medium in Medium.objects.filter(serial_key__in=keys).select_related("device").order_by("pk"):
        by_medium[medium.serial_key].append(medium)
    by_device: dict[str, list[Device]] = defaultdict(list)
    for device in Device.objects.filter(serial_key__in=keys - by_medium.keys()).prefetch_related("media"):
        by_device[device.serial_key].append(device)
    hashes = [one.certificate.sha256 for one in found if one.certificate]
    stored = set(Sanitisation.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
    left = _left_among([medium.device_id for media_ in by_medium.values() for medium in media_], by_device)
    for one in found:
        said = one.certificate
        assert said is not None
        if said.key in by_medium:
            _of_medium(one, by_medium[said.key])
        elif said.key in by_device:
            _of_device(one, by_device[said.key])
        if said.sha256 in stored:
            one.fate, one.why = Fate.KNOWN, "Ce fichier est déjà enregistré."
        elif one.goes and one.device is not None and one.device.pk in left:
            one.told.append("Cet appareil a déjà été remis.")
        if one.goes and not said.succeeded:
            one.fate, one.why = Fate.FAILED, f"Effacement échoué{NBSP}: {said.why}."
    _propose([one for one in found if one.fate == Fate.UNKNOWN])


def _left_among(devices: Sequence[int], by_device: Mapping[str, Sequence[Device]]) -> set[int]:
    keys = {*devices, *(device.pk for same in by_device.values() for device in same)}
    handed = EquipmentItem.objects.open().handed().filter(device__in=keys)
    return set(handed.order_by().values_list("device", flat=True))


def _of_medium(one: Matched, same: Sequence[Medium]) -> None:
    standing = [medium for medium in same if medium.fate != MediumFate.DESTROYED]
    if not standing:
        one.fate, one.why = Fate.REFUSED, f"Ce support est noté détruit ({same[-1].device})."
        return
    one.medium = next((medium for medium in standing if medium.fate == MediumFate.IN_PLACE), standing[-1])
    one.device, one.fate = one.medium.device, Fate.MATCHED


def _of_device(one: Matched, same: Sequence[Device]) -> None:
    """By the serial of the device itself: a telephone, or a computer whose only disk is not listed."""
    if len(same) > 1:
        names = join_list([str(device) for device in same])
        one.fate, one.why = (
            Fate.REFUSED,
            f"Ce numéro de série est celui de plusieurs appareils{NBSP}: {names}.",
        )
        return
    [device] = same
    in_place = [medium for medium in device.media.all() if medium.fate == MediumFate.IN_PLACE]
    bare = [medium for medium in in_place if not medium.serial_key]
    if len(in_place) > 1 or (in_place and not bare):
        one.fate = Fate.REFUSED
        one.why = (
            f"Le certificat donne le numéro de l’appareil {device}, qui a des supports relevés. Dites lequel."
        )
        return
    one.device, one.medium, one.fate = device, bare[0] if bare else None, Fate.MATCHED
    one.told.append("Rapproché par le numéro de série de l’appareil.")


def _propose(unknown: Sequence[Matched]) -> None:
    """A serial of the stock that differs by an O for a 0: said, never taken."""
    keys = {alike_key(one.certificate.key): one for one in unknown if one.certificate}
    rows = Device.objects.filter(alike_key__in=keys) if keys else ()
    near = {row.alike_key: row for row in rows}
    for key, one in keys.items():
        one.why = "Aucun support ni appareil du stock n’a ce numéro de série."
        if key in near:
            one.why += f" {near[key]} lui ressemble{NBSP}: relisez l’étiquette, O ou 0, I ou 1{NBSP}?"
    for one in unknown:
        one.why = one.why or "Aucun support ni appareil du stock n’a ce numéro de série."


def _tell_twice(found: Sequence[Matched]) -> None:
    counts = Counter(one.certificate.key for one in found if one.goes and one.certificate)
    for one in found:
        if one.goes and one.certificate and (many := counts[one.certificate.key]) > 1:
            one.told.append(
                f"{many} certificats pour ce support{NBSP}: chacun est un essai, le dernier fait foi."
            )


def confirm(
    row: SheetImport,
    *,
    by: User,
    agent: str = "",
    technique: str = SanitisationTechnique.UNKNOWN,
    verification: str = SanitisationCheck.UNKNOWN,
) -> str:
    """Record what matches; the page keeps the rest. What to tell. Raises Refused."""
    permissions.require(permissions.can_edit_equipment, by)
    with transaction.atomic():
        row = desk.locked(row)
        going = plan(row.content["files"]).going
        told = record(going, by=by, agent=agent, technique=technique, verification=verification)
        row.done = row.done | {one.certificate.sha256: one.fate.value for one in going if one.certificate}
        row.save(update_fields=["done", "touched_at"])
    return told


def record(going: Sequence[Matched], *, by: User, agent: str, technique: str, verification: str) -> str:
    """Keep these tries, those that failed too; a medium is made where the device had none listed."""
    permissions.require(permissions.can_edit_equipment, by)
    if not going:
        raise Refused(NOTHING)
    with transaction.atomic():
        _list_media([one for one in going if one.medium is None], by=by)
        media.sanitise([_try(one, agent, technique, verification) for one in going], by=by)
    failed = sum(one.fate == Fate.FAILED for one in going)
    told = counted(len(going) - failed, "effacement enregistré", "effacements enregistrés")
    return (
        f"{told}, {counted(failed, 'essai échoué gardé', 'essais échoués gardés')}." if failed else f"{told}."
    )


def _list_media(bare: Sequence[Matched], *, by: User) -> None:
    """One medium for each device, whatever the number of its certificates."""
    first: dict[int, Matched] = {}
    for one in bare:
        if one.device is not None:
            first.setdefault(one.device.pk, one)
    if not first:
        return
    new = [
        media.NewMedium(device=one.device, model=one.certificate.model, size_bytes=one.certificate.size_bytes)
        for one in first.values()
        if one.device is not None and one.certificate is not None
    ]
    made = {medium.device_id: medium for medium in media.add(new, by=by)}
    for one in bare:
        if one.device is not None:
            one.medium = made[one.device.pk]


def _try(one: Matched, agent: str, technique: str, verification: str) -> media.Try:
    said = one.certificate
    if said is None or one.medium is None:
        raise EquipmentRefused([NOTHING])
    return media.Try(
        medium=one.medium,
        done_on=said.done_on,
        ended_at=said.ended_at,
        agent=said.agent or agent,
        outcome=SanitisationOutcome.SUCCEEDED if said.succeeded else SanitisationOutcome.FAILED,
        technique=technique,
        verification=verification,
        tool=said.tool,
        tool_version=said.tool_version,
        source=SanitisationSource.NWIPE,
        raw=said.raw,
        sha256=said.sha256,
        words=said.why,
    )
