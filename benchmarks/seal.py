"""Sealing a document, ours against pyHanko's SimpleSigner left to its defaults.

    python -m benchmarks.seal [rounds]

The same frozen agreement, the same key, one invisible certification; then a signature with its vignette, drawn and
placed. Rounds alternate. Aim: a seal with its vignette in 1.5 s at most.
"""

from __future__ import annotations

import io
import statistics
import sys
from typing import Any

from benchmarks._ground import cpu_ms, machine, set_up

ROUNDS = 15
CODE = "7K3M9QTRV2X4B"


def default_signer(key: Any) -> Any:
    """pyHanko's own signer, as its documentation shows it: the key is loaded and checked for each seal."""
    from asn1crypto.keys import PrivateKeyInfo
    from asn1crypto.x509 import Certificate
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    registry = SimpleCertificateStore()
    for row in key.chain:
        registry.register(Certificate.load(row.public_bytes(Encoding.DER)))
    private = key.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SimpleSigner(
        Certificate.load(key.certificate.public_bytes(Encoding.DER)), PrivateKeyInfo.load(private), registry
    )


def certified_by_default(content: bytes, signer: Any) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, sign_pdf

    metadata = PdfSignatureMetadata(field_name="sceau", certify=True, subfilter=SigSeedSubFilter.PADES)
    return sign_pdf(IncrementalPdfFileWriter(io.BytesIO(content)), metadata, signer).getvalue()


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    set_up()
    from django.utils import timezone

    from conventions.domain.documents import sealing
    from conventions.domain.documents.rendering import VignetteContext, render_agreement, render_vignette
    from conventions.tests.pdf import samples

    print(machine())
    content = render_agreement(samples.agreement(path="en_ligne", code=CODE)).content
    signer = default_signer(sealing.seal_key())
    certified = sealing.certify(content).content
    drawn = VignetteContext(
        name="Mme Éloïse WAMYTAN FICTIVE", title="présidente", signed_at=timezone.now(), method="Code",
        code=CODE, address=sealing.verification_address(CODE),
    )  # fmt: skip

    def visible() -> None:
        vignette = render_vignette(drawn)
        sealing.seal_signature(certified, field="signature-1", reason="Signature", vignette=vignette)

    ways = {
        "pyHanko, SimpleSigner": lambda: certified_by_default(content, signer),
        "le nôtre, premier sceau": lambda: sealing.certify(content),
        "le nôtre, signature avec vignette": visible,
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for name, way in ways.items():
            spent = cpu_ms(way)
            if turn:
                times[name].append(spent)
    for name, seen in times.items():
        print(f"{name:<36}{statistics.median(seen):7.0f} ms")


if __name__ == "__main__":
    main()
