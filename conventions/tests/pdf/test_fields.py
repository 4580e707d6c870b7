"""Signature fields of an online act: at their boxes, in the structure, the same bytes each time."""

import dataclasses

import pytest

from conventions.domain.documents.rendering import render_agreement
from conventions.tests.pdf import samples
from conventions.tests.pdf.reading import reader

pytestmark = pytest.mark.pdf


@pytest.fixture(scope="module")
def made():
    return render_agreement(samples.agreement(path="en_ligne", code="7K3M9QTRV2X4B"))


def widgets(content: bytes) -> dict:
    found = [row.get_object() for page in reader(content).pages for row in page.get("/Annots", [])]
    return {row["/T"]: row for row in found if row.get("/Subtype") == "/Widget"}


def test_online_act_has_a_field_per_signatory_and_one_for_the_seal(made):
    assert list(widgets(made.content)) == ["sceau", "signature-1", "signature-2", "signature-3"]
    labels = [row["/TU"].replace("\u00a0", " ") for row in widgets(made.content).values()]
    assert labels[3] == "Signature de Mme Éloïse WAMYTAN FICTIVE, Présidente – Pour l’Association"


@pytest.mark.parametrize("changes", [{"path": "papier"}, {"path": "en_ligne", "is_draft": True}])
def test_ink_act_and_draft_have_no_field(changes):
    assert widgets(render_agreement(samples.agreement(**changes)).content) == {}


def test_fields_are_the_same_bytes_each_time(made):
    again = render_agreement(samples.agreement(path="en_ligne", code="7K3M9QTRV2X4B"))
    assert again.sha256 == made.sha256


def test_every_field_is_in_the_structure_tree(made):
    root = reader(made.content).trailer["/Root"]
    numbers = root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    parents = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for widget in widgets(made.content).values():
        element = parents[widget["/StructParent"]].get_object()
        kid = element["/K"].get_object()
        assert (element["/S"], kid["/Type"]) == ("/Form", "/OBJR")
        assert kid["/Obj"].get_object()["/T"] == widget["/T"]
    assert list(numbers[::2]) == sorted(set(numbers[::2]))


def test_field_stands_in_the_structure_of_its_own_box(made):
    """Read aloud after the name and the title of who signs."""
    root = reader(made.content).trailer["/Root"]
    numbers = root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    parents = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for name, widget in widgets(made.content).items():
        box = parents[widget["/StructParent"]].get_object()["/P"].get_object()
        kids = [kid.get_object().get("/S") for kid in box["/K"]]
        assert kids[-1] == "/Form"
        assert kids == ["/Div", "/P", "/Form"] or name == "sceau"


def test_field_lies_inside_its_page_below_the_name(made):
    pages = reader(made.content).pages
    (page,) = (page for page in pages if "/Annots" in page and len(page["/Annots"]) >= 3)
    boxes = [[float(edge) for edge in widgets(made.content)[f"signature-{n}"]["/Rect"]] for n in (1, 2, 3)]
    for left, bottom, right, top in boxes:
        assert 0 < left < right < float(page["/MediaBox"][2])
        assert 0 < bottom < top < float(page["/MediaBox"][3])
        assert 50 < top - bottom < 65
    assert boxes[0][1] > boxes[1][3]  # one below the other, for one party
    assert abs(boxes[0][3] - boxes[2][3]) < 20  # the other beside
    assert boxes[2][0] > boxes[0][2]


def test_visible_field_has_an_appearance_and_the_seal_has_no_extent(made):
    fields = widgets(made.content)
    assert [float(edge) for edge in fields.pop("sceau")["/Rect"]] == [0, 0, 0, 0]
    assert all(row["/AP"]["/N"]["/Subtype"] == "/Form" for row in fields.values())
    assert {row["/F"] for row in fields.values()} == {4}


def test_act_without_signatories_has_one_field_per_party():
    ctx = samples.agreement(path="en_ligne")
    parties = tuple(dataclasses.replace(party, signatories=()) for party in ctx.parties)
    made = render_agreement(dataclasses.replace(ctx, parties=parties))
    assert [name for name in widgets(made.content) if name != "sceau"] == ["signature-1", "signature-2"]
