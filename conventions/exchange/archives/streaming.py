"""One ZIP of stored PDFs, written while it is sent: memory holds one document at a time, whatever the archive's size.

In it: the PDFs in `documents/`, `index.csv`, `LISEZMOI.txt` and `SHA256SUMS`, which `sha256sum -c SHA256SUMS` checks.
The index of the signed version names what is missing and why. That of the public version, which may be passed on, says
nothing of a convention that is not public, not even its title. PDFs are stored as they are: they are compressed.
"""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.http import StreamingHttpResponse
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.documents import damage, storage
from conventions.exchange.archives.contents import ArchivePlan, ArchiveVersion, Entry
from conventions.exchange.archives.streamed_zip import COMMANDS, StreamedZip, as_download
from conventions.exchange.tables import CellValue, Column, csv_lines, dated_name
from conventions.formats import counted, long_date
from conventions.models import Document, User

INDEX, README = "index.csv", "LISEZMOI.txt"
DAMAGED = "Document abîmé dans le stockage : laissé de côté. Prévenez l’administrateur de l’application."
WARNINGS = {
    ArchiveVersion.PUBLIC: (
        "Ces documents sont ceux du site public. Ils peuvent être transmis.\n"
        "Un montant non publiable y est écrit « montant non communiqué »."
    ),
    ArchiveVersion.SIGNED: (
        "USAGE INTERNE. Ces documents sont les exemplaires signés.\n"
        "Ils peuvent contenir des coordonnées bancaires, des adresses privées et des montants non publiables.\n"
        "Ne les transmettez pas hors de l’OPT-NC. Pour un envoi à l’extérieur, exportez la version publique."
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the index: an entry, whether its file is in the archive, and why not."""

    entry: Entry
    included: bool
    remark: str


def export_archive(plan: ArchivePlan, *, by: User) -> StreamingHttpResponse:
    """`archive_response`, and the one journal line that names what left, in which version.

    Raises PermissionDenied.
    """
    permissions.require(permissions.can_export_documents, by)
    details = {
        "exemplaires": str(plan.version.label),
        "conventions": sorted({entry.convention.pk for entry in plan.present}),
        "documents": sorted(entry.document.pk for entry in plan.present if entry.document),
    }
    with transaction.atomic():
        journal.record("documents_exportes", by=by, details=details)
    return archive_response(plan)


def archive_response(plan: ArchivePlan) -> StreamingHttpResponse:
    """A download « conventions-version-publique-2026-11-24.zip »."""
    return as_download(archive_chunks(plan), dated_name(f"conventions-version-{plan.version}"))


def archive_chunks(plan: ArchivePlan) -> Iterator[bytes]:
    """The bytes of the ZIP, one piece per file. A damaged document is left out and named in the index."""
    archive, now = StreamedZip(), timezone.localtime()
    lines: list[Line] = []
    for entry in plan.named:
        content = _bytes_of(entry)
        lines.append(Line(entry, content is not None, _remark(entry, content)))
        if content is not None and entry.document is not None:
            yield archive.add(entry.name, content, entry.document.created_at)
    yield archive.add(INDEX, _index(lines))
    yield archive.add(README, _readme(plan, lines, now))
    yield archive.end()


def _bytes_of(entry: Entry) -> bytes | None:
    if entry.document is None:
        return None
    try:
        return storage.read_bytes(entry.document)
    except storage.DamagedDocument as found:
        damage.tell(found)
        return None


def _remark(entry: Entry, content: bytes | None) -> str:
    return DAMAGED if entry.document and content is None else entry.reason


def _of_file(read: Callable[[Document], CellValue]) -> Callable[[Line], CellValue]:
    """A column about the file: empty when it is not in the archive."""
    return lambda line: read(line.entry.document) if line.included and line.entry.document else None


INDEX_COLUMNS = (
    Column("Fichier", lambda line: line.entry.name if line.included else None),
    Column("Convention", lambda line: line.entry.title),
    Column("Partenaires", lambda line: line.entry.partners),
    Column("Acte", lambda line: line.entry.act.get_kind_display() if line.entry.act else None),
    Column("Référence", lambda line: line.entry.reference),
    Column("Signé le", lambda line: line.entry.signed_on),
    Column("Document", _of_file(lambda document: document.get_kind_display())),
    Column("Pages", _of_file(lambda document: document.page_count)),
    Column("Taille (octets)", _of_file(lambda document: document.size)),
    Column("SHA-256", _of_file(lambda document: document.sha256)),
    Column("Remarque", lambda line: line.remark),
    Column("Fictif", lambda line: line.entry.convention.is_demo),
)


def _index(lines: list[Line]) -> bytes:
    return ("\ufeff" + "".join(csv_lines(INDEX_COLUMNS, lines))).encode()


def _readme(plan: ArchivePlan, lines: list[Line], now: datetime.datetime) -> bytes:
    """French, for whoever receives the archive; Windows line ends, so that any editor shows it."""
    included = sum(line.included for line in lines)
    missing = [line for line in lines if not line.included]
    parts = [
        f"CONVENTIONS DE PARTENARIAT DE L’OPT-NC – {str(plan.version.label).upper()}",
        f"Archive du {long_date(now.date())} à {now:%H:%M} (heure de Nouméa).",
        WARNINGS[plan.version],
        f"{counted(included, 'document')} dans le dossier « documents ».\n"
        "« index.csv » en donne la liste. Il s’ouvre dans un tableur (UTF-8, points-virgules).",
        "Pour vérifier que rien n’a changé depuis l’export, ouvrez un terminal dans ce dossier :\n"
        + COMMANDS,
    ]
    unnamed = len(plan.entries) - len(lines)
    if unnamed:
        parts.append(
            f"{counted(unnamed, 'autre convention choisie', 'autres conventions choisies')} sans version publique."
        )
    if missing:
        names = [f"- {line.entry.title} : {line.remark}" for line in missing]
        parts.append("\n".join(["SANS DOCUMENT DANS CETTE ARCHIVE", *names]))
    return ("\n\n".join(parts) + "\n").replace("\n", "\r\n").encode("utf-8-sig")
