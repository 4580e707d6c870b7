"""Certificates matched with the media of the stock by their serial, else by that of the device.

Each file is listed with what it will be: matched, failed, unknown, known already, unreadable.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from conventions.equipment_enums import (
    MediumFate,
)
from conventions.exchange.equipment import papers
from conventions.exchange.equipment.certificates import (
    Certificate,
)
from conventions.formats import NBSP, alike_key, elide, join_list
from conventions.models import Device, EquipmentItem, Medium, Sanitisation

NO_NAME = (
    "Le nom de ce PDF ne porte aucun numéro de série du stock. Apportez-le depuis la page de l’appareil."
)


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
    """A file, or one report of it, and what it will be. `paper`: the PDF that proves it; `joined`: to another's try."""

    file: str
    fate: Fate
    why: str = ""
    certificate: Certificate | None = None
    device: Device | None = None
    medium: Medium | None = None
    told: list[str] = field(default_factory=list)
    paper: int | None = None
    sha256: str = ""
    joined: bool = False

    @property
    def words(self) -> str:
        return ONE[self.fate]

    @property
    def goes(self) -> bool:
        return self.fate in (Fate.MATCHED, Fate.FAILED) and not self.joined


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

    @property
    def asks_day(self) -> bool:
        """Whether a PDF is a try of its own."""
        return any(one.certificate is None for one in self.going)


def plan(files: Sequence[Mapping[str, Any]], *, only: Device | None = None) -> Plan:
    """What each file will be; a handful of queries. `only`: the device whose page it is, and no other."""
    found = [_found(one) for one in files]
    read_ones = [one for one in found if one.certificate is not None]
    _match(read_ones)
    _match_papers([one for one in found if one.paper is not None], read_ones, only)
    for one in found:
        if only is not None and one.device is not None and one.device.pk != only.pk:
            one.fate, one.why = (
                Fate.REFUSED,
                f"Ce certificat est celui d’un autre appareil{NBSP}: {one.device}.",
            )
    _tell_twice(read_ones)
    return Plan(found)


def _found(kept: Mapping[str, Any]) -> Matched:
    if "fault" in kept:
        return Matched(kept["file"], Fate.REFUSED, kept["fault"])
    if "paper" in kept:
        return Matched(kept["file"], Fate.UNKNOWN, paper=kept["paper"], sha256=kept["sha256"])
    return Matched(kept["file"], Fate.UNKNOWN, certificate=_unpacked(kept["certificate"]))


def _match_papers(found: Sequence[Matched], read_ones: Sequence[Matched], only: Device | None) -> None:
    """Each PDF with the certificate of its medium that came with it, else with what its name says of the stock."""
    if not found:
        return
    beside = {one.certificate.key: one for one in read_ones if one.certificate}
    same_media, same_devices = papers.named([one.file for one in found])
    if only is not None:
        own = list(Device.objects.filter(pk=only.pk).prefetch_related("media"))
    stored = set(
        Sanitisation.objects.filter(sha256__in=[one.sha256 for one in found]).values_list("sha256", flat=True)
    )
    for one in found:
        keys = list(papers.keys_of(one.file))
        said = next((beside[key] for key in keys if key in beside), None)
        medium = next((same_media[key] for key in keys if key in same_media), None)
        device = next((same_devices[key] for key in keys if key in same_devices), None)
        if one.sha256 in stored:
            one.fate, one.why = Fate.KNOWN, "Ce fichier est déjà enregistré."
        elif said is not None and said.paper is None:
            _join(one, said)
        elif medium is not None:
            _of_medium(one, medium)
        elif device is not None:
            _of_device(one, device)
        elif only is not None:
            _of_device(one, own)
        else:
            one.why = NO_NAME


def _join(one: Matched, said: Matched) -> None:
    one.fate, one.device, one.medium, one.joined = said.fate, said.device, said.medium, True
    one.why = said.why if not said.goes else f"Joint à l’essai de «{NBSP}{said.file}{NBSP}»."
    if said.goes:
        said.paper = one.paper


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
            if one.certificate is not None
            else f"Dites lequel des supports {elide('de', str(device))}{NBSP}: son numéro de série dans le nom du PDF."
        )
        return
    one.device, one.medium, one.fate = device, bare[0] if bare else None, Fate.MATCHED
    if one.certificate is not None:
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


def _unpacked(values: Mapping[str, Any]) -> Certificate:
    ended_at = values["ended_at"]
    return Certificate(
        **{
            **values,
            "done_on": datetime.date.fromisoformat(values["done_on"]),
            "ended_at": datetime.datetime.fromisoformat(ended_at) if ended_at else None,
        }
    )
