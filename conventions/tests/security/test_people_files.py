"""Files that people really have, sent through the pages of the space and of staff: taken and told, or refused with
what to do."""

import hashlib
import io

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from conventions.models import Attachment
from conventions.tests import factories as f
from conventions.tests.domain.foundation import test_received_pdfs as pdfs
from conventions.tests.factories.people import days_from_today
from conventions.tests.formats import test_files as files
from conventions.tests.portal.reading import main

pytestmark = pytest.mark.django_db
INK = {"/Type": "/Annot", "/Subtype": "/Ink", "/Rect": [0, 0, 90, 90], "/InkList": [[1, 1, 50, 80]]}
CASES = {
    "signed on a tablet": ("signature.pdf", pdfs.pdf(page={"/Annots": [INK]}), "PDF"),
    "empty list of files": ("arbre.pdf", pdfs.TAKEN["empty list of files"], "PDF"),
    "invoice with its data": ("facture.pdf", pdfs.TAKEN["invoice with its data"], "PDF"),
    "mark in front": ("octets.pdf", pdfs.TAKEN["mark of UTF-8 in front"], "PDF"),
    "protected against change": ("protege.pdf", pdfs.TAKEN["protected against change, AES-256"], "PDF"),
    "table of Excel": ("table.txt", files.TABLE.encode("utf-16"), "Tableau CSV (UTF-16)"),
    "table of a Mac": (
        "table.csv",
        files.TABLE.replace("\r\n", "\r").encode("mac_roman"),
        "Tableau CSV (macintosh)",
    ),
    "Word Online": ("lettre.docx", files.KINDS["Word Online"][0], "Document Word"),
    "LibreOffice": ("budget.ods", files.KINDS["Calc"][0], "Classeur LibreOffice"),
    "Word 97": ("lettre.doc", files.KINDS["Word 97"][0], "Document Word ancien (.doc)"),
    "Excel 97": ("budget.xls", files.KINDS["Excel 97"][0], "Classeur Excel ancien (.xls)"),
    "scanner": ("scan.tif", files.picture("TIFF"), "Image TIFF"),
    "telephone": ("IMG_1.HEIC", files.heic(bytes(9), b"dots"), "Photo HEIC"),
    "saved from the Web": ("photo.jfif", files.picture("JPEG"), "Photo JPEG"),
    "name without its kind": ("scan", pdfs.PAGE, "PDF"),
}
REFUSED = {
    "form with a sum": (
        *pdfs.REFUSED["script of a sum"][:1],
        "Ce PDF contient un script. Imprimez-le en PDF",
    ),
    "link to another computer": (pdfs.REFUSED["folder of another computer"][0], "Imprimez-le en PDF"),
    "address on opening": (pdfs.REFUSED["address on opening"][0], "Imprimez-le en PDF"),
    "macros": (files.KINDS["Excel 97 with a program"][0], "Enregistrez-le sans macro, ou en PDF"),
    "password": (files.KINDS["Excel with a password"][0], "Enregistrez-le sans mot de passe"),
    "slides": (files.KINDS["PowerPoint"][0], "imprimez-le en PDF, puis envoyez ce PDF"),
    "cut photo": (files.picture("JPEG")[:-20], "Enregistrez-la de nouveau depuis l’appareil"),
    "page of the Web": (b"<html><body>Facture</body></html>", "Imprimez-la en PDF"),
}


@pytest.fixture
def president():
    return f.PresidentFactory(partner=f.PartnerFactory(name="Association Banian (fictif)"))


@pytest.fixture
def report(president):
    convention = f.ConventionFactory(
        partner=president.mandates.get().partner,
        act="signe",
        act__obligations=[{"due_on": days_from_today(10)}],
    )
    return reverse("portal:report", args=[convention.slug, convention.acts.get().obligation_set.get().pk])


def stored(row: Attachment) -> bytes:
    with storages["private"].open(row.storage_name) as file:
        return file.read()


@pytest.mark.parametrize(("name", "content", "told"), CASES.values(), ids=CASES)
def test_file_of_an_association_is_taken_whole_and_told(as_role, president, report, name, content, told):
    page = as_role(president).post(report, {"file": SimpleUploadedFile(name, content)}, follow=True)
    row = Attachment.objects.get()
    assert f"Votre document est envoyé ({row.recognised})".replace("\u00a0", " ") in main(page)
    assert row.recognised.startswith(f"{told}, ")
    assert row.sha256 == hashlib.sha256(stored(row)).hexdigest()
    if told != "Photo JPEG":
        assert stored(row) == content


@pytest.mark.parametrize(("content", "told"), REFUSED.values(), ids=REFUSED)
def test_file_that_acts_or_is_cut_is_refused_with_what_to_do(as_role, president, report, content, told):
    page = as_role(president).post(
        report, {"file": SimpleUploadedFile("piece.pdf", content), "note": "gardé"}
    )
    assert told in main(page)
    assert "gardé" in page.content.decode()
    assert Attachment.objects.count() == 0


def test_photo_of_an_association_tells_no_place(as_role, president, report):
    content = files.told_picture("JPEG", 6)
    as_role(president).post(report, {"file": SimpleUploadedFile("IMG.JPG", content)})
    kept = stored(Attachment.objects.get())
    assert b"SECRET" not in kept
    assert Image.open(io.BytesIO(kept)).tobytes() == Image.open(io.BytesIO(content)).tobytes()


def test_file_goes_out_as_a_download_under_a_name_of_its_kind(as_role):
    client, partner = as_role("gestionnaire"), f.PartnerFactory()
    url = reverse("admin:partner_files", args=[partner.pk])
    sent = SimpleUploadedFile("facture.html", pdfs.PAGE)
    page = client.post(
        url, {"file": sent, "kind": "autre", "title": "Facture\u000bde mars\u202c"}, follow=True
    )
    row = Attachment.objects.get()
    assert f"La pièce est classée : {row.recognised}" in page.content.decode()
    assert (row.title, row.original_name) == ("Facture de mars", "facture.html.pdf")
    answer = client.get(reverse("admin:partner_file", args=[partner.pk, row.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="facture.html.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == pdfs.PAGE
