"""PDF/A-3a in structure: checked with pypdf and poppler, not certified by a validator."""

import hashlib
import json

import pytest

from conventions.domain.documents.context import AgreementContext, from_snapshot
from conventions.domain.documents.rendering import (
    render_agreement,
    render_handover,
    render_letter,
    render_press_release,
    render_public,
    render_reconstitution,
)
from conventions.domain.documents.rendering.terms import terms_json
from conventions.tests.pdf import samples
from conventions.tests.pdf.reading import poppler, reader

pytestmark = pytest.mark.pdf

DOCUMENTS = {
    "agreement": (render_agreement, samples.agreement),
    "amendment": (render_agreement, samples.amendment),
    "termination": (render_agreement, samples.termination),
    "handover": (render_handover, samples.handover),
    "letter": (render_letter, samples.letter),
    "receipt": (render_letter, lambda: samples.letter("recu_mecenat")),
    "press": (render_press_release, samples.press_release),
    "ceremony": (render_press_release, samples.ceremony_release),
    "public": (render_public, samples.public_sheet),
    "reconstitution": (render_reconstitution, samples.kimonos),
}


@pytest.fixture(scope="module", params=DOCUMENTS)
def document(request):
    """(context, rendered) of each kind of document, rendered once."""
    render, sample = DOCUMENTS[request.param]
    ctx = sample()
    return ctx, render(ctx)


def test_document_is_tagged_in_french_with_a_title(document, tmp_path):
    _, made = document
    root = reader(made.content).trailer["/Root"]
    info = dict(
        line.split(":", 1) for line in poppler("pdfinfo", made.content, tmp_path).splitlines() if ":" in line
    )
    assert (info["Tagged"].strip(), info["Suspects"].strip(), info["PDF version"].strip()) == (
        "yes",
        "no",
        "1.7",
    )
    assert root["/Lang"] == "fr"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] is not None
    assert reader(made.content).metadata.title


def test_metadata_declare_pdf_a_3a(document):
    xmp = reader(document[1].content).trailer["/Root"]["/Metadata"].get_data().decode()
    assert 'pdfaid:part="3"' in xmp
    assert 'pdfaid:conformance="A"' in xmp


def test_colours_and_identity_are_declared(document):
    pdf = reader(document[1].content)
    (intent,) = pdf.trailer["/Root"]["/OutputIntents"]
    assert intent["/S"] == "/GTS_PDFA1"
    assert "/DestOutputProfile" in intent
    assert len(pdf.trailer["/ID"]) == 2


def test_every_font_is_ours_and_embedded(document, tmp_path):
    lines = poppler("pdffonts", document[1].content, tmp_path).splitlines()[2:]
    rows = [(line.split()[0].split("+")[1], line.split()[-5]) for line in lines]
    assert {name.split("-")[0] for name, _ in rows} == {"Figtree"}
    assert {embedded for _, embedded in rows} == {"yes"}


def test_data_are_attached_once_and_tell_the_whole_document(document):
    """Those of an act are its terms, for programs; those of other documents give their content back."""
    ctx, made = document
    pdf = reader(made.content)
    files = pdf.trailer["/Root"]["/AF"]
    assert [(f.get_object()["/UF"], f.get_object()["/AFRelationship"]) for f in files] == [
        ("convention.json", "/Data")
    ]
    (data,) = pdf.attachments["convention.json"]
    if isinstance(ctx, AgreementContext):
        assert data == terms_json(ctx)
    else:
        assert from_snapshot(json.loads(data)) == ctx


def test_every_annotation_is_printable(document):
    flags = [
        annotation.get_object()["/F"]
        for page in reader(document[1].content).pages
        for annotation in page.get("/Annots", [])
    ]
    assert flags == [4] * len(flags)


def test_page_count_and_hash_are_those_of_the_bytes(document):
    _, made = document
    assert made.page_count == len(reader(made.content).pages)
    assert made.sha256 == hashlib.sha256(made.content).hexdigest()


def test_every_page_bears_its_number_and_the_total(document):
    _, made = document
    for number, page in enumerate(reader(made.content).pages, start=1):
        assert f"{number}\u202f/\u202f{made.page_count}" in page.extract_text()


def test_document_has_one_first_heading(document, tmp_path):
    structure = poppler("pdfinfo", document[1].content, tmp_path, "-struct").split()
    assert structure.count("H1") == 1
