"""Workbooks as programs make them, for tests: openpyxl's, and LibreOffice's and Excel 97's by hand."""

import io
import struct
import zipfile
from xml.sax.saxutils import escape

ODS = "application/vnd.oasis.opendocument.spreadsheet"
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


def xlsx(*rows, change=lambda book: None) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(**parts) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def with_part(content: bytes, part: str, change) -> bytes:
    """The same archive, one part of it changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    parts[part] = change(parts[part])
    return zipped(**parts)


def ods(*rows, columns: str = "", more: str = "") -> bytes:
    """`rows` of texts, numbers, or the XML of a cell (starting with « < »)."""
    lines = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    content = (
        f'<?xml version="1.0"?>{more}<office:document-content {SPACES} office:version="1.3"><office:body>'
        f'<office:spreadsheet><table:table table:name="Parc">{columns}{lines}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS}"/></manifest:manifest>'
    )
    return zipped(mimetype=ODS, **{"content.xml": content, "META-INF__manifest.xml": manifest})


def _ods_cell(value) -> str:
    if isinstance(value, str) and value.startswith("<"):
        return value
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'  # fmt: skip  # noqa: E501
    text = escape(value or "")
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def xls(*rows, from_1904: bool = False, hidden: int | None = None, hidden_row: int | None = None) -> bytes:
    """A workbook of Excel 97; a cell « # » is an error."""
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 6))
    if hidden is not None:
        sheet += _record(0x007D, struct.pack("<HHHHHH", hidden, hidden, 2000, 0, 1, 0))
    if hidden_row is not None:
        sheet += _record(0x0208, struct.pack("<HHHHHHHH", hidden_row, 0, 3, 255, 0, 0, 0x0120, 15))
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            place = struct.pack("<HHH", row, column, 0)
            if value == "#":
                sheet += _record(0x0205, place + b"\x2a\x01")
            elif isinstance(value, str):
                text = value.encode("utf-16-le")
                sheet += _record(0x0204, place + struct.pack("<HB", len(value), 1) + text)
            elif value is not None:
                sheet += _record(0x0203, place + struct.pack("<d", value))
    sheet += _record(0x000A, b"")
    first = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1997, 0, 6))
    first += _record(0x0042, struct.pack("<H", 1200)) + _record(0x0022, struct.pack("<H", from_1904))
    name = b"\x04\x00Parc"
    start = len(first) + 4 + 6 + len(name) + 4
    first += _record(0x0085, struct.pack("<IBB", start, 0, 0) + name) + _record(0x000A, b"")
    return _compound(first + sheet)


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _compound(stream: bytes) -> bytes:
    """The container of Microsoft before 2007: header, table of sectors, directory, one stream."""
    stream = stream.ljust(4096, b"\0")
    stream += b"\0" * (-len(stream) % 512)
    count = len(stream) // 512
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header = header.ljust(44, b"\0") + struct.pack("<IIII", 1, 1, 0, 4096)
    header += struct.pack("<IIII", 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<I", 0)
    table = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, count + 2), 0xFFFFFFFE]
    directory = b""
    for kind, text, child, begins, size in (
        (5, "Root Entry", 1, 0xFFFFFFFE, 0),
        (2, "Workbook", 0xFFFFFFFF, 2, len(stream)),
    ):
        name = text.encode("utf-16-le") + b"\0\0"
        entry = name.ljust(64, b"\0") + struct.pack("<HBB", len(name), kind, 1)
        entry += struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
        directory += entry.ljust(116, b"\0") + struct.pack("<IQ", begins, size)
    packed = struct.pack(f"<{len(table)}I", *table)
    return header.ljust(512, b"\xff") + packed.ljust(512, b"\xff") + directory.ljust(512, b"\0") + stream
