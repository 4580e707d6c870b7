"""What a file is: its bytes decide, not its name. Nothing is opened but the short parts that tell the kind."""

import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, Final

from .encodings import read_table
from .sizes import show_size

MAX_UNZIPPED_BYTES: Final = 300 * 1024 * 1024
_HEAD_BYTES: Final = 4096
_PDF_WITHIN: Final = 1024  # readers look for « %PDF » in as many bytes
_MAX_PART: Final = 1 << 20
_MAX_TABLE_SECTORS: Final = 4096

LABELS: Final = {
    "pdf": "PDF", "png": "Image PNG", "jpeg": "Photo JPEG", "webp": "Image WebP", "tiff": "Image TIFF",
    "heic": "Photo HEIC", "docx": "Document Word", "doc": "Document Word ancien (.doc)", "odt": "Texte LibreOffice",
    "xlsx": "Classeur Excel", "xls": "Classeur Excel ancien (.xls)", "ods": "Classeur LibreOffice",
    "csv": "Tableau CSV",
}  # fmt: skip
CONTENT_TYPES: Final = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "tiff": "image/tiff",
    "heic": "image/heic",
    "csv": "text/csv",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
EXTENSIONS: Final = {
    "pdf": ("pdf",),
    "png": ("png",),
    "jpeg": ("jpg", "jpeg", "jfif", "jpe", "pjpeg", "pjp"),
    "webp": ("webp",),
    "tiff": ("tif", "tiff"),
    "heic": ("heic", "heif"),
    "docx": ("docx",),
    "doc": ("doc",),
    "odt": ("odt",),
    "xlsx": ("xlsx",),
    "xls": ("xls",),
    "ods": ("ods",),
    "csv": ("csv", "txt", "tsv", "tab"),
}
"""The names that go with a kind; the first is given to a file whose name tells another."""

_HEADS: Final = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\x00", "tiff"), (b"MM\x00*", "tiff"), (b"II+\x00", "tiff"), (b"MM\x00+", "tiff"),
)  # fmt: skip
_HEIC_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_END: Final = 0xFFFFFFFA  # no sector: the end of a chain
_MAIN_TYPE = re.compile(
    rb"ms-(?:word|excel)[^\"']*macroEnabled|(wordprocessing|spreadsheet)ml\.(?:document|sheet|template)\.main\+xml"
)
_OPEN_DOCUMENT = re.compile(
    rb"application/vnd\.oasis\.opendocument\.(text|spreadsheet)(?:-template)?(?![\w.-])"
)
_PARTS: Final = {"xl/workbook.xml": "xlsx", "word/document.xml": "docx"}
_MACROS = re.compile(r"(?:.*/)?vbaProject\.bin|xl/macrosheets/.*|(?:Basic|Scripts)/.+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FileKind:
    """« pdf », « png »…, or why it is none of LABELS: « svg », « markup », « macros », « encrypted », « unknown ».

    `charset` of a table of text.
    """

    kind: str
    charset: str = ""

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.kind] + (f"; charset={self.charset}" if self.charset else "")


def kind_of_file(file: IO[bytes], name: str) -> FileKind:
    """What the bytes are; the name only helps to tell a table from any other text. The file is left at its start."""
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    try:
        if head.startswith(b"PK\x03\x04"):
            return FileKind(_kind_of_zip(file))
        if head.startswith(_OLE):
            return FileKind(_kind_of_ole(file))
        if kind := _kind_of_head(head):
            return FileKind(kind)
        file.seek(0)
        table = read_table(file.read())
        if table is not None and (table.columns > 1 or _extension(name) in ("csv", "tsv", "tab")):
            return FileKind("csv", table.charset)
        return FileKind("unknown")
    finally:
        file.seek(0)


def name_for(kind: str, name: str) -> str:
    """The name under which a file goes out again: with an extension of its kind."""
    known = EXTENSIONS[kind]
    return name if _extension(name) in known else f"{name}.{known[0]}"


def show_file(content_type: str, size: int) -> str:
    """« Classeur LibreOffice, 12 ko », « Tableau CSV (UTF-16), 3 ko »."""
    plain, _, charset = content_type.partition("; charset=")
    label = next((LABELS[kind] for kind, known in CONTENT_TYPES.items() if known == plain), "Fichier")
    return f"{label}{f' ({charset})' if charset else ''}, {show_size(size)}"


def workbook_stream(content: bytes) -> bytes:
    """The records of an Excel workbook before 2007. Raises ValueError for what is none."""
    try:
        streams = dict(_ole_directory(content))
        return b"".join(_ole_sectors(content, streams["Workbook" if "Workbook" in streams else "Book"]))
    except (struct.error, IndexError, KeyError) as error:
        raise ValueError("workbook") from error


def _extension(name: str) -> str:
    return PurePath(name).suffix.lower().removeprefix(".")


def _kind_of_head(head: bytes) -> str:
    for start, kind in _HEADS:
        if head.startswith(start):
            return kind
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return "heic"
    lowered = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if lowered.startswith(b"<"):
        return "svg" if b"<svg" in lowered else "markup"
    return "pdf" if b"%PDF-" in head[: _PDF_WITHIN + len(b"%PDF-")] else ""


def _kind_of_zip(file: IO[bytes]) -> str:
    """Which office document a ZIP archive is, by what it says of itself."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = {entry.filename: entry for entry in archive.infolist()}
            if sum(entry.file_size for entry in entries.values()) > MAX_UNZIPPED_BYTES:
                return "unknown"
            if any(_MACROS.fullmatch(name) for name in entries):
                return "macros"
            if any(entry.flag_bits & 1 for entry in entries.values()):
                return "encrypted"
            told = {name: _part(archive, entries, name) for name in _TELLING}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        return "unknown"
    if b"encryption-data" in told["META-INF/manifest.xml"]:
        return "encrypted"
    if found := _OPEN_DOCUMENT.match(told["mimetype"]) or _OPEN_DOCUMENT.search(
        told["META-INF/manifest.xml"]
    ):
        return "odt" if found[1] == b"text" else "ods"
    if main := _MAIN_TYPE.search(told["[Content_Types].xml"]):
        return {b"wordprocessing": "docx", b"spreadsheet": "xlsx", None: "macros"}[main[1]]
    return next((kind for part, kind in _PARTS.items() if part in entries), "unknown")


_TELLING: Final = ("mimetype", "META-INF/manifest.xml", "[Content_Types].xml")


def _part(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], name: str) -> bytes:
    """The beginning of a part, in a form of one byte a sign; empty when there is none."""
    if name not in entries:
        return b""
    with archive.open(name) as part:
        return part.read(_MAX_PART).replace(b"\x00", b"")


def _kind_of_ole(file: IO[bytes]) -> str:
    """Which document of Office before 2007 this is, by the directory of its streams."""
    file.seek(0)
    content = file.read()
    try:
        streams = dict(_ole_directory(content))
    except (struct.error, IndexError, ValueError):
        return "unknown"
    if {"Macros", "_VBA_PROJECT_CUR", "VBA"} & streams.keys():
        return "macros"
    if "EncryptedPackage" in streams:
        return "encrypted"
    if "WordDocument" in streams:
        return "doc"
    book = streams.get("Workbook", streams.get("Book"))
    if book is None:
        return "unknown"
    return "macros" if _has_macro_sheet(b"".join(_ole_sectors(content, book))) else "xls"


def _ole_directory(content: bytes) -> Iterator[tuple[str, int]]:
    """(name, first sector) of each storage and stream."""
    directory = b"".join(_ole_sectors(content, struct.unpack_from("<I", content, 48)[0]))
    for start in range(0, len(directory) - 127, 128):
        entry = directory[start : start + 128]
        length = struct.unpack_from("<H", entry, 64)[0]
        if entry[66] in (1, 2, 5) and 2 <= length <= 64:
            yield entry[: length - 2].decode("utf-16-le", "replace"), struct.unpack_from("<I", entry, 116)[0]


def _ole_sectors(content: bytes, sector: int) -> Iterator[bytes]:
    """The sectors of one chain; a chain that turns round, or leaves the file, ends there."""
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    if size not in (512, 4096):
        raise ValueError("sector size")
    table = _ole_table(content, size)
    per_sector = size // 4
    for _step in range(_MAX_TABLE_SECTORS):
        if sector >= _OLE_END:
            return
        yield content[(sector + 1) * size : (sector + 2) * size]
        place = (table[sector // per_sector] + 1) * size + sector % per_sector * 4
        sector = struct.unpack_from("<I", content, place)[0]


def _ole_table(content: bytes, size: int) -> list[int]:
    """The sectors that say which sector follows which: 109 in the header, the others in a chain of their own."""
    found = list(struct.unpack_from("<109I", content, 76))
    following = struct.unpack_from("<I", content, 68)[0]
    while following < _OLE_END and len(found) < _MAX_TABLE_SECTORS:
        sector = struct.unpack_from(f"<{size // 4}I", content, (following + 1) * size)
        found += sector[:-1]
        following = sector[-1]
    return found


def _has_macro_sheet(book: bytes) -> bool:
    """Whether a sheet of Excel 4 macros is among those of the workbook (record BOUNDSHEET)."""
    place = 0
    while place + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, place)
        if kind == 0x000A:
            break
        if kind == 0x0085 and length > 5 and book[place + 9] == 1:
            return True
        place += 4 + length
    return False
