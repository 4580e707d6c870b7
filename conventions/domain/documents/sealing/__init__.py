"""PAdES seals: the only importer of pyHanko.

For whoever drives the signing of an online act:

1. freezing an act of path « en_ligne » certifies its document (seal 0) and notes `SealedRevision` 0;
2. a signature is a `SignatureAct` row (method « code » or « compte », `signed_at` given) of the frozen document;
3. the worker calls `apply_seals(document)`: one revision per signature that waits, exactly once, whoever calls it and
   however often. A `SealingError` leaves the act « à sceller »: nothing is faked, call again later
   (`documents_to_seal()` lists what waits, for the sweep). `SealRefused` alone will not be cured by time;
4. when `is_complete(document)`, `close(document)` proves the seals for later, where a time-stamping authority is set,
   then `signed_document(document)` inserts the signed document (kind « signe »), once: give
   it to the act in the transaction that makes it signed;
5. `seal_alone(pdf)` seals an attestation.

`warnings()` are sentences for who looks after the site: certificate that expires, key that is missing.
"""

from conventions.domain.documents.sealing.authority import SealKey, fingerprint, seal_key
from conventions.domain.documents.sealing.errors import (
    ProofLost,
    ProofUnavailable,
    SealingError,
    SealRefused,
    SealUnavailable,
    TimestampFailed,
)
from conventions.domain.documents.sealing.revisions import (
    METHODS,
    apply_seal,
    apply_seals,
    close,
    documents_to_seal,
    field_of,
    is_complete,
    record_alone,
    record_certification,
    signed_document,
    verification_address,
    waiting,
)
from conventions.domain.documents.sealing.revocation import revocation_list
from conventions.domain.documents.sealing.signing import (
    FIELD_PREFIX,
    Sealed,
    certify,
    seal_alone,
    seal_signature,
)
from conventions.domain.documents.sealing.state import (
    SealState,
    check_settings,
    check_time_stamps,
    state,
    warnings,
)
from conventions.domain.documents.sealing.timestamping import SERVER_CLOCK, time_source

__all__ = [
    "FIELD_PREFIX",
    "METHODS",
    "SERVER_CLOCK",
    "ProofLost",
    "ProofUnavailable",
    "SealKey",
    "SealRefused",
    "SealState",
    "SealUnavailable",
    "Sealed",
    "SealingError",
    "TimestampFailed",
    "apply_seal",
    "apply_seals",
    "certify",
    "check_settings",
    "check_time_stamps",
    "close",
    "documents_to_seal",
    "field_of",
    "fingerprint",
    "is_complete",
    "record_alone",
    "record_certification",
    "revocation_list",
    "seal_alone",
    "seal_key",
    "seal_signature",
    "signed_document",
    "state",
    "time_source",
    "verification_address",
    "waiting",
    "warnings",
]
