"""The photo of a device: a picture alone, without what it says of where and when it was taken."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain.documents import attachments
from conventions.domain.equipment.happening import Happening, conventions_of, locked, tell, write
from conventions.domain.equipment.refusals import EquipmentRefused
from conventions.equipment_enums import DeviceEventKind
from conventions.models import Attachment, Device, User
from conventions.validators import PHOTO_KINDS

NO_PICTURE = "Choisissez une photo : JPEG, PNG, WebP ou HEIC."


def photograph(device: Device, upload: UploadedFile, *, by: User) -> Attachment:
    """Make an image the photo of a device; those of before stay among its papers. Raises Refused, on « file »."""
    permissions.require(permissions.can_edit_equipment, by)
    file = attachments.inspect_picture(upload)
    if file.kind.kind not in PHOTO_KINDS:
        raise EquipmentRefused({"file": NO_PICTURE})
    with transaction.atomic():
        of = conventions_of([device])
        [row] = locked([device])
        row.photo = attachments.file_upload(file, by=by, title="Photo", device=row)
        row.version += 1
        row.save(update_fields=["photo", "version"])
        today = timezone.localdate()
        details = {"changes": {"photo": [None, row.photo.sha256]}}
        write([Happening(row, DeviceEventKind.CORRECTED, today, details=details)], by=by)
        tell("appareil_corrige", [row], by=by, of=of, champs=["photo"])
    return row.photo
