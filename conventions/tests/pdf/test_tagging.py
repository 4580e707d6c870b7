"""PDF/UA-1 in structure: what `pdfua` checks, and what it does not. A check of structure, not a certificate."""

import dataclasses
import re

import pdfua
import pytest

from conventions.domain.documents.rendering import render_handover
from conventions.tests.pdf import samples
from conventions.tests.pdf.reading import reader
from conventions.tests.pdf.test_structure import document  # noqa: F401 - a fixture

pytestmark = pytest.mark.pdf
MARKED = re.compile(rb"<</MCID (\d+)>>\s*BDC")


def elements(pdf, element=None):
    """Every element of the structure, in the order of reading."""
    element = element or pdf.trailer["/Root"]["/StructTreeRoot"]
    kids = element.get("/K", [])
    for kid in [one.get_object() for one in (kids if isinstance(kids, list) else [kids])]:
        if isinstance(kid, dict) and kid.get("/Type") == "/StructElem":
            yield kid
            yield from elements(pdf, kid)


def named(pdf):
    root = pdf.trailer["/Root"]["/StructTreeRoot"]
    names = root["/IDTree"]["/Names"] if "/IDTree" in root else []
    return {bytes(names[at].original_bytes): names[at + 1].get_object() for at in range(0, len(names), 2)}


@pytest.fixture(scope="module")
def long_table():
    """A hundred and twenty devices: a table over several pages, its head printed on each."""
    ctx = samples.handover()
    many = tuple(
        dataclasses.replace(ctx.items[0], number=rank, serial=f"SN-{rank:04}") for rank in range(1, 121)
    )
    return render_handover(dataclasses.replace(ctx, items=many))


def test_checker_finds_nothing(document, tmp_path):  # noqa: F811
    path = tmp_path / "document.pdf"
    path.write_bytes(document[1].content)
    assert list(pdfua.validate(str(path)).findings) == []


def test_every_mark_is_in_the_structure_or_an_artifact(document):  # noqa: F811
    pdf = reader(document[1].content)
    known = {element.indirect_reference.idnum for element in elements(pdf)}
    numbers = pdf.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    for number, page in enumerate(pdf.pages):
        owners = numbers[2 * number + 1].get_object()
        marks = {int(mark) for mark in MARKED.findall(page.get_contents().get_data())}
        owned = {mark for mark, owner in enumerate(owners) if getattr(owner, "idnum", None) in known}
        assert (number, marks) == (number, owned)
        assert b"/Artifact BMC" in page.get_contents().get_data().replace(b"\n", b" ")  # at least its number


def test_every_header_says_of_what_and_every_cell_names_headers_that_exist(document):  # noqa: F811
    pdf = reader(document[1].content)
    names = named(pdf)
    for element in elements(pdf):
        if element["/S"] == "/TH":
            assert element["/A"]["/Scope"] in ("/Column", "/Row")
            assert names[bytes(element["/ID"].original_bytes)] == element
        for name in element.get("/A", {}).get("/Headers", []) if element["/S"] == "/TD" else []:
            assert names[bytes(name.original_bytes)]["/S"] == "/TH"


def test_table_over_several_pages_is_one(long_table):
    pdf = reader(long_table.content)
    assert len(pdf.pages) > 3
    tables = [element for element in elements(pdf) if element["/S"] == "/Table"]
    (devices,) = [table for table in tables if sum(row["/S"] == "/TR" for row in elements(pdf, table)) > 100]
    kinds = [group.get_object()["/S"] for group in devices["/K"] if group.get_object()["/S"] != "/Caption"]
    assert kinds.count("/THead") == 1
    rows = [row for row in elements(pdf, devices) if row["/S"] == "/TR"]
    assert len(rows) >= 121
    heads = {bytes(cell["/ID"].original_bytes) for cell in elements(pdf, devices) if cell["/S"] == "/TH"}
    for cell in elements(pdf, devices):
        if cell["/S"] == "/TD":
            assert cell["/A"]["/Headers"]
            assert {bytes(name.original_bytes) for name in cell["/A"]["/Headers"]} <= heads


def test_file_declares_both_standards(document):  # noqa: F811
    xmp = reader(document[1].content).trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert xmp.index("<pdfaSchema:prefix>pdfuaid") < xmp.index("<pdfuaid:part>")
    assert 'pdfaid:part="3"' in xmp
