"""Files that staff sent with a refused form: kept for the next try, so that nothing has to be chosen twice.

Each is a pending attachment of a convention. Only who sent it sees it, there and in the same form, until it is filed
(`attachments.attach`), dropped, or thirty days old. What an association sends is kept apart (`space.kept_files`): staff
never read it.
"""

import datetime

from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from conventions.domain.documents import attachments
from conventions.domain.foundation.failures import Failures
from conventions.models import Attachment, Convention, User

FOR = datetime.timedelta(days=30)
PAGE = ""  # the form that a whole convention is


def keep(
    upload: UploadedFile, *, by: User, convention: Convention, kind: str, form: str = PAGE
) -> Attachment:
    """Raises Refused for a wrong kind of file or size: then the field itself says so."""
    return attachments.file_upload(
        upload, kind=kind, by=by, convention=convention, pending=True, kept_for=form
    )


def keep_once(upload: UploadedFile, *, by: User, convention: Convention, kind: str) -> Attachment:
    """The same file, sent again with a page that is refused again, is the one already kept."""
    same = {"original_name__startswith": str(upload.name)[-255:], "size": upload.size}
    found = kept(by=by, convention=convention).filter(**same).first()
    return found or keep(upload, by=by, convention=convention, kind=kind)


def kept(*, by: User, convention: Convention, form: str = PAGE) -> QuerySet[Attachment]:
    """What this person sent with this form of this convention and has not filed yet."""
    rows = Attachment.objects.filter(convention=convention, pending=True, kept_for=form, uploaded_by=by)
    return rows.filter(uploaded_at__gt=timezone.now() - FOR)


def kept_of(key: str, *, by: User, convention: Convention, form: str) -> Attachment | None:
    """What the page said it kept: `key` comes back with the form. None for anybody else's, and for what is over."""
    if not (key.isascii() and key.isdecimal() and len(key) < 10):
        return None
    return kept(by=by, convention=convention, form=form).filter(pk=key).first()


def readable(*, by: User, convention: Convention) -> QuerySet[Attachment]:
    """The files of a convention, without those that wait for somebody else's form."""
    return Attachment.objects.filter(Q(pending=False) | Q(uploaded_by=by), convention=convention)


def drop(row: Attachment, *, by: User) -> None:
    """It served in another way: nothing waits any more."""
    _erase(Attachment.objects.filter(pk=row.pk, uploaded_by=by))


def purge(failures: Failures | None = None, *, at: datetime.datetime | None = None) -> int:
    """Erase what was kept thirty days ago or more and never filed. Returns how many files."""
    failures, erased = failures or Failures(), 0
    over = Attachment.objects.filter(pending=True, uploaded_at__lte=(at or timezone.now()) - FOR)
    for pk in list(over.order_by("pk").values_list("pk", flat=True)):
        with failures.of(f"Fichier gardé {pk}"):
            erased += _erase(over.filter(pk=pk))
    return erased


def _erase(rows: QuerySet[Attachment]) -> int:
    """The row goes, if it still waits, then the bytes once that is certain, unless another row names them."""
    with transaction.atomic():
        row = rows.select_for_update().filter(pending=True).first()
        if row is None:
            return 0
        name, digest = row.storage_name, row.sha256
        row.delete()
        if not Attachment.objects.filter(sha256=digest).exists():
            transaction.on_commit(lambda: storages["private"].delete(name))
    return 1
