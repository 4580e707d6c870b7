"""What a reader typed or a photo showed, one label a line: which device each is; what is doubtful is asked."""

import re
from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse

from conventions.domain.documents import attachments
from conventions.domain.documents.rendering.labels import LabelContext, render_labels
from conventions.domain.equipment.choosing import MOST, TOO_MANY
from conventions.domain.equipment.photographs import NO_PICTURE
from conventions.domain.foundation import label_sandbox
from conventions.domain.foundation.refusals import Refused
from conventions.formats import NBSP, alike_key, clean_line, join_list, read_serial, serial_key, tag_key
from conventions.models import Device
from conventions.validators import PHOTO_KINDS

NO_CODE = (
    "Aucun code ne se lit sur cette photo. Reprenez-la de plus près, nette et éclairée, ou tapez les numéros."
)
_ADDRESS = re.compile(r"/device/(\d{1,15})(?:/|$)")


@dataclass(frozen=True, slots=True)
class Label:
    """A line: the devices that it may be (one: it is that one), what to ask, and what it may have been."""

    text: str
    devices: tuple[Device, ...] = ()
    doubt: str = ""
    proposed: str = ""

    @property
    def device(self) -> Device | None:
        return self.devices[0] if len(self.devices) == 1 and not self.doubt else None


@dataclass(frozen=True, slots=True)
class Scanned:
    """All that was read: one label a device, in order; `twice` are the lines that name a device already read."""

    labels: tuple[Label, ...]
    twice: tuple[str, ...]

    @property
    def found(self) -> list[Device]:
        return [label.device for label in self.labels if label.device is not None]

    @property
    def asked(self) -> list[Label]:
        """Those that are not one device for certain."""
        return [label for label in self.labels if label.device is None]


def read_lines(text: str) -> Scanned:
    """One label a line: an address of ours, a serial in any spelling, an inventory tag. Three queries at most.

    Raises Refused beyond `MOST` lines.
    """
    lines = [line for typed in text.splitlines() if (line := clean_line(typed))]
    if len(lines) > MOST:
        raise Refused(TOO_MANY)
    known = _known(lines)
    labels, twice, seen = [], [], set()
    for line in lines:
        label = _label(line, known)
        mark = label.device.pk if label.device else line
        if mark in seen:
            twice.append(line)
            continue
        seen.add(mark)
        labels.append(label)
    return Scanned(tuple(labels), tuple(twice))


@dataclass(frozen=True, slots=True)
class _Known:
    by_pk: dict[int, Device]
    by_mark: dict[str, list[Device]]
    by_look: dict[str, list[Device]]


def _known(lines: list[str]) -> _Known:
    keys = [int(found[1]) for line in lines if (found := _ADDRESS.search(line))]
    marks = {key for line in lines for key in (serial_key(line), tag_key(line)) if key}
    by_mark: dict[str, list[Device]] = defaultdict(list)
    for column in ("serial_key", "tag_key"):
        for device in Device.objects.filter(**{f"{column}__in": marks}):
            if device not in by_mark[getattr(device, column)]:
                by_mark[getattr(device, column)].append(device)
    looks = {alike_key(mark) for mark in marks if mark not in by_mark}
    by_look: dict[str, list[Device]] = defaultdict(list)
    for device in Device.objects.filter(alike_key__in=looks) if looks else ():
        by_look[device.alike_key].append(device)
    return _Known(Device.objects.in_bulk(keys) if keys else {}, dict(by_mark), dict(by_look))


def _label(line: str, known: _Known) -> Label:
    if address := _ADDRESS.search(line):
        device = known.by_pk.get(int(address[1]))
        return (
            Label(line, (device,))
            if device
            else Label(line, doubt="Cette étiquette n’est plus celle d’un appareil.")
        )
    read = read_serial(line)
    devices = known.by_mark.get(read.key) or known.by_mark.get(tag_key(line)) or []
    if len(devices) > 1:
        names = join_list([device.name for device in devices])
        doubt = f"Plusieurs appareils ont ce numéro{NBSP}: {names}. Lequel est-ce{NBSP}?"
        return Label(line, tuple(devices), doubt=doubt)
    if devices:
        return Label(line, tuple(devices))
    if read.doubt:
        return Label(line, doubt=read.doubt, proposed=read.proposed)
    alike = known.by_look.get(alike_key(read.key), []) if read.key else []
    if alike:
        close = join_list([f"« {device.serial} »" for device in alike])
        return Label(
            line,
            tuple(alike),
            doubt=f"Aucun appareil n’a ce numéro, mais {close} lui ressemble. Est-ce lui{NBSP}?",
        )
    return Label(
        line, doubt="Aucun appareil du stock n’a ce numéro. Relisez l’étiquette, ou entrez-le au stock."
    )


def codes_of_photo(upload: UploadedFile) -> list[str]:
    """What the labels of a photo say, from its top to its foot. Raises Refused, which says what to do."""
    file = attachments.inspect_picture(upload)
    if file.kind.kind not in PHOTO_KINDS:
        raise Refused(NO_PICTURE)
    found = label_sandbox.codes_of(file.content)
    if not found:
        raise Refused(NO_CODE)
    return found


def address_of(device: Device) -> str:
    """What the QR code of a label opens, from anywhere."""
    return f"{settings.SITE_URL}{reverse('admin:conventions_device_change', args=[device.pk])}"


def labels_of(devices: list[Device], *, skipped: int = 0) -> bytes:
    """A PDF of the labels of these devices, 24 a sheet; `skipped`: places already used on the first."""
    told = [
        LabelContext(
            address=address_of(device), tag=device.inventory_tag, serial=device.serial, name=device.name
        )
        for device in devices
    ]
    return render_labels(told, skipped=skipped)
