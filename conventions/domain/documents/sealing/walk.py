"""Do the stamps of a file still prove it? Each one is judged at the time of the next, with what that one holds.

A seal, and the time stamp inside it, are judged at the time of the first document time stamp; a document time stamp at
the time of the next one, with the certificates and revocation lists of that next revision; the last one, now. Whose
certificates these are is not asked here: the register knows ours. For files made here: nothing is limited.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asn1crypto.cms import SignedData
    from asn1crypto.x509 import Certificate
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import SignatureStatus
    from pyhanko_certvalidator import ValidationContext

TOLERANCE = datetime.timedelta(minutes=5)  # between our clock and those of the authorities


@dataclass(frozen=True, slots=True)
class Stamp:
    """A document time stamp: when, and until when its certificate (SHA-256) holds."""

    at: datetime.datetime
    ends_at: datetime.datetime
    fingerprint: str


def read(content: bytes) -> PdfFileReader:
    from pyhanko.pdf_utils.reader import PdfFileReader

    return PdfFileReader(io.BytesIO(content))


def stamps(reader: PdfFileReader) -> list[Stamp]:
    """The document time stamps of a file, in order."""
    return [_stamp(row.signed_data) for row in reader.embedded_timestamp_signatures]


def faults(reader: PdfFileReader, *, now: datetime.datetime) -> list[str]:
    """Fields of the seals and stamps that nothing proves any more, and why; empty when the whole chain holds."""
    found = list(reader.embedded_timestamp_signatures)
    if not found:
        return ["aucun horodatage du document"]
    told = []
    for row, following in [
        *((seal, found[0]) for seal in reader.embedded_regular_signatures),
        *zip(found, [*found[1:], None], strict=True),
    ]:
        if fault := _fault(reader, row, following, now):
            told.append(f"{row.field_name} : {fault}")
    return told


def _fault(
    reader: PdfFileReader,
    row: EmbeddedPdfSignature,
    following: EmbeddedPdfSignature | None,
    now: datetime.datetime,
) -> str:
    from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
    from pyhanko.sign.validation.errors import SignatureValidationError

    context = _context(reader, row, following, now)
    try:
        if row.sig_object_type == "/DocTimeStamp":
            found: list[SignatureStatus] = [validate_pdf_timestamp(row, context, skip_diff=True)]
        else:
            status = validate_pdf_signature(row, context, context, skip_diff=True)
            found = [status, *([status.timestamp_validity] if status.timestamp_validity else [])]
    except (SignatureValidationError, ValueError) as error:
        return str(error)
    if not all(status.intact and status.valid for status in found):
        return "octets modifiés"
    return "" if all(status.trusted for status in found) else "certificat non prouvé à cette date"


def _context(
    reader: PdfFileReader,
    row: EmbeddedPdfSignature,
    following: EmbeddedPdfSignature | None,
    now: datetime.datetime,
) -> ValidationContext:
    """What is known when a seal or a stamp is judged."""
    from pyhanko.sign.validation.dss import DocumentSecurityStore
    from pyhanko_certvalidator import ValidationContext

    carried = list(certificates_of(row.signed_data))
    if row.sig_object_type == "/Sig":
        for token in tokens_of(row):
            carried += certificates_of(token)
    options: dict[str, Any] = {"time_tolerance": TOLERANCE, "allow_fetching": False}
    if following is None:  # nothing tells yet of the last one
        return ValidationContext(
            trust_roots=tops(carried), other_certs=carried, moment=now, revocation_mode="soft-fail", **options
        )
    store = DocumentSecurityStore.read_dss(reader.get_historical_resolver(following.signed_revision))
    roots = tops([*carried, *store.load_certs()])
    moment = _stamp(following.signed_data).at
    told = {"trust_roots": roots, "other_certs": carried, "moment": moment, "revocation_mode": "hard-fail"}
    return store.as_validation_context(told | options)


def certificates_of(signed: SignedData) -> Iterator[Certificate]:
    """The certificate that signed, then those that came with it."""
    from pyhanko.sign.general import extract_certificate_info

    found = extract_certificate_info(signed)
    yield found.signer_cert
    yield from found.other_certs


def tokens_of(seal: EmbeddedPdfSignature) -> Iterator[SignedData]:
    """The time stamps inside a seal: one, or none."""
    from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

    yield from extract_tst_data_iter(seal.signer_info, signed=False)


def tops(certificates: Iterable[Certificate]) -> list[Certificate]:
    """Those that no other one issued: where the paths end."""
    found = {certificate.dump(): certificate for certificate in certificates}
    subjects = {certificate.subject.hashable for certificate in found.values()}
    return [
        certificate
        for certificate in found.values()
        if certificate.self_signed in ("yes", "maybe") or certificate.issuer.hashable not in subjects
    ]


def _stamp(signed: SignedData) -> Stamp:
    certificate = next(certificates_of(signed))
    return Stamp(
        at=signed["encap_content_info"]["content"].parsed["gen_time"].native,
        ends_at=certificate.not_valid_after,
        fingerprint=certificate.sha256.hex(),
    )
