"""A file sent with a form of the space that is refused: kept for its sender, so that it is not chosen twice.

Bound to the person and to the form, for two hours; never a document, never read by anyone else. Sent at last, it goes
through the same checks as any upload.
"""

import datetime
import hashlib
import secrets
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from conventions.domain.documents import attachments, storage
from conventions.domain.foundation.failures import Failures
from conventions.models import KeptFile, User

FOR = datetime.timedelta(hours=2)
FOLDER = "kept"
MOST = 5  # files of one person at a time


@dataclass(frozen=True, slots=True)
class Desk:
    """One form of one person; `form` names it: « rib:12 »."""

    user: User
    form: str

    def find(self, key: str) -> KeptFile | None:
        """What this page said it kept: `key` comes back with the form. None when it is over, or somebody else's."""
        if not (key.isascii() and key.isdecimal() and len(key) < 19):
            return None
        rows = KeptFile.objects.filter(user=self.user, form=self.form, kept_at__gt=timezone.now() - FOR)
        row = rows.filter(pk=key).first()
        return row if row and _content(row) is not None else None

    def keep(self, upload: UploadedFile) -> KeptFile:
        """Keep a file in place of the one kept for this form. Raises Refused on « file » for a hostile one."""
        file = attachments.inspect(upload)
        name = f"{FOLDER}/{secrets.token_hex(8)}{_mark(file.content)}"
        storage.put_bytes(file.content, name)
        with transaction.atomic():
            User.objects.select_for_update().only("pk").get(pk=self.user.pk)
            self.clear()
            for row in KeptFile.objects.filter(user=self.user).order_by("-kept_at", "-pk")[MOST - 1 :]:
                _erase(row)
            row = KeptFile.objects.create(
                user=self.user,
                form=self.form,
                original_name=file.name[-255:],
                size=len(file.content),
                stored_as=name,
            )
        return row

    def clear(self) -> None:
        """Erase what is kept for this form: it was sent, taken out, or replaced."""
        for row in KeptFile.objects.filter(user=self.user, form=self.form):
            _erase(row)


def as_upload(row: KeptFile) -> ContentFile:
    """A file that `find` gave, as if it had just been chosen."""
    return ContentFile(_content(row) or b"", name=row.original_name)


def _content(row: KeptFile) -> bytes | None:
    """Its bytes; None when they are no longer what was sent: the form asks for the file again."""
    content = storage.bytes_at(row.stored_as)
    return content if content is not None and row.stored_as.endswith(_mark(content)) else None


def _mark(content: bytes) -> str:
    """What the name of a kept file says of its bytes."""
    return hashlib.sha256(content).hexdigest()[:16]


def _erase(row: KeptFile) -> None:
    """The row goes, then the bytes once that is certain."""
    name = row.stored_as
    with transaction.atomic():
        row.delete()
        transaction.on_commit(lambda: storages["private"].delete(name))


def purge(failures: Failures | None = None, *, at: datetime.datetime | None = None) -> int:
    """Erase what was kept more than two hours ago. Returns how many files."""
    failures, erased = failures or Failures(), 0
    for row in KeptFile.objects.filter(kept_at__lte=(at or timezone.now()) - FOR).order_by("pk"):
        with failures.of(f"Fichier gardé {row.pk}"):
            _erase(row)
            erased += 1
    with failures.of("Fichiers gardés sans ligne"):
        _erase_left_behind(at or timezone.now())
    return erased


def _erase_left_behind(now: datetime.datetime) -> None:
    """Bytes whose process died before it wrote their row."""
    store = storages["private"]
    if not store.exists(FOLDER):
        return
    known = set(KeptFile.objects.values_list("stored_as", flat=True))
    for name in {f"{FOLDER}/{name}" for name in store.listdir(FOLDER)[1]} - known:
        if store.get_modified_time(name) <= now - FOR:
            store.delete(name)
