"""Run apart, by its path, with limits: opens the PDFs that people send.

Of the application it imports its neighbours apart_child, pdf_sandbox_acting and pdf_sandbox_pages alone, which import
nothing else of it. What it is asked (`apart`):

    count SOURCE                         how many pages; what in it acts (pdf_sandbox_acting)
    read SOURCE PIXELS [FOLDER]          one JSON line per page, its pictures written in FOLDER
    words SOURCE                         one JSON line per page: what can be read on it
    cut TARGET < [[SOURCE, page, turn]…] a new PDF of those pages as readers show them, nothing else; page 0: all

The last line is {"end": true}; before it, {"error": …} says « encrypted », « broken » or « empty ». What readers draw
over a page (annotations, fields) is drawn on it; what they hide stays hidden. « beside »: the kinds of what would be
lost even so; `cut` makes nothing of such pages, and says which they are. « signed »: whether somebody's electronic
signature is in the file. « whole »: whether the file itself has nothing beside the drawing of its pages. « acting »:
{source: what acts in it}.
"""

import contextlib
import io
import json
import os
import resource
import sys
from typing import TYPE_CHECKING, Any

from conventions.domain.foundation.apart_child import say, wait
from conventions.domain.foundation.pdf_sandbox_acting import acting
from conventions.domain.foundation.pdf_sandbox_pages import differences, extract, rendered, survey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.Image import Image
    from pypdfium2 import PdfDocument

MEMORY = 2 << 30  # bytes of address space
SECONDS = 300  # of processor
DPI, SHARPER_DPI = 200, 300
THUMBNAIL, PICTURE = 260, 1200  # pixels of the longer side
MARGIN = 0.04  # left out when looking whether a page is blank
DARK = 48  # levels of grey under the paper's own
BLANK_SHARE = 0.0004  # of dark dots: specks
FAINT = 10  # levels under the paper around: pencil, a dry pen


def load() -> None:
    """Once, for all the children: what each would need."""
    import pypdf
    import pypdfium2.raw
    import zxingcpp
    from PIL import ImageChops, ImageFilter, JpegImagePlugin

    assert {pypdf, pypdfium2, zxingcpp, ImageChops, ImageFilter, JpegImagePlugin} <= {*sys.modules.values()}


def main(command: str, *arguments: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if command == "count":
        count(*arguments)
    elif command == "read":
        read(*arguments)
    elif command == "words":
        words(*arguments)
    else:
        cut(*arguments)


def opened(source: str) -> "PdfDocument | None":
    """The document, or None once the reason is said."""
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        say(error="encrypted" if "password" in str(error).lower() else "broken")
        return None
    with contextlib.suppress(pypdfium2.PdfiumError):
        pdf.init_forms()  # before any page is loaded; without it, no field is drawn
    if len(pdf) == 0:
        say(error="empty")
        return None
    return pdf


def count(source: str) -> None:
    """What either of the two libraries can read; what acts in it by both, as far as they read."""
    import pypdfium2

    pdf = None
    try:
        pdf = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            say(error="encrypted")
            return
    walked = list(readings(source, pdf))
    pages = len(pdf) if pdf is not None else walked[0][0] if walked else 0
    if not walked:  # what neither reader walks through is refused
        say(error="broken")
    elif not pages:
        say(error="empty")
    else:
        say(pages=pages, active=sorted(set().union(*(acts for _pages, acts in walked))))


def acts_of(source: str, pdf: "PdfDocument | None") -> list[str]:
    """What acts in a file that was read; « unread » when neither reading can be walked through: nobody knows."""
    walked = list(readings(source, pdf))
    return sorted(set().union(*(acts for _pages, acts in walked))) if walked else ["unread"]


def readings(source: str, pdf: "PdfDocument | None") -> "Iterator[tuple[int, set[str]]]":
    """Pages and acts of a file as it is, then as PDFium writes it again: of each that can be walked through."""
    import pypdfium2

    copy = io.BytesIO()
    if pdf is not None:
        with contextlib.suppress(pypdfium2.PdfiumError):
            pdf.save(copy, flags=pypdfium2.raw.FPDF_REMOVE_SECURITY)
    # A hostile file makes the reader raise anything; the callers tell when no reading is left.
    for readable in (source, copy):
        try:
            found = walk(readable)
        except Exception:  # noqa: BLE001
            continue
        yield found


def walk(readable: str | io.BytesIO) -> tuple[int, set[str]]:
    from pypdf import PdfReader

    reader = PdfReader(readable)
    return len(reader.pages), acting(reader.trailer["/Root"])


def words(source: str) -> None:
    pdf = opened(source)
    for page in pdf or ():
        say(text=page.get_textpage().get_text_range())


def read(source: str, most_pixels: str, folder: str = "") -> None:
    import pypdfium2

    pdf = opened(source)
    if pdf is None:
        return
    try:
        sent = survey(source, pdf)
        every = [(source, number, 0) for number in range(1, len(pdf) + 1)]
        kept = pypdfium2.PdfDocument(extract(every, {source: sent})) if sent.has_more else None
        whole = sent.is_plain and not walk(source)[1]
    except Exception:  # what cannot be read whole cannot be cut either  # noqa: BLE001
        say(error="broken")
        return
    for index, kinds in enumerate(sent.kinds):
        try:
            if kept is not None and not kinds:
                kinds = differences(pdf[index], kept[index])
            told = read_page(pdf, index, folder, int(most_pixels))
        except (pypdfium2.PdfiumError, MemoryError, ValueError):
            kinds, told = {"unreadable"}, {"unreadable": True}
        say(page=index + 1, **told, beside=sorted(kinds), signed=sent.signed, whole=whole)


def read_page(pdf: "PdfDocument", index: int, folder: str, most_pixels: int) -> dict[str, Any]:
    """Codes of the page, whether it is blank, or bears faint writing alone; two pictures, upright."""
    page = pdf[index]
    image = rendered(page, DPI, most_pixels)
    codes = codes_of(image) or codes_of(rendered(page, SHARPER_DPI, most_pixels))
    turn = codes[0]["turn"] if codes else 0
    upright = image.rotate(-turn, expand=True) if turn else image
    for name, side in (("thumbnail", THUMBNAIL), ("picture", PICTURE)) if folder else ():
        small = upright.copy()
        small.thumbnail((side, side))
        small.save(os.path.join(folder, f"{index + 1}-{name}.jpg"), "JPEG", quality=55, optimize=True)
    page.close()
    nothing = not codes and is_blank(image)
    faint = nothing and is_faint(image)
    return {"codes": codes, "blank": nothing and not faint, "faint": faint}


def codes_of(image: "Image") -> list[dict[str, Any]]:
    """QR codes found: their text, and the clockwise turn that puts the page upright."""
    import zxingcpp

    found = zxingcpp.read_barcodes(image, formats=zxingcpp.barcode_formats_from_str("QRCode"))
    return [{"text": code.text[:500], "turn": round(-code.orientation / 90) * 90 % 360} for code in found]


def inner(image: "Image") -> "Image":
    width, height = image.size
    edge_x, edge_y = int(width * MARGIN), int(height * MARGIN)
    return image.crop((edge_x, edge_y, width - edge_x, height - edge_y))


def is_blank(image: "Image") -> bool:
    """Nothing but specks: the back of a sheet scanned on both sides."""
    small = inner(image).reduce(2)
    levels, total = small.histogram(), small.size[0] * small.size[1]
    paper = next(level for level in range(255, -1, -1) if sum(levels[level:]) * 2 >= total)
    return sum(levels[: max(0, paper - DARK)]) <= total * BLANK_SHARE


def is_faint(image: "Image") -> bool:
    """Whether a page without a dark dot has more than specks all the same, against the paper around."""
    from PIL import ImageChops, ImageFilter

    small = inner(image).reduce(4)
    marks = ImageChops.subtract(small.filter(ImageFilter.BoxBlur(12)), small).histogram()
    return sum(marks[FAINT:]) > small.size[0] * small.size[1] * BLANK_SHARE


def cut(target: str) -> None:
    """No script, no attachment, no annotation, no metadata: a page keeps what is seen of it, and its size.

    Nothing is written when one of the pages would not be seen as it was.
    """
    import pypdfium2

    pages, pdfs, sent = json.load(sys.stdin), {}, {}
    for source in dict.fromkeys(source for source, _number, _turn in pages):
        if (pdf := opened(source)) is None:
            return
        pdfs[source], sent[source] = pdf, survey(source, pdf)
    pages = [
        (source, one, turn)
        for source, number, turn in pages
        for one in ([number] if number else range(1, len(pdfs[source]) + 1))
    ]
    content = extract(pages, sent)
    kept, beside = pypdfium2.PdfDocument(content), {}
    for rank, (source, number, turn) in enumerate(pages, start=1):
        try:
            kinds = sent[source].kinds[number - 1] or differences(
                pdfs[source][number - 1], kept[rank - 1], turn
            )
        except (pypdfium2.PdfiumError, MemoryError, ValueError):
            kinds = {"unreadable"}
        if kinds:
            beside[rank] = sorted(kinds)
    if not beside:
        with open(target, "wb") as file:
            file.write(content)
    signed = [source for source, file in sent.items() if file.signed]
    acts = {source: acts_of(source, pdf) for source, pdf in pdfs.items()}
    counts = {source: len(pdf) for source, pdf in pdfs.items()}
    say(pages=len(pages), beside=beside, signed=signed, acting=acts, counts=counts)


if __name__ == "__main__":
    load()
    wait(main)
