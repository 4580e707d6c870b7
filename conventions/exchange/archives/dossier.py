"""The dossier of a signed act, for whoever signed it: the document, its attestation, the journal's lines, the papers.

One ZIP, written as it is sent; nothing is rendered. `sha256sum -c SHA256SUMS` checks it, and LISEZMOI.txt says how to
verify the signatures.
"""

from collections.abc import Iterator

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils import timezone

from conventions.domain.acts.signing import attestation
from conventions.domain.documents import annexes, storage
from conventions.domain.documents.rendering import annex_file_name
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ActState, AttachmentKind, DocumentKind
from conventions.exchange.archives.streamed_zip import COMMANDS, StreamedZip, as_download
from conventions.formats import act_words, long_date, show_code, slugify_fr
from conventions.models import Act, Attachment

README, ATTESTATION_LINES, ANNEXES_FOLDER = "LISEZMOI.txt", "journal.json", "annexes/"
# Papers that the text names among its annexes; bank details and internal papers stay out.
ANNEXES = (AttachmentKind.PROJECT, AttachmentKind.BUDGET)
ENDINGS = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}


class NoDossier(Refused):
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
    found = [(storage.file_name(signed), storage.read_bytes(signed))]
    stated = act.documents.filter(kind=DocumentKind.ATTESTATION).latest_version()
    if stated is not None:
        found.append((storage.file_name(stated), storage.read_bytes(stated)))
        if act.frozen_document is not None:
            found += [(name, content) for name, _who, content in attestation.drawings_of(act.frozen_document)]
        found.append((ATTESTATION_LINES, attestation.journal_json(act, attestation.lines_of(act))))
    return [*found, *_papers(act)]


def _papers(act: Act) -> list[tuple[str, bytes]]:
    """The annexes under the seal; of an act that only named its papers, those of its day.

    What is filed later is not of this act, nor for who left office since.
    """
    if sealed := annexes.frozen_in(act.frozen_document):
        return [(f"{ANNEXES_FOLDER}{annex_file_name(one)}", annexes.bytes_of(one)) for one in sealed]
    rows = Attachment.objects.filter(convention=act.convention_id, kind__in=ANNEXES, pending=False)
    if act.frozen_at is not None and act.signed_on is not None:
        rows = rows.filter(uploaded_at__date__lte=act.signed_on)
    return [
        (f"{ANNEXES_FOLDER}{rank}-{_name(row)}", storage.read_bytes(row))
        for rank, row in enumerate(rows.order_by("pk"), start=1)
    ]


def _name(row: Attachment) -> str:
    return slugify_fr(str(row))[:60] + ENDINGS.get(row.content_type, "")


def _chunks(act: Act, files: list[tuple[str, bytes]]) -> Iterator[bytes]:
    archive = StreamedZip()
    for name, content in files:
        yield archive.add(name, content)
    yield archive.add(README, _readme(act, [name for name, _ in files]))
    yield archive.end()


def _readme(act: Act, names: list[str]) -> bytes:
    """French, for whoever receives the archive; Windows line ends, so that any editor shows it."""
    words = act_words(act.kind)
    codes = storage.verification_codes([act]).values()
    code = "".join(f"Le code de vérification est {show_code(printed)}.\n" for printed in codes)
    parts = [
        f"DOSSIER {words.of.upper()} N° {act.reference}",
        f"{act.convention.title}\nDossier du {long_date(timezone.localdate())}.",
        "\n".join(["Ce dossier contient :", *(f"    {name} : {told}" for name, told in _told(act, names))]),
        f"Pour vérifier qu’un PDF n’a pas changé, ouvrez {settings.SITE_URL}/verifier/ et déposez-le.\n{code}"
        "Ou, dans un terminal ouvert dans ce dossier :\n" + COMMANDS,
    ]
    return ("\n\n".join(parts) + "\n").replace("\n", "\r\n").encode("utf-8-sig")


def _told(act: Act, names: list[str]) -> Iterator[tuple[str, str]]:
    """Each file of the dossier and what it is."""
    words = act_words(act.kind)
    such = "telle" if words.gender == "f" else "tel"
    yield names[0], f"{words.the}, {such} que les parties l’ont {words.agree('signé')}"
    if ATTESTATION_LINES in names:
        yield names[1], "qui a signé, quand, et comment cette personne a été reconnue"
        yield from (
            (name, "une signature dessinée") for name in names if name.endswith(".png") and "/" not in name
        )
        yield ATTESTATION_LINES, "les lignes du journal sur cet acte, et comment contrôler leurs empreintes"
    if any(name.startswith(ANNEXES_FOLDER) for name in names):
        yield ANNEXES_FOLDER, "les annexes"
    yield "SHA256SUMS", "l’empreinte de chaque fichier"
