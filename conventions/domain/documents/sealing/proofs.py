"""What proves the seals for later: certificates, revocation lists, a time stamp of the whole document (PAdES B-LTA).

`prove` adds one revision. The first one holds what proves the seals and their own time stamps; each one after it, what
proves the stamp before and nothing else: a list published later no longer speaks of older certificates. Each revision
is judged by `walk` before it is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from conventions.domain.documents.sealing import walk
from conventions.domain.documents.sealing.authority import REVOCATION_PATH
from conventions.domain.documents.sealing.errors import (
    ProofLost,
    ProofUnavailable,
    SealingError,
    SealRefused,
)
from conventions.domain.documents.sealing.revocation import revocation_list
from conventions.domain.documents.sealing.signing import Sealed, follows
from conventions.domain.documents.sealing.timestamping import TOKEN_ROOM, required_time_stamper, time_source
from conventions.formats import long_date

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko_certvalidator import ValidationContext

STAMP_PREFIX = "horodatage-"
CLOSED = (
    "Un nouvel essai suivra ; si une autorité a fermé, voyez « Une autorité a disparu » dans l’exploitation."
)


def prove(content: bytes) -> Sealed:
    """The file with one revision more: proofs, then a document time stamp. Asks the network. Raises SealingError."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.general import SigningError

    reader = walk.read(content)
    former = walk.stamps(reader)
    if former and former[-1].ends_at <= timezone.now():
        day = long_date(timezone.localdate(former[-1].ends_at))
        raise SealRefused(
            f"Le dernier horodatage n’est plus prouvable depuis le {day} : rien ne le renouvelle."
        )
    if lost := _lost(reader):
        raise ProofLost(
            f"L’autorité « {lost} » qui a délivré le certificat d’un sceau est perdue, et sa liste de révocation avec"
            " elle : les preuves de long terme ne seront jamais réunies."
        )
    try:
        output = follows(_proved(reader), content)
    except SealingError:
        raise
    except (SigningError, PdfError, ValueError) as error:
        raise SealRefused(f"Les preuves de ce document ne peuvent pas être réunies ({error}).") from error
    proved = walk.read(output)
    if told := walk.faults(proved, now=timezone.now()):
        raise ProofUnavailable(f"La preuve réunie ne tient pas ({' ; '.join(told)}) : rien n’est gardé.")
    stamp = walk.stamps(proved)[-1]
    if former and stamp.ends_at <= former[-1].ends_at:
        raise ProofUnavailable(
            "L’autorité d’horodatage n’a pas encore de certificat plus récent : rien à gagner."
        )
    return Sealed(output, stamp.fingerprint, time_source(), stamp.ends_at)


def _proved(reader: PdfFileReader) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import InvisSigSettings
    from pyhanko.sign.signers import PdfTimeStamper
    from pyhanko.sign.validation.dss import DocumentSecurityStore

    writer = IncrementalPdfFileWriter.from_reader(reader)
    rank = 1 + len(reader.embedded_timestamp_signatures)
    certificates, contexts = asyncio.run(_gathered(list(_to_prove(reader))))
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=certificates,
        crls=[found for context in contexts for found in context.crls],
        ocsps=[found for context in contexts for found in context.ocsps],
    )
    # The field is untagged: out of the page, no reader comes upon it.
    place = InvisSigSettings(box_out_of_bounds=True)
    stamper = PdfTimeStamper(
        required_time_stamper(), field_name=f"{STAMP_PREFIX}{rank}", invis_settings=place
    )
    return stamper.timestamp_pdf(writer, "sha256", bytes_reserved=TOKEN_ROOM).getvalue()


def _to_prove(reader: PdfFileReader) -> Iterator[list[Certificate]]:
    """Certificates (who signed, then its issuers) of the last stamp; while there is none, of each seal and its own."""
    if stamps := reader.embedded_timestamp_signatures:
        yield list(walk.certificates_of(stamps[-1].signed_data))
        return
    for seal in reader.embedded_regular_signatures:
        for signed in (seal.signed_data, *walk.tokens_of(seal)):
            yield list(walk.certificates_of(signed))


def _lost(reader: PdfFileReader) -> str:
    """The authority of ours that published its list at our address, where another one now publishes its own."""
    from asn1crypto.crl import CertificateList

    content = revocation_list()
    if content is None and not settings.SEAL_CERTIFICATE:
        return ""  # a folder that is missing may come back from its backup
    own = CertificateList.load(content)["tbs_cert_list"]["issuer"].hashable if content else None
    for certificate in (rows[0] for rows in _to_prove(reader)):
        points = certificate.crl_distribution_points_value or ()
        ours = any(urlsplit(point.url or "").path == REVOCATION_PATH for point in points)
        if ours and certificate.issuer.hashable != own:
            return str(certificate.issuer.native.get("common_name", certificate.issuer.human_friendly))
    return ""


async def _gathered(
    signers: list[list[Certificate]],
) -> tuple[list[Certificate], list[ValidationContext]]:
    """(certificates of their paths, contexts that hold the lists and answers found). Raises ProofUnavailable."""
    from pyhanko_certvalidator import CertificateValidator
    from pyhanko_certvalidator.errors import PathError, ValidationError
    from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend

    backend = AIOHttpFetcherBackend(per_request_timeout=settings.TSA_TIMEOUT)
    contexts = _contexts({row.dump(): row for rows in signers for row in rows}.values(), backend)
    found: dict[bytes, Certificate] = {}
    used: dict[str, ValidationContext] = {}
    try:
        for certificate in {rows[0].dump(): rows[0] for rows in signers}.values():
            issuer = certificate.issuer.hashable
            context = used[issuer] = contexts.get(issuer) or contexts[""]
            validator = CertificateValidator(certificate, validation_context=context)
            found |= {row.dump(): row for row in await validator.async_validate_usage(set())}
    except (ValidationError, PathError) as error:
        raise ProofUnavailable(
            f"Les preuves des certificats n’ont pas pu être réunies. {CLOSED} ({error})"
        ) from error
    finally:
        await backend.close()
    return list(found.values()), list({id(context): context for context in used.values()}.values())


def _contexts(known: Collection[Certificate], backend: Any) -> dict[str, ValidationContext]:
    """By issuer: our own authority, whose list we sign; under "", every other one, whose lists are asked for."""
    from asn1crypto.crl import CertificateList
    from pyhanko_certvalidator import ValidationContext

    told: dict[str, Any] = {
        "trust_roots": walk.tops(known),
        "other_certs": known,
        "revocation_mode": "hard-fail",
        "time_tolerance": walk.TOLERANCE,
    }
    found = {"": ValidationContext(allow_fetching=True, fetcher_backend=backend, **told)}
    if (content := revocation_list()) is not None:
        crl = CertificateList.load(content)
        found[crl["tbs_cert_list"]["issuer"].hashable] = ValidationContext(
            allow_fetching=False, crls=[crl], **told
        )
    return found
