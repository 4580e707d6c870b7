"""The document of the register that a file holds whole, with something before or after it."""

from __future__ import annotations

import hashlib
import itertools
import re
from dataclasses import dataclass

from conventions.domain.documents import storage
from conventions.enums import DocumentKind
from conventions.formats import counted, join_list
from conventions.models import Document, SealedRevision

# Documents of a convention that are shown to no one outside: their hash says nothing here.
HIDDEN = (DocumentKind.DRAFT,)
HEADER, HEADER_WITHIN = b"%PDF-", 1024  # readers look for it there
END = re.compile(rb"%%EOF(?:\r\n|\r|\n)?")
MAX_ENDS = 200  # ours come first; a document of ours has one for each seal, two for its text
BLANK = b"\0 \t\r\n\f\v\x1a"


@dataclass(frozen=True, slots=True)
class Origin:
    """The bytes from `start` to `end` are those of this document, as one of its seals left them."""

    document: Document
    start: int
    end: int

    def is_cut(self, content: bytes) -> bool:
        """Whether the file only stops too early: it is the beginning of what a later seal made."""
        last = self.document.revisions.order_by("-revision").first()
        try:
            return last is not None and storage.read_bytes(last).startswith(content)
        except storage.DamagedDocument:  # told by `verifier_archives`
            return False

    def added(self, content: bytes) -> str:
        """What the file has more than the document, in one sentence."""
        after = content[self.end :]
        more = [f"{_bytes(self.start)} avant le début"] if self.start else []
        if after:
            more.append(f"{_kind(after)} après la fin ({_bytes(len(after))})")
        return f"C’est un document d’ici, entier, auquel on a ajouté {join_list(more)}."


def find_origin(content: bytes) -> Origin | None:
    """The longest document of the register whose bytes are in this file, up to one of its ends (%%EOF)."""
    starts = {0, max(0, content.find(HEADER, 0, HEADER_WITHIN + len(HEADER)))}
    ends = _ends(content)
    found = {digest: (start, end) for start in starts for end, digest in _hashes(content, start, ends)}
    documents = {
        row.sha256: row.document
        for row in SealedRevision.objects.filter(sha256__in=found).select_related("document")
    }
    rows = Document.objects.filter(sha256__in=found, act__isnull=False).exclude(kind__in=HIDDEN)
    documents = {row.sha256: row for row in rows.order_by("-pk")} | documents
    if not documents:
        return None
    longest = max(documents, key=lambda digest: found[digest][1])
    return Origin(documents[longest], *found[longest])


def _ends(content: bytes) -> list[int]:
    """Where a document may end: at the mark, or after the end of its line."""
    marks = itertools.islice(END.finditer(content), MAX_ENDS)
    return sorted({end for mark in marks for end in (mark.start() + len(b"%%EOF"), mark.end())})


def _hashes(content: bytes, start: int, ends: list[int]) -> list[tuple[int, str]]:
    """The hash of the bytes from here to each end; each byte is read once."""
    digest, done, hashes = hashlib.sha256(), start, []
    for end in ends:
        if end > start:
            digest.update(memoryview(content)[done:end])
            done = end
            hashes.append((end, digest.hexdigest()))
    return hashes


def _bytes(count: int) -> str:
    return counted(count, "octet")


def _kind(after: bytes) -> str:
    if not after.strip(BLANK):
        return "des blancs ou des zéros"
    if b"startxref" in after and b"obj" in after:
        return "des objets de PDF"
    try:
        return (
            "du texte"
            if all(sign.isprintable() or sign.isspace() for sign in after.decode())
            else "des octets"
        )
    except UnicodeDecodeError:
        return "des octets"
