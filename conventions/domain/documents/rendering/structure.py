"""The structure of a PDF as PDF/UA-1 asks, completed while WeasyPrint writes it; beside PDF/A-3a, which stays.

What WeasyPrint leaves out: margins and repeated heads are artifacts, a table cut by a page is one table, header cells
say of what they are the header, the list of cells that others name, the declaration. Source: ISO 14289-1, 7.1, 7.2 and
7.5; the names are those of ISO 32000-1, 14.7 and 14.8. It is checked by `pdfua` and by tests of our own, not certified.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from conventions.reference.lists import OPT

# The identification schema of PDF/UA is none of those that PDF/A knows: it is described before it is used.
DECLARATION = (
    b'<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    b' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    b'<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    b"<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>"
    b"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    b'<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>'
    b"<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>"
    b"<pdfaProperty:description>Part of the standard that the file follows</pdfaProperty:description>"
    b"</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
    b'<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part>'
    b"</rdf:Description>"
)
END = b"</rdf:RDF>"
PUBLISHER = f"{OPT['name']} ({OPT['acronym']})"


def complete(document: Any, pdf: Any) -> None:
    """The last finisher: nothing joins the structure after it."""
    tree = Structure(pdf)
    tree.join_tables(document)
    tree.tell_headers()
    tree.set_aside()
    tree.name_cells()
    tree.declare(document.metadata)


class Structure:
    """The structure tree of a PDF being written, as WeasyPrint's objects."""

    def __init__(self, pdf: Any) -> None:
        import pydyf

        self.pdf, self.make = pdf, pydyf
        self.root = self.at(pdf.catalog["StructTreeRoot"])

    def at(self, reference: Any) -> Any:
        return self.pdf.objects[int(reference.split()[0])]

    def kids(self, element: Any) -> list[Any]:
        """The elements right below one; marks of content and annotations are none."""
        given = element.get("K", ())
        references = [
            kid for kid in (given if isinstance(given, list) else [given]) if isinstance(kid, bytes)
        ]
        return [kid for kid in map(self.at, references) if kid.get("Type") == "/StructElem"]

    def below(self, element: Any) -> Iterator[Any]:
        """An element and all below it, in the order of reading."""
        yield element
        for kid in self.kids(element):
            yield from self.below(kid)

    def everything(self) -> Iterator[Any]:
        for kid in self.kids(self.root):
            yield from self.below(kid)

    def join_tables(self, document: Any) -> None:
        """WeasyPrint makes a table of each page's share of one: its rows go to the first, its repeated head nowhere."""
        made = [row for row in self.pdf.objects if isinstance(row, dict) and row.get("S") == "/Table"]
        firsts: dict[int, Any] = {}
        for element, table in zip(_tables(document), made, strict=True):
            first = firsts.setdefault(id(element), table)
            if first is not table:
                self._join(first, table)

    def _join(self, first: Any, second: Any) -> None:
        moved: list[Any] = []
        renamed: dict[str, Any] = {}
        for group in self.kids(second):
            if group["S"] == "/THead":
                renamed |= self._same_cells(group, first)
            else:
                moved.append(group)
        feet = [group.reference for group in self.kids(first) if group["S"] == "/TFoot"]
        if any(group["S"] == "/TFoot" for group in moved):  # printed below each share: the last one counts
            first["K"][:] = [kid for kid in first["K"] if kid not in feet]
        for group in moved:
            group["P"] = first.reference
            first["K"].append(group.reference)
            self._rename(group, renamed)
        parent = self.at(second["P"])
        parent["K"][:] = [kid for kid in parent["K"] if kid != second.reference]

    def _same_cells(self, repeated: Any, first: Any) -> dict[str, Any]:
        """{the name of a cell of a repeated head: that of the cell it repeats}."""
        heads = [group for group in self.kids(first) if group["S"] == "/THead"]
        cells = [[cell["ID"] for cell in self.below(head) if "ID" in cell] for head in (repeated, *heads[:1])]
        return {name.string: same for name, same in zip(*cells, strict=True)} if heads else {}

    def _rename(self, group: Any, renamed: dict[str, Any]) -> None:
        for cell in self.below(group):
            headers = cell.get("A", {}).get("Headers")
            if headers is not None:
                headers[:] = [renamed.get(name.string, name) for name in headers]

    def tell_headers(self) -> None:
        """Whether a header cell is that of its row or of its column."""
        for row in self.everything():
            if row["S"] != "/TR":
                continue
            cells = self.kids(row)
            of_column = self.at(row["P"])["S"] == "/THead" or all(cell["S"] == "/TH" for cell in cells)
            for cell in cells:
                if cell["S"] == "/TH":
                    cell["A"]["Scope"] = "/Column" if of_column else "/Row"

    def set_aside(self) -> None:
        """Content whose element is not in the tree is an artifact: running heads and feet, repeated heads of tables."""
        known = {element.reference for element in self.everything()}
        numbers = self.at(self.root["ParentTree"])["Nums"]
        for page, leaf in enumerate(self.pdf.page_references):
            owners = numbers[2 * page + 1]
            aside = {mark for mark, owner in enumerate(owners) if owner not in known}
            if aside:
                _become_artifacts(self.at(self.at(leaf)["Contents"]).stream, aside)
                owners[:] = [b"null" if mark in aside else owner for mark, owner in enumerate(owners)]

    def name_cells(self) -> None:
        named = {element["ID"].string: element for element in self.everything() if "ID" in element}
        if named:
            names = self.make.Array()
            for key in sorted(named, key=str.encode):
                names += [named[key]["ID"], named[key].reference]
            index = self.make.Dictionary({"Names": names})
            self.pdf.add_object(index)
            self.root["IDTree"] = index.reference

    def declare(self, metadata: Any) -> None:
        stream = self.at(self.pdf.catalog["Metadata"]).stream
        told = DECLARATION + described(metadata)
        stream[:] = [part.replace(END, told + END) for part in stream]


def tell_figure(pdf: Any, alt: str) -> None:
    """Make of a page's whole drawing a figure with this description (ISO 32000-1, 14.9.3), by its content alone.

    Placed in a field once a text is sealed, it can add nothing to the structure: seals allow an appearance, no more.
    """
    import pydyf

    (leaf,) = (pdf.objects[int(reference.split()[0])] for reference in pdf.page_references)
    stream = pdf.objects[int(leaf["Contents"].split()[0])].stream
    stream[:] = ["/Figure", pydyf.Dictionary({"Alt": pydyf.String(alt)}), b"BDC", *stream, b"EMC"]


def described(metadata: Any) -> bytes:
    """Dublin Core, for what WeasyPrint leaves out: who publishes, by what name, when, in what language.

    `metadata` is that of the page's `<head>`; its date is also that of /Info and of xmp:CreateDate.
    """
    values = (
        ("identifier", metadata.custom.get("dcterms.identifier"), "", ""),
        ("publisher", PUBLISHER, "<rdf:Bag><rdf:li>", "</rdf:li></rdf:Bag>"),
        ("date", metadata.created, "<rdf:Seq><rdf:li>", "</rdf:li></rdf:Seq>"),
        ("language", metadata.lang, "<rdf:Bag><rdf:li>", "</rdf:li></rdf:Bag>"),
    )
    told = "".join(
        f"<dc:{name}>{start}{escape(value)}{end}</dc:{name}>" for name, value, start, end in values if value
    )
    space = "http://purl.org/dc/elements/1.1/"
    return f'<rdf:Description rdf:about="" xmlns:dc="{space}">{told}</rdf:Description>'.encode()


def _become_artifacts(stream: list[Any], aside: set[int]) -> None:
    """Of a page's drawing, the marked content with these numbers: « /P <</MCID 3>> BDC » becomes « /Artifact BMC »."""
    found = [
        at
        for at, word in enumerate(stream)
        if word == b"BDC" and isinstance(stream[at - 1], dict) and stream[at - 1].get("MCID") in aside
    ]
    for at in reversed(found):
        stream[at - 2 : at + 1] = ["/Artifact", b"BMC"]


def _tables(document: Any) -> Iterator[Any]:
    """The element of each share of a table, in the order in which WeasyPrint makes their structure."""
    for page in document.pages:
        yield from _shares(page._page_box)


def _shares(box: Any) -> Iterator[Any]:
    from weasyprint.formatting_structure.boxes import MarginBox

    box = getattr(box, "_box", box)
    if (
        box.element is not None
        and box.element_tag == "table"
        and box.is_table_wrapper
        and not isinstance(box, MarginBox)
    ):
        yield box.element
    for child in getattr(box, "children", ()):
        yield from _shares(child)
