"""Files that staff sent with a refused form: kept for the next try, so that nothing has to be chosen twice.

Each is a pending attachment of a convention. Only who sent it sees it, there and for the same kind of file, until it
is filed (`attachments.attach`) or dropped. What an association sends is kept apart (`space.kept_files`): staff never
read it.
"""

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet

from conventions.domain.documents import attachments
from conventions.models import Attachment, Convention, User


def keep(upload: UploadedFile, *, by: User, convention: Convention, kind: str) -> Attachment:
    """Raises Refused for a wrong kind of file or size: then the field itself says so."""
    return attachments.file_upload(upload, kind=kind, by=by, convention=convention, pending=True)


def keep_once(upload: UploadedFile, *, by: User, convention: Convention, kind: str) -> Attachment:
    """The same file, sent again with a page that is refused again, is the one already kept."""
    same = {"original_name__startswith": str(upload.name)[-255:], "size": upload.size}
    found = kept(by=by, convention=convention).filter(**same).first()
    return found or keep(upload, by=by, convention=convention, kind=kind)


def kept(*, by: User, convention: Convention) -> QuerySet[Attachment]:
    """What this person sent for this convention and has not filed yet."""
    return Attachment.objects.filter(convention=convention, pending=True, uploaded_by=by)


def kept_of(key: str, *, by: User, convention: Convention, kind: str) -> Attachment | None:
    """What the page said it kept: `key` comes back with the form. None for anybody else's."""
    if not (key.isascii() and key.isdecimal() and len(key) < 10):
        return None
    return kept(by=by, convention=convention).filter(pk=key, kind=kind).first()


def readable(*, by: User, convention: Convention) -> QuerySet[Attachment]:
    """The files of a convention, without those that wait for somebody else's form."""
    return Attachment.objects.filter(Q(pending=False) | Q(uploaded_by=by), convention=convention)


def drop(row: Attachment, *, by: User) -> None:
    """It served in another way: nothing waits any more."""
    Attachment.objects.filter(pk=row.pk, pending=True, uploaded_by=by).delete()
