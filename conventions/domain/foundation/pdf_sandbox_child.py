"""Run apart, by its path, with limits: opens the PDFs that people send. Imports nothing of the application.

    python child.py count SOURCE                         how many pages; whether it holds scripts or files
    python child.py read SOURCE FOLDER PIXELS            one JSON line per page, its pictures written in FOLDER
    python child.py cut TARGET < [[SOURCE, page, turn]…] a new PDF with the drawings of those pages, and nothing else

A line {"error": …} is the last one: « encrypted », « broken » or « empty ».
"""

import json
import os
import resource
import sys
from typing import Any

MEMORY = 2 << 30  # bytes of address space
SECONDS = 300  # of processor
DPI, SHARPER_DPI = 200, 300
THUMBNAIL, PICTURE = 260, 1200  # pixels of the longer side
MARGIN = 0.04  # left out when looking whether a page is blank
DARK = 48  # levels of grey under the paper's own
BLANK_SHARE = 0.0004  # of dark dots: specks
KEPT = {"/Type", "/Parent", "/Resources", "/Contents", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit"}
# Scripts, events that run one, files, forms that are programs; what an action may do beside showing a place.
CARRYING = ("/JS", "/JavaScript", "/AA", "/EF", "/EmbeddedFiles", "/XFA", "/RichMediaContent")
ACTIONS = (
    "/JavaScript",
    "/Launch",
    "/ImportData",
    "/SubmitForm",
    "/ResetForm",
    "/GoToE",
    "/Rendition",
    "/Movie",
    "/Sound",
)


def main(command, *arguments):
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if command == "count":
        count(*arguments)
    elif command == "read":
        read(*arguments)
    else:
        cut(*arguments)


def say(**values):
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def opened(source):
    """The document, or None once the reason is said."""
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        say(error="encrypted" if "password" in str(error).lower() else "broken")
        return None
    if len(pdf) == 0:
        say(error="empty")
        return None
    return pdf


def count(source):
    pdf = opened(source)
    if pdf is None:
        return
    try:
        say(pages=len(pdf), active=is_active(source))
    except Exception:  # what cannot be read whole cannot be cut either  # noqa: BLE001
        say(error="broken")


def is_active(source):
    """Whether it carries scripts, programs or files, anywhere a reader may find them: no scanner makes any."""
    from pypdf import PdfReader
    from pypdf.generic import IndirectObject

    seen: set[int] = set()
    waiting: list[Any] = [PdfReader(source).trailer["/Root"]]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, IndirectObject):
            if thing.idnum in seen:
                continue
            seen.add(thing.idnum)
            thing = thing.get_object()
        if isinstance(thing, dict):
            if acts(thing):
                return True
            waiting += dict.values(thing)
        elif isinstance(thing, list):
            waiting += list(thing)
    return False


def acts(thing):
    """Whether this dictionary is an action, or holds one, that does more than go to a page or to an address."""
    return any(name in thing for name in CARRYING) or thing.get("/S") in ACTIONS


def read(source, folder, most_pixels):
    import pypdfium2

    pdf = opened(source)
    for index in range(len(pdf) if pdf is not None else 0):
        try:
            told = read_page(pdf, index, folder, int(most_pixels))
        except (pypdfium2.PdfiumError, MemoryError, ValueError):
            told = {"unreadable": True}
        say(page=index + 1, **told)


def read_page(pdf, index, folder, most_pixels):
    """Codes of the page, whether it is blank; two pictures, upright."""
    page = pdf[index]
    image = rendered(page, DPI, most_pixels)
    codes = codes_of(image) or codes_of(rendered(page, SHARPER_DPI, most_pixels))
    turn = codes[0]["turn"] if codes else 0
    upright = image.rotate(-turn, expand=True) if turn else image
    for name, side in (("thumbnail", THUMBNAIL), ("picture", PICTURE)):
        small = upright.copy()
        small.thumbnail((side, side))
        small.save(os.path.join(folder, f"{index + 1}-{name}.jpg"), "JPEG", quality=55, optimize=True)
    page.close()
    return {"codes": codes, "blank": not codes and is_blank(image)}


def rendered(page, dpi, most_pixels):
    """The page in grey; a page of an absurd size is drawn smaller."""
    width, height = page.get_size()
    if width < 1 or height < 1:
        raise ValueError("no surface")
    scale = min(dpi / 72, (most_pixels / (width * height)) ** 0.5)
    return page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil().convert("L")


def codes_of(image):
    """QR codes found: their text, and the clockwise turn that puts the page upright."""
    import zxingcpp

    found = zxingcpp.read_barcodes(image, formats=zxingcpp.barcode_formats_from_str("QRCode"))
    return [{"text": code.text[:500], "turn": round(-code.orientation / 90) * 90 % 360} for code in found]


def is_blank(image):
    """Nothing but specks: the back of a sheet scanned on both sides."""
    width, height = image.size
    edge_x, edge_y = int(width * MARGIN), int(height * MARGIN)
    inner = image.crop((edge_x, edge_y, width - edge_x, height - edge_y)).reduce(2)
    levels, total = inner.histogram(), inner.size[0] * inner.size[1]
    paper = next(level for level in range(255, -1, -1) if sum(levels[level:]) * 2 >= total)
    return sum(levels[: max(0, paper - DARK)]) <= total * BLANK_SHARE


def cut(target):
    """No script, no attachment, no annotation, no metadata: a page keeps its drawing and its size."""
    from pypdf import PdfReader, PdfWriter

    pages, readers, writer = json.load(sys.stdin), {}, PdfWriter()
    for source, number, turn in pages:
        if source not in readers:
            readers[source] = PdfReader(source)
        page = readers[source].pages[number - 1]  # with what it inherits
        for name in [name for name in page if name not in KEPT]:
            del page[name]
        added = writer.add_page(page)
        if turn:
            added.rotate(turn)
    writer.metadata = None
    writer.write(target)
    say(pages=len(pages))


if __name__ == "__main__":
    main(*sys.argv[1:])
