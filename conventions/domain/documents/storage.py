"""Documents: bytes written once under their SHA-256, rows never changed, downloads without a render.

Bytes go to private storage before the row that names them: a process killed between the two leaves unnamed bytes,
never a row without its bytes. Reading always checks the hash: of attachments and pictures too, all is read here.
"""

import hashlib
import io
import re
import secrets
from collections.abc import Iterable
from typing import Any, BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Max
from django.http import FileResponse, HttpRequest, HttpResponseNotModified

from conventions.domain import journal
from conventions.domain.documents.context import context_hash, to_snapshot
from conventions.domain.documents.rendering import RenderedPdf
from conventions.domain.foundation.pdf_sandbox import InspectedPdf
from conventions.enums import ActState, DocumentKind
from conventions.formats import CODE_ALPHABET, CODE_LENGTH, kind_of_file, slugify_fr
from conventions.models import (
    Act,
    Annex,
    Attachment,
    Ceremony,
    Document,
    PaymentFile,
    Photo,
    ReceivedFile,
    SealedRevision,
    User,
)
from conventions.models.documents import HANDOVER_KINDS, DocumentQuerySet
from conventions.models.scans import received_name
from conventions.validators import IMAGE_KINDS

PDF_SIGNATURE = b"%PDF-"
Shown = Annex | Attachment | Document | PaymentFile | ReceivedFile | Photo
Stored = Annex | Document | PaymentFile | SealedRevision | Attachment | ReceivedFile | Photo


class DamagedDocument(Exception):
    """Stored bytes are missing, or no longer have the hash of their row.

    `name`: theirs in private storage. `row`: whose they are, where a row has them.
    """

    def __init__(self, told: str, *, name: str, row: Stored | None = None) -> None:
        super().__init__(told)
        self.name, self.row = name, row


def new_code() -> str:
    """A verification code of 65 random bits, as `formats.show_code` prints it; the database refuses a second one."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def put_bytes(content: bytes, name: str) -> None:
    """Bytes in private storage, under a name that holds their hash: what stands there is compared, replaced if wrong.

    Raises Unwritable.
    """
    if bytes_at(name) != content:
        storages["private"].save(name, ContentFile(content))


def bytes_at(name: str) -> bytes | None:
    """None when they are not there, or the disk does not give them."""
    try:
        with storages["private"].open(name) as file:
            return file.read()
    except OSError:
        return None


def store(
    pdf: RenderedPdf,
    *,
    kind: DocumentKind,
    title: str,
    by: User | None,
    act: Act | None = None,
    ceremony: Ceremony | None = None,
    context: Any = None,
    code: str = "",
    made_from: Document | None = None,
    sealed: bytes | None = None,
) -> Document:
    """Insert the next version of a rendered document of an act or a ceremony, with its journal line.

    `context` is the frozen dataclass it was rendered from: kept as snapshot and hash. `code`: by which it is verified.
    `made_from`: the stored document whose pages these are.
    `sealed`: the render with a seal after it; it is what is kept, the render stays its first bytes.
    """
    return _insert(
        pdf.content if sealed is None else sealed,
        kind=kind,
        title=title,
        by=by,
        act=act,
        ceremony=ceremony,
        page_count=pdf.page_count,
        render_sha256=pdf.sha256,
        render_size=len(pdf.content),
        tool_versions=pdf.tool_versions,
        context_sha256=context_hash(context) if context is not None else "",
        snapshot=to_snapshot(context) if context is not None else None,
        code=code,
        made_from=made_from,
    )


def store_signed(content: bytes, *, frozen: Document, by: User | None) -> Document:
    """Insert the signed document of an online act: the frozen one with the seal of each signature after it."""
    return _store_sealed(content, DocumentKind.SIGNED, f"{frozen.title} – signé", frozen=frozen, by=by)


def store_stamped(content: bytes, *, frozen: Document) -> Document:
    """Insert the signed document of an online act with a newer time stamp after it."""
    title = f"{frozen.title} – signé, horodatage renouvelé"
    return _store_sealed(content, DocumentKind.STAMPED, title, frozen=frozen, by=None)


def store_signed_handover(content: bytes, *, paper: Document) -> Document:
    """Insert the procès-verbal of a remise as its one signature left it."""
    kind, title = DocumentKind.HANDOVER_SIGNED, f"{paper.title} – signé en ligne"
    return _store_sealed(content, kind, title, frozen=paper, by=None, made_from=paper)


def _store_sealed(
    content: bytes,
    kind: DocumentKind,
    title: str,
    *,
    frozen: Document,
    by: User | None,
    made_from: Document | None = None,
) -> Document:
    return _insert(
        content,
        kind=kind,
        title=title,
        by=by,
        act=frozen.act,
        ceremony=None,
        page_count=frozen.page_count,
        render_sha256=frozen.render_sha256,
        render_size=frozen.render_size,
        tool_versions=frozen.tool_versions,
        made_from=made_from,
    )


def store_upload(
    content: InspectedPdf, *, kind: DocumentKind, title: str, by: User | None, act: Act
) -> Document:
    """Insert a PDF that someone filed (the scan of a signed act), with the files it was made of beside."""
    for file in content.received:
        put_bytes(file.content, received_name(file.sha256))
    with transaction.atomic():
        document = _insert(
            content, kind=kind, title=title, by=by, act=act, ceremony=None, page_count=content.page_count
        )
        ReceivedFile.objects.bulk_create(
            ReceivedFile(
                document=document,
                original_name=file.name[-255:],
                sha256=file.sha256,
                size=len(file.content),
                pages=file.listed,
                is_signed=file.is_signed,
                acting=file.acting,
            )
            for file in content.received
        )
    return document


def _insert(
    content: bytes,
    *,
    kind: str,
    title: str,
    by: User | None,
    act: Act | None,
    ceremony: Ceremony | None,
    **columns: Any,
) -> Document:
    digest = hashlib.sha256(content).hexdigest()
    document = Document(
        act=act,
        ceremony=ceremony,
        kind=kind,
        title=title[:255],
        sha256=digest,
        size=len(content),
        created_by=by,
        **columns,
    )
    put_bytes(content, document.storage_name)
    with transaction.atomic():
        journal.record(
            "document_produit",
            by=by,
            convention=act.convention if act else None,
            details={
                "type": str(kind),
                "titre": document.title,
                "sha256": digest,
                "pages": document.page_count,
            },
        )
        document.version = _next_version(kind, act=act, ceremony=ceremony)
        document.save(force_insert=True)
    return document


def _next_version(kind: str, *, act: Act | None, ceremony: Ceremony | None) -> int:
    owned = Document.objects.filter(kind=kind, act=act, ceremony=ceremony)
    return (owned.aggregate(last=Max("version"))["last"] or 0) + 1


def read_bytes(row: Stored) -> bytes:
    """The stored bytes, their hash checked. Raises DamagedDocument."""
    told = f"Le fichier {_of(row)}"
    return checked_bytes(row.storage_name, row.sha256, told=told, row=row)


def checked_bytes(name: str, sha256: str, *, told: str, row: Stored | None = None) -> bytes:
    """What private storage holds under a name, if it has this hash. Raises DamagedDocument: « … a disparu. »."""
    content = bytes_at(name)
    if content is None:
        raise DamagedDocument(f"{told} a disparu.", name=name, row=row)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DamagedDocument(f"{told} a été modifié.", name=name, row=row)
    return content


def _of(row: Stored) -> str:
    """The title of a document; what people called their own files is often a name, and stays where it is."""
    if isinstance(row, Annex | PaymentFile):
        return f"de l’annexe {row.pk}" if isinstance(row, Annex) else f"du dossier de versement {row.pk}"
    if isinstance(row, Attachment | ReceivedFile):
        return f"de la pièce jointe {row.pk}" if isinstance(row, Attachment) else f"reçu {row.pk}"
    return f"de la photo {row.pk}" if isinstance(row, Photo) else f"du document « {row} »"


def is_made_here(sha256: str) -> bool:
    """Whether the bytes of this hash are a document that the application made, at any stage of its seals.

    A scan is kept in the register too, but was made elsewhere. Two queries at most.
    """
    if SealedRevision.objects.filter(sha256=sha256).exists():
        return True
    return Document.objects.filter(sha256=sha256).exclude(kind=DocumentKind.SCAN).exists()


def open_bytes(document: Annex | Document | PaymentFile | ReceivedFile) -> BinaryIO:
    """The stored bytes as a seekable file, their hash checked. Raises DamagedDocument."""
    return io.BytesIO(read_bytes(document))


def download_response(
    document: Annex | Document | PaymentFile | ReceivedFile,
    *,
    request: HttpRequest,
    filename: str = "",
    inline: bool = False,
) -> FileResponse | HttpResponseNotModified:
    """Serve stored bytes: no render, the hash is the ETag. Raises DamagedDocument."""
    if _is_known(document, request):
        return HttpResponseNotModified(headers={"ETag": _etag(document)})
    response = FileResponse(
        open_bytes(document),
        as_attachment=not inline,
        filename=filename or ("" if isinstance(document, Annex | PaymentFile) else file_name(document)),
        content_type="application/pdf",
    )
    return _private(response, document)


def picture_response(
    photo: Photo | Attachment, *, request: HttpRequest, filename: str = "photo"
) -> FileResponse | HttpResponseNotModified:
    """Serve a picture to be shown, its hash checked; what is no picture is to be kept. Raises DamagedDocument."""
    if _is_known(photo, request):
        return HttpResponseNotModified(headers={"ETag": _etag(photo)})
    content = io.BytesIO(read_bytes(photo))
    kind = kind_of_file(content, "")
    shown = kind.kind in IMAGE_KINDS
    response = FileResponse(
        content,
        as_attachment=not shown,
        filename=f"{filename}-{photo.pk}.{kind.kind if shown else 'bin'}",
        content_type=kind.content_type if shown else "application/octet-stream",
    )
    return _private(response, photo)


def _etag(row: Shown) -> str:
    return f'"{row.sha256}"'


def _is_known(row: Shown, request: HttpRequest) -> bool:
    return _etag(row) in request.headers.get("If-None-Match", "")


def _private(response: FileResponse, row: Shown) -> FileResponse:
    headers = {"ETag": _etag(row), "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-cache"}
    for name, value in headers.items():
        response[name] = value
    return response


def file_name(document: Document | ReceivedFile) -> str:
    """« 2026-014-les-kimonos-du-coeur-signe.pdf »: ASCII, no path, at most 120 characters.

    A file as it came keeps the hash that tells it apart: « …-scan-recu-0f3a9c1d.pdf ».
    """
    if isinstance(document, ReceivedFile):
        return f"{file_name(document.document).removesuffix('.pdf')}-recu-{document.sha256[:8]}.pdf"
    act = document.act
    owner = document.ceremony.slug if document.ceremony else ""
    stem = [act.reference, act.convention.slug] if act else [owner]
    parts = [slugify_fr(part) for part in [*stem, document.kind.replace("_", "-")] if part]
    suffix = f"-v{document.version}" if document.version > 1 else ""
    return re.sub(r"-+", "-", "-".join(parts))[:110] + f"{suffix}.pdf"


def signed_copies(acts: Iterable[Act]) -> dict[int, Document]:
    """{act: the document that carries its signatures, if one is stored}: with its newest time stamp, or its scan.

    One query beside what the acts hold.
    """
    signed = {act.pk: act.signed_document for act in acts if act.signed_document}
    rows = Document.objects.filter(act__in=acts, kind__in=(DocumentKind.SCAN, DocumentKind.STAMPED))
    newest = {
        row.act_id: row
        for row in rows.order_by("version")
        if row.act_id and (row.kind == DocumentKind.STAMPED or row.act_id not in signed)
    }
    return signed | newest


def newest(documents: Iterable[Document]) -> list[Document]:
    """These documents in their order, without the signed ones of which a newer time stamp is among them."""
    rows = list(documents)
    stamped = sorted((row for row in rows if row.kind == DocumentKind.STAMPED), key=lambda row: row.version)
    last = {row.act_id: row.pk for row in stamped}
    sealed = (DocumentKind.SIGNED, DocumentKind.STAMPED)
    return [row for row in rows if row.kind not in sealed or last.get(row.act_id, row.pk) == row.pk]


def verification_codes(acts: Iterable[Act]) -> dict[int, str]:
    """{act: the code printed on its pages, as stored}; nothing for what was signed before the application.

    The signed document has the pages of the frozen one, and a scan is that of these pages: the code is its. Texts
    frozen before codes existed have that of the copies printed from them, if any: one query, for these alone.
    """
    frozen = {act.pk: act.frozen_document for act in acts if act.frozen_document}
    codes = {pk: document.code for pk, document in frozen.items() if document.code}
    without = [document.pk for pk, document in frozen.items() if pk not in codes]
    if without:
        printed = Document.objects.of_kind(DocumentKind.COPIES).filter(made_from__in=without).exclude(code="")
        codes |= {pk: code for pk, code in printed.values_list("act", "code") if pk is not None}
    return codes


PARTNER_STATES = (ActState.SIGNED, ActState.TO_SIGN, ActState.PARTLY_SIGNED, ActState.TO_SEAL)
PARTNER_KINDS = (
    DocumentKind.SIGNED,
    DocumentKind.STAMPED,
    DocumentKind.SCAN,
    *HANDOVER_KINDS,
    DocumentKind.ATTESTATION,
)


def shown_to_partner(act: Act) -> DocumentQuerySet:
    """Documents of an act that its parties may download: the frozen text, the signed copy, handover papers."""
    if act.state not in PARTNER_STATES:
        return act.documents.none()
    frozen = act.documents.filter(kind=DocumentKind.FROZEN, pk=act.frozen_document_id or 0)
    return act.documents.filter(kind__in=PARTNER_KINDS) | frozen


def is_shown_to_partner(document: Document, act: Act) -> bool:
    """The same rule for one document, without a query."""
    is_current = document.kind == DocumentKind.FROZEN and document.pk == act.frozen_document_id
    return act.state in PARTNER_STATES and (document.kind in PARTNER_KINDS or is_current)
