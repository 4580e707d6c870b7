"""Signatures and sealed revisions that nothing else tells of."""

from collections.abc import Iterator

from django.db.models import F

from conventions.domain.documents.archives.files import stored_hash
from conventions.enums import ActState
from conventions.models import HandoverSignature, SealedRevision, SignatureAct

NOT_YET = (ActState.TO_SIGN, ActState.DRAFT, ActState.IN_REVIEW, ActState.TO_CORRECT, ActState.APPROVED)


def untold_signatures() -> Iterator[str]:
    """Signatures under the document of an act that is not signed."""
    rows = SignatureAct.objects.select_related("document__act").filter(document__act__state__in=NOT_YET)
    for row in (
        rows.filter(document=F("document__act__frozen_document")).order_by("pk").iterator(chunk_size=500)
    ):
        yield f"Signature {row.pk} : l’acte « {row.document} » n’est pas signé."


def wrong_revisions() -> Iterator[str]:
    """Revisions that do not begin with the bytes of the one before; their own hash is told by damaged_files."""
    rows = SealedRevision.objects.order_by("document", "revision")
    before: SealedRevision | None = None
    for row in rows.iterator(chunk_size=500):
        former = before if before and before.document_id == row.document_id else None
        before = row
        if former is not None and stored_hash(row.storage_name, size=former.size) not in (
            None,
            former.sha256,
        ):
            yield f"Révision scellée {row.pk} : elle ne prolonge pas celle d’avant, du document {row.document_id}."


def _drawn() -> Iterator[SignatureAct | HandoverSignature]:
    for model in (SignatureAct, HandoverSignature):
        rows = model.objects.exclude(drawing_sha256="").order_by("pk").only("pk", "drawing_sha256")
        yield from rows.iterator(chunk_size=500)


def damaged_drawings() -> Iterator[str]:
    """Drawings of signatures that are lost or changed."""
    for row in _drawn():
        found = stored_hash(row.drawing_name)
        if found != row.drawing_sha256:
            yield f"Signature {row.pk} : son dessin {'a disparu' if found is None else 'a été modifié'}."
