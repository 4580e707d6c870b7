"""Frozen documents against their content: a sample is rendered again, or read when it was laid out otherwise.

The same layout number gives the same bytes, or at least the same text where the tools of the machine are others. With
another number nothing is rendered: each value of the content must stand in the stored text.
"""

import hashlib
import io
from collections.abc import Callable, Iterator

from conventions.domain.documents import annexes, logos, storage
from conventions.domain.documents.archives.terms import TABLES, changed_terms
from conventions.domain.documents.archives.values import lost_values
from conventions.domain.documents.context import AgreementContext, SnapshotError, context_hash, from_snapshot
from conventions.domain.documents.rendering import LAYOUT, annex_file_name, render_agreement, tool_versions
from conventions.enums import DocumentKind
from conventions.formats import word_differences
from conventions.models import Document

SHOWN = 200  # characters of what differs


def changed_renders(sample: int, progress: Callable[[str, int], None]) -> Iterator[str]:
    """Every snapshot that was changed, or whose act was; among the latest, those whose bytes no longer say it.

    Stored bytes begin with the rendered ones.
    """
    rows = Document.objects.filter(kind=DocumentKind.FROZEN).exclude(snapshot=None).order_by("-pk")
    rows = rows.select_related("act").prefetch_related(*TABLES)
    for done, document in enumerate(rows.iterator(chunk_size=50), start=1):
        progress("Contenus figés", done)
        problem = _problem(document, read=done <= sample)
        if problem:
            yield f"Document {document.pk} ({document}) : {problem}"


def _problem(document: Document, *, read: bool) -> str:
    try:
        context = from_snapshot(document.snapshot or {})
    except SnapshotError:
        return "son contenu figé est illisible."
    if context_hash(context) != document.context_sha256:
        return "son contenu figé a été modifié."
    if not isinstance(context, AgreementContext):
        return ""
    if changed := changed_terms(document, context):
        return f"la base ne dit plus les mêmes termes : {', '.join(changed)}."
    return _bytes_problem(document, context) if read else ""


def _bytes_problem(document: Document, context: AgreementContext) -> str:
    try:
        stored = storage.read_bytes(document)
    except storage.DamagedDocument:
        return ""  # told by damaged_files
    if wrong := annexes_problem(context, stored):
        return wrong
    if _layout_of(document) != str(LAYOUT):
        return _values_problem(context, stored)
    try:
        rendered = render_agreement(
            context, annexes=annexes.enclosed(context), logos=logos.bytes_of(context)
        ).content
    except storage.DamagedDocument as damage:
        return str(damage)
    if stored.startswith(rendered):
        return ""
    if document.tool_versions == tool_versions():
        return "un nouveau rendu donne un autre document."
    return _text_problem(stored, rendered)


def annexes_problem(context: AgreementContext, stored: bytes) -> str:
    """What of the annexes inside a document is not what its text says; read only where it has some."""
    if not context.files:
        return ""
    from pypdf import PdfReader

    held = PdfReader(io.BytesIO(stored)).attachments
    for annex in context.files:
        given = held.get(annex_file_name(annex), [b""])
        if [hashlib.sha256(content).hexdigest() for content in given] != [annex.sha256]:
            return f"le fichier de l’annexe {annex.number} n’est pas celui que nomme le texte."
    return ""


def _layout_of(document: Document) -> str:
    """The number kept with the document; 0 before there was one."""
    return document.tool_versions.get("layout", "0")


def _values_problem(context: AgreementContext, stored: bytes) -> str:
    lost = lost_values(context, stored)
    return f"son texte ne dit plus tout son contenu figé : « {lost[0][:SHOWN].strip()} »." if lost else ""


def _text_problem(stored: bytes, rendered: bytes) -> str:
    before, after = text_of(stored), text_of(rendered)
    pieces = word_differences(before, after)
    if not any(piece.is_added or piece.is_removed for piece in pieces):
        return ""
    told = "".join(piece.text for piece in pieces if piece.is_removed or piece.is_added)
    return f"avec d’autres versions des outils, un nouveau rendu n’a plus le même texte : « {told[:SHOWN].strip()} »."


def text_of(content: bytes) -> str:
    """The words of a PDF, page after page; where a line breaks does not count."""
    from pypdf import PdfReader

    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)
