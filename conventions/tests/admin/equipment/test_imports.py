"""« Apporter un fichier »: upload or paste, the dry run, mend, confirm; the same for certificates."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from conventions.enums import ImportKind, Role
from conventions.equipment_enums import SanitisationCheck, SanitisationOutcome, SanitisationTechnique
from conventions.models import Device, Sanitisation, SheetImport
from conventions.tests import factories as f
from conventions.tests.exchange.equipment.test_certificates import archive, report
from conventions.tests.exchange.sheets.books import xlsx
from conventions.tests.factories import small_pdf

pytestmark = pytest.mark.django_db
ADD = "/admin/conventions/sheetimport/add/"
TEXT = "Type;Fabricant;Numéro de série;Couleur\nPC;HP;5CG00001X;vert\nPC;HP;3,56938E+14;bleu\nTotal;;2;\n"


@pytest.fixture
def logistics(as_role):
    return as_role(Role.LOGISTICS)


def page_of(row) -> str:
    return reverse("admin:conventions_sheetimport_change", args=[row.pk])


def bring(client, *files, pasted=""):
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    answer = client.post(ADD, {"uploads": uploads, "pasted": pasted})
    return SheetImport.objects.get() if answer.status_code == 302 else answer


def test_identical_lines_and_the_devices_of_one_line_are_one_line_that_opens(logistics):
    chair, laptop = "Chaise;Alki;;3\n", '"Portable";HP;"5CG00001X, 5CG00002X";2\n'
    row = bring(
        logistics,
        pasted=f"Type;Fabricant;Numéro de série;Quantité\n{chair}{laptop}{chair}Écran;HP;CN0001;1\n",
    )
    page = logistics.get(page_of(row))
    lots = [lot for lot, _tone, _mending in page.context["lines"]]
    assert [(lot.numbers, len(lot.lines), lot.name) for lot in lots] == [
        ("2", 3, "Chaise Alki"),
        ("3", 2, "Portable HP"),
        ("4", 3, "Chaise Alki"),
        ("5", 1, "Écran HP CN0001"),
    ]
    html = page.content.decode()
    assert "<summary>2 × Portable HP</summary>" in html
    assert "5CG00002X" in html
    row.delete()
    row = bring(logistics, pasted="Type;Fabricant\n" + "Chaise;Alki\n" * 3 + "Table;Alki\nChaise;Alki\n")
    lots = [lot for lot, _tone, _mending in logistics.get(page_of(row)).context["lines"]]
    assert [(lot.numbers, lot.name) for lot in lots] == [("2 à 4 et 6", "Chaise Alki"), ("5", "Table Alki")]


@pytest.mark.parametrize("way", ["file", "paste"])
def test_dry_run_names_all_then_what_can_go_goes(logistics, way):
    row = (
        bring(logistics, ("parc.csv", TEXT.encode("cp1252")))
        if way == "file"
        else bring(logistics, pasted=TEXT)
    )
    page = logistics.get(page_of(row)).content.decode()
    for said in (
        "Couleur",
        "3,56938E+14",
        "Total",
        "Nouveaux : 1",
        "À corriger : 1",
        "Entrer 1 appareil au stock",
    ):
        assert said in page
    assert Device.objects.count() == 0
    logistics.post(page_of(row), {"_importer": "1"})
    assert Device.objects.get().serial == "5CG00001X"
    logistics.post(page_of(row), {"ligne": "3", "serial": "5CG00002X"})
    page = logistics.get(f"{page_of(row)}?voir=nouveau")
    assert "5CG00002X" in page.content.decode()
    logistics.post(page_of(row), {"_importer": "1"})
    assert Device.objects.count() == 2


def test_columns_are_chosen_on_the_page(logistics):
    row = bring(logistics, ("parc.xlsx", xlsx(["Engin", "Immat"], ["PC", "A7001"])))
    assert "Engin" in logistics.get(page_of(row)).content.decode()
    logistics.post(page_of(row), {"_colonnes": "1", "colonne_0": "nature", "colonne_1": "serial"})
    logistics.post(page_of(row), {"_importer": "1"})
    assert Device.objects.get().serial == "A7001"


def test_certificates_are_told_from_a_stock_by_their_bytes(logistics):
    device = f.DeviceFactory(serial="IMEI0001")
    content = archive(**{"a.json": json.dumps(report("IMEI0001")), "b.json": json.dumps(report("ZZZZ1"))})
    row = bring(logistics, ("lot.zip", content))
    assert row.kind == ImportKind.ERASURES
    page = logistics.get(page_of(row)).content.decode()
    for said in ("Rapprochés : 1", "Inconnus du stock : 1", str(device), "Enregistrer 1 certificat"):
        assert said in page
    logistics.post(page_of(row), {"technique": "inconnue", "verification": "inconnue", "agent": ""})
    assert Sanitisation.objects.get().medium.device == device
    assert "Déjà enregistrés : 1" in logistics.get(page_of(row)).content.decode()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "Choisissez un fichier"),
        ([("a.png", b"\x89PNG\r\n\x1a\n" + b"0" * 50)], "pas un tableau"),
        ([("a.csv", b"a;b\nc;d"), ("b.csv", b"a;b\nc;d")], "Un seul tableau"),
        ([("vide.csv", b";;\n")], "aucune ligne remplie"),
        ([("lot.zip", archive(a="b" * 900)[:-20])], "abîmé"),
    ],
)
def test_refusal_stands_in_the_form(logistics, files, said):
    answer = bring(logistics, *files)
    assert answer.status_code == 200
    assert said in answer.content.decode()


def test_forgetting_keeps_the_stock(logistics):
    row = bring(logistics, ("parc.csv", TEXT.encode()))
    logistics.post(page_of(row), {"_importer": "1"})
    logistics.post(reverse("admin:conventions_sheetimport_delete", args=[row.pk]))
    assert not SheetImport.objects.exists()
    assert Device.objects.count() == 1


def test_others_do_not_enter(as_role):
    row = f.SheetImportFactory()
    reader = as_role(Role.LAWYER)
    assert reader.get(ADD).status_code == reader.get(page_of(row)).status_code == 403


def test_page_of_a_device_takes_its_certificate_and_gives_it_back(logistics):
    device = f.DeviceFactory()
    page = logistics.get(reverse("admin:conventions_device_change", args=[device.pk])).content.decode()
    url = f"{ADD}?appareil={device.pk}"
    assert url in page
    assert str(device) in logistics.get(url).content.decode()
    content = small_pdf("Effacement")
    logistics.post(url, {"uploads": [SimpleUploadedFile("scan.pdf", content)]})
    row = SheetImport.objects.get()
    assert 'name="done_on"' in logistics.get(page_of(row)).content.decode()
    logistics.post(page_of(row), {"technique": "inconnue", "verification": "inconnue", "outcome": "reussi"})
    assert Sanitisation.objects.count() == 0  # the day is not said
    day = timezone.localdate().isoformat()
    sent = {"technique": SanitisationTechnique.UNKNOWN, "verification": SanitisationCheck.UNKNOWN}
    logistics.post(page_of(row), sent | {"outcome": SanitisationOutcome.SUCCEEDED, "done_on": day})
    proof = Sanitisation.objects.get()
    assert proof.medium.device == device
    paper = reverse("admin:conventions_device_paper", args=[device.pk, proof.attachment_id])
    assert (
        paper in logistics.get(reverse("admin:conventions_device_change", args=[device.pk])).content.decode()
    )
    assert b"".join(logistics.get(paper).streaming_content) == content
    elsewhere = reverse("admin:conventions_device_paper", args=[f.DeviceFactory().pk, proof.attachment_id])
    assert logistics.get(elsewhere).status_code == 404


def test_sheet_is_no_certificate_of_a_device(logistics):
    url = f"{ADD}?appareil={f.DeviceFactory().pk}"
    answer = logistics.post(url, {"uploads": [SimpleUploadedFile("parc.csv", TEXT.encode())]})
    assert "n’est pas un certificat" in answer.content.decode()
    assert not SheetImport.objects.exists()
    assert [logistics.get(f"{ADD}?appareil={key}").status_code for key in ("0", "x", "9" * 30)] == [404] * 3
