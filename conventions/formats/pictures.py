"""A photo without what it says beside its picture: where, when, by whom, with which device. The dots stay the same.

Nothing is compressed again: parts of the file are left out. How the picture is turned stays, and its colours.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from typing import Final

from .base import FormatError

_CUT = "Cette image est incomplète ou abîmée. Enregistrez-la de nouveau depuis l’appareil, puis renvoyez-la."
_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")  # in the dots of a JPEG, what is no escape nor restart
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_TOLD: Final = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"caBX", b"dSIG"})
_WEBP_TOLD: Final = frozenset({b"EXIF", b"XMP "})
_WEBP_FLAGS: Final = 0x08 | 0x04  # EXIF, XMP announced
_ORIENTATION: Final = 0x0112


def picture_alone(kind: str, content: bytes) -> bytes:
    """The file without its metadata; any other kind than a photo is given back whole.

    Raises FormatError (in French) for a picture that is cut or broken.
    """
    readers = {"jpeg": _jpeg, "png": _png, "webp": _webp, "heic": _heic}
    if kind not in readers:
        return content
    try:
        return readers[kind](content)
    except (struct.error, IndexError, ValueError) as error:
        raise FormatError(_CUT, "cut") from error


def _jpeg(content: bytes) -> bytes:
    kept, turn = bytearray(), 1
    for marker, segment in _jpeg_segments(content):
        if segment[4:10] == b"Exif\x00\x00":
            turn = _turn_of(segment[10:]) or turn
        if _jpeg_keeps(marker, segment):
            kept += segment
    if turn != 1:
        told = b"Exif\x00\x00" + _only_turned(turn)
        after = 2 + (2 + struct.unpack_from(">H", kept, 4)[0] if kept[2:4] == b"\xff\xe0" else 0)
        kept[after:after] = b"\xff\xe1" + struct.pack(">H", len(told) + 2) + told
    return bytes(kept)


def _jpeg_segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each (marker, bytes) up to the end; what follows it is another picture, a film, notes of the maker."""
    place = 0
    while (marker := content[place + 1]) != 0xD9:
        if content[place] != 0xFF:
            raise ValueError("no marker")
        if marker == 0xFF:
            place += 1
            continue
        end = place + 2
        if marker not in _ALONE:
            end += struct.unpack_from(">H", content, end)[0]
        if marker == 0xDA:  # the dots follow
            found = _MARKER.search(content, end)
            end = found.start() if found else len(content)
        if end >= len(content):
            raise ValueError("cut")
        yield marker, content[place:end]
        place = end
    yield 0xD9, b"\xff\xd9"


def _jpeg_keeps(marker: int, segment: bytes) -> bool:
    """The picture itself, its density, its colours; nothing else of what programs add (APP1… APP15, comment)."""
    if marker == 0xE0:
        return segment[4:9] == b"JFIF\x00"
    if marker == 0xE2:
        return segment[4:16] == b"ICC_PROFILE\x00"
    if marker == 0xEE:
        return segment[4:9] == b"Adobe"
    return not 0xE0 <= marker <= 0xEF and marker != 0xFE


def _png(content: bytes) -> bytes:
    kept, place, turn = bytearray(_PNG), len(_PNG), 1
    while True:
        length, name = struct.unpack_from(">I4s", content, place)
        chunk = content[place : place + 12 + length]
        if len(chunk) < 12 + length:
            raise ValueError("cut")
        if name == b"eXIf":
            turn = _turn_of(chunk[8:-4]) or turn
        if name == b"IDAT" and turn != 1:
            told, turn = b"eXIf" + _only_turned(turn), 1
            kept += struct.pack(">I", len(told) - 4) + told + struct.pack(">I", zlib.crc32(told))
        if name not in _PNG_TOLD:
            kept += chunk
        if name == b"IEND":
            return bytes(kept)
        place += len(chunk)


def _webp(content: bytes) -> bytes:
    end = 8 + struct.unpack_from("<I", content, 4)[0]
    if len(content) < end:
        raise ValueError("cut")
    chunks, place, turn = [], 12, 1
    while place + 8 <= end:
        name, length = struct.unpack_from("<4sI", content, place)
        data = content[place + 8 : place + 8 + length]
        if len(data) < length:
            raise ValueError("cut")
        if name == b"EXIF":
            turn = _turn_of(data.removeprefix(b"Exif\x00\x00")) or turn
        if name not in _WEBP_TOLD:
            chunks.append((name, data))
        place += 8 + length + length % 2
    if turn != 1:
        chunks.append((b"EXIF", _only_turned(turn)))
    if chunks and chunks[0][0] == b"VP8X":
        flags = chunks[0][1][0] & ~_WEBP_FLAGS | (0x08 if turn != 1 else 0)
        chunks[0] = (b"VP8X", bytes([flags]) + chunks[0][1][1:])
    body = b"".join(
        name + struct.pack("<I", len(data)) + data + b"\x00" * (len(data) % 2) for name, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _turn_of(exif: bytes) -> int:
    """How the picture is turned, 1 to 8; 0 when it does not say."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return 0
    try:
        first = struct.unpack_from(f"{order}I", exif, 4)[0]
        for rank in range(min(struct.unpack_from(f"{order}H", exif, first)[0], 500)):
            tag, _kind, _count, value = struct.unpack_from(f"{order}HHIH", exif, first + 2 + rank * 12)
            if tag == _ORIENTATION:
                return int(value) if 1 <= value <= 8 else 0
    except struct.error:
        return 0
    return 0


def _only_turned(turn: int) -> bytes:
    """The least EXIF: how the picture is turned."""
    return b"II*\x00" + struct.pack("<IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, turn, 0, 0)


def _heic(content: bytes) -> bytes:
    """The same file where the notes (items « Exif » and « mime ») are zeros: offsets stay, and how it is turned."""
    boxes = {kind: (start, end) for kind, start, end in _boxes(content, 0, len(content))}
    if b"meta" not in boxes:
        raise ValueError("no meta")
    inside = {
        kind: (start, end) for kind, start, end in _boxes(content, boxes[b"meta"][0] + 4, boxes[b"meta"][1])
    }
    told = set(_heic_items(content, *inside[b"iinf"]))
    base = inside[b"idat"][0] if b"idat" in inside else 0
    blank = bytearray(content)
    for item, method, offset, length in _heic_places(content, *inside[b"iloc"]):
        start = offset + (base if method == 1 else 0)
        if start + length > len(content):
            raise ValueError("cut")
        if item in told:
            blank[start : start + length] = bytes(length)
    return bytes(blank)


def _boxes(content: bytes, place: int, end: int) -> list[tuple[bytes, int, int]]:
    """(kind, start and end of what it holds) of each box."""
    found = []
    while place + 8 <= end:
        size, kind = struct.unpack_from(">I4s", content, place)
        head = 8
        if size == 1:
            size, head = struct.unpack_from(">Q", content, place + 8)[0], 16
        size = size or end - place
        if size < head or place + size > end:
            raise ValueError("cut")
        found.append((kind, place + head, place + size))
        place += size
    return found


def _heic_items(content: bytes, start: int, end: int) -> list[int]:
    """Numbers of the items that are notes."""
    wide = content[start] > 0  # version of the box
    found = []
    for kind, place, _end in _boxes(content, start + (8 if wide else 6), end):
        if kind == b"infe" and content[place] in (2, 3):
            number = struct.unpack_from(">H" if content[place] == 2 else ">I", content, place + 4)[0]
            name = place + (8 if content[place] == 2 else 10)
            if content[name : name + 4] in (b"Exif", b"mime"):
                found.append(int(number))
    return found


def _heic_places(content: bytes, start: int, end: int) -> list[tuple[int, int, int, int]]:
    """(item, 0 in the file or 1 beside, offset, length) of each piece of each item."""
    version, sizes = content[start], struct.unpack_from(">H", content, start + 4)[0]
    widths = [sizes >> 12 & 15, sizes >> 8 & 15, sizes >> 4 & 15, sizes & 15 if version else 0]
    place, found = start + 6, []

    def number(width: int) -> int:
        nonlocal place
        place += width
        if place > end:
            raise ValueError("cut")
        return int.from_bytes(content[place - width : place], "big")

    wide = 4 if version == 2 else 2
    for _item in range(number(wide)):
        item = number(wide)
        method = number(2) & 15 if version else 0
        number(2)
        base = number(widths[2])
        for _extent in range(number(2)):
            number(widths[3])
            offset = base + number(widths[0])
            found.append((item, method, offset, number(widths[1])))
    return found
