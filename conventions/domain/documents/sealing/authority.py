"""The certificate of the seal and its key: by setting, or made by the application for itself.

Embedded default: a certificate authority and a certificate of its own, made on first use in DATA_DIR/sceau (files
0400, folder 0700), never in the repository nor in the database. The folder appears whole, by one rename under a
lock: two processes that start together make one. A purchased certificate (PEM or PKCS#12) takes its place by
setting; a key kept in a device, by SEAL_SIGNER.
"""

from __future__ import annotations

import datetime
import fcntl
import logging
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils import timezone

from conventions.domain.documents.sealing.errors import SealUnavailable
from conventions.models import SealedRevision

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

logger = logging.getLogger(__name__)
KEY_BITS = 3072
AUTHORITY_DAYS, CERTIFICATE_DAYS = 20 * 365, 5 * 365
ALERT = datetime.timedelta(days=60)
AUTHORITY, AUTHORITY_KEY = "autorite.pem", "autorite.key"
CERTIFICATE, CERTIFICATE_KEY = "sceau.pem", "sceau.key"
FILES = (AUTHORITY, AUTHORITY_KEY, CERTIFICATE, CERTIFICATE_KEY)
REVOKED = (
    "revoques.txt"  # a line for each stolen key: serial number of its certificate in hexadecimal, moment
)
REVOCATION_PATH = "/verifier/revocations.crl"  # of the site
PKCS12_SUFFIXES = (".p12", ".pfx")


@dataclass(frozen=True, slots=True)
class SealKey:
    """A certificate, the certificates up to its anchor, and the key; `key` None when a device keeps it."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    key: rsa.RSAPrivateKey | None
    embedded: bool

    @property
    def anchor(self) -> x509.Certificate:
        """The last certificate of the chain: what someone who verifies has to trust."""
        return self.chain[-1] if self.chain else self.certificate

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.certificate)

    @property
    def expires_at(self) -> datetime.datetime:
        return self.certificate.not_valid_after_utc

    def expires_soon(self, *, at: datetime.datetime | None = None) -> bool:
        return self.expires_at - (at or timezone.now()) <= ALERT


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate (64 hexadecimal digits)."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def seal_key(*, create: bool = True) -> SealKey:
    """The certificate and key in force, read once per process. Raises SealUnavailable, in French.

    With nothing configured, the embedded authority is made on first use; never when `create` is False, nor on a site
    that sealed already: there a folder that is missing is a folder that was lost.
    """
    if settings.SEAL_CERTIFICATE:
        return _configured(settings.SEAL_CERTIFICATE, settings.SEAL_KEY, settings.SEAL_PASSPHRASE)
    folder = embedded_folder()
    if not folder.is_dir():
        if SealedRevision.objects.exists():
            raise SealUnavailable(
                f"Le dossier des clés du sceau a disparu ({folder}). Restaurez sa sauvegarde. S’il est perdu pour"
                " toujours, lancez « manage.py sceau --nouvelle-autorite »."
            )
        if not create:
            raise SealUnavailable(
                "Le sceau n’a pas encore de clé : elle sera faite au premier acte en ligne."
            )
        create_embedded(folder)
    return _embedded(folder)


def embedded_folder() -> Path:
    return Path(settings.DATA_DIR) / "sceau"


def anchors() -> list[x509.Certificate]:
    """The certificates that ours are issued by, those of before included; whoever verifies compares them by hash.

    One that cannot be read is left out and told in the log: a key that is missing here takes nobody's answer away.
    """
    embedded = embedded_folder() / AUTHORITY
    paths = [*settings.SEAL_FORMER_CERTIFICATES, *([embedded] if embedded.is_file() else [])]
    found: list[x509.Certificate] = []
    for path in (*paths, ""):
        try:
            found += _certificates(_read(path, "SEAL_FORMER_CERTIFICATES")) if path else _configured_anchor()
        except SealUnavailable as error:
            logger.warning("Certificat laissé de côté pour vérifier : %s", error)
    return found


def _configured_anchor() -> list[x509.Certificate]:
    """The certificate of the settings, not its issuer: a purchased one issues for others too."""
    return [seal_key().certificate] if settings.SEAL_CERTIFICATE else []


def is_issued_by(certificate: x509.Certificate, issuers: list[x509.Certificate]) -> bool:
    """Whether the key of one of these signed the certificate; names prove nothing."""
    for issuer in issuers:
        try:
            certificate.verify_directly_issued_by(issuer)
        except (ValueError, TypeError, InvalidSignature):
            continue
        return True
    return False


def forget() -> None:
    """Read the key again at the next use: after it was renewed."""
    _embedded.cache_clear()
    _configured.cache_clear()


@lru_cache(maxsize=2)
def _configured(certificate: str, key: str, passphrase: str) -> SealKey:
    """The certificate and key that the settings name; with SEAL_SIGNER the key stays in its device."""
    secret = passphrase.encode() or None
    if certificate.lower().endswith(PKCS12_SUFFIXES):
        return _from_pkcs12(_read(certificate, "SEAL_CERTIFICATE"), secret)
    first, *others = _certificates(_read(certificate, "SEAL_CERTIFICATE"))
    private = None if settings.SEAL_SIGNER else _private_key(_read(key, "SEAL_KEY"), secret)
    return _checked(first, others, private, embedded=False)


@lru_cache(maxsize=2)
def _embedded(folder: Path) -> SealKey:
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise SealUnavailable(
            f"Le dossier {folder} est incomplet : {', '.join(missing)}. Restaurez la sauvegarde des clés."
        )
    (authority,) = _certificates(_read(folder / AUTHORITY, "sceau"))
    (certificate,) = _certificates(_read(folder / CERTIFICATE, "sceau"))
    key = _private_key(_read(folder / CERTIFICATE_KEY, "sceau"), None)
    return _checked(certificate, [authority], key, embedded=True)


def _read(path: str | Path, setting: str) -> bytes:
    if not path:
        raise SealUnavailable(f"{setting} n’est pas définie. Donnez le chemin du fichier de la clé du sceau.")
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise SealUnavailable(
            f"{setting} : le fichier {path} est absent ou illisible ({error.strerror})."
            " Corrigez le chemin ou les droits."
        ) from error


def _certificates(content: bytes) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(content)
    except ValueError as error:
        raise SealUnavailable("Le certificat du sceau n’est pas un fichier PEM lisible.") from error


@lru_cache(maxsize=8)  # opening one takes a tenth of a second: its numbers are checked
def _private_key(content: bytes, secret: bytes | None) -> PrivateKeyTypes:
    try:
        return serialization.load_pem_private_key(content, secret)
    except (ValueError, TypeError) as error:
        raise SealUnavailable(
            "La clé du sceau ne s’ouvre pas : fichier abîmé, ou phrase secrète (SEAL_PASSPHRASE) fausse ou absente."
        ) from error


def _from_pkcs12(content: bytes, secret: bytes | None) -> SealKey:
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(content, secret)
    except ValueError as error:
        raise SealUnavailable(
            "Le fichier PKCS#12 du sceau ne s’ouvre pas : abîmé, ou phrase secrète (SEAL_PASSPHRASE) fausse."
        ) from error
    if key is None or certificate is None:
        raise SealUnavailable("Le fichier PKCS#12 du sceau ne contient pas un certificat et sa clé.")
    return _checked(certificate, others, key, embedded=False)


def _checked(
    certificate: x509.Certificate,
    others: Iterable[x509.Certificate],
    key: PrivateKeyTypes | None,
    *,
    embedded: bool,
) -> SealKey:
    """RSA alone: another sort of key would raise the file out of PDF/A-3. The key must be that of the certificate."""
    public = certificate.public_key()
    if not isinstance(public, rsa.RSAPublicKey) or public.key_size < 2048:
        raise SealUnavailable("La clé du sceau doit être une clé RSA d’au moins 2048 bits.")
    if key is not None and not (isinstance(key, rsa.RSAPrivateKey) and key.public_key() == public):
        raise SealUnavailable("La clé du sceau n’est pas celle du certificat. Vérifiez les deux fichiers.")
    return SealKey(certificate, _ordered(certificate, list(others)), key, embedded)


def _ordered(certificate: x509.Certificate, others: list[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """The issuers of a certificate, from the nearest to the anchor."""
    chain, last = [], certificate
    while issuer := next((row for row in others if row.subject == last.issuer and row != last), None):
        chain.append(issuer)
        others.remove(issuer)
        last = issuer
    return tuple(chain)


def create_embedded(folder: Path) -> None:
    """Make the authority and the certificate of the seal, unless another process just did."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _locked(folder):
        if folder.is_dir():
            return
        draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".sceau-"))
        try:
            _fill(draft)
            draft.rename(folder)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise


def issuer(folder: Path) -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    """The embedded authority and its key. Raises SealUnavailable."""
    certificate = _certificates(_read(folder / AUTHORITY, "sceau"))[0]
    return certificate, cast(rsa.RSAPrivateKey, _private_key(_read(folder / AUTHORITY_KEY, "sceau"), None))


def revoked(folder: Path) -> Iterator[tuple[int, datetime.datetime]]:
    """(serial number, moment) of each certificate of the embedded authority whose key was stolen."""
    path = folder / REVOKED
    for line in path.read_text().splitlines() if path.is_file() else ():
        serial, _, moment = line.partition(" ")
        yield int(serial, 16), datetime.datetime.fromisoformat(moment)


def renew_embedded(folder: Path, *, stolen: bool = False) -> None:
    """A new key and certificate of the seal, by the same authority; documents sealed before stay verifiable.

    `stolen`: the former certificate joins the revocation list, from now on.
    """
    with _locked(folder):
        authority, signer = issuer(folder)
        key = rsa.generate_private_key(65537, KEY_BITS)
        draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".sceau-"))
        for name in (AUTHORITY, AUTHORITY_KEY):
            shutil.copy2(folder / name, draft / name)
        if told := [*revoked(folder), *(_former(folder) if stolen else ())]:
            lines = (f"{serial:x} {moment.isoformat()}\n" for serial, moment in told)
            _write(draft / REVOKED, "".join(lines).encode())
        _write_key(draft / CERTIFICATE_KEY, key)
        _write(draft / CERTIFICATE, _pem(_issued(key, by=authority, signer=signer)))
        former = folder.with_name(f"{folder.name}-avant-{timezone.now():%Y%m%d%H%M%S-%f}")
        folder.rename(former)
        draft.rename(folder)
    forget()


def _former(folder: Path) -> Iterator[tuple[int, datetime.datetime]]:
    (certificate,) = _certificates(_read(folder / CERTIFICATE, "sceau"))
    yield certificate.serial_number, timezone.now().replace(microsecond=0)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with open(folder.with_name(f".{folder.name}.verrou"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fill(draft: Path) -> None:
    root, key = rsa.generate_private_key(65537, KEY_BITS), rsa.generate_private_key(65537, KEY_BITS)
    authority = _authority(root)
    _write_key(draft / AUTHORITY_KEY, root)
    _write(draft / AUTHORITY, _pem(authority))
    _write_key(draft / CERTIFICATE_KEY, key)
    _write(draft / CERTIFICATE, _pem(_issued(key, by=authority, signer=root)))


def _names(common: str) -> x509.Name:
    organisation = "Démonstration OPT Partners (fictif)" if settings.DEMO else "OPT-NC"
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "NC"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _authority(root: rsa.RSAPrivateKey) -> x509.Certificate:
    identifier = x509.SubjectKeyIdentifier.from_public_key(root.public_key())
    mark = identifier.digest.hex()[:8].upper()  # two authorities of the same name can be told apart
    name = _names(f"OPT Partners, autorité embarquée {mark}")
    builder = _dated(AUTHORITY_DAYS).subject_name(name).issuer_name(name).public_key(root.public_key())
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
    return builder.add_extension(identifier, critical=False).sign(root, hashes.SHA256())


def _issued(key: rsa.RSAPrivateKey, *, by: x509.Certificate, signer: rsa.RSAPrivateKey) -> x509.Certificate:
    parent = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    builder = _dated(CERTIFICATE_DAYS).subject_name(_names("OPT Partners, sceau")).issuer_name(by.subject)
    builder = builder.public_key(key.public_key())
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
    builder = builder.add_extension(own, critical=False).add_extension(parent, critical=False)
    return builder.add_extension(_revocation_points(), critical=False).sign(signer, hashes.SHA256())


def _revocation_points() -> x509.CRLDistributionPoints:
    address = x509.UniformResourceIdentifier(f"{settings.SITE_URL}{REVOCATION_PATH}")
    point = x509.DistributionPoint(full_name=[address], relative_name=None, reasons=None, crl_issuer=None)
    return x509.CRLDistributionPoints([point])


def _dated(days: int) -> x509.CertificateBuilder:
    start = timezone.now() - datetime.timedelta(hours=1)  # a clock slightly late elsewhere
    end = start + datetime.timedelta(days=days)
    number = x509.random_serial_number()
    return x509.CertificateBuilder().not_valid_before(start).not_valid_after(end).serial_number(number)


def _usage(**allowed: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: allowed.get(name, False) for name in names})


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _write_key(path: Path, key: rsa.RSAPrivateKey) -> None:
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    _write(path, key.private_bytes(pem, form, serialization.NoEncryption()))


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
