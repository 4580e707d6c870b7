"""Values at the edges of what anything takes, by the kind of control they are put in."""

from __future__ import annotations

import random
from dataclasses import dataclass

from conventions.tests.boundary.forms import Field
from conventions.tests.factories import small_pdf

TEXTS = (
    "", " ", "\x00", "a\x00b", "\x1f\x7f\x85", "x" * 256, "é" * 5_000, "x" * 200_000, "\ud800", "𝄞🏝",
    "\u202eabc", "\ufeff\u200b", "<script>alert(1)</script>", "'\";--", "\\", "%s%n%(x)s", "=1+1",
    "../../etc/passwd", "\r\nX: y", "\n" * 300, "9" * 30, "-1", "null", "NaN", "ﬁ ½ ² ٣", "e\u0301" * 200,
)  # fmt: skip
NUMBERS = (
    "", "-1", "0", "-0", "1.5", "1,5", "127", "32767", "32768", "2147483647", "2147483648",
    "9223372036854775807", "9223372036854775808", "-9223372036854775809", "9" * 40, "9" * 5_000, "1e400",
    "1e5", "NaN", "Infinity", "-Infinity", "²", "٣", "0x10", "1_000", " 1 ", "1 000 000", "999 999 999 999 999",
    "999999999999", "1 M", "\x001", "100,01", "0,0000001",
)  # fmt: skip
DATES = (
    "", "0000-00-00", "0001-01-01", "1000-01-01", "1582-10-10", "1900-01-01", "2026-02-30", "2026-13-01",
    "9998-12-31", "9999-12-31", "10000-01-01", "-0001-01-01", "31/12/9999", "01/01/0001", "9999-12-31T23:59",
    "0001-01-01T00:00", "9999-12-31T23:59:59+14:00", "9999-W53-7", "aujourd’hui", "2026-01-01\x00", "99999999",
)  # fmt: skip
CHOICES = (
    "", "0", "-1", "1", "9223372036854775807", "9223372036854775808", "9" * 40, "²", "٣", "1.0", "None",
    "inconnu", "\x00", "a\x00b", "x" * 300, "__all__", "[]", "\ud800",
)  # fmt: skip
FILE_NAMES = (
    "acte.pdf", "", "a" * 300 + ".pdf", "../../acte.pdf", "acte\x00.pdf", "é\u202efdp.exe", "sans-extension", ".pdf",
    "C:\\acte.pdf", "acte.PDF.exe", "\ud800.pdf", "a\r\nX: y.pdf", 'a".pdf', "photo.jpg", "CON", " .pdf ",
)  # fmt: skip
# Only their kind is read here: what a hostile PDF may hold has its own tests.
PDF = small_pdf("Un essai (fictif)")
CONTENTS = (
    PDF, b"", b"\x00" * 600, b"%PDF-1.7\n", b"GIF89a", b"\xff\xd8\xff\xe0" + b"x" * 99, b"PK\x03\x04",
    b"x" * 40_000,
)  # fmt: skip
BY_KIND = {
    "number": NUMBERS,
    "date": DATES,
    "datetime-local": DATES,
    "time": DATES,
    "month": DATES,
    "select": CHOICES,
    "multiple": CHOICES,
    "radio": CHOICES,
    "checkbox": CHOICES,
    "hidden": CHOICES + NUMBERS,
}
ALL = TEXTS + NUMBERS + DATES + CHOICES
PLAUSIBLE = {
    "email": "essai@exemple.invalid",
    "url": "https://exemple.invalid/",
    "tel": "27 00 00",
    "date": "2026-11-30",
    "datetime-local": "2026-11-30T10:00",
    "number": "1",
    "password": "Une phrase inventée pour essayer",
}


@dataclass(frozen=True)
class Sent:
    """A file: its name as it is announced, its bytes."""

    name: str
    content: bytes


def edge(control: Field, chance: random.Random) -> str | Sent:
    """A value at an edge for this control; one time in ten, one that belongs to another kind."""
    if control.kind == "file":
        return Sent(chance.choice(FILE_NAMES), chance.choice(CONTENTS))
    fitting = NUMBERS if control.numeric else BY_KIND.get(control.kind, TEXTS)
    return chance.choice(ALL if chance.random() < 0.1 else fitting)


def plausible(control: Field, rank: int) -> str | Sent:
    """What a person could have put in a control that is empty; words that are found again in a page."""
    if control.kind == "file":
        return Sent("essai.pdf", PDF)
    if control.options:
        return next((value for value in control.options if value), "")
    if control.numeric:
        return str(1_000 + rank)
    words = f"Essai {rank} fictif"
    return PLAUSIBLE.get(control.kind, words[: control.longest] if control.longest else words)
