"""What a page of a sent PDF shows: what readers draw over it is drawn on it, and the extract is compared with it.

Imported by the process apart alone (pdf_sandbox_child.py); of the application it imports pdf_sandbox_acting.py alone.
"""

import contextlib
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from conventions.domain.foundation.pdf_sandbox_acting import resolved

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdf import PageObject, PdfReader, PdfWriter
    from pypdfium2 import PdfDocument, PdfPage

COMPARED_DPI = 100
KEPT = {
    "/Type", "/Parent", "/Resources", "/Contents", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group",
}  # fmt: skip
KEPT_OF_LAYERS = {"/Type", "/Name", "/Intent", "/Usage"}
# The gate: both pictures by the same renderer, reduced; kept pages reach 5 levels of a colour, lost ones 200.
REDUCED, SAME = 4, 24
COMPARED_PIXELS = 8_000_000  # A3, four times over
INVISIBLE, HIDDEN, NO_VIEW = 1, 1 << 1, 1 << 5  # flags of an annotation
DRAW_NOTHING = ("/Link", "/Popup")  # unless they have a picture of their own
PUSH_BUTTON = 1 << 16
UNCHECKED = (None, "", "/Off")


class Sent(NamedTuple):
    """A file as its objects tell it: `kinds`, page by page, of what would be lost of it.

    `drawn`: the file once what readers draw over its pages is drawn on them; None when there is nothing to draw.
    `has_more`: annotations or layers, which may show nothing or hide nothing. `is_plain`: it has none that do.
    """

    kinds: list[set[str]]
    drawn: bytes | None
    signed: bool
    has_more: bool
    is_plain: bool


def survey(source: str, pdf: "PdfDocument") -> Sent:
    """Of `pdf`, hides what readers hide and ours would show. Raises ValueError when they do not see the same pages."""
    from pypdf import PdfReader

    reader = PdfReader(source)
    if len(reader.pages) != len(pdf):
        raise ValueError("pages")
    root = reader.root_object
    notes = [annotations(page) for page in reader.pages]
    hide(pdf, notes, layers_off(root))
    every = [note for page in notes for note in page.values()]
    signed = has_signature(pdf) or any(map(is_signature, every))
    program, layered = interactive(root), bool(resolved(root.get("/OCProperties")))
    lost, drawn = flattened(source, notes) if every else ({}, None)
    silent = all("/AP" not in note and not says(note) for note in every)
    return Sent(
        kinds=[program | lost.get(index, set()) for index in range(len(notes))],
        drawn=drawn,
        signed=signed,
        has_more=bool(every) or layered,
        is_plain=silent and not (signed or layered or program or reader.is_encrypted),
    )


def layers_off(root: dict) -> list[dict]:
    """Those that are hidden when the file opens."""
    layers = resolved(root.get("/OCProperties")) or {}
    shown = resolved(layers.get("/D")) or {}
    off, on = ([resolved(one) for one in resolved(shown.get(name)) or []] for name in ("/OFF", "/ON"))
    if resolved(shown.get("/BaseState")) != "/OFF":
        return off
    return [layer for layer in map(resolved, resolved(layers.get("/OCGs")) or []) if not among(layer, on)]


def among(layer: Any, layers: list[dict]) -> bool:
    return any(layer is one for one in layers)


def hide(pdf: "PdfDocument", notes: list[dict[int, dict]], off: list[dict]) -> None:
    """Have annotations of a layer that is off be Hidden, in both libraries: ours knows layers in drawings alone."""
    from pypdf.generic import NameObject, NumberObject
    from pypdfium2 import raw

    for index, rows in enumerate(notes):
        for rank, row in rows.items():
            if not is_off(resolved(row.get("/OC")), off):
                continue
            row[NameObject("/F")] = NumberObject(whole_number(row.get("/F")) | HIDDEN)
            if note := raw.FPDFPage_GetAnnot(pdf[index], rank):
                raw.FPDFAnnot_SetFlags(note, whole_number(row["/F"]))
                raw.FPDFPage_CloseAnnot(note)


def is_off(layer: Any, off: list[dict]) -> bool:
    """Whether a layer, or what belongs to several, is not shown."""
    if not isinstance(layer, dict):
        return False
    if resolved(layer.get("/Type")) != "/OCMD":
        return among(layer, off)
    held = resolved(layer.get("/OCGs"))
    shown = [not among(resolved(one), off) for one in (held if isinstance(held, list) else [held]) if one]
    rules = {"/AllOn": all(shown), "/AnyOff": not all(shown), "/AllOff": not any(shown)}
    return bool(shown) and not rules.get(resolved(layer.get("/P")), any(shown))


def flattened(source: str, notes: list[dict[int, dict]]) -> tuple[dict[int, set[str]], bytes]:
    """The file with its annotations and fields drawn on its pages; and by index, the kinds of those that were not."""
    import pypdfium2
    from pypdfium2 import raw

    pdf, stream, lost = pypdfium2.PdfDocument(source), io.BytesIO(), {}
    with contextlib.suppress(pypdfium2.PdfiumError):
        pdf.init_forms()
    for index, rows in enumerate(notes):
        if rows:
            page = pdf[index]
            seen = compared(page)  # which also gives a picture to most of those that have none
            lost[index] = {kind for rank, row in rows.items() for kind in prepared(page, rank, row, seen)}
            if raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_FAIL:
                lost[index].add("drawing")
            page.close()
    pdf.save(stream, flags=raw.FPDF_REMOVE_SECURITY)
    return lost, stream.getvalue()


def prepared(page: "PdfPage", rank: int, row: dict, seen: "Image") -> set[str]:
    """Have flattening draw an annotation if readers show it; else, what it says that our reader does not draw.

    Flattening does not know NoView, and leaves out what is Invisible, which readers show.
    """
    from pypdfium2 import raw

    hidden = whole_number(row.get("/F")) & (HIDDEN | NO_VIEW)
    if not (note := raw.FPDFPage_GetAnnot(page, rank)):
        return set() if hidden else says(row)
    flags = raw.FPDFAnnot_GetFlags(note)
    raw.FPDFAnnot_SetFlags(note, flags | HIDDEN)
    is_shown = not hidden and ("/AP" in row or compared(page) != seen)
    if is_shown:
        raw.FPDFAnnot_SetFlags(note, flags & ~INVISIBLE)
    raw.FPDFPage_CloseAnnot(note)
    return set() if hidden or is_shown else says(row)


def annotations(page: "PageObject") -> dict[int, dict]:
    """Those of a page by their rank: dictionaries, in a list or alone, whatever the references between."""
    found = resolved(page.get("/Annots"))
    rows = [resolved(one) for one in (found if isinstance(found, list) else [found])]
    return {rank: row for rank, row in enumerate(rows) if isinstance(row, dict)}


def whole_number(thing: Any) -> int:
    thing = resolved(thing)
    return int(thing) if isinstance(thing, int | float) else 0


def says(note: dict) -> set[str]:
    """What an annotation would have a reader draw, picture or not: « annotation », « filled », or nothing."""
    subtype = resolved(note.get("/Subtype"))
    if subtype == "/Widget":
        return {"filled"} if is_filled(note) else set()
    return {"annotation"} if subtype and subtype not in DRAW_NOTHING else set()


def is_filled(widget: dict) -> bool:
    kind, value = inherited(widget, "/FT"), inherited(widget, "/V")
    if kind == "/Sig":
        return False
    if kind == "/Btn":
        state = resolved(widget.get("/AS"))
        pushed = whole_number(inherited(widget, "/Ff")) & PUSH_BUTTON
        return not pushed and (value if state is None else state) not in UNCHECKED
    return holds(value)


def is_signature(widget: dict) -> bool:
    """Somebody's, in a field that no form need list."""
    value = inherited(widget, "/V")
    return inherited(widget, "/FT") == "/Sig" and isinstance(value, dict) and holds(value.get("/Contents"))


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


def has_signature(pdf: "PdfDocument") -> bool:
    """Whether somebody's is in the file; a field that waits for one counts too, but holds nothing."""
    import ctypes

    from pypdfium2 import raw

    for rank in range(max(0, raw.FPDF_GetSignatureCount(pdf))):
        one = raw.FPDF_GetSignatureObject(pdf, rank)
        size = raw.FPDFSignatureObj_GetContents(one, None, 0)
        content = ctypes.create_string_buffer(size or 1)
        raw.FPDFSignatureObj_GetContents(one, content, size)
        if content.raw.strip(b"\0"):
            return True
    return False


def interactive(root: dict) -> set[str]:
    """« form » when the pages are made by a program (XFA) when they are shown."""
    form = resolved(root.get("/AcroForm"))
    return {"form"} if isinstance(form, dict) and holds(form.get("/XFA")) else set()


def extract(pages: list[tuple[str, int, int]], sent: dict[str, Sent]) -> bytes:
    """The bytes of a PDF with these [source, page, turn] as they are drawn, each layer shown or hidden as it was."""
    from pypdf import PdfReader, PdfWriter

    writer, stream, readers = PdfWriter(), io.BytesIO(), {}
    for source, number, turn in pages:
        if source not in readers:
            drawn = sent[source].drawn
            readers[source] = PdfReader(source if drawn is None else io.BytesIO(drawn))
        page = readers[source].pages[number - 1]  # with what it inherits
        for name in [name for name in page if name not in KEPT]:
            del page[name]
        added = writer.add_page(page)
        if turn:
            added.rotate(turn)
    keep_layers(readers.values(), writer)
    writer.metadata = None
    writer.write(stream)
    return stream.getvalue()


def keep_layers(readers: Iterable["PdfReader"], writer: "PdfWriter") -> None:
    """The layers of the files, with what shows or hides each; nobody is offered to switch them."""
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject

    every, off, by_event = ArrayObject(), ArrayObject(), ArrayObject()
    for reader in readers:
        layers = resolved(reader.root_object.get("/OCProperties")) or {}
        found, hidden = resolved(layers.get("/OCGs")) or [], layers_off(reader.root_object)
        events = resolved((resolved(layers.get("/D")) or {}).get("/AS")) or []
        every.extend(one.clone(writer) for one in found)
        off.extend(one.clone(writer) for one in found if among(resolved(one), hidden))
        by_event.extend(one.clone(writer) for one in events)
    if not every:
        return
    for layer in map(resolved, every):
        for name in [name for name in layer if name not in KEPT_OF_LAYERS]:
            del layer[name]
    shown = DictionaryObject({NameObject("/OFF"): off, NameObject("/AS"): by_event})
    writer.root_object[NameObject("/OCProperties")] = DictionaryObject(
        {NameObject("/OCGs"): every, NameObject("/D"): shown}
    )


def differences(page: "PdfPage", kept: "PdfPage", turn: int = 0) -> set[str]:
    """« drawing » when the extract of a page is not the picture that readers show of it."""
    from PIL import ImageChops, ImageStat

    seen, left = (one.reduce(REDUCED) for one in (compared(page, rotation=turn), compared(kept)))
    if seen.size != left.size:
        return {"drawing"}
    most = max(most for _least, most in ImageStat.Stat(ImageChops.difference(seen, left)).extrema)
    return {"drawing"} if most > SAME else set()


def compared(page: "PdfPage", **options: Any) -> "Image":
    return rendered(page, COMPARED_DPI, COMPARED_PIXELS, "RGB", **options)


def rendered(page: "PdfPage", dpi: int, most_pixels: int, mode: str = "L", **options: Any) -> "Image":
    """The page in grey or « RGB », as readers show it; a page of an absurd size is drawn smaller."""
    width, height = page.get_size()
    if width < 1 or height < 1:
        raise ValueError("no surface")
    scale = min(dpi / 72, (most_pixels / (width * height)) ** 0.5)
    return page.render(scale=scale, grayscale=mode == "L", **options).to_pil().convert(mode)
