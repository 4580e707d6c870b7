"""A time-stamping authority on this machine (RFC 3161), for the demonstration and the tests: it proves nothing.

    python scripts/stamper.py FOLDER DESCRIPTOR ADDRESS

Serves the listening socket of this descriptor: POST stamps, GET gives the revocation list. Keys are kept in FOLDER.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket
from threading import Lock

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

REPLY, LIST = "application/timestamp-reply", "application/pkix-crl"
LIST_PATH = "revocations.crl"
KEY_BITS = 2048
YEAR = datetime.timedelta(days=365)
AUTHORITY_LIFE, UNIT_LIFE, UNIT_USE = 40 * YEAR, 5 * YEAR, 4 * YEAR  # a unit stamps no more in its last year
LATE_CLOCK, LIST_LIFE = datetime.timedelta(hours=1), datetime.timedelta(days=7)
DER = serialization.Encoding.DER
Answer = tuple[int, str, bytes]


@dataclass
class Unit:
    """The certificate that stamps, for a while, from one address."""

    certificate: x509.Certificate
    address: str
    stamper: DummyTimeStamper

    def serves(self, address: str, now: datetime.datetime) -> bool:
        return self.address == address and now < self.certificate.not_valid_before_utc + UNIT_USE

    def stamp(self, query: bytes) -> bytes:
        """The answer to a query, with the certificates up to the authority."""
        return self.stamper.request_tsa_response(tsp.TimeStampReq.load(query)).dump()


@dataclass
class Authority:
    """One authority and its successive units, in order; the key of the units is the same."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate
    unit_key: rsa.RSAPrivateKey
    address: str
    units: list[Unit] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    @classmethod
    def made(cls, address: str) -> Authority:
        key, unit_key = (rsa.generate_private_key(65537, KEY_BITS) for _ in range(2))
        name = _name("Autorité d’horodatage fictive")
        builder = _dated(AUTHORITY_LIFE).subject_name(name).issuer_name(name).public_key(key.public_key())
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        builder = builder.add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        return cls(
            key, builder.add_extension(identifier, False).sign(key, hashes.SHA256()), unit_key, address
        )

    @classmethod
    def kept_in(cls, folder: Path, address: str) -> Authority:
        """The authority of this folder, made at first; a new unit each time it starts."""
        files = [folder / name for name in ("autorite.key", "autorite.der", "unite.key")]
        if all(path.is_file() for path in files):
            root, certificate, unit = (path.read_bytes() for path in files)
            return cls(_key(root), x509.load_der_x509_certificate(certificate), _key(unit), address)
        found = cls.made(address)
        folder.mkdir(parents=True, exist_ok=True)
        contents = (_private(found.key), found.certificate.public_bytes(DER), _private(found.unit_key))
        for path, content in zip(files, contents, strict=True):
            path.write_bytes(content)
            path.chmod(0o600)
        return found

    def unit(self) -> Unit:
        with self.lock:
            if not self.units or not self.units[-1].serves(self.address, datetime.datetime.now(datetime.UTC)):
                self.units.append(self._new_unit())
            return self.units[-1]

    def _new_unit(self) -> Unit:
        name = _name(f"Unité d’horodatage fictive {len(self.units) + 1}")
        builder = _dated(UNIT_LIFE).subject_name(name).issuer_name(self.certificate.subject)
        builder = builder.public_key(self.unit_key.public_key())
        builder = builder.add_extension(_usage("digital_signature"), critical=True)
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(purpose, critical=True)
        parent = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = builder.add_extension(parent, critical=False)
        address = x509.UniformResourceIdentifier(self.address + LIST_PATH)
        point = x509.DistributionPoint([address], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
        certificate = builder.sign(self.key, hashes.SHA256())
        store = SimpleCertificateStore()
        store.register(asn1.Certificate.load(self.certificate.public_bytes(DER)))
        own = asn1.Certificate.load(certificate.public_bytes(DER))
        key = keys.PrivateKeyInfo.load(_private(self.unit_key))
        return Unit(certificate, self.address, DummyTimeStamper(own, key, certs_to_embed=store))

    def revocation_list(self) -> bytes:
        now = datetime.datetime.now(datetime.UTC)
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.certificate.subject)
        builder = builder.last_update(now - LATE_CLOCK).next_update(now + LIST_LIFE)
        builder = builder.add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(DER)


def _name(common: str) -> x509.Name:
    """Told apart from another one of the same name by a number."""
    own = f"{common} {x509.random_serial_number() % 10**6:06d}"
    organisation = "Démonstration OPT Partners (fictif)"
    names = ((NameOID.ORGANIZATION_NAME, organisation), (NameOID.COMMON_NAME, own))
    return x509.Name([x509.NameAttribute(sort, value) for sort, value in names])


def _dated(life: datetime.timedelta) -> x509.CertificateBuilder:
    start = datetime.datetime.now(datetime.UTC) - LATE_CLOCK
    number = x509.random_serial_number()
    return (
        x509.CertificateBuilder().not_valid_before(start).not_valid_after(start + life).serial_number(number)
    )


def _usage(*allowed: str) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: name in allowed for name in names})


def _private(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _key(content: bytes) -> rsa.RSAPrivateKey:
    key = serialization.load_der_private_key(content, None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


class Server(ThreadingHTTPServer):
    """Answers as `behave` does: a query in; status, type and body out."""

    daemon_threads = True

    def __init__(
        self, listening: socket, authority: Authority, behave: Callable[[bytes], Answer] | None = None
    ) -> None:
        super().__init__(listening.getsockname(), _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket, self.authority = listening, authority
        self.behave = behave or (lambda query: (200, REPLY, authority.unit().stamp(query)))


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        self._answer(*self.server.behave(self.rfile.read(int(self.headers["Content-Length"]))))

    def do_GET(self) -> None:
        self._answer(200, LIST, self.server.authority.revocation_list())

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Location", "http://127.0.0.1:9/")  # of an answer that sends elsewhere
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Nothing on the screen: failures are told by who asked."""


def main() -> None:
    folder, descriptor, address = sys.argv[1:]
    authority = Authority.kept_in(Path(folder), address)
    Server(socket(fileno=int(descriptor)), authority).serve_forever()


if __name__ == "__main__":
    main()
