"""PDFs that are more than the drawing of their pages: what tablets, forms and layered files make."""

import io
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pypdf
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    ByteStringObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NullObject,
    NumberObject,
    TextStringObject,
)

PLACE = [150, 150, 450, 250]
STROKES = b"0 0 0.7 RG 4 w 10 20 m 60 80 l 100 20 l 150 85 l 200 15 l 290 70 l S"


def pdf_object(value):
    """A Python value as an object of a PDF: « /Name » is a name, « (text » a string."""
    if isinstance(value, dict):
        return DictionaryObject({NameObject(key): pdf_object(one) for key, one in value.items()})
    if isinstance(value, list):
        return ArrayObject([pdf_object(one) for one in value])
    if isinstance(value, bool):
        return BooleanObject(value)
    if isinstance(value, int | float):
        return NumberObject(value) if isinstance(value, int) else FloatObject(value)
    if value is None:
        return NullObject()
    if isinstance(value, str):
        return NameObject(value) if value.startswith("/") else TextStringObject(value.removeprefix("("))
    return value


class Overlay:
    """A PDF being written over; `bytes()` gives it."""

    def __init__(self, content: bytes) -> None:
        self.writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))

    def __bytes__(self) -> bytes:
        stream = io.BytesIO()
        self.writer.write(stream)
        return stream.getvalue()

    def add(self, value):
        return self.writer._add_object(pdf_object(value))

    def picture(self, drawing: bytes = STROKES, **entries):
        """A form of 300 × 100 points."""
        stream = DecodedStreamObject()
        stream.set_data(drawing)
        names = {"/Type": "/XObject", "/Subtype": "/Form", "/BBox": [0, 0, 300, 100], "/Resources": {}}
        for key, value in (names | {f"/{name}": value for name, value in entries.items()}).items():
            stream[NameObject(key)] = pdf_object(value)
        return self.writer._add_object(stream)

    def annotate(self, subtype: str, *, page: int = 1, seen: bool = False, **entries):
        """An annotation of a page; `seen`: with a picture."""
        names = {"/Type": "/Annot", "/Subtype": f"/{subtype}", "/Rect": PLACE, "/F": 4}
        if seen:
            names["/AP"] = {"/N": self.picture()}
        note = self.add(names | {f"/{name}": value for name, value in entries.items()})
        leaf = self.writer.pages[page - 1]
        leaf[NameObject("/Annots")] = ArrayObject([*leaf.get("/Annots", ArrayObject()), note])
        return self

    def field(self, kind: str, *, form: dict | None = None, **entries):
        """A field of a form, with its place on the first page."""
        self.annotate("Widget", **{"FT": f"/{kind}", "T": "(champ", **entries})
        names = {"/Fields": list(self.writer.pages[0]["/Annots"])} | (form or {})
        self.writer.root_object[NameObject("/AcroForm")] = self.add(names)
        return self

    def layer(self, *, on: bool = True, drawing: bytes = STROKES, settings: dict | None = None, member=None):
        """A drawing in a layer of the first page, switched on or off when the file opens.

        `settings`: entries of the default configuration beside; `member`: a membership to draw under (« group »).
        """
        group = self.add({"/Type": "/OCG", "/Name": "(Calque"})
        shown = {"/ON" if on else "/OFF": [group], **(settings or {})}
        names = {"/OCGs": [group], "/D": shown}
        self.writer.root_object[NameObject("/OCProperties")] = pdf_object(names)
        under = self.add({"/Type": "/OCMD", "/OCGs": [group]} | member) if member else group
        return self.draw(
            b"/OC /calque BDC 1 0 0 1 150 300 cm " + drawing + b" EMC", "/Properties", calque=under
        )

    def draw(self, drawing: bytes, kind: str = "/XObject", **resources):
        """Drawn after what is on the first page, with these resources."""
        leaf = self.writer.pages[0]
        names = leaf["/Resources"]
        names.setdefault(NameObject(kind), DictionaryObject())
        for name, value in resources.items():
            names[kind][NameObject(f"/{name}")] = value
        before, after = DecodedStreamObject(), DecodedStreamObject()
        before.set_data(b"q\n")
        after.set_data(b"\nQ\n" + drawing)
        held = [leaf.raw_get("/Contents")] if "/Contents" in leaf else []
        if held and isinstance(leaf["/Contents"], ArrayObject):
            held = list(leaf["/Contents"])
        parts = [self.writer._add_object(before), *held, self.writer._add_object(after)]
        leaf[NameObject("/Contents")] = ArrayObject(parts)
        return self


LINE = [170, 170, 300, 240, 430, 170]
QUAD = [150, 250, 450, 250, 150, 150, 450, 150]
ADDRESS = {"/Type": "/Action", "/S": "/URI", "/URI": "(https://exemple.invalid"}
EMPTY_SIGNATURE = {
    "/Type": "/Sig",
    "/Filter": "/Adobe.PPKLite",
    "/Contents": ByteStringObject(bytes(64)),
}


def ink(made: Overlay) -> Overlay:
    """Without a picture of its own."""
    return made.annotate("Ink", InkList=[LINE])


def _by_reference(made: Overlay) -> Overlay:
    leaf = ink(made).writer.pages[0]
    leaf[NameObject("/Annots")] = made.add(made.add(leaf["/Annots"]).get_object())
    return made


def _alone(made: Overlay) -> Overlay:
    leaf = ink(made).writer.pages[0]
    leaf[NameObject("/Annots")] = leaf["/Annots"][-1]
    return made


def _list_of(made: Overlay, rows) -> Overlay:
    made.writer.pages[0][NameObject("/Annots")] = pdf_object(rows)
    return made


def _beside_nothings(made: Overlay) -> Overlay:
    return _list_of(made, [None, 3, "(texte", *ink(made).writer.pages[0]["/Annots"]])


def _inherited(made: Overlay) -> Overlay:
    parent = made.add({"/T": "(champ", "/FT": "/Tx", "/V": "(Présidente"})
    return made.annotate("Widget", Parent=made.add({"/Parent": parent}))


def _stream(made: Overlay, content: bytes):
    stream = DecodedStreamObject()
    stream.set_data(content)
    return made.writer._add_object(stream)


def _program(made: Overlay) -> Overlay:
    xml = b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>"
    return made.field("Tx", form={"/XFA": _stream(made, xml)})


def _picture_off(made: Overlay) -> Overlay:
    """The layer stands with the picture, not around its place in the drawing."""
    group = made.layer(on=False, drawing=b"").writer.root_object["/OCProperties"]["/OCGs"][0]
    return made.draw(b"1 0 0 1 150 300 cm /image Do", image=made.picture(OC=group))


def _picture_off_in_another(made: Overlay) -> Overlay:
    group = made.layer(on=False, drawing=b"").writer.root_object["/OCProperties"]["/OCGs"][0]
    held = {"/XObject": {"/held": made.picture(OC=group)}}
    return made.draw(b"1 0 0 1 150 300 cm /image Do", image=made.picture(b"/held Do", Resources=held))


def _off_on_screen(made: Overlay) -> Overlay:
    """Its own settings switch the layer off for whoever looks at it, on for whoever prints it."""
    layers = made.layer().writer.root_object["/OCProperties"]
    layers["/OCGs"][0].get_object()[NameObject("/Usage")] = pdf_object(
        {"/View": {"/ViewState": "/OFF"}, "/Print": {"/PrintState": "/ON"}}
    )
    when = {"/Event": "/View", "/OCGs": layers["/OCGs"], "/Category": ["/View"]}
    layers["/D"][NameObject("/AS")] = pdf_object([when])
    return made


def turned(made: Overlay) -> Overlay:
    made.writer.pages[0].rotate(90)
    return made


def _packed(made: Overlay) -> bytes:
    """Objects in streams, as most programs write them."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "a.pdf", Path(folder) / "b.pdf"
        source.write_bytes(bytes(ink(made)))
        command = ["qpdf", "--object-streams=generate", str(source), str(target)]
        subprocess.run(command, check=True, capture_output=True)
        return target.read_bytes()


def _in_a_layer(made: Overlay, *, on: bool, rule: str = "") -> Overlay:
    group = made.layer(on=on, drawing=b"").writer.root_object["/OCProperties"]["/OCGs"][0]
    under = made.add({"/Type": "/OCMD", "/OCGs": [group], "/P": rule}) if rule else group
    return made.annotate("Stamp", seen=True, OC=under)


def _cropped(made: Overlay) -> Overlay:
    """A page of which readers show a part, at twice its size."""
    leaf = ink(made).writer.pages[0]
    leaf[NameObject("/CropBox")] = pdf_object([100, 100, 500, 400])
    leaf[NameObject("/UserUnit")] = pdf_object(2)
    return made


def _signed_in_no_form(made: Overlay, **entries) -> Overlay:
    value = EMPTY_SIGNATURE | {"/Contents": ByteStringObject(b"0\x82\x01")}
    return made.annotate("Widget", FT="/Sig", V=value, **entries)


Make = Callable[[Overlay], Overlay | bytes]
# {what it is: how it is made}: readers draw it over the first page.
DRAWN: dict[str, Make] = {
    "ink with a picture": lambda made: made.annotate("Ink", seen=True, InkList=[LINE]),
    "ink without": ink,
    "text with a picture": lambda made: made.annotate("FreeText", seen=True, Contents="(Lu"),
    "text without": lambda made: made.annotate("FreeText", Contents="(Lu", DA="(/Helv 12 Tf"),
    "stamp": lambda made: made.annotate("Stamp", seen=True, Name="/Approved"),
    "line with a picture": lambda made: made.annotate("Line", seen=True, L=[150, 150, 450, 250]),
    "highlight": lambda made: made.annotate("Highlight", QuadPoints=QUAD, C=[1, 1, 0]),
    "underline": lambda made: made.annotate("Underline", QuadPoints=QUAD),
    "square": lambda made: made.annotate("Square", C=[1, 0, 0]),
    "circle": lambda made: made.annotate("Circle", C=[1, 0, 0]),
    "note": lambda made: made.annotate("Text", Contents="(À revoir"),
    "seen, not printed": lambda made: made.annotate("StrikeOut", QuadPoints=QUAD, F=0),
    "said to be invisible": lambda made: made.annotate("Ink", seen=True, F=1),
    "kind that nobody knows": lambda made: made.annotate("Griffe", seen=True),
    "link with a picture": lambda made: made.annotate("Link", seen=True),
    "annotations by reference": _by_reference,
    "among nothings": _beside_nothings,
    "flags that are no number": lambda made: made.annotate("Ink", seen=True, F="/Oui"),
    "on a turned page": lambda made: turned(ink(made)),
    "on a part of a page": _cropped,
    "in a layer that is on": lambda made: _in_a_layer(made, on=True),
    "packed file": _packed,
    "text field": lambda made: made.field("Tx", V="(Présidente"),
    "text field drawn by the reader": lambda made: made.field(
        "Tx", V="(Présidente", form={"/NeedAppearances": True}
    ),
    "field filled by a stream": lambda made: made.field("Tx", V=_stream(made, b"Mme")),
    "checked box": lambda made: made.field("Btn", V="/Yes", AS="/Yes"),
    "empty field in a frame": lambda made: made.field("Tx", seen=True),
    "button with a picture": lambda made: made.field("Btn", Ff=1 << 16, seen=True),
    "field and note": lambda made: ink(made.field("Tx", V="(Mme")),
}
# {what it is: how it is made}: the file holds it, readers do not show it.
HIDDEN: dict[str, Make] = {
    "hidden annotation": lambda made: made.annotate("Ink", seen=True, F=2),
    "annotation kept for the printer": lambda made: made.annotate("Stamp", seen=True, F=4 | 32),
    "annotation in a layer that is off": lambda made: _in_a_layer(made, on=False),
    "annotation of layers of which one is off": lambda made: _in_a_layer(made, on=False, rule="/AllOn"),
    "hidden field": lambda made: made.field("Tx", V="(Mme", F=2),
    "layer off": lambda made: made.layer(on=False),
    "pale layer off": lambda made: made.layer(on=False, drawing=b"1 1 0.8 rg 0 0 300 100 re f"),
    "layers off unless told": lambda made: made.layer(settings={"/BaseState": "/OFF", "/ON": []}),
    "hidden when its layer is on": lambda made: made.layer(member={"/P": "/AllOff"}),
    "picture in a layer off": _picture_off,
    "picture in a layer off, inside another": _picture_off_in_another,
    "layer off on screen": _off_on_screen,
}
# {what it is: (how it is made, what would be lost of the first page, in French)}: readers draw it, ours does not.
LOST: dict[str, tuple[Make, str]] = {
    "line": (lambda made: made.annotate("Line", L=[150, 150, 450, 250]), "annotation sans image"),
    "polygon": (lambda made: made.annotate("Polygon", Vertices=LINE), "annotation sans image"),
    "stamp without a picture": (
        lambda made: made.annotate("Stamp", Name="/Approved"),
        "annotation sans image",
    ),
    "annotation alone, without a list": (_alone, "annotation sans image"),
    "field filled higher up": (_inherited, "champ rempli sans image"),
    "field without a form": (
        lambda made: made.annotate("Widget", FT="/Tx", V="(Présidente"),
        "champ rempli sans image",
    ),
    "choice": (lambda made: made.field("Ch", V=["(Oui"]), "champ rempli sans image"),
    "checked box by its value alone": (lambda made: made.field("Btn", V="/Yes"), "champ rempli sans image"),
    "field that says nought": (lambda made: made.field("Tx", V=0), "champ rempli sans image"),
    "form that is a program": (_program, "formulaire interactif"),
    "line and field": (
        lambda made: _inherited(made.annotate("Line", L=[150, 150, 450, 250])),
        "annotation sans image, champ rempli sans image",
    ),
}
# {what it is: how it is made}: nothing but the drawing of its pages is seen, nothing of it is hidden.
PLAIN: dict[str, Make] = {
    "form without a program": lambda made: made.field("Tx", form={"/XFA": []}),
    "as it is": lambda made: made,
    "link": lambda made: made.annotate("Link", A=ADDRESS, Border=[0, 0, 1]),
    "popup": lambda made: made.annotate("Popup", Open=True),
    "empty list": lambda made: _list_of(made, []),
    "list of nothings": lambda made: _list_of(made, [None, 3, "(texte"]),
    "no list": lambda made: _list_of(made, None),
    "empty text field": lambda made: made.field("Tx", V="( "),
    "other choice of a group": lambda made: made.field("Btn", Ff=1 << 15, V="/2", AS="/Off"),
    "box that is not checked": lambda made: made.field("Btn", V="/Off", AS="/Off"),
    "fields that wait for signatures": lambda made: made.field("Sig").field("Sig"),
    "place reserved for a signature": lambda made: made.field("Sig", V=EMPTY_SIGNATURE),
    "turned page": turned,
}
# {what it is: how it is made}: nothing more is seen, yet it is more than the drawing of its pages.
MORE: dict[str, Make] = {
    "layer on": lambda made: made.layer(),
    "layer off, that draws nothing here": lambda made: made.layer(on=False, drawing=b""),
    "signature that no form lists": _signed_in_no_form,
}


def sheet() -> bytes:
    """A page with some drawing, without any program of ours."""
    made = pypdf.PdfWriter()
    made.add_blank_page(595, 842)
    stream = io.BytesIO()
    made.write(stream)
    return bytes(Overlay(stream.getvalue()).draw(b"72 700 300 2 re f"))


def signed_by_a_stranger(content: bytes, *, seen: bool = False) -> bytes:
    """A signature with a certificate that nobody knows, in a field of its own, as other applications do."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigFieldSpec, append_signature_field

    from conventions.domain.documents.sealing import authority, signing
    from conventions.tests import online

    writer, stream = IncrementalPdfFileWriter(io.BytesIO(content), strict=False), io.BytesIO()
    append_signature_field(writer, SigFieldSpec("tiers", box=tuple(PLACE) if seen else (0, 0, 0, 0)))
    writer.write(stream)
    key = authority._embedded(online.keys())
    return signing._sign(stream.getvalue(), key, field_name="tiers", reason="Signature")
