"""After each signature: its seal; after the last one, the signed document. Done by the worker, finished by the sweep.

Nothing is shown as signed before it is sealed. A seal that fails leaves the signature as it is, says why on the act,
and is tried again; each seal is set exactly once (`sealing.apply_seals`).
"""

from __future__ import annotations

import logging

from django.db import transaction
from django.db.models import Q

from conventions import permissions
from conventions.domain import journal
from conventions.domain.acts import lifecycle
from conventions.domain.acts.lifecycle.effects import ATTEST_WORKER, SEAL_WORKER
from conventions.domain.acts.signing import attestation, handovers
from conventions.domain.documents import sealing, storage
from conventions.domain.foundation import work
from conventions.domain.foundation.failures import Failures
from conventions.domain.foundation.refusals import Refused
from conventions.domain.journal import clock
from conventions.enums import ActState, Event, SigningPath
from conventions.models import Act, Document, User

logger = logging.getLogger(__name__)
# Kept on the act: the sweep goes on with the others.
FAILURES = (sealing.SealingError, storage.DamagedDocument, clock.ClockHeld)


@work.worker(SEAL_WORKER)
def seal(document_id: int) -> Act | None:
    """Set the seals that a frozen document waits for, then make its act signed if it was the last. Safe to repeat.

    What proves the seals for later is left out when their authority is lost for ever: nothing else would end.
    None when nothing waits. A seal or a file that fails is kept on the act (`seal_error`), never raised.
    """
    document = Document.objects.select_related("act").filter(pk=document_id).first()
    act = document.act if document else None
    if document is None or act is None or act.frozen_document_id != document.pk:
        return None
    try:
        clock.require()
        sealing.apply_seals(document)
        complete = act.state == ActState.TO_SEAL and sealing.is_complete(document)
        signed, unproved = _signed(document) if complete else (None, "")
    except FAILURES as error:
        logger.warning("Sceau de l’acte %s non posé : %s", act.pk, error)
        Act.objects.filter(pk=act.pk).update(seal_error=str(error)[:255])
        return Act.objects.get(pk=act.pk)
    return _conclude(act.pk, signed, unproved)


def _signed(document: Document) -> tuple[Document, str]:
    """(the signed document, with what proves its seals for later where there is an authority to stamp it; why not)."""
    unproved = ""
    try:
        sealing.close(document)
    except sealing.ProofLost as lost:
        unproved = str(lost)
    return sealing.signed_document(document), unproved


def without_proofs(act: Act, *, by: User | None, reason: str) -> Act:
    """End the sealing of an act whose proofs can be had no more, its seals as they are. Returns it as it then is.

    `by` None: from the server's own commands. Raises PermissionDenied, Refused, sealing.SealingError.
    """
    if by is not None:
        permissions.require(permissions.can_retry_seals, by)
    document = act.frozen_document
    if document is None or act.state != ActState.TO_SEAL or not sealing.is_complete(document):
        raise Refused("Cet acte n’attend pas les preuves de ses sceaux : rien n’a été fait.")
    return _conclude(act.pk, sealing.signed_document(document), reason)


def _conclude(act_id: int, signed: Document | None, unproved: str) -> Act:
    Act.objects.filter(pk=act_id).exclude(seal_error="").update(seal_error="")
    act = Act.objects.get(pk=act_id)
    if signed is None or act.state != ActState.TO_SEAL:
        return act
    try:
        with transaction.atomic():
            if unproved:
                told = {"acte": act.pk, "motif": unproved}
                journal.record("sceaux_sans_preuves", by=None, convention=act.convention, details=told)
            return lifecycle.apply(act, Event.SEAL, by=None, document=signed)
    except lifecycle.EventRefused:  # another worker concluded meanwhile
        return Act.objects.get(pk=act.pk)


def retry(act: Act, *, by: User) -> Act:
    """Somebody asks to seal again what failed; told in the journal, done at once. Returns the act as it then is.

    Raises PermissionDenied.
    """
    permissions.require(permissions.can_retry_seals, by)
    with transaction.atomic():
        journal.record("sceau_relance", by=by, convention=act.convention, details={"acte": act.pk})
    if act.frozen_document_id is not None:
        seal(act.frozen_document_id)
    if Act.objects.filter(pk=act.pk, state=ActState.SIGNED).exists():
        attest(act.pk)
        for pk in handovers.unfinished(act):
            handovers.seal(pk)
    return Act.objects.get(pk=act.pk)


@work.worker(ATTEST_WORKER)
def attest(act_id: int) -> None:
    """Make the attestation of a signed act; a seal that fails is kept on the act and tried again by the sweep."""
    try:
        clock.require()
        attestation.attest(act_id)
    except FAILURES as error:
        logger.warning("Attestation de l’acte %s non scellée : %s", act_id, error)
        Act.objects.filter(pk=act_id).update(seal_error=str(error)[:255])
    else:
        Act.objects.filter(pk=act_id).exclude(seal_error="").update(seal_error="")


def unfinished() -> list[int]:
    """Ids of frozen documents that wait for a seal, or whose act waits for its last step. For the sweep."""
    late = Act.objects.filter(Q(state=ActState.TO_SEAL), path=SigningPath.ONLINE)
    found = {*sealing.documents_to_seal(), *late.values_list("frozen_document", flat=True)}
    return sorted(pk for pk in found if pk is not None)


def finish(failures: Failures | None = None) -> int:
    """Do again what was left: seals, then attestations. Returns how many acts were looked at."""
    failures = failures or Failures()
    frozen, acts = unfinished(), attestation.unattested()
    for pk in frozen:
        with failures.of(f"Sceau du document {pk}"):
            seal(pk)
    for pk in sorted({*acts, *attestation.unattested()}):
        with failures.of(f"Attestation de l’acte {pk}"):
            attest(pk)
    return len({*frozen, *acts}) + handovers.finish(failures)
