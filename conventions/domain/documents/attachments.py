"""Files that people file: bytes in private storage under their hash, a row that says what they are.

`file_upload(upload, kind=…, by=…, partner=…)`. The file of a form that failed waits (`kept_files`);
`attach(row, …)` files it.
What comes from outside is inspected first, before the transaction: `file_upload(inspect(upload), …)`.
"""

import hashlib
import io
from dataclasses import dataclass, replace
from functools import cached_property

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse

from conventions import permissions
from conventions.domain import journal
from conventions.domain.documents.storage import is_made_here, put_bytes, read_bytes
from conventions.domain.foundation import pdf_sandbox, photo_sandbox
from conventions.domain.foundation.refusals import Refused, refusal_of
from conventions.enums import AttachmentKind
from conventions.formats import NBSP, FileKind, FormatError, name_for, picture_alone
from conventions.models import Act, Attachment, BankAccount, Convention, Device, Partner, User
from conventions.validators import DOCUMENT_KINDS, validate_upload


@dataclass(frozen=True)
class Received:
    """A file as it came, of a kind and a size that are taken; read and hashed once."""

    name: str
    kind: FileKind
    content: bytes

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def file_upload(
    upload: UploadedFile | Received,
    *,
    kind: str = AttachmentKind.OTHER,
    by: User,
    title: str = "",
    note: str = "",
    convention: Convention | None = None,
    partner: Partner | None = None,
    act: Act | None = None,
    device: Device | None = None,
    pending: bool = False,
    kept_for: str = "",
) -> Attachment:
    """Keep a file (an upload, or what `inspect` gave) and its row, with a journal line unless it is still pending.

    Raises Refused for a wrong kind or size: the bytes decide, not the name.
    """
    permissions.require(permissions.can_file_attachments, by)
    file = upload if isinstance(upload, Received) else _read(upload)
    row = Attachment(
        convention=convention,
        partner=partner,
        act=act,
        device=device,
        kind=kind,
        title=title.strip(),
        note=note.strip(),
        original_name=file.name[-255:],
        content_type=file.kind.content_type,
        size=len(file.content),
        sha256=file.sha256,
        pending=pending,
        kept_for=kept_for,
        uploaded_by=by,
    )
    put_bytes(file.content, row.storage_name)
    with transaction.atomic():
        row.save()
        if not pending:
            _record("piece_jointe_ajoutee", row, by=by)
    return row


def file_statement(upload: UploadedFile, account: BankAccount, *, by: User) -> Attachment:
    """The bank statement that an account was recorded from. Raises Refused."""
    with transaction.atomic():
        row = file_upload(
            upload,
            kind=AttachmentKind.BANK,
            by=by,
            partner=account.partner,
            title=f"RIB{NBSP}: {account}",
        )
        account.attachment = row
        account.save(update_fields=["attachment"])
    return row


def _read(upload: UploadedFile) -> Received:
    kind = _kind_of(upload)
    upload.seek(0)
    return Received(name_for(kind.kind, str(upload.name)), kind, upload.read())


def inspect(upload: UploadedFile) -> Received:
    """What comes from outside, read once: a PDF opens, without password, and nothing in it acts; a photo loses what it
    says beside its picture (where, when, by whom), to the same dots.

    Our own documents, to the last byte, come back whoever sends them: they carry their data. Called before the
    transaction: any other PDF is read by a process apart. Raises Refused.
    """
    file = _read(upload)
    try:
        if file.kind.kind == "pdf" and not is_made_here(file.sha256):
            pdf_sandbox.refuse_active(file.content)
    except pdf_sandbox.UnreadablePdf as refusal:
        raise Refused({"file": str(refusal)}) from refusal
    try:
        alone = picture_alone(file.kind.kind, file.content)
    except FormatError as refusal:
        raise Refused({"file": refusal.message}) from refusal
    return file if alone is file.content else replace(file, content=alone)


def inspect_picture(upload: UploadedFile) -> Received:
    """As `inspect`, for what will be shown: a HEIC photo, which few browsers show, is a JPEG, made by a process apart.

    Raises Refused.
    """
    file = inspect(upload)
    if file.kind.kind != "heic":
        return file
    try:
        content = photo_sandbox.jpeg_of(file.content)
    except photo_sandbox.UnreadablePhoto as refusal:
        raise Refused({"file": str(refusal)}) from refusal
    return Received(name_for("jpeg", file.name), FileKind("jpeg"), content)


def _kind_of(upload: UploadedFile) -> FileKind:
    try:
        return validate_upload(upload, DOCUMENT_KINDS)
    except ValidationError as error:
        raise refusal_of(error, field="file") from error


def attach(
    row: Attachment,
    *,
    by: User,
    convention: Convention | None = None,
    partner: Partner | None = None,
    act: Act | None = None,
    device: Device | None = None,
) -> Attachment:
    """File a pending attachment. Raises PermissionDenied when someone else sent it."""
    if row.uploaded_by_id != by.pk:
        raise PermissionDenied("Ce fichier a été déposé par quelqu’un d’autre.")
    with transaction.atomic():
        row.convention, row.partner, row.act, row.device, row.pending = (
            convention,
            partner,
            act,
            device,
            False,
        )
        row.save(update_fields=["convention", "partner", "act", "device", "pending"])
        _record("piece_jointe_ajoutee", row, by=by)
    return row


def download_response(row: Attachment, *, by: User) -> FileResponse:
    """A download under the name that was typed; never shown inside the site.

    A bank statement holds the account in full: each reading of it is journalled. Raises PermissionDenied for who
    may not read it: `permissions.can_read_attachment`, and DamagedDocument.
    """
    permissions.require(permissions.can_read_attachment, by, row)
    content = io.BytesIO(read_bytes(row))
    if row.kind == AttachmentKind.BANK:
        with transaction.atomic():
            _record("rib_consulte", row, by=by)
    response = FileResponse(
        content,
        as_attachment=True,
        filename=row.original_name,
        content_type=row.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _record(event: str, row: Attachment, *, by: User) -> None:
    convention = row.convention or (row.act.convention if row.act else None)
    links = {"convention": convention} if convention is not None else {"partner": row.partner}
    device = {"fiches": [row.device_id]} if row.device_id else {}
    journal.record(
        event,
        by=by,
        details={"piece": row.pk, "type": row.kind, "sha256": row.sha256, "taille": row.size} | device,
        personal={"nom": row.original_name, "titre": row.title},
        **links,
    )
