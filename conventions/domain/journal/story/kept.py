"""The files that lines of the journal speak of, as they are kept: found by their hash in the convention of the line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from conventions.domain.foundation.pdf_sandbox import pages_told
from conventions.enums import AttachmentKind, DocumentKind
from conventions.models import Attachment, Document, JournalEntry

Key = tuple[int | None, str]
DOCUMENT, RECEIVED, ATTACHMENT = (
    f"conventions_convention_{name}" for name in ("document", "received", "attachment")
)
PARTNER_FILE = "partner_file"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """`route`: the staff's page that gives it; `owner` is its convention, or its partner; `pk` is its own."""

    route: str
    owner: int
    pk: int
    label: str
    note: str = ""


def files_of(
    entries: Sequence[JournalEntry], payloads: Sequence[dict[str, Any]]
) -> list[tuple[KeptFile, ...]]:
    """For each entry the files that it names, as they came first; three queries at most, none when nothing is named.

    A bank statement is left out: each reading of it is journalled, from the page of the account that it shows.
    """
    told = [payload.get("details") or {} for payload in payloads]
    documents = _documents({_digest(details) for details in told} - {""})
    pieces = _pieces({details["piece"] for details in told if details.get("piece")})
    return [
        documents.get((entry.convention_id, _digest(details)), ())
        or pieces.get(details.get("piece") or 0, ())
        for entry, details in zip(entries, told, strict=True)
    ]


def _digest(details: dict[str, Any]) -> str:
    """The hash of the document that was stored; empty for any other line."""
    return "" if "piece" in details else str(details.get("extrait") or details.get("sha256") or "")


def _documents(digests: set[str]) -> dict[Key, tuple[KeptFile, ...]]:
    if not digests:
        return {}
    rows = Document.objects.filter(sha256__in=digests).exclude(act=None).order_by("pk")
    found: dict[Key, tuple[KeptFile, ...]] = {}
    for row in rows.select_related("act").prefetch_related("received").defer("snapshot"):
        owner = row.act.convention_id if row.act else 0
        sent = [
            KeptFile(RECEIVED, owner, file.pk, "Fichier reçu", f"tel qu’il est arrivé, {_pages(file.pages)}")
            for file in row.received.all()
        ]
        alone = row.kind == DocumentKind.SCAN and not sent
        own = KeptFile(DOCUMENT, owner, row.pk, "Document classé" if sent else "Document", _kind(row, alone))
        found[owner, row.sha256] = (*sent, own)
    return found


def _pages(listed: str) -> str:
    """« page 2 », « pages 1 à 12 »."""
    return pages_told([int(number) for number in listed.split()]).lower()


def _kind(row: Document, alone: bool) -> str:
    return "scan, tel qu’il est arrivé" if alone else str(row.get_kind_display())


def _pieces(keys: set[int]) -> dict[int, tuple[KeptFile, ...]]:
    if not keys:
        return {}
    rows = Attachment.objects.filter(pk__in=keys, pending=False).exclude(kind=AttachmentKind.BANK)
    return {
        row.pk: (
            KeptFile(
                ATTACHMENT if row.convention_id else PARTNER_FILE,
                row.convention_id or row.partner_id or 0,
                row.pk,
                "Pièce jointe",
                f"telle qu’elle est arrivée : {row.recognised}",
            ),
        )
        for row in rows
        if row.convention_id or row.partner_id
    }
