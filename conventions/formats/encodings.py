"""The encoding of a table of text, as spreadsheets of all ages write it."""

import re
from dataclasses import dataclass
from typing import Final

_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe\x00\x00", "utf-32", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32", "UTF-32"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
_EIGHT_BITS: Final = (("cp1252", "windows-1252"), ("mac_roman", "macintosh"), ("cp850", "IBM850"))
_FRENCH: Final = frozenset("éèêëàâäîïôöùûüçœæÉÈÊËÀÂÎÏÔÙÛÇŒ°€«»’‘“”–—…·²\u00a0\u202f")
_BINARY = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f]")
_SEPARATORS: Final = "\t;,|"
_SAMPLE: Final = 100_000  # signs
_LOOKED_AT: Final = 30  # lines


@dataclass(frozen=True, slots=True)
class TextTable:
    """`columns` is 1 for a text that is no table."""

    text: str
    charset: str
    columns: int


def read_table(content: bytes) -> TextTable | None:
    """The text and its encoding, as the Web names it; None when the bytes are no text."""
    found = _decoded(content)
    if found is None or _BINARY.search(found[0]):
        return None
    return TextTable(found[0], found[1], _columns(found[0]))


def _decoded(content: bytes) -> tuple[str, str] | None:
    for mark, codec, name in _MARKS:
        if content.startswith(mark):
            return _with(content, codec, name)
    if b"\x00" in content[:4096]:
        even, odd = content[:4096:2].count(0), content[1:4096:2].count(0)
        return _with(content, "utf-16-be" if even > odd else "utf-16-le", "UTF-16")
    return _with(content, "utf-8", "UTF-8") or _eight_bits(content)


def _with(content: bytes, codec: str, name: str) -> tuple[str, str] | None:
    try:
        return content.decode(codec), name
    except UnicodeDecodeError:
        return None


def _eight_bits(content: bytes) -> tuple[str, str] | None:
    """The encoding whose letters beyond ASCII are most those of French."""
    read = [found for codec, name in _EIGHT_BITS if (found := _with(content, codec, name))]
    return max(read, key=lambda found: _likeness(found[0]), default=None)


def _likeness(text: str) -> int:
    return sum(1 if letter in _FRENCH else -2 for letter in text[:_SAMPLE] if not letter.isascii())


def _columns(text: str) -> int:
    """How many columns most lines have, by the separator that parts them best."""
    lines = [line for line in text[:_SAMPLE].splitlines() if line.strip()][:_LOOKED_AT]
    most = 1
    for separator in _SEPARATORS:
        counts = [line.count(separator) for line in lines]
        common = max(set(counts), key=counts.count, default=0)
        if common and counts.count(common) * 2 >= len(counts) and len(counts) > 1:
            most = max(most, common + 1)
    return most
