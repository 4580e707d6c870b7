"""Certificates as PDFs: nobody reads what they say; the serial in the name of the file says of which medium.

One that came with the JSON of the same medium is joined to that try; another is a try of its own, whose day and result
a person says. Until then it waits, seen by who sent it alone.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile

from conventions.domain.documents import attachments
from conventions.exchange.equipment.certificates import Sent
from conventions.formats import serial_key
from conventions.models import Attachment, Device, Medium, User

TITLE: Final = "Certificat d’effacement"
KEPT_FOR: Final = "certificats"
SHORTEST: Final = 4  # signs of a serial in a name
WORDS: Final = 12  # of a name
_BETWEEN: Final = re.compile(r"[^0-9A-Za-zÀ-ÿ]+")


def keep(sent: Sent, *, by: User) -> Attachment:
    """A PDF that opens, to wait for its try. Raises Refused."""
    upload = SimpleUploadedFile(sent.name, sent.content, content_type="application/pdf")
    return attachments.file_upload(
        attachments.inspect(upload), by=by, title=TITLE, pending=True, kept_for=KEPT_FOR
    )


def of_devices(papers: Mapping[int, Device], *, by: User) -> dict[int, Attachment]:
    """File these waiting PDFs among the papers of their devices: {key: row}. Raises PermissionDenied for others'."""
    rows = Attachment.objects.filter(pk__in=papers, pending=True).order_by("pk")
    return {row.pk: attachments.attach(row, device=papers[row.pk], by=by) for row in rows}


def keys_of(name: str) -> Iterator[str]:
    """The serials that the name of a file may hold, as they are compared, the longest first."""
    words = [word for word in _BETWEEN.split(PurePosixPath(name).stem) if word][:WORDS]
    for size in range(len(words), 0, -1):
        for start in range(len(words) - size + 1):
            key = serial_key("".join(words[start : start + size]))
            if len(key) >= SHORTEST:
                yield key


def named(names: Sequence[str]) -> tuple[dict[str, list[Medium]], dict[str, list[Device]]]:
    """({key: media}, {key: devices}) of the stock that these names hold; two queries."""
    keys = {key for name in names for key in keys_of(name)}
    media: dict[str, list[Medium]] = defaultdict(list)
    for medium in Medium.objects.filter(serial_key__in=keys).select_related("device").order_by("pk"):
        media[medium.serial_key].append(medium)
    devices: dict[str, list[Device]] = defaultdict(list)
    for device in Device.objects.filter(serial_key__in=keys).prefetch_related("media").order_by("pk"):
        devices[device.serial_key].append(device)
    return media, devices
