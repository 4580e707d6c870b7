"""Field checks with French messages that say what to do.

Only what is certainly wrong is refused. Doubts about a RIDET or a telephone number are warnings:
see formats.ridet_warnings() and formats.phone_warnings().
"""

import datetime
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.deconstruct import deconstructible

from . import formats
from .formats import NBSP

Value = TypeVar("Value")

DEFAULT_MAX_UPLOAD_BYTES: Final = 20 * 1024 * 1024
PICTURE_KINDS: Final = ("png", "jpeg", "webp", "heic", "tiff")
"""Photos and scans, as they are kept beside a file."""
IMAGE_KINDS: Final = ("png", "jpeg", "webp")
"""Pictures that every browser shows."""
PHOTO_KINDS: Final = (*IMAGE_KINDS, "heic")
"""What a phone or a camera takes, to be shown: HEIC becomes JPEG (`attachments.inspect_picture`)."""
PROOF_KINDS: Final = ("pdf", *PICTURE_KINDS)
DOCUMENT_KINDS: Final = ("pdf", "docx", "doc", "odt", "xlsx", "xls", "ods", "csv", *PICTURE_KINDS)

_SHORT: Final = {
    "pdf": "PDF", "png": "PNG", "jpeg": "JPEG", "webp": "WebP", "tiff": "TIFF", "heic": "HEIC", "docx": "Word",
    "doc": "Word", "odt": "LibreOffice", "xlsx": "Excel", "xls": "Excel", "ods": "LibreOffice", "csv": "CSV",
}  # fmt: skip
# What a file that is not taken is, and what to do with it.
_REFUSALS: Final = {
    "svg": "Les images SVG ne sont pas acceptées, par sécurité. Enregistrez l’image en PNG.",
    "markup": "Ce fichier est une page web ou du code. Imprimez-la en PDF, puis envoyez ce PDF.",
    "macros": "Ce fichier contient des macros. Enregistrez-le sans macro, ou en PDF, puis réessayez.",
    "encrypted": "Ce fichier est protégé par un mot de passe. Enregistrez-le sans mot de passe, puis réessayez.",
    "heic": "Cette photo est au format HEIC. Enregistrez-la en JPEG puis réessayez.",
    "tiff": "Cette image est au format TIFF. Enregistrez-la en PNG ou en JPEG puis réessayez.",
}


def validate_ridet(value: str) -> None:
    """Refuse a RIDET that is too long; any other doubt is a warning."""
    _check(formats.normalise_ridet, value)


def validate_rna(value: str) -> None:
    """Refuse what is not W and nine letters or digits."""
    _check(formats.normalise_rna, value)


def validate_siret(value: str) -> None:
    """Refuse what is not 14 digits with a right check digit."""
    _check(formats.normalise_siret, value)


def validate_year(value: datetime.date) -> None:
    """Refuse a day, or a moment, of a year that nobody means."""
    _check(formats.check_year, value.year)


def validate_address(value: str) -> None:
    """Refuse, as it is typed, an address of mail that no server can reach, or of one machine alone."""
    ascii_address(value)
    local, _at, domain = value.rpartition("@")
    if local.startswith('"') or "." not in domain or "[" in domain or len(local) > 64:
        raise ValidationError(validate_email.message, code="invalid")


def ascii_address(value: str) -> str:
    """The address of mail as it travels: a domain with accents is encoded (RFC 5890). Raises ValidationError.

    Accents before the « @ » would need a server that takes them (RFC 6531), and few do.
    """
    local, _at, domain = value.rpartition("@")
    if not local.isascii():
        raise ValidationError(
            "Avant le « @ », une adresse de courriel s’écrit sans accent ni lettre particulière. Vérifiez-la.",
            code="letters",
        )
    try:
        found = f"{local}@{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        found = ""
    validate_email(found)
    if not found.isprintable() or " " in found:
        raise ValidationError(validate_email.message, code="invalid")
    return found


def validate_upload(file: Any, kinds: Sequence[str], max_bytes: int | None = None) -> formats.FileKind:
    """The kind of an uploaded file (« pdf », « png »…), found in its bytes, when it is one of `kinds`.

    `file` is a Django File (name, size, read, seek), left at its start. `max_bytes` defaults to the setting
    UPLOAD_MAX_BYTES, else 20 MiB. Raises ValidationError (in French) for an empty or too large file, and for another
    kind; whatever the name says, the bytes decide.
    """
    limit = max_bytes or int(getattr(settings, "UPLOAD_MAX_BYTES", DEFAULT_MAX_UPLOAD_BYTES))
    if not file.size:
        raise ValidationError("Ce fichier est vide. Choisissez-en un autre.", code="empty")
    if file.size > limit:
        raise ValidationError(
            f"Ce fichier est trop lourd ({_mebibytes(file.size)}). La taille maximale est de "
            f"{_mebibytes(limit)}. Réduisez-le ou partagez-le en plusieurs fichiers.",
            code="too_large",
        )
    found = formats.kind_of_file(file, str(file.name))
    if found.kind not in kinds:
        raise _refusal(found.kind, kinds)
    return found


@deconstructible
class UploadValidator:
    """validate_upload() for a FileField: `validators=[UploadValidator(("pdf",))]`."""

    def __init__(self, kinds: Iterable[str] = DOCUMENT_KINDS, max_bytes: int | None = None) -> None:
        self.kinds = tuple(kinds)
        self.max_bytes = max_bytes

    def __call__(self, file: Any) -> None:
        validate_upload(file, self.kinds, self.max_bytes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UploadValidator) and (self.kinds, self.max_bytes) == (
            other.kinds,
            other.max_bytes,
        )

    def __hash__(self) -> int:
        return hash((self.kinds, self.max_bytes))


def accept_attribute(kinds: Sequence[str]) -> str:
    """The `accept` attribute of a file field for these kinds: « .pdf,.jpeg,.jpg »."""
    return ",".join(sorted(f".{name}" for kind in kinds for name in formats.FILE_EXTENSIONS[kind]))


def _check(read: Callable[[Value], object], value: Value) -> None:
    try:
        read(value)
    except formats.FormatError as error:
        raise ValidationError(error.message, code=error.code) from error


def _refusal(found: str, kinds: Sequence[str]) -> ValidationError:
    accepted = formats.join_list(list(dict.fromkeys(_SHORT[kind] for kind in kinds)), last="ou")
    advice = f"Formats acceptés{NBSP}: {accepted}."
    told = _REFUSALS.get(found)
    if told is not None:
        return ValidationError(f"{told} {advice}", code=found if found != "markup" else "wrong_kind")
    label = formats.FILE_LABELS.get(found)
    told = (
        f"Ce fichier n’est pas accepté ici ({label})." if label else "Ce type de fichier n’est pas accepté."
    )
    return ValidationError(
        f"{told} Enregistrez-le ou imprimez-le en PDF, puis envoyez ce PDF. {advice}"
        if "pdf" in kinds and found != "pdf"
        else f"{told} {advice}",
        code="wrong_kind",
    )


def _mebibytes(size: int) -> str:
    """A size for the reader, in megaoctets: « 2,5 Mo »."""
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0").replace(".", ",") + f"{NBSP}Mo"
