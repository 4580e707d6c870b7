"""PAdES seals: each one adds a revision, the bytes before it never change.

`certify` is seal 0 (certification, filling and signing allowed); `seal_signature` fills one pre-made field with its
vignette. The key is kept in memory and room for the seal is set beforehand: no dry run, six times faster.
"""

from __future__ import annotations

import datetime
import hashlib
import importlib
import io
import tempfile
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import timezone

from conventions.domain.documents.sealing.authority import SealKey, seal_key
from conventions.domain.documents.sealing.errors import SealingError, SealRefused, SealUnavailable
from conventions.domain.documents.sealing.timestamping import TOKEN_ROOM, time_source, time_stamper

CERTIFICATION_FIELD = "sceau"
FIELD_PREFIX = "signature-"
CERTIFICATION_REASON = "Document figé par OPT Partners"
ROOM = 4 * 1024  # hexadecimal digits, certificates apart


@dataclass(frozen=True, slots=True)
class Sealed:
    """A file with one revision more, and what it is made of: a seal, or a document time stamp.

    `fingerprint`: of the certificate that sealed, or stamped; `stamp_ends_at`: until when a document time stamp holds.
    """

    content: bytes
    fingerprint: str
    time_source: str
    stamp_ends_at: datetime.datetime | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def certify(content: bytes) -> Sealed:
    """Seal 0: certification of a frozen document (PDF with its pre-made fields). Raises SealingError."""
    return _sealed(content, field_name=CERTIFICATION_FIELD, reason=CERTIFICATION_REASON, certify=True)


def seal_signature(
    content: bytes,
    *,
    field: str,
    reason: str,
    vignette: bytes,
    name: str = "",
    place: str = "",
    alone: bool = False,
) -> Sealed:
    """The next seal, in the pre-made field `signature-n`, with the vignette (a PDF of one page, fonts embedded).

    `reason` says who signed and how; the signature keeps it, with the `name` of who signed and the `place` that the
    act states. `alone`: the one seal of a paper that one person signs, after which nothing may change. Raises
    SealingError.
    """
    with tempfile.NamedTemporaryFile(suffix=".pdf") as drawn:  # read by pyHanko until the seal is set
        drawn.write(vignette)
        drawn.flush()
        told: dict[str, Any] = {"reason": reason, "name": name or None, "location": place or None}
        return _sealed(content, vignette=drawn.name, final=alone, certify=alone, field_name=field, **told)


def seal_alone(content: bytes, *, reason: str) -> Sealed:
    """The one seal of a document that nobody signs (an attestation), in its pre-made field « sceau »."""
    return _sealed(content, final=True, field_name=CERTIFICATION_FIELD, reason=reason, certify=True)


def _sealed(content: bytes, *, vignette: str = "", final: bool = False, **told: Any) -> Sealed:
    """`told`: what the signature says of itself, as pyHanko names it."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.general import SigningError

    key = seal_key()
    if key.expires_at <= timezone.now():
        raise SealUnavailable(
            f"Le certificat du sceau a expiré le {key.expires_at:%d/%m/%Y}. Installez-en un nouveau."
        )
    try:
        output = _sign(content, key, vignette=vignette, final=final, **told)
    except SealingError:
        raise
    except (SigningError, PdfError, ValueError) as error:
        raise SealRefused(f"Ce document ne peut pas être scellé ({error}).") from error
    return Sealed(follows(output, content), key.fingerprint, time_source())


def follows(output: bytes, content: bytes) -> bytes:
    """The file with one revision more, if it begins with the one before. Raises SealRefused."""
    if not output.startswith(content):
        raise SealRefused("Le sceau aurait changé les octets déjà enregistrés : rien n’est gardé.")
    return output


def _sign(content: bytes, key: SealKey, *, vignette: str = "", final: bool = False, **told: Any) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

    metadata = PdfSignatureMetadata(
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        docmdp_permissions=MDPPerm.NO_CHANGES if final else MDPPerm.FILL_FORMS,
        **told,
    )
    stamp = _stamp(vignette) if vignette else None
    signer = PdfSigner(metadata, _signer(key), timestamper=time_stamper(), stamp_style=stamp)
    output = signer.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(content)),
        existing_fields_only=True,
        bytes_reserved=_room(key),
        in_place=False,
    )
    return output.getvalue()


def _stamp(path: str) -> Any:
    """The vignette, to fill its field from edge to edge."""
    from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
    from pyhanko.stamp import StaticStampStyle

    whole = SimpleBoxLayoutRule(
        x_align=AxisAlignment.ALIGN_MIN, y_align=AxisAlignment.ALIGN_MID, margins=Margins(0, 0, 0, 0)
    )
    return StaticStampStyle.from_pdf_file(path, border_width=0, background_layout=whole)


def _room(key: SealKey) -> int:
    from cryptography.hazmat.primitives.serialization import Encoding

    certificates = sum(len(row.public_bytes(Encoding.DER)) for row in (key.certificate, *key.chain))
    return 2 * certificates + ROOM + (TOKEN_ROOM if settings.TSA_URL else 0)


def _signer(key: SealKey) -> Any:
    """Our signer, or the one that SEAL_SIGNER names: a function of a SealKey that returns a pyHanko Signer."""
    if not settings.SEAL_SIGNER:
        return _signer_class()(key)
    module, _, name = settings.SEAL_SIGNER.rpartition(".")
    try:
        make = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise SealUnavailable(f"SEAL_SIGNER ne désigne pas une fonction ({error}).") from error
    return make(key)


@cache
def _signer_class() -> type:
    from asn1crypto.algos import SignedDigestAlgorithm
    from asn1crypto.x509 import Certificate
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.serialization import Encoding
    from pyhanko.sign.signers import Signer
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    class KeptKeySigner(Signer):
        """Signs with a key already loaded; pyHanko's own loads and checks it again for each seal."""

        def __init__(self, key: SealKey) -> None:
            registry = SimpleCertificateStore()
            for row in key.chain:
                registry.register(Certificate.load(row.public_bytes(Encoding.DER)))
            super().__init__(
                signing_cert=Certificate.load(key.certificate.public_bytes(Encoding.DER)),
                cert_registry=registry,
                signature_mechanism=SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
                embed_roots=True,
            )
            if key.key is None:
                raise SealUnavailable(
                    "La clé du sceau est dans un boîtier : SEAL_SIGNER doit dire comment l’appeler."
                )
            self.key = key.key

        async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
            if digest_algorithm != "sha256":
                raise SealRefused(f"Algorithme d’empreinte imprévu : {digest_algorithm}.")
            if dry_run:
                return bytes(self.key.key_size // 8)
            return self.key.sign(data, PKCS1v15(), hashes.SHA256())

    return KeptKeySigner
