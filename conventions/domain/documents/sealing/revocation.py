"""The revocation list of the embedded authority, at an address of the site that its certificates name.

Anyone may ask for it; it is signed once an hour by each process. Which keys were stolen: `authority.revoked`.
"""

from __future__ import annotations

import datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from django.utils import timezone

from conventions.domain.documents.sealing import authority

EVERY = datetime.timedelta(hours=1)
LATE_CLOCK = datetime.timedelta(hours=1)  # a clock slightly late elsewhere
VALID_FOR = datetime.timedelta(days=30)
Revoked = tuple[tuple[int, datetime.datetime], ...]


def revocation_list() -> bytes | None:
    """The list in force (DER); None where the application has no authority of its own. Raises SealUnavailable."""
    folder = authority.embedded_folder()
    if not (folder / authority.AUTHORITY_KEY).is_file():
        return None
    return _signed(folder, _hour(), tuple(authority.revoked(folder)))


def _hour() -> int:
    return int(timezone.now().timestamp() // EVERY.total_seconds())


@lru_cache(maxsize=2)
def _signed(folder: Path, hour: int, revoked: Revoked) -> bytes:
    certificate, key = authority.issuer(folder)
    start = datetime.datetime.fromtimestamp(hour * EVERY.total_seconds(), datetime.UTC)
    builder = x509.CertificateRevocationListBuilder().issuer_name(certificate.subject)
    builder = builder.last_update(start - LATE_CLOCK).next_update(start + VALID_FOR)
    builder = builder.add_extension(x509.CRLNumber(hour), critical=False)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
    builder = builder.add_extension(identifier, critical=False)
    for serial, moment in revoked:
        row = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(moment)
        builder = builder.add_revoked_certificate(row.build())
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
