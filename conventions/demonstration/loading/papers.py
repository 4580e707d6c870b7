"""Papers of the demonstration: attachments, and « signed » copies that say at once that they are invented."""

import datetime
import io
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING

from django.template.loader import render_to_string

from conventions.domain.documents.rendering.engine import write_marks
from conventions.formats import long_date, typeset

if TYPE_CHECKING:
    from pypdf import PdfReader, PdfWriter

MILLIMETRE = 72 / 25.4
# Where the space to sign stands below the top of a signature's box, and its width (static/css/pdf.css).
SPACE_BELOW, SPACE_WIDTH = 36 * MILLIMETRE, 66 * MILLIMETRE
INK = "0.10 0.19 0.48"
STAMP = "0.72 0.20 0.12"
STAMP_TEXT = "Exemplaire signé – fictif"


@lru_cache(maxsize=64)
def sheet(title: str, *paragraphs: str) -> bytes:
    """A one-page PDF, plain as what people send: nothing in it but the page. Same words, same bytes, rendered once."""
    title = typeset(f"{title} (fictif)")
    doc = {
        "title": title,
        "name": title,
        "kicker": "Pièce de démonstration",
        "reference": "Document fictif",
        "running": title,
        "description": title,
        "draft": False,
    }
    page = {"doc": doc, "paragraphs": [typeset(text) for text in paragraphs]}
    html = render_to_string("pdf/demonstration.html", page)
    return write_marks(html)


def signed_copy(frozen: bytes, *, names: list[str], signed_on: datetime.date) -> bytes:
    """The frozen PDF as if it had come back signed: a drawn signature in each box, and a stamp that says « fictif »."""
    from pypdf import PdfReader, PdfWriter

    reader = PdfReader(io.BytesIO(frozen))
    boxes = _boxes(reader)
    writer = PdfWriter()
    for page in reader.pages:
        writer.add_page(page)
    stamped = {len(writer.pages) - 1}
    for rank, name in enumerate(names, start=1):
        if f"signature-{rank}" in boxes:
            number, left, top = boxes[f"signature-{rank}"]
            stamped.add(number)
            _draw(writer, number, signature_strokes(name, left, top - SPACE_BELOW))
    for number in sorted(stamped):
        _draw(writer, number, _stamp(long_date(signed_on)))
    writer.add_metadata({"/Title": STAMP_TEXT})
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def _boxes(reader: "PdfReader") -> dict[str, tuple[int, float, float]]:
    """Page (from 0), left and top in points of each signature's box."""
    found = {}
    for name, place in reader.named_destinations.items():
        page = reader.get_destination_page_number(place)
        if page is not None and page >= 0:
            found[str(name)] = (page, float(str(place["/Left"])), float(str(place["/Top"])))
    return found


def signature_strokes(name: str, left: float, baseline: float) -> str:
    """PDF operators of a handwriting-like scrawl: always the same for a name, never like another."""
    rng = Random(name)
    x, y = left + 8, baseline + rng.uniform(-4, 3)
    letters = min(13, max(7, len(name) // 2))
    step = min(SPACE_WIDTH / (letters + 2), rng.uniform(10, 14))
    parts = ["q", f"{INK} RG", f"{rng.uniform(1.0, 1.4):.2f} w", "1 J 1 j", f"{x:.1f} {y:.1f} m"]
    for rank in range(letters):
        tall = rank == 0 or rng.random() < 0.25
        rise = rng.uniform(18, 27) if tall else rng.uniform(5, 11)
        fall = rng.uniform(-7, -2) if rng.random() < 0.2 else rng.uniform(-1.5, 1.5)
        end = x + step
        parts.append(_curve(x + step * 0.1, y + rise, end + step * 0.25, y + rise * 0.9, end, y + fall))
        x, y = end, baseline + fall + rank * 0.35
        parts.append(f"{x:.1f} {y:.1f} l")
    parts.append(
        _curve(x + 16, y + 9, x - 40, baseline - 13, left + rng.uniform(4, 26), baseline - rng.uniform(5, 9))
    )
    return " ".join([*parts, "S", "Q"])


def _curve(*numbers: float) -> str:
    return " ".join(f"{number:.1f}" for number in numbers) + " c"


def _stamp(day: str) -> str:
    """A frame with two lines, slightly turned, at the top right of the page."""
    lines = [
        "q 0.995 -0.07 0.07 0.995 396 828 cm",
        f"{STAMP} RG {STAMP} rg 1.2 w 0 -34 148 38 re S",
        f"BT /DemoStamp 11 Tf 8 -12 Td ({_escaped(STAMP_TEXT)}) Tj ET",
        f"BT /DemoStamp 8.5 Tf 8 -26 Td ({_escaped(f'Signé le {day}')}) Tj ET",
        "Q",
    ]
    return "\n".join(lines)


def _escaped(text: str) -> str:
    """Text of a PDF string in WinAnsi, as octal where it is not ASCII."""
    encoded = text.replace("\u202f", " ").encode("cp1252")
    return "".join(f"\\{code:03o}" if code > 126 or chr(code) in "()\\" else chr(code) for code in encoded)


def _draw(writer: "PdfWriter", page_number: int, operators: str) -> None:
    """Add operators above the page; its own content is shut in q … Q so that both start from the same axes."""
    from pypdf import PageObject
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    page = writer.pages[page_number]
    overlay = PageObject.create_blank_page(width=page.mediabox.width, height=page.mediabox.height)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica-Bold"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    overlay[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/DemoStamp"): font})}
    )
    stream = DecodedStreamObject()
    stream.set_data(operators.encode("ascii"))
    overlay[NameObject("/Contents")] = stream
    page.merge_page(overlay)
