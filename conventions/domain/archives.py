"""Are the archives whole? Every document re-hashed, every journal chain followed, every lock in place, a sample
rendered again from its snapshot. Each problem is a French sentence that says what differs."""

from collections.abc import Iterator

from conventions.domain import documents, immutability, journal
from conventions.domain.context import AgreementContext, SnapshotError, context_hash, from_snapshot
from conventions.domain.rendering import render_agreement, tool_versions
from conventions.enums import DocumentKind
from conventions.models import Document, JournalEntry


def damaged_documents() -> Iterator[str]:
    """Documents whose bytes are lost or no longer have the hash of their row."""
    for document in Document.objects.order_by("pk").iterator():
        try:
            documents.read_bytes(document)
        except documents.DamagedDocument as damage:
            yield f"Document {document.pk} : {damage}"


def broken_chains() -> Iterator[str]:
    """Lines of the journal that were changed, removed or added past the application."""
    chains = JournalEntry.objects.order_by("chain").values_list("chain", flat=True).distinct()
    for chain in chains:
        yield from journal.broken_links(chain)


def missing_locks() -> Iterator[str]:
    """Triggers that the database should hold and does not."""
    held = {name for _table, name in immutability.installed()}
    for name, rule in immutability.triggers().items():
        if name not in held:
            yield f"Verrou absent sur {rule.table} ({name}) : lancez « manage.py migrate » pour le remettre."


def changed_renders(sample: int) -> Iterator[str]:
    """Among the latest frozen documents, those that their own snapshot no longer gives.

    Stored bytes begin with the rendered ones. With other tool versions the bytes may differ: then only the snapshot's
    hash is compared.
    """
    rows = Document.objects.filter(kind=DocumentKind.FROZEN).exclude(snapshot=None).order_by("-pk")[:sample]
    for document in rows:
        problem = _render_problem(document)
        if problem:
            yield f"Document {document.pk} ({document}) : {problem}"


def _render_problem(document: Document) -> str:
    try:
        context = from_snapshot(document.snapshot or {})
    except SnapshotError:
        return "son contenu figé est illisible."
    if context_hash(context) != document.context_sha256:
        return "son contenu figé a été modifié."
    if not isinstance(context, AgreementContext) or document.tool_versions != tool_versions():
        return ""
    try:
        stored = documents.read_bytes(document)
    except documents.DamagedDocument:
        return ""  # told by damaged_documents
    return (
        ""
        if stored.startswith(render_agreement(context).content)
        else "un nouveau rendu donne un autre document."
    )
