"""Field checks with French messages that say what to do.

Only what is certainly wrong is refused. Doubts about a RIDET or a telephone number are warnings:
see formats.ridet_warnings() and formats.phone_warnings().
"""

import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePath
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.deconstruct import deconstructible

from . import formats
from .formats import NBSP

DEFAULT_MAX_UPLOAD_BYTES: Final = 20 * 1024 * 1024
MAX_UNZIPPED_BYTES: Final = 300 * 1024 * 1024
DOCUMENT_KINDS: Final = ("pdf", "docx", "odt", "xlsx", "csv", "png", "jpeg", "webp")
IMAGE_KINDS: Final = ("png", "jpeg", "webp")

_KIND_LABELS: Final = {
    "pdf": "PDF", "png": "PNG", "jpeg": "JPEG", "webp": "WebP",
    "xlsx": "Excel (.xlsx)", "docx": "Word (.docx)", "odt": "OpenDocument (.odt)", "csv": "CSV",
}  # fmt: skip
_EXTENSIONS: Final = {"jpg": "jpeg"} | {kind: kind for kind in _KIND_LABELS}
_ZIP_PARTS: Final = {"xl/workbook.xml": "xlsx", "word/document.xml": "docx"}
_ODT_TYPE: Final = b"application/vnd.oasis.opendocument.text"
_HEAD_BYTES: Final = 4096


def validate_ridet(value: str) -> None:
    """Refuse a RIDET that is too long; any other doubt is a warning."""
    _check(formats.normalise_ridet, value)


def validate_rna(value: str) -> None:
    """Refuse what is not W and nine letters or digits."""
    _check(formats.normalise_rna, value)


def validate_siret(value: str) -> None:
    """Refuse what is not 14 digits with a right check digit."""
    _check(formats.normalise_siret, value)


def validate_address(value: str) -> None:
    """Refuse an address of mail that no server can reach."""
    ascii_address(value)


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
    if (
        not found.isprintable()
        or local.startswith('"')
        or "." not in domain
        or "[" in domain
        or len(local) > 64
    ):
        raise ValidationError(validate_email.message, code="invalid")
    return found


def validate_upload(file: Any, kinds: Sequence[str], max_bytes: int | None = None) -> str:
    """The kind of an uploaded file (« pdf », « png »…), found in its bytes, when it is one of `kinds`.

    `file` is a Django File (name, size, read, seek), left at its start. `max_bytes` defaults to the setting
    UPLOAD_MAX_BYTES, else 20 MiB. Raises ValidationError (in French) for an empty or too large file, for
    another kind, and for an extension that does not fit the bytes.
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
    extension = PurePath(str(file.name)).suffix.lower().removeprefix(".")
    found = _kind_from_bytes(file, extension)
    _check_kind(found, extension, kinds)
    return str(found)


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
    return ",".join(sorted(f".{extension}" for extension, kind in _EXTENSIONS.items() if kind in kinds))


def _check(read: Callable[[str], object], value: str) -> None:
    try:
        read(value)
    except formats.FormatError as error:
        raise ValidationError(error.message, code=error.code) from error


def _check_kind(found: str | None, extension: str, kinds: Sequence[str]) -> None:
    accepted = formats.join_list([_KIND_LABELS[kind] for kind in kinds], last="ou")
    advice = f"Formats acceptés{NBSP}: {accepted}."
    if found == "svg":
        raise ValidationError(
            f"Les images SVG ne sont pas acceptées, par sécurité. Enregistrez l’image en PNG. {advice}",
            code="svg",
        )
    if found == "heic":
        raise ValidationError(
            f"Cette photo est au format HEIC. Enregistrez-la en JPEG puis réessayez. {advice}", code="heic"
        )
    if found == "macros":
        raise ValidationError(
            f"Ce fichier contient des macros. Enregistrez-le sans macro puis réessayez. {advice}",
            code="macros",
        )
    if found is None or found not in kinds:
        raise ValidationError(f"Ce type de fichier n’est pas accepté. {advice}", code="wrong_kind")
    if _EXTENSIONS.get(extension) != found:
        raise ValidationError(
            f"Le nom du fichier ne correspond pas à son contenu, qui est du type {_KIND_LABELS[found]}. "
            "Renommez-le ou enregistrez-le à nouveau.",
            code="wrong_extension",
        )


def _kind_from_bytes(file: Any, extension: str) -> str | None:
    """What the bytes are; the extension only tells a CSV from any other text."""
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    try:
        if head.startswith(b"PK\x03\x04"):
            return _kind_of_zip(file)
        kind = _kind_from_head(head)
        if kind is None and extension == "csv" and _is_text(file):
            return "csv"
        return kind
    finally:
        file.seek(0)


def _kind_from_head(head: bytes) -> str | None:
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc"):
        return "heic"
    lowered = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if lowered.startswith(b"<"):
        return "svg" if b"<svg" in lowered else "markup"
    return None


def _kind_of_zip(file: Any) -> str | None:
    """Which office document a ZIP archive is; nothing is unpacked but the short `mimetype` of ODT."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = {entry.filename: entry.file_size for entry in archive.infolist()}
            if sum(entries.values()) > MAX_UNZIPPED_BYTES:
                return None
            if any(name.endswith("vbaProject.bin") or name.startswith("Basic/") for name in entries):
                return "macros"
            if entries.get("mimetype") == len(_ODT_TYPE) and archive.read("mimetype") == _ODT_TYPE:
                return "odt"
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        return None
    return next((kind for part, kind in _ZIP_PARTS.items() if part in entries), None)


def _is_text(file: Any) -> bool:
    """Whether a whole file is text (UTF-8, else the Windows encoding that Excel writes)."""
    file.seek(0)
    content: bytes = file.read()
    if any(byte < 32 and byte not in b"\t\r\n\x0c" for byte in content):
        return False
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _mebibytes(size: int) -> str:
    """A size for the reader, in megaoctets: « 2,5 Mo »."""
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0").replace(".", ",") + f"{NBSP}Mo"
