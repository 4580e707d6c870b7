"""Run apart, by its path, with limits: opens the PDFs that people send. Imports nothing of the application.

    python child.py count SOURCE                         how many pages; what in it acts (pdf_sandbox_acting)
    python child.py read SOURCE PIXELS [FOLDER]          one JSON line per page, its pictures written in FOLDER
    python child.py cut TARGET < [[SOURCE, page, turn]…] a new PDF with the drawings of those pages, and nothing else

A line {"error": …} is the last one: « encrypted », « broken » or « empty ». « beside »: the kinds of what a page shows
beside its drawing, or hides of it; `cut` makes nothing of such pages, and says which they are.
"""

import contextlib
import io
import json
import os
import resource
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdf import PageObject
    from pypdfium2 import PdfDocument, PdfPage

    from conventions.domain.foundation.pdf_sandbox_acting import acting, dictionaries, resolved
else:
    sys.path.append(os.path.dirname(__file__))
    from pdf_sandbox_acting import acting, dictionaries, resolved

MEMORY = 2 << 30  # bytes of address space
SECONDS = 300  # of processor
DPI, SHARPER_DPI, COMPARED_DPI = 200, 300, 100
THUMBNAIL, PICTURE = 260, 1200  # pixels of the longer side
MARGIN = 0.04  # left out when looking whether a page is blank
DARK = 48  # levels of grey under the paper's own
BLANK_SHARE = 0.0004  # of dark dots: specks
KEPT = {
    "/Type", "/Parent", "/Resources", "/Contents", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group",
}  # fmt: skip
SAME = 16  # levels of one colour: an extract is drawn as its page to the very dot (0 on 600 pages of eight programs)
COMPARED_PIXELS = 8_000_000  # A3, four times over
NOT_SHOWN = 1 << 1 | 1 << 5  # flags of an annotation: Hidden, NoView
DRAW_NOTHING = ("/Link", "/Popup")  # unless they have a picture of their own, which comparing shows
PUSH_BUTTON = 1 << 16
UNCHECKED = (None, "", "/Off")
LAYERS = (
    "/OCG",
    "/OCMD",
)  # what a drawing belongs to; without the file's settings, readers show what they like


def main(command: str, *arguments: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if command == "count":
        count(*arguments)
    elif command == "read":
        read(*arguments)
    else:
        cut(*arguments)


def say(**values: Any) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


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

    pages: list[int] = []
    words: set[str] = set()
    copy = io.BytesIO()
    try:
        pdf = pypdfium2.PdfDocument(source)
        pages.append(len(pdf))
        pdf.save(copy, flags=pypdfium2.raw.FPDF_REMOVE_SECURITY)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            say(error="encrypted")
            return
    walked = False
    for readable in (source, copy):
        with contextlib.suppress(Exception):
            found, acts = walk(readable)
            pages, words, walked = [*pages, found], words | acts, True
    if not walked:
        say(error="broken")
    elif not pages[0]:
        say(error="empty")
    else:
        say(pages=pages[0], active=sorted(words))


def walk(readable: str | io.BytesIO) -> tuple[int, set[str]]:
    from pypdf import PdfReader

    reader = PdfReader(readable)
    return len(reader.pages), acting(reader.trailer["/Root"])


def read(source: str, most_pixels: str, folder: str = "") -> None:
    import pypdfium2

    pdf = opened(source)
    if pdf is None:
        return
    try:
        surveyed = survey(source, pdf)
        every = [(source, number, 0) for number in range(1, len(surveyed) + 1)]
        kept = pypdfium2.PdfDocument(extract(every)) if any(page.has_more for page in surveyed) else None
    except Exception:  # what cannot be read whole cannot be cut either  # noqa: BLE001
        say(error="broken")
        return
    for index, page in enumerate(surveyed):
        kinds = page.kinds
        try:
            if kept is not None and not kinds:
                kinds = differences(pdf[index], kept[index], page)
            told = read_page(pdf, index, folder, int(most_pixels))
        except (pypdfium2.PdfiumError, MemoryError, ValueError):
            told = {"unreadable": True}
        say(page=index + 1, **told, beside=sorted(kinds))


def read_page(pdf: "PdfDocument", index: int, folder: str, most_pixels: int) -> dict[str, Any]:
    """Codes of the page, whether it is blank; two pictures, upright."""
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
    return {"codes": codes, "blank": not codes and is_blank(image)}


def rendered(page: "PdfPage", dpi: int, most_pixels: int, mode: str = "L", **options: Any) -> "Image":
    """The page in grey or « RGB », as readers show it; a page of an absurd size is drawn smaller."""
    width, height = page.get_size()
    if width < 1 or height < 1:
        raise ValueError("no surface")
    scale = min(dpi / 72, (most_pixels / (width * height)) ** 0.5)
    return page.render(scale=scale, grayscale=mode == "L", **options).to_pil().convert(mode)


def codes_of(image: "Image") -> list[dict[str, Any]]:
    """QR codes found: their text, and the clockwise turn that puts the page upright."""
    import zxingcpp

    found = zxingcpp.read_barcodes(image, formats=zxingcpp.barcode_formats_from_str("QRCode"))
    return [{"text": code.text[:500], "turn": round(-code.orientation / 90) * 90 % 360} for code in found]


def is_blank(image: "Image") -> bool:
    """Nothing but specks: the back of a sheet scanned on both sides."""
    width, height = image.size
    edge_x, edge_y = int(width * MARGIN), int(height * MARGIN)
    inner = image.crop((edge_x, edge_y, width - edge_x, height - edge_y)).reduce(2)
    levels, total = inner.histogram(), inner.size[0] * inner.size[1]
    paper = next(level for level in range(255, -1, -1) if sum(levels[level:]) * 2 >= total)
    return sum(levels[: max(0, paper - DARK)]) <= total * BLANK_SHARE


class Surveyed(NamedTuple):
    """A page as the objects of its file tell it: `kinds` of what is beside its drawing.

    `has_more`: annotations or layers, which may show nothing or hide nothing: comparing tells.
    """

    kinds: set[str]
    has_more: bool
    fields: bool
    layered: bool


def survey(source: str, pdf: "PdfDocument") -> list[Surveyed]:
    """Every page, Surveyed. Readers draw some annotations that have no picture; ours does not: their presence tells.

    Raises ValueError when the two libraries do not see the same pages.
    """
    from pypdf import PdfReader

    reader = PdfReader(source)
    if len(reader.pages) != len(pdf):
        raise ValueError("pages")
    root = reader.root_object
    whole, layered = signatures(pdf) | interactive(root), bool(resolved(root.get("/OCProperties")))
    pages = []
    for page in reader.pages:
        notes = annotations(page)
        kinds = whole.union(*map(kinds_of, notes))
        pages.append(Surveyed(kinds, bool(notes) or layered, any(map(is_field, notes)), layered))
    return pages


def annotations(page: "PageObject") -> list[dict]:
    """Those of a page that readers show: dictionaries, in a list or alone, whatever the references between."""
    found = resolved(page.get("/Annots"))
    rows = [resolved(one) for one in (found if isinstance(found, list) else [found])]
    return [row for row in rows if isinstance(row, dict) and not whole_number(row.get("/F")) & NOT_SHOWN]


def whole_number(thing: Any) -> int:
    thing = resolved(thing)
    return int(thing) if isinstance(thing, int | float) else 0


def is_field(annotation: dict) -> bool:
    return resolved(annotation.get("/Subtype")) == "/Widget"


def kinds_of(annotation: dict) -> set[str]:
    """« annotation », « filled », « signature », or nothing."""
    if is_field(annotation):
        return kinds_of_field(annotation)
    subtype = resolved(annotation.get("/Subtype"))
    silent = subtype in DRAW_NOTHING if subtype else "/AP" not in annotation
    return set() if silent else {"annotation"}


def kinds_of_field(widget: dict) -> set[str]:
    kind, value = inherited(widget, "/FT"), inherited(widget, "/V")
    if kind == "/Sig":
        return {"signature"} if isinstance(value, dict) and holds(value.get("/Contents")) else set()
    if kind == "/Btn":
        if whole_number(inherited(widget, "/Ff")) & PUSH_BUTTON:
            return set()
        state = resolved(widget.get("/AS"))
        value = value if state is None else state
        return {"filled"} if value not in UNCHECKED else set()
    return {"filled"} if holds(value) else set()


def inherited(field: Any, name: str) -> Any:
    """The value of a field, or of the fields it belongs to."""
    for _level in range(50):
        if not isinstance(field, dict):
            break
        if (value := resolved(field.get(name))) is not None:
            return value
        field = resolved(field.get("/Parent"))
    return None


def holds(value: Any) -> bool:
    """Whether a text, bytes, a stream or a list says anything."""
    value = resolved(value)
    if hasattr(value, "get_data"):
        value = value.get_data()
    if isinstance(value, list):
        return any(map(holds, value))
    if isinstance(value, bytes):
        return bool(value.strip(b"\0 \t\r\n"))
    return value is not None and bool(str(value).strip("\0 \t\r\n"))


def signatures(pdf: "PdfDocument") -> set[str]:
    """« signature » when somebody's is in the file; a field that waits for one counts too, but holds nothing."""
    import ctypes

    from pypdfium2 import raw

    for rank in range(max(0, raw.FPDF_GetSignatureCount(pdf))):
        one = raw.FPDF_GetSignatureObject(pdf, rank)
        size = raw.FPDFSignatureObj_GetContents(one, None, 0)
        content = ctypes.create_string_buffer(size or 1)
        raw.FPDFSignatureObj_GetContents(one, content, size)
        if content.raw.strip(b"\0"):
            return {"signature"}
    return set()


def interactive(root: dict) -> set[str]:
    """« form » when the pages are made by a program (XFA) when they are shown."""
    form = resolved(root.get("/AcroForm"))
    return {"form"} if isinstance(form, dict) and holds(form.get("/XFA")) else set()


def differences(page: "PdfPage", kept: "PdfPage", surveyed: Surveyed, turn: int = 0) -> set[str]:
    """The kind of what makes a page, as readers show it, differ from its extract; nothing when both are the same."""
    seen, left = compared(page, rotation=turn), compared(kept)
    if same(seen, left):
        return set()
    if same(compared(page, rotation=turn, draw_annots=False, may_draw_forms=False), left):
        return {"field" if surveyed.fields else "annotation"}
    return {"layer" if surveyed.layered else "drawing"}


def compared(page: "PdfPage", **options: Any) -> "Image":
    return rendered(page, COMPARED_DPI, COMPARED_PIXELS, "RGB", **options)


def same(one: "Image", other: "Image") -> bool:
    from PIL import ImageChops, ImageStat

    if one.size != other.size:
        return False
    return max(most for _least, most in ImageStat.Stat(ImageChops.difference(one, other)).extrema) <= SAME


def cut(target: str) -> None:
    """No script, no attachment, no annotation, no metadata: a page keeps its drawing and its size.

    Nothing is written when one of the pages would not be seen as it was.
    """
    import pypdfium2

    pages = json.load(sys.stdin)
    pdfs = {}
    for source in dict.fromkeys(source for source, _number, _turn in pages):
        if (pdf := opened(source)) is None:
            return
        pdfs[source] = pdf
    surveyed = {source: survey(source, pdf) for source, pdf in pdfs.items()}
    content = extract(pages)
    kept, beside = pypdfium2.PdfDocument(content), {}
    for rank, (source, number, turn) in enumerate(pages, start=1):
        page = surveyed[source][number - 1]
        try:
            kinds = page.kinds or differences(pdfs[source][number - 1], kept[rank - 1], page, turn)
        except (pypdfium2.PdfiumError, MemoryError, ValueError):
            kinds = {"unreadable"}
        if kinds:
            beside[rank] = sorted(kinds)
    if not beside:
        with open(target, "wb") as file:
            file.write(content)
    say(pages=len(pages), beside=beside)


def extract(pages: list[tuple[str, int, int]]) -> bytes:
    """The bytes of a PDF with the drawings of these [source, page, turn], every layer of them shown."""
    from pypdf import PdfReader, PdfWriter

    readers, writer, stream = {}, PdfWriter(), io.BytesIO()
    for source, number, turn in pages:
        if source not in readers:
            readers[source] = PdfReader(source)
        page = readers[source].pages[number - 1]  # with what it inherits
        for name in [name for name in page if name not in KEPT]:
            del page[name]
        added = writer.add_page(page)
        if turn:
            added.rotate(turn)
    for thing in list(dictionaries(writer.root_object)):
        thing.pop("/OC", None)
        if resolved(thing.get("/Type")) in LAYERS:
            thing.clear()
    writer.metadata = None
    writer.write(stream)
    return stream.getvalue()


if __name__ == "__main__":
    main(*sys.argv[1:])
