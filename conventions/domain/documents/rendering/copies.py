"""The frozen pages once per copy to print, each with its mark in the margin: which copy, which page, small QR codes.

The pages themselves are not composed again: the mark is laid over the margin, where nothing is printed. The code is
there twice, at the top and at the bottom: a page scanned askew, folded or stapled loses one corner, not both.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.template.loader import render_to_string

from conventions.domain.documents.rendering.engine import RenderedPdf, tool_versions, write_marks
from conventions.domain.documents.rendering.text import compose
from conventions.domain.foundation.pdf_sandbox_pages import keep_layers
from conventions.formats import FormatError, normalise_code, show_code

A4 = (595.28, 841.89)  # points
LEFT, RIGHT, HEAD = (
    20.0,
    74.0,
    62.0,
)  # around a page of an annex: the marks stand above, the initials on the right
ADDRESS = re.compile(r"/verifier/([0-9A-Za-z-]{13,20})(?:/?\?e=([0-9]{1,3})&p=([0-9]{1,4})|/?$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a printed page says of itself: the code of its document, which copy, which page; 0, 0 when it does not say.

    The code beside a signature made online names the document alone.
    """

    code: str
    copy: int
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One copy to print: its number, and the party that will keep it (empty: one more)."""

    number: int
    holder: str = ""


def page_address(site_url: str, code: str, copy: int, page: int) -> str:
    """What the QR code of a printed page holds; short, so that its squares are large. `sheet_of` reads it back."""
    return f"{site_url}/verifier/{code}/?e={copy}&p={page}"


def sheet_of(text: str) -> Sheet | None:
    """The printed page whose QR code holds this text, whatever the site's address was then; None for any other."""
    found = ADDRESS.search(text)
    if found is None:
        return None
    try:
        code = normalise_code(found[1])
    except FormatError:
        return None
    return Sheet(code=code, copy=int(found[2] or 0), page=int(found[3] or 0))


def render_copies(
    frozen: bytes, copies: tuple[Copy, ...], *, code: str, site_url: str, annexes: Sequence[bytes] = ()
) -> RenderedPdf:
    """Every page of a frozen PDF, for each copy in turn, marked in the margin. One PDF to print whole.

    Behind each copy, the pages of its annexes, reduced to stand within the marks; theirs say which annex, and bear no
    QR code: what comes back signed is the act.
    """
    from pypdf import PdfReader, PdfWriter, __version__

    wide = [page.mediabox.width > page.mediabox.height for page in PdfReader(BytesIO(frozen)).pages]
    count = len(wide)
    readers = [PdfReader(BytesIO(content)) for content in annexes]
    files = [len(reader.pages) for reader in readers]
    html = render_to_string("pdf/copies.html", {"marks": _marks(copies, wide, files, code, site_url)})
    marks = PdfReader(BytesIO(write_marks(html)))
    writer, each = PdfWriter(), count + sum(files)
    for rank in range(len(copies)):
        # Read anew: pages of one reader share their content, and a mark laid on one would show on all.
        for number, page in enumerate(PdfReader(BytesIO(frozen)).pages):
            writer.add_page(page).merge_page(marks.pages[rank * each + number])
        behind = (page for reader in readers for page in reader.pages)
        for number, page in enumerate(behind, start=count):
            sheet = writer.add_blank_page(*A4)
            place(sheet, page)
            sheet.merge_page(marks.pages[rank * each + number])
    keep_layers(readers, writer)
    writer.add_metadata({"/Title": "Exemplaires à imprimer", "/Producer": "OPT Partners"})
    stream = BytesIO()
    writer.write(stream)
    content = stream.getvalue()
    return RenderedPdf(
        content=content,
        page_count=len(copies) * each,
        sha256=hashlib.sha256(content).hexdigest(),
        tool_versions=tool_versions() | {"pypdf": __version__},
        html=html,
    )


def place(sheet: Any, page: Any) -> None:
    """A page of an annex on a sheet of a writer, as one drawing: upright or turned as it fits best, never larger,
    clear of the marks."""
    from pypdf import Transformation
    from pypdf.generic import DictionaryObject, NameObject, StreamObject

    writer, box = sheet.indirect_reference.pdf, page.cropbox
    left, bottom, width, height = map(float, (box.left, box.bottom, box.width, box.height))
    room_x, room_y = A4[0] - LEFT - RIGHT, A4[1] - 2 * HEAD
    moved = Transformation().translate(-left, -bottom)
    for _ in range(page.rotation // 90 % 4):  # clockwise, as it is read
        moved, width, height = moved.rotate(-90).translate(0, width), height, width
    if width > height:  # a wide page is read by turning the sheet
        moved, width, height = moved.rotate(90).translate(height, 0), height, width
    scale = min(1.0, room_x / width, room_y / height)
    centred = LEFT + (room_x - width * scale) / 2, (A4[1] - height * scale) / 2
    moved = moved.scale(scale).translate(*centred)
    drawing = writer._add_object(_drawing(page, moved.ctm, writer))
    shown = StreamObject()
    shown.set_data(b"q /Page Do Q")
    sheet[NameObject("/Contents")] = writer._add_object(shown)
    drawings = DictionaryObject({NameObject("/Page"): drawing})
    sheet[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): drawings})


def _drawing(page: Any, matrix: Sequence[float], writer: Any) -> Any:
    """What a page shows within its crop box, with all that it needs in the writer."""
    from pypdf.generic import (
        ArrayObject,
        DictionaryObject,
        FloatObject,
        NameObject,
        RectangleObject,
        StreamObject,
    )

    drawing, contents, box = StreamObject(), page.get_contents(), page.cropbox
    drawing.set_data(contents.get_data() if contents is not None else b"")
    drawing = drawing.flate_encode()
    resources = page.get("/Resources", DictionaryObject()).get_object()
    drawing.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): RectangleObject((box.left, box.bottom, box.right, box.top)),
            NameObject("/Matrix"): ArrayObject(FloatObject(value) for value in matrix),
            NameObject("/Resources"): resources.clone(writer),
        }
    )
    if "/Group" in page:  # how its colours mix
        drawing[NameObject("/Group")] = page["/Group"].get_object().clone(writer)
    return drawing


def _marks(
    copies: tuple[Copy, ...], wide: list[bool], files: Sequence[int], code: str, site_url: str
) -> list[dict[str, Any]]:
    """`wide`: whether each page lies on its side; `files`: pages of each annex. All have room for initials."""
    holders = [copy.holder for copy in copies if copy.holder] or [""]
    found = []
    for copy in copies:
        shared = {"copy": compose(_copy_label(copy, len(copies))), "initials": holders}
        for page, lies in enumerate(wide, start=1):
            told = compose(f"page {page} sur {len(wide)} · code {show_code(code)}")
            code_of_page = _qr_svg(page_address(site_url, code, copy.number, page))
            found.append(shared | {"page": told, "qr": code_of_page, "is_wide": lies})
        for number, length in enumerate(files, start=1):
            for page in range(1, length + 1):
                told = compose(f"annexe {number}, page {page} sur {length} · code {show_code(code)}")
                found.append(shared | {"page": told, "qr": "", "is_wide": False})
    return found


def _copy_label(copy: Copy, total: int) -> str:
    """« Exemplaire 1 sur 2 – OPT-NC »."""
    holder = f" – {copy.holder}" if copy.holder else ""
    return f"Exemplaire {copy.number} sur {total}{holder}"


def _qr_svg(text: str) -> str:
    """A QR code as one vector path, without its own margin: the page's is white."""
    import segno

    code = segno.make(text, error="m", micro=False)
    return code.svg_inline(border=0, omitsize=True, svgclass=None, lineclass=None)
