"""Received files under the seal of an act: read once when they are chosen, embedded byte for byte when it is frozen.

A PDF that is nothing but the drawing of its pages is taken as it is; of any other, what readers show of its pages and
nothing else. A photo or an image becomes a page. The bytes stand in private storage under their hash, like a document.
"""

import hashlib
import io
import re
from collections.abc import Iterable

from django.http import FileResponse, HttpRequest, HttpResponseNotModified

from conventions.domain.documents import pictures, storage
from conventions.domain.documents.context import AgreementContext, AnnexContext, SnapshotError, from_snapshot
from conventions.domain.documents.rendering import annex_file_name
from conventions.domain.documents.storage import DamagedDocument, checked_bytes, put_bytes, read_bytes
from conventions.domain.foundation import pdf_sandbox, photo_sandbox
from conventions.domain.foundation.refusals import Refused
from conventions.enums import AttachmentKind, DocumentKind
from conventions.formats import CONTENT_TYPES, holds_account, slugify_fr
from conventions.models import Annex, Attachment, Document
from conventions.models.documents import bytes_name
from conventions.validators import PHOTO_KINDS

MAX_PAGES = 200  # of one annex
MAX_BYTES = (
    15 << 20
)  # of all those of an act: what a phone may still open, and the page that verifies may read
A4 = (8.27, 11.69)  # inches
IMAGES = tuple(CONTENT_TYPES[kind] for kind in PHOTO_KINDS)
_BANK = re.compile(r"\b(RIB|IBAN|relevés? d.identité bancaire)\b", re.IGNORECASE)

BANK = (
    "Un RIB n’est jamais une annexe : il porterait le compte entier dans un texte que d’autres lisent. Le compte se "
    "vérifie dans la fiche du partenaire, et l’acte n’en dit que la référence."
)
ACCOUNT = (
    "Cette pièce montre un compte bancaire entier ({}), et d’autres la liront. Masquez ce numéro, déposez cette copie, "
    "puis choisissez-la ici. Un RIB, lui, se classe dans la fiche du partenaire."
)
NOT_A_PDF = (
    "Une annexe est un PDF, une photo ou une image (JPEG, PNG, WebP, HEIC). Enregistrez ce fichier en PDF, "
    "déposez-le avec les pièces du dossier, puis choisissez-le ici."
)
PENDING = "Cette pièce n’est pas encore rattachée au dossier : enregistrez d’abord la page."
TOO_LONG = f"Cette pièce a plus de {MAX_PAGES} pages. Déposez-en l’extrait utile, puis choisissez-le ici."
TOO_LARGE = (
    "Cette image est trop grande. Enregistrez-la en PDF ou réduisez-la, déposez-la, puis choisissez-la ici."
)
UNREADABLE = "Cette image est abîmée. Déposez-la de nouveau, puis choisissez-la ici."


def is_bank(row: Attachment) -> bool:
    """Whether a filed paper is bank details: by its kind, its name, or because the same bytes are filed as such."""
    return row.pk in bank_papers([row])


def bank_papers(rows: list[Attachment]) -> set[int]:
    """The keys of those of these papers that are bank details; one query."""
    by_name = {row.pk for row in rows if row.kind == AttachmentKind.BANK or _BANK.search(_names(row))}
    others = {row.sha256 for row in rows if row.pk not in by_name}
    if not others:
        return by_name
    found = Attachment.objects.filter(sha256__in=others, kind=AttachmentKind.BANK)
    same = set(found.values_list("sha256", flat=True))
    return by_name | {row.pk for row in rows if row.sha256 in same}


def _names(row: Attachment) -> str:
    return f"{row.title} {row.original_name}".replace("_", " ")


def take(annex: Annex) -> Annex:
    """Read the paper that an annex names and fill in what will be embedded: hash, size, pages; no row is written.

    Outside any transaction: a process apart reads a PDF. Raises Refused: not a PDF nor an image, bank details, locked,
    damaged, too long, or not to be shown as readers see it.
    """
    row = annex.attachment
    if row.pending:
        raise Refused(PENDING)
    if is_bank(row):
        raise Refused(BANK)
    content, pages = _taken(row)
    annex.sha256, annex.size, annex.page_count = hashlib.sha256(content).hexdigest(), len(content), pages
    put_bytes(content, annex.storage_name)
    return annex


def _taken(row: Attachment) -> tuple[bytes, int]:
    try:
        content = read_bytes(row)
    except DamagedDocument as damage:
        raise Refused(f"{damage} Déposez la pièce de nouveau, puis choisissez-la ici.") from damage
    if row.content_type in IMAGES:
        return page_of(row, content), 1
    if row.content_type != CONTENT_TYPES["pdf"]:
        raise Refused(NOT_A_PDF)
    texts = pdf_sandbox.words_of(content)
    pages = len(texts)
    if pages > MAX_PAGES:
        raise Refused(TOO_LONG)
    if shown := [rank for rank, text in enumerate(texts, 1) if holds_account(text)]:
        raise Refused(ACCOUNT.format(pdf_sandbox.pages_told(shown).lower()))
    if next(pdf_sandbox.read_pages(content, pictures=False))["whole"]:
        return content, pages
    return pdf_sandbox.cut([(content, number, 0) for number in range(1, pages + 1)]), pages


def _shown(row: Attachment, content: bytes) -> bytes:
    """The bytes of an image that any reader opens."""
    return photo_sandbox.jpeg_of(content) if row.content_type == CONTENT_TYPES["heic"] else content


def page_of(row: Attachment, content: bytes) -> bytes:
    """An image as one page, upright, within A4 in its direction."""
    flat = pictures.flat(_shown(row, content), too_large=TOO_LARGE, unreadable=UNREADABLE)
    sides = A4 if flat.width <= flat.height else A4[::-1]
    page = io.BytesIO()
    flat.save(page, "PDF", quality=90, resolution=max(flat.width / sides[0], flat.height / sides[1]))
    return page.getvalue()


def bytes_of(annex: AnnexContext) -> bytes:
    """The bytes of a frozen annex. Raises DamagedDocument."""
    told = f"Le fichier de l’annexe {annex.number} « {annex.title} »"
    return checked_bytes(bytes_name(annex.sha256), annex.sha256, told=told)


def enclosed(ctx: AgreementContext) -> tuple[bytes, ...]:
    """The bytes of an act's annexes, in their order, for `render_agreement`. Raises DamagedDocument."""
    return tuple(map(bytes_of, ctx.files))


def file_name(annex: Annex) -> str:
    """Its name before the act is frozen, when it has no number yet: « annexe-plan-de-scene.pdf »."""
    return f"annexe-{slugify_fr(annex.title)[:60]}".strip("-") + ".pdf"


def frozen_in(document: Document | None) -> tuple[AnnexContext, ...]:
    """The annexes that a frozen document names; none for any other, or one that cannot be read."""
    if document is None or document.snapshot is None or document.kind != DocumentKind.FROZEN:
        return ()
    try:
        context = from_snapshot(document.snapshot)
    except SnapshotError:
        return ()
    return context.files if isinstance(context, AgreementContext) else ()


def download_response(
    document: Document, number: int, *, request: HttpRequest
) -> FileResponse | HttpResponseNotModified | None:
    """An annex of a frozen document, to be read; None for a number that it has not. Raises DamagedDocument."""
    found = next((one for one in frozen_in(document) if one.number == number), None)
    row = Annex.objects.filter(act=document.act_id, sha256=found.sha256).first() if found else None
    if found is None or row is None:
        return None
    return storage.download_response(row, request=request, filename=annex_file_name(found), inline=True)


def total_size(annexes: Iterable[Annex | AnnexContext]) -> int:
    """Bytes."""
    return sum(row.size for row in annexes)
