"""The dossier of a signed act, for whoever signed it: the document, its attestation, the journal's lines, the papers.

One ZIP, written as it is sent; nothing is rendered. `sha256sum -c SHA256SUMS` checks it, and LISEZMOI.txt says how to
verify the signatures.
"""

from collections.abc import Iterator

from django.conf import settings
from django.core.files.storage import storages
from django.http import StreamingHttpResponse
from django.utils import timezone

from conventions.domain import documents
from conventions.domain.signing import attestation
from conventions.enums import ActState, AttachmentKind, DocumentKind
from conventions.exchange.archives.streamed_zip import StreamedZip, as_download
from conventions.formats import act_words, long_date, show_code, slugify_fr
from conventions.models import Act, Attachment, Document

README = "LISEZMOI.txt"
# Papers that the text names among its annexes; bank details and internal papers stay out.
ANNEXES = (AttachmentKind.PROJECT, AttachmentKind.BUDGET)
ENDINGS = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}


class NoDossier(Exception):
    """There is nothing to give yet; the message, in French, says why."""


def dossier_response(act: Act) -> StreamingHttpResponse:
    """A download « dossier-2026-014.zip ». Raises NoDossier, DamagedDocument: checked before the first byte."""
    files = dossier_files(act)
    return as_download(_chunks(act, files), f"dossier-{slugify_fr(act.reference)}")


def dossier_files(act: Act) -> list[tuple[str, bytes]]:
    """(name, bytes) of the documents of a signed act. Raises NoDossier, DamagedDocument."""
    signed = act.signed_document if act.state == ActState.SIGNED else None
    if signed is None:
        words = act_words(act.kind)
        raise NoDossier(f"{words.the.capitalize()} n’est pas encore {words.agree('signé')}.")
    found = [(documents.file_name(signed), documents.read_bytes(signed))]
    stated = act.documents.filter(kind=DocumentKind.ATTESTATION).latest_version()
    if stated is not None:
        found.append((documents.file_name(stated), documents.read_bytes(stated)))
        found.append(("journal.json", attestation.journal_json(act, attestation.lines_of(act))))
    return [*found, *_papers(act)]


def _papers(act: Act) -> list[tuple[str, bytes]]:
    rows = Attachment.objects.filter(convention=act.convention_id, kind__in=ANNEXES, pending=False)
    return [
        (f"annexes/{rank}-{slugify_fr(str(row))[:60]}{ENDINGS.get(row.content_type, '')}", _read(row))
        for rank, row in enumerate(rows.order_by("pk"), start=1)
    ]


def _read(row: Attachment) -> bytes:
    with storages["private"].open(row.storage_name) as file:
        return file.read()


def _chunks(act: Act, files: list[tuple[str, bytes]]) -> Iterator[bytes]:
    archive = StreamedZip()
    for name, content in files:
        yield archive.add(name, content)
    yield archive.add(README, _readme(act))
    yield archive.end()


def _readme(act: Act) -> bytes:
    """French, for whoever receives the archive; Windows line ends, so that any editor shows it."""
    frozen: Document | None = act.frozen_document
    words = act_words(act.kind)
    code = f"Le code de vérification est {show_code(frozen.code)}.\n" if frozen and frozen.code else ""
    parts = [
        f"DOSSIER {words.of.upper()} N° {act.reference}",
        f"{act.convention.title}\nDossier du {long_date(timezone.localdate())}.",
        f"Le PDF « signe » ou « scan » est {words.the}, telle que les parties l’ont signée."
        if words.gender == "f"
        else f"Le PDF « signe » ou « scan » est {words.the}, tel que les parties l’ont signé.",
        f"Pour vérifier qu’il n’a pas changé, ouvrez {settings.SITE_URL}/verifier/ et déposez-y le PDF.\n{code}"
        "Ou, dans un terminal ouvert dans ce dossier :\n"
        "    sha256sum -c SHA256SUMS          (Linux)\n"
        "    shasum -a 256 -c SHA256SUMS      (macOS)",
    ]
    return ("\n\n".join(parts) + "\n").replace("\n", "\r\n").encode("utf-8-sig")
