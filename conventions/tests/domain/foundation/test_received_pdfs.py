"""PDFs that people really send: what shows its pages passes, what acts is named; ten siblings of each case."""

import io

import pypdf
import pytest
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from conventions.domain.foundation import pdf_sandbox, pdf_sandbox_child
from conventions.tests import attacks
from conventions.tests.factories.documents import small_pdf

PAGE = small_pdf("Facture n° 7")


def thing(value):
    """A Python value as an object of a PDF: « /Name », text, number, list, dictionary."""
    if isinstance(value, dict) and not isinstance(value, StreamObject):
        return DictionaryObject({NameObject(name): thing(held) for name, held in value.items()})
    if isinstance(value, list):
        return ArrayObject(map(thing, value))
    if isinstance(value, str):
        return NameObject(value) if value.startswith("/") else TextStringObject(value)
    return NumberObject(value) if isinstance(value, int) else value


def pdf(*, root=None, page=None, **options) -> bytes:
    """A page, with more in the catalogue or on the page."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(PAGE))
    for name, value in (root or {}).items():
        writer.root_object[NameObject(name)] = writer._add_object(thing(value))
    for name, value in (page or {}).items():
        writer.pages[0][NameObject(name)] = thing(value)
    for name, content in options.get("files", {}).items():
        writer.add_attachment(name, content)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def link(**action) -> bytes:
    rows = [{"/Type": "/Annot", "/Subtype": "/Link", "/Rect": [0, 0, 9, 9], "/A": action}]
    return pdf(page={"/Annots": rows})


def address(url: str) -> bytes:
    return link(**{"/S": "/URI", "/URI": url})


def stream(**more) -> StreamObject:
    made = StreamObject()
    made._data = b""
    made.update(thing(more))
    return made


def resaved(content: bytes, **options) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    writer.encrypt(**options)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


TAKEN = {
    **{f"{count} bytes in front": b"\n" * count + PAGE for count in (1, 3, 16, 255, 512, 1000, 1024)},
    "mark of UTF-8 in front": b"\xef\xbb\xbf" + PAGE,
    "mark of UTF-16 in front": b"\xff\xfe" + PAGE,
    "printer's commands in front": b"\x1b%-12345X@PJL ENTER LANGUAGE=PDF\r\n" + PAGE,
    "headers of a mail in front": b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n" + PAGE,
    "lines after the end": PAGE + b"\r\n" * 40,
    "table of places lost": PAGE.replace(b"startxref", b"startxxxx"),
    "wrong place of the table": PAGE[: PAGE.rindex(b"startxref")] + b"startxref\n1\n%%EOF",
    "empty list of files": pdf(root={"/Names": {"/EmbeddedFiles": {"/Names": []}}}),
    "empty tree of files": pdf(root={"/Names": {"/EmbeddedFiles": {"/Kids": []}}}),
    "empty dictionary of files": pdf(root={"/Names": {"/EmbeddedFiles": {}}}),
    "empty tree of scripts": pdf(root={"/Names": {"/JavaScript": {"/Names": []}}}),
    "empty names": pdf(root={"/Names": {}}),
    "empty associated files": pdf(root={"/AF": []}),
    "empty events": pdf(root={"/AA": {}}, page={"/AA": {}}),
    "file specification without a file": pdf(
        root={"/AF": [{"/Type": "/Filespec", "/F": "a.txt", "/EF": {}}]}
    ),
    "empty form": pdf(root={"/AcroForm": {"/Fields": []}}),
    "protected against change, RC4": resaved(PAGE, user_password="", owner_password="x", algorithm="RC4-128"),
    "protected against change, AES-128": resaved(
        PAGE, user_password="", owner_password="x", algorithm="AES-128"
    ),
    "protected against change, AES-256": resaved(
        PAGE, user_password="", owner_password="x", algorithm="AES-256"
    ),
    "invoice with its data": pdf(files={"factur-x.xml": b"<rsm/>"}),
    "invoice with its data, German": pdf(files={"ZUGFeRD-invoice.xml": b"<rsm/>"}),
    "invoice with its data, in capitals": pdf(files={"FACTURE.XML": b"<Invoice/>"}),
    "invoice with two data": pdf(files={"factur-x.xml": b"<rsm/>", "order-x.xml": b"<rsm/>"}),
    "opens on a page": pdf(root={"/OpenAction": {"/S": "/GoTo", "/D": [0, "/Fit"]}}),
    "opens at a destination": pdf(root={"/OpenAction": [0, "/Fit"]}),
    "link of the Web": address("https://exemple.nc/"),
    "link of mail": address("mailto:a@exemple.nc"),
    "link of telephone": address("tel:+687827767"),
    "link without scheme": address("www.exemple.nc"),
    "link to the next page": link(**{"/S": "/Named", "/N": "/NextPage"}),
    "bookmark to the Web": pdf(
        root={"/Outlines": {"/First": {"/Title": "a", "/A": {"/S": "/URI", "/URI": "http://a.nc"}}}}
    ),
    "tagged text": pdf(
        root={"/StructTreeRoot": {"/K": {"/S": "/P", "/A": {"/O": "/Layout", "/Placement": "/Block"}}}}
    ),
}
SCRIPT = {"/S": "/JavaScript", "/JS": "1"}
SHARE = "\\\\serveur\\partage"
GOTO = {"/S": "/GoTo", "/D": [0, "/Fit"]}
REFUSED = {
    "script of a sum": (pdf(root={"/AcroForm": {"/Fields": [{"/T": "total", "/AA": {"/C": SCRIPT}}]}}), "script"),
    "script on opening": (pdf(root={"/OpenAction": SCRIPT}), "script"),
    "script by its name": (pdf(root={"/Names": {"/JavaScript": {"/Names": ["a", SCRIPT]}}}), "script"),
    "script after going": (pdf(root={"/OpenAction": GOTO | {"/Next": SCRIPT}}), "script"),
    "script of a link": (link(**SCRIPT), "script"),
    "script of a page": (pdf(page={"/AA": {"/O": SCRIPT}}), "script"),
    "form that is a program": (pdf(root={"/AcroForm": {"/XFA": [TextStringObject("a"), stream()]}}), "script"),
    "address on opening": (pdf(root={"/OpenAction": {"/S": "/URI", "/URI": "https://a.nc"}}), "action"),
    "address after going": (link(**(GOTO | {"/Next": [{"/S": "/URI", "/URI": "https://a.nc"}]})), "action"),
    "folder of another computer": (link(**{"/S": "/GoToR", "/F": SHARE + "\\a.pdf"}), "action"),
    "another file": (link(**{"/S": "/GoToR", "/F": "a.pdf", "/D": [0, "/Fit"]}), "action"),
    "program": (link(**{"/S": "/Launch", "/F": "calc.exe"}), "action"),
    "form sent": (link(**{"/S": "/SubmitForm", "/F": "https://a.nc"}), "action"),
    "action nobody knows": (link(**{"/S": "/Nouvelle"}), "action"),
    "name that acts": (link(**{"/S": "/Named", "/N": "/SaveAs"}), "action"),
    "address of a file": (address("file:///etc/passwd"), "action"),
    "address of a folder": (address(SHARE), "action"),
    "address of another program": (address("ms-word:ofe|u|https://a.nc/a.docx"), "action"),
    "address that is a script": (address("javascript:alert(1)"), "action"),
    "action of a button's event": (pdf(page={"/AA": {"/O": {"/S": "/URI", "/URI": "https://a.nc"}}}), "script"),
    "stream in another file": (pdf(root={"/Metadata": stream(**{"/F": "a.bin"})}), "autre fichier"),
    "address as a file": (pdf(root={"/AF": [{"/FS": "/URL", "/F": "https://a.nc/a"}]}), "autre fichier"),
    "page of another file": (pdf(root={"/Metadata": stream(**{"/Ref": {"/F": "a.pdf", "/Page": 0}})}), "autre fichier"),
    "program inside": (pdf(files={"virus.exe": b"MZ"}), "fichiers joints"),
    "program beside the data": (pdf(files={"factur-x.xml": b"<rsm/>", "a.docm": b"PK"}), "fichiers joints"),
    "password": (attacks.encrypt(PAGE, user="ouvrir"), "mot de passe"),
    "cut": (PAGE[:200], "abîmé"),
    "no PDF": (b"%PDF-1.7\nrien", "abîmé"),
}  # fmt: skip


@pytest.mark.parametrize("content", TAKEN.values(), ids=TAKEN)
def test_pdf_that_only_shows_its_pages_is_taken(content):
    pdf_sandbox.refuse_active(content)


@pytest.mark.parametrize(("content", "told"), REFUSED.values(), ids=REFUSED)
def test_pdf_that_acts_is_refused_with_what_to_do(content, told):
    with pytest.raises(pdf_sandbox.UnreadablePdf, match=told):
        pdf_sandbox.refuse_active(content)


def test_two_reasons_are_told_together():
    content = pdf(root={"/OpenAction": {"/S": "/Launch", "/F": "a"}}, files={"a.exe": b"MZ"})
    with pytest.raises(pdf_sandbox.UnreadablePdf) as caught:
        pdf_sandbox.refuse_active(content)
    assert str(caught.value) == (
        "Ce PDF contient des fichiers joints et une action qui part seule ou mène hors du document. Imprimez-le en PDF "
        "ou numérisez-le, puis envoyez cette copie. Un document de l’OPT-NC, lui, s’envoie tel que vous l’avez reçu."
    )


def test_what_no_reading_walks_through_is_not_said_to_do_nothing(tmp_path):
    path = tmp_path / "source.pdf"
    path.write_bytes(b"%PDF-1.7 rien")
    assert pdf_sandbox_child.acts_of(str(path), None) == ["unread"]
    assert pdf_sandbox.ACTING["unread"] == "des parties qui ne se lisent pas"
