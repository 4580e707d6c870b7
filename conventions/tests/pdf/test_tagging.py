"""PDF/UA-1 in structure: what `pdfua` checks, and what it does not. A check of structure, not a certificate."""

import dataclasses
import re
from xml.etree import ElementTree

import pdfua
import pytest

from conventions.domain.documents import rendering
from conventions.domain.documents.context import (
    AgreementContext,
    AttestationContext,
    HandoverContext,
    LetterContext,
    PressReleaseContext,
    PublicSheetContext,
)
from conventions.domain.documents.rendering import render_handover
from conventions.enums import DatePrecision
from conventions.formats import show_code
from conventions.tests.files import kept
from conventions.tests.pdf import samples
from conventions.tests.pdf.reading import reader
from conventions.tests.pdf.test_structure import document  # noqa: F401 - a fixture

pytestmark = pytest.mark.pdf
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
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


KEPT = {
    AgreementContext: rendering.render_agreement,
    HandoverContext: rendering.render_handover,
    LetterContext: rendering.render_letter,
    PressReleaseContext: rendering.render_press_release,
    PublicSheetContext: rendering.render_public,
    AttestationContext: lambda ctx: rendering.render_attestation(ctx, enclosed=()),
}


def made_of(name):
    ctx = samples.kept(name)
    if name == "reconstitution":
        return ctx, rendering.render_reconstitution(ctx)
    return ctx, KEPT[type(ctx)](ctx)


@pytest.fixture(scope="module", params=sorted(path.stem for path in kept.FOLDER.glob("*.json")))
def every(request):
    """(name, context, rendered) of each context that the product assembles."""
    return request.param, *made_of(request.param)


def told_by(pdf):
    """{property: its values} of Dublin Core and of xmp:CreateDate."""
    root = ElementTree.fromstring(pdf.trailer["/Root"]["/Metadata"].get_data())
    found = {}
    for element in root.iter():
        space, _, name = element.tag.rpartition("}")
        if space in ("{http://purl.org/dc/elements/1.1/", "{http://ns.adobe.com/xap/1.0/"):
            items = [item.text for item in element.iter(f"{RDF}li")]
            found[name] = items or [element.text]
    return found


TITLES = {
    "attestation": "Attestation de signature de la convention n° ",
    "avenant": "Avenant n° 1 à la convention n° 2026-001 « Voiles solidaires",
    "ceremonie": "Communiqué de presse : ",
    "communique": "Communiqué de presse : ",
    "courrier-mise-en-demeure": "Courrier n° 2026-001-C2 : Mise en demeure avant résiliation de la convention n° ",
    "courrier-notification": "Courrier n° 2026-001-C1 : Notification de la convention n° ",
    "courrier-preavis": "Courrier n° 2026-001-C3 : Préavis de résiliation de la convention n° ",
    "courrier-recu-mecenat": "Modèle à compléter par le bénéficiaire n° 2026-001-C4 : Reçu au titre du mécénat",
    "convention": "Convention de partenariat n° 2026-001 : Voiles solidaires",
    "proces-verbal": "Procès-verbal de remise n° 2026-001-PV1 : ",
    "quatre-parties": "Convention de ",
    "reconstitution": "Reconstitution · Convention de partenariat : ",
    "resiliation": "Résiliation de la convention n° 2026-001 « Voiles solidaires",
    "version-publique": "Version publique · Convention de partenariat n° 2026-001 : ",
}


def test_title_names_the_kind_of_document_and_the_window_shows_it(every):
    name, _, made = every
    pdf = reader(made.content)
    title = pdf.metadata.title.replace("\xa0", " ")
    assert title.removeprefix("Brouillon – ").startswith(TITLES[name])
    assert told_by(pdf)["title"] == [pdf.metadata.title]
    assert pdf.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"].value is True


def test_file_says_who_publishes_it_by_what_name_and_in_what_language(every):
    _, ctx, made = every
    told = told_by(reader(made.content))
    assert told["publisher"] == ["Office des postes et télécommunications de Nouvelle-Calédonie (OPT-NC)"]
    assert told["language"] == ["fr"]
    code = getattr(ctx, "own_code", "") or (
        not isinstance(ctx, AttestationContext) and getattr(ctx, "code", "")
    )
    name = show_code(code) if code else getattr(ctx, "reference", None)
    assert told.get("identifier", [None]) == [name]


def test_dates_of_a_file_are_one_and_come_from_its_context(every):
    _, ctx, made = every
    pdf = reader(made.content)
    told = told_by(pdf)
    known = [
        getattr(ctx, field, None)
        for field in ("handed_on", "dated", "published_on", "signed_on", "made_on", "written_on")
    ]
    expected = next((getattr(on, "value", on).isoformat() for on in known if on), None)
    assert told.get("date", [None]) == told.get("CreateDate", [None]) == [expected]
    assert pdf.trailer["/Info"].get("/CreationDate") == (expected and f"D:{expected.replace('-', '')}")


def test_date_says_no_more_than_is_known():
    release = samples.press_release()
    for precision, expected in ((DatePrecision.MONTH, "2023-03"), (DatePrecision.YEAR, "2023")):
        dated = dataclasses.replace(release.dated, precision=precision.value)
        pdf = reader(rendering.render_press_release(dataclasses.replace(release, dated=dated)).content)
        assert told_by(pdf)["date"] == [expected]
        assert pdf.trailer["/Info"]["/CreationDate"] == f"D:{expected.replace('-', '')}"
    worded = dataclasses.replace(release.dated, wording="au printemps")
    pdf = reader(rendering.render_press_release(dataclasses.replace(release, dated=worded)).content)
    assert "date" not in told_by(pdf)


def test_signs_of_markup_in_a_name_stay_text():
    sheet = dataclasses.replace(samples.public_sheet(), reference="2026 <&> 1")
    assert told_by(reader(rendering.render_public(sheet).content))["identifier"] == ["2026 <&> 1"]


def test_draft_says_so_in_its_title():
    made = rendering.render_agreement(samples.agreement(is_draft=True, reference=None))
    title = reader(made.content).metadata.title
    assert title.replace("\xa0", " ").startswith("Brouillon – Convention de partenariat : Voiles")


def test_nothing_is_printed_too_small_to_be_read(every):
    """The caption of a table is drawn like any other text, or there is none."""
    sizes = {}

    def seen(text, cm, tm, _font, size):
        if text.strip():
            height = abs(size * tm[3] * cm[3]) or abs(size * tm[1] * cm[1])
            sizes.setdefault(round(height, 1), text.strip())

    for page in reader(every[2].content).pages:
        page.extract_text(visitor_text=seen)
    assert min(sizes) > 5, sizes[min(sizes)]
