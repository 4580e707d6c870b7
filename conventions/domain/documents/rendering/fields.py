"""Signature fields, made while the document is written: one tagged widget per signature box, plus the seal's own.

A field added later would stand outside the structure, and PDF/A and PDF/UA could not both hold. The objects are the
same from one render to the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from conventions.domain.documents.rendering.engine import Finisher

SEAL_FIELD, FIELD_PREFIX = "sceau", "signature-"
SEAL_LABEL = "Sceau de l’application, posé quand le texte est figé"
SIGN_HERE = "sign-here"
PRINTED = 4  # the annotation flag that PDF/A asks for
POINTS = 0.75  # a CSS pixel
CAPTION = 12  # CSS pixels kept for the words printed in the box, above the field


def signature_fields(labels: Sequence[str], *, seal_first: bool = True) -> Finisher:
    """A finisher for `engine.write`: fields `signature-1`… at the boxes of that id, and `sceau`, invisible.

    Without `seal_first`, no `sceau`: the first seal is that of who signs.
    `labels` say, box by box, what the field is for: screen readers read them. Raises ValueError (in English: a
    template went wrong) when the boxes are not as many.
    """

    def finish(document: Any, pdf: Any) -> None:
        tree = _Tree(pdf)
        boxes = list(_boxes(document, tree))
        if len(boxes) != len(labels):
            raise ValueError(f"{len(boxes)} signature boxes for {len(labels)} signatories")
        for rank, (label, (page, place, parent)) in enumerate(zip(labels, boxes, strict=True), start=1):
            tree.add_field(f"{FIELD_PREFIX}{rank}", label, page=page, place=place, parent=parent)
        if seal_first:
            tree.add_field(SEAL_FIELD, SEAL_LABEL, page=0, place=(0, 0, 0, 0), parent=tree.root)
        tree.finish()

    return finish


class _Tree:
    """The objects of a PDF being written that a field has to be known to."""

    def __init__(self, pdf: Any) -> None:
        import pydyf

        self.pdf, self.make = pdf, pydyf
        structure = self._at(pdf.catalog["StructTreeRoot"])
        self.parents = self._at(structure["ParentTree"])["Nums"]
        self.root = self._at(structure["K"][0])
        self.divisions = [row for row in pdf.objects if isinstance(row, dict) and row.get("S") == "/Div"]
        self.fields: list[bytes] = []

    def _at(self, reference: Any) -> Any:
        return self.pdf.objects[int(reference.split()[0])]

    def add_field(self, name: str, label: str, *, page: int, place: tuple, parent: Any) -> None:
        """A signature field with one widget, in the structure tree below `parent` and on its page."""
        leaf = self._at(self.pdf.page_references[page])
        key = self.parents[-2] + 1
        widget = self.make.Dictionary(
            {
                "Type": "/Annot",
                "Subtype": "/Widget",
                "FT": "/Sig",
                "T": self.make.String(name),
                "TU": self.make.String(label),
                "F": PRINTED,
                "Rect": self.make.Array(place),
                "P": leaf.reference,
                "StructParent": key,
            }
        )
        if any(place):
            widget["AP"] = self.make.Dictionary({"N": self._blank(place)})
        self.pdf.add_object(widget)
        leaf.setdefault("Annots", self.make.Array()).append(widget.reference)
        self.parents += [key, self._element(widget, leaf, parent)]
        self.fields.append(widget.reference)

    def _element(self, widget: Any, leaf: Any, parent: Any) -> bytes:
        kid = self.make.Dictionary({"Type": "/OBJR", "Obj": widget.reference, "Pg": leaf.reference})
        self.pdf.add_object(kid)
        element = self.make.Dictionary(
            {
                "Type": "/StructElem",
                "S": "/Form",
                "K": kid.reference,  # not a list: pyHanko knows a field in the structure by this shape
                "Pg": leaf.reference,
                "P": parent.reference,
            }
        )
        self.pdf.add_object(element)
        parent["K"].append(element.reference)
        return element.reference

    def _blank(self, place: tuple) -> bytes:
        left, bottom, right, top = place
        form = self.make.Stream(
            [], {"Type": "/XObject", "Subtype": "/Form", "BBox": self.make.Array((0, 0, right - left, top - bottom))}
        )  # fmt: skip
        self.pdf.add_object(form)
        return form.reference

    def finish(self) -> None:
        self.pdf.catalog["AcroForm"] = self.make.Dictionary({"Fields": self.make.Array(self.fields)})


def _boxes(document: Any, tree: _Tree) -> Iterator[tuple[int, tuple, Any]]:
    """(page, place in points, structure element) of each signature box, in the order of the page.

    WeasyPrint does not say which element stands for which box, but it makes both in the same order.
    """
    divisions, seen = iter(tree.divisions), set()
    for number, page in enumerate(document.pages):
        for box in _walk(page._page_box):
            if box.element is None or box.element_tag != "div":
                continue
            division, name = next(divisions), str(box.element.get("id", ""))
            if name.startswith(FIELD_PREFIX) and name not in seen:  # its anonymous boxes bear the same name
                seen.add(name)
                yield number, _place(box, page.height), division
    if next(divisions, None) is not None:
        raise ValueError("The structure does not follow the boxes")


def _walk(box: Any) -> Iterator[Any]:
    """A box and those inside, lines and texts apart: they have no element of their own in the structure."""
    from weasyprint.formatting_structure.boxes import LineBox, TextBox

    if isinstance(box, TextBox):
        return
    if not isinstance(box, LineBox):
        yield box
    for child in getattr(box, "children", ()):
        yield from _walk(child)


def _place(box: Any, height: float) -> tuple:
    here = next(row for row in _walk(box) if row.element is not None and _signs_here(row.element))
    left, top = here.content_box_x(), here.content_box_y()
    edges = (left, height - top - here.height, left + here.width, height - top - CAPTION)
    return tuple(round(edge * POINTS, 2) for edge in edges)


def _signs_here(element: Any) -> bool:
    return SIGN_HERE in element.get("class", "").split()
