"""Signatures and sealed revisions that nothing else tells of."""

import hashlib
from collections.abc import Iterator

from django.core.files.storage import storages
from django.db.models import F

from conventions.enums import ActState
from conventions.models import SealedRevision, SignatureAct

NOT_YET = (ActState.TO_SIGN, ActState.DRAFT, ActState.IN_REVIEW, ActState.TO_CORRECT, ActState.APPROVED)


def untold_signatures() -> Iterator[str]:
    """Signatures under the document of an act that is not signed."""
    rows = SignatureAct.objects.select_related("document__act").filter(document__act__state__in=NOT_YET)
    for row in (
        rows.filter(document=F("document__act__frozen_document")).order_by("pk").iterator(chunk_size=500)
    ):
        yield f"Signature {row.pk} : l’acte « {row.document} » n’est pas signé."


def wrong_revisions() -> Iterator[str]:
    """Revisions whose hash is not that of the first bytes of their document."""
    for row in SealedRevision.objects.select_related("document").order_by("pk").iterator(chunk_size=500):
        try:
            with storages["private"].open(row.document.storage_name) as file:
                content = file.read(row.size)
        except FileNotFoundError:
            continue  # told by damaged_files
        if hashlib.sha256(content).hexdigest() != row.sha256:
            yield f"Révision scellée {row.pk} : son empreinte n’est pas celle du document {row.document_id}."
