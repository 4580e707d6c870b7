"""What is filed is what was seen: drawn over the pages, hidden, signed by somebody, or told when it would be lost."""

import hashlib
import io
import json
from functools import cache

import pypdf
import pypdfium2
import pytest
from django.utils import timezone
from PIL import Image

from conventions.domain.acts import scans
from conventions.domain.acts.lifecycle import apply
from conventions.domain.acts.paper import signed_copy
from conventions.domain.acts.scans import reprises
from conventions.domain.documents import storage
from conventions.domain.foundation import pdf_sandbox, pdf_sandbox_pages
from conventions.enums import ActState, Event
from conventions.models import Act, Document, ReceivedFile, ScanPage
from conventions.tests import online
from conventions.tests.domain.acts.scans import overlays
from conventions.tests.domain.acts.scans.overlays import Overlay
from conventions.tests.domain.acts.scans.scanner import blank, drawn, page_images, pages_of, pdf_of
from conventions.tests.factories import ConventionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]
TO_DO = (
    "Classée ainsi, cette page ne serait pas telle que vous la voyez\u00a0: imprimez-la en PDF, puis envoyez "
    "ce fichier."
)
LOST = f"Page 1\u00a0: annotation sans image. {TO_DO}"


@cache
def base() -> bytes:
    return drawn(["Une page", "Une autre"])


def beside(content: bytes) -> list[str]:
    return [told["beside"] for told in pdf_sandbox.read_pages(content, pictures=False)]


def with_ink(content: bytes, *, page: int = 1) -> bytes:
    return bytes(Overlay(content).annotate("Ink", page=page, seen=True))


def with_line(content: bytes, *, page: int = 1) -> bytes:
    """Readers draw it, ours does not."""
    return bytes(Overlay(content).annotate("Line", page=page, L=[150, 150, 450, 250]))


def page_seen(content: bytes, rank: int = 1, *, over: bool = True) -> Image.Image:
    """The picture of a page; `over`: with what readers draw over it."""
    pdf = pypdfium2.PdfDocument(content)
    pdf.init_forms()
    return pdf[rank - 1].render(scale=2, draw_annots=over, may_draw_forms=over).to_pil().convert("RGB")


# -- what is seen -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", overlays.DRAWN)
def test_what_readers_draw_over_a_page_is_drawn_on_it(name):
    content = bytes(overlays.DRAWN[name](Overlay(base())))
    assert beside(content) == ["", ""]
    extract = pdf_sandbox.cut([(content, 1, 0)])
    assert page_seen(extract) == page_seen(content) != page_seen(content, over=False)
    kept = pypdf.PdfReader(io.BytesIO(extract))
    assert ("/Annots" in kept.pages[0], "/AcroForm" in kept.root_object) == (False, False)
    (file,) = extract.received
    assert (file.content, file.pages, file.is_signed) == (content, (1,), False)


@pytest.mark.parametrize("name", overlays.HIDDEN)
def test_what_is_hidden_stays_hidden(name):
    content = bytes(overlays.HIDDEN[name](Overlay(base())))
    before, after = (next(pdf_sandbox.read_pages(one)) for one in (base(), content))
    assert (after["beside"], after["picture"]) == ("", before["picture"])
    assert page_seen(pdf_sandbox.cut([(content, 1, 0)])) == page_seen(base())


@pytest.mark.parametrize("name", overlays.LOST)
def test_what_our_reader_does_not_draw_is_named_and_never_cut_out(name):
    make, words = overlays.LOST[name]
    content = bytes(make(Overlay(base())))
    other_page = words if name == "form that is a program" else ""
    assert beside(content) == [words, other_page]
    with pytest.raises(scans.UnreadablePdf) as refusal:
        pdf_sandbox.cut([(content, 1, 0)])
    assert str(refusal.value) == f"Page 1\u00a0: {words}. {TO_DO}"


@pytest.mark.parametrize("name", [*overlays.PLAIN, *overlays.MORE])
def test_page_that_is_all_drawn_is_cut_as_it_is_seen(name):
    content = bytes((overlays.PLAIN | overlays.MORE)[name](Overlay(base())))
    assert [told["whole"] for told in pdf_sandbox.read_pages(content)] == [name in overlays.PLAIN] * 2
    assert beside(content) == ["", ""]
    extract = pdf_sandbox.cut([(content, 2, 0), (content, 1, 0)])
    assert (extract.page_count, extract.received[0].pages) == (2, (2, 1))
    before, after = page_images(content), page_images(extract)
    assert [image.tobytes() for image in after] == [image.tobytes() for image in reversed(before)]


def test_pages_of_several_files_keep_what_each_shows_and_hides():
    hidden, shown = Overlay(base()).layer(settings={"/BaseState": "/OFF", "/ON": []}), Overlay(base()).layer()
    sent = [bytes(hidden), bytes(shown), with_ink(base())]
    extract = pdf_sandbox.cut([(sent[1], 1, 0), (sent[0], 1, 0), (sent[2], 1, 0)])
    assert page_seen(extract, 1) == page_seen(sent[1]) != page_seen(base())
    assert page_seen(extract, 2) == page_seen(base())
    assert page_seen(extract, 3) == page_seen(sent[2])


def test_nobody_is_offered_to_switch_the_layers_of_an_extract():
    made = Overlay(base()).layer(on=False, settings={"/Order": [], "/Locked": []})
    made.writer.root_object["/OCProperties"]["/OCGs"][0].get_object().update(overlays.pdf_object({"/AA": {}}))
    layers = pypdf.PdfReader(io.BytesIO(pdf_sandbox.cut([(bytes(made), 1, 0)]))).root_object["/OCProperties"]
    assert set(layers) == {"/OCGs", "/D"}
    assert (set(layers["/D"]), set(layers["/OCGs"][0].get_object())) == ({"/OFF", "/AS"}, {"/Type", "/Name"})


def test_file_that_may_be_read_but_not_changed_is_cut_as_it_is_seen():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(with_ink(base())))
    writer.encrypt("", "propriétaire", algorithm="AES-256")
    stream = io.BytesIO()
    writer.write(stream)
    extract = pdf_sandbox.cut([(stream.getvalue(), 1, 0)])
    assert page_seen(extract) == page_seen(with_ink(base()))
    assert not pypdf.PdfReader(io.BytesIO(extract)).is_encrypted


# -- the gate ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["note that stays upright", "stamp without its state"])
def test_picture_that_would_change_is_stopped(name):
    made = Overlay(base())
    if name == "note that stays upright":
        made = overlays.turned(made.annotate("Stamp", seen=True, F=4 | 16))
    else:
        made.annotate("Stamp", AP={"/N": {"/A": made.picture(), "/B": made.picture(b"0 0 9 9 re f")}})
    content = bytes(made)
    assert beside(content) == ["dessin qui ne se garde pas", ""]
    with pytest.raises(scans.UnreadablePdf) as refusal:
        pdf_sandbox.cut([(content, 1, 0)])
    assert str(refusal.value) == f"Page 1\u00a0: dessin qui ne se garde pas. {TO_DO}"


@pytest.mark.parametrize(
    ("drawing", "kinds"),
    [
        (b"", set()),
        (b"0.97 g 0 0 300 100 re f", set()),  # less than an eye would see
        (overlays.STROKES, {"drawing"}),
        (b"0.5 w 0 0 1 RG 10 20 m 200 60 l S", {"drawing"}),
        (b"1 1 0.7 rg 0 0 300 100 re f", {"drawing"}),  # pale yellow, which a picture in grey would miss
    ],
)
def test_gate_sees_what_an_eye_sees(drawing, kinds):
    one = pypdfium2.PdfDocument(bytes(Overlay(overlays.sheet()).draw(b"1 0 0 1 150 300 cm " + drawing)))
    other = pypdfium2.PdfDocument(overlays.sheet())
    assert pdf_sandbox_pages.differences(one[0], other[0]) == kinds


def test_page_without_anything_lost_is_cut_from_a_file_that_has_some():
    content = with_line(base(), page=2)
    assert pdf_sandbox.cut([(content, 1, 90)]).page_count == 1
    with pytest.raises(scans.UnreadablePdf, match=r"^Page 2\u00a0: annotation sans image\."):
        pdf_sandbox.cut([(content, 1, 0), (content, 2, 0)])


def test_pages_are_told_together():
    told = {1: "annotation", 2: "annotation", 3: "annotation", 5: "champ rempli", 8: "champ rempli"}
    assert pdf_sandbox.refusal(told).startswith(
        "Pages 1 à 3\u00a0: annotation. Pages 5 et 8\u00a0: champ rempli. Classées ainsi, ces pages"
    )


# -- somebody's signature ---------------------------------------------------------------------------------
@pytest.mark.parametrize("seen", [True, False])
def test_signature_of_a_stranger_is_told_and_its_picture_kept(seen):
    content = overlays.signed_by_a_stranger(base(), seen=seen)
    assert {told["signed"] for told in pdf_sandbox.read_pages(content, pictures=False)} == {True}
    extract = pdf_sandbox.cut([(content, 1, 0), (base(), 1, 0)])
    assert [file.is_signed for file in extract.received] == [True, False]
    assert (page_seen(content) != page_seen(base())) is seen
    assert (page_seen(extract) != page_seen(base())) is seen


def test_our_own_text_waiting_for_signatures_bears_none():
    online.give_keys()
    paper = online.frozen_act().frozen_document
    content = storage.read_bytes(paper)
    rendered = content[: paper.render_size]
    assert len(pypdf.PdfReader(io.BytesIO(rendered)).get_fields()) == 3
    signed = [
        {told["signed"] for told in pdf_sandbox.read_pages(one, pictures=False)}
        for one in (rendered, content)
    ]
    assert signed == [{False}, {True}]  # then its first seal


# -- a batch ----------------------------------------------------------------------------------------------
def test_copy_signed_on_a_tablet_is_filed_as_it_was_seen(paper_act, printed, received, officer):
    act = paper_act(2)
    content = with_ink(pages_of(printed(act), 2, 1), page=1)
    (view,) = scans.batch_sheet(received(content)).parts
    assert (view.refusal, [one.note for one in view.pages]) == ("", ["", ""])
    document = scans.file_part(view.part, by=officer, signed_on=timezone.localdate())
    extract = storage.read_bytes(document)
    assert page_seen(extract, 2) == page_seen(content, 1) != page_seen(content, 1, over=False)
    row = ReceivedFile.objects.get(document=document)
    assert (row.original_name, row.pages, row.is_signed) == ("scan-1.pdf", "2 1", False)
    assert storage.read_bytes(row) == content


def test_signed_file_of_a_batch_is_told_and_kept(paper_act, printed, received, officer):
    act = paper_act(1)
    content = overlays.signed_by_a_stranger(pages_of(printed(act), 1))
    batch = received(content)
    sheet = scans.batch_sheet(batch)
    assert ([file.original_name for file in sheet.signed], sheet.parts[0].is_signed) == (["scan-1.pdf"], True)
    document = scans.file_part(sheet.parts[0].part, by=officer, signed_on=timezone.localdate())
    row = document.received.get()
    assert (row.is_signed, storage.read_bytes(row)) == (True, content)


def test_copy_of_which_something_would_be_lost_is_refused_and_the_others_are_filed(
    paper_act, printed, received, officer
):
    one, other = paper_act(2), paper_act(1)
    batch = received(with_line(pages_of(printed(one), 1, 2), page=2), pages_of(printed(other), 1))
    refused, whole = scans.batch_sheet(batch).parts
    assert [view.note for view in refused.pages] == ["", "annotation sans image"]
    assert (refused.refusal, whole.refusal) == (LOST.replace("1", "2", 1), "")
    with pytest.raises(scans.UnreadablePdf) as refusal:
        scans.file_part(refused.part, by=officer, signed_on=timezone.localdate())
    assert str(refusal.value) == refused.refusal
    scans.file_part(whole.part, by=officer, signed_on=timezone.localdate())
    assert states(one, other) == [ActState.TO_SIGN, ActState.SIGNED]
    scans.set_aside(batch, [view.page.pk for view in refused.pages], by=officer)
    assert [view.note for view in scans.batch_sheet(batch).aside] == [
        f"acte {one.number}, à signer",
        "annotation sans image\u00a0: imprimez-la en PDF, puis envoyez ce fichier",
    ]
    assert scans.finish_if_done(batch)


def states(*acts):
    return [Act.objects.get(pk=act.pk).state for act in acts]


def test_further_copy_is_filed_as_it_was_seen(paper_act, printed, received, officer):
    act = paper_act(1)
    batch = received(with_ink(printed(act), page=2))
    first, second = scans.batch_sheet(batch).parts
    scans.file_part(first.part, by=officer, signed_on=timezone.localdate())
    document = scans.file_part(second.part, by=officer)
    extract = storage.read_bytes(document)
    assert page_seen(extract) == page_seen(with_ink(printed(act), page=2), 2)
    entry = act.convention.journal.get(event="exemplaire_ajoute")
    assert json.loads(entry.payload)["details"]["extrait"] == document.sha256


def test_page_of_which_something_would_be_lost_is_not_placed_by_hand(paper_act, received, officer):
    act = paper_act(1)
    batch = received(with_line(drawn(["Sans code"])))
    (waiting,) = scans.batch_sheet(batch).waiting
    with pytest.raises(scans.PlacementRefused, match=r"^Page 1\u00a0: annotation sans image\."):
        scans.place(batch, [waiting.page.pk], act.number, by=officer)
    assert scans.batch_sheet(batch).parts == []


def test_blank_page_with_an_annotation_is_not_called_blank(received):
    batch = received(bytes(Overlay(pdf_of([blank()])).annotate("FreeText", Contents="(Lu et approuvé")))
    sheet = scans.batch_sheet(batch)
    assert (sheet.aside, [view.page.is_blank for view in sheet.waiting]) == ([], [False])


def test_batch_read_before_this_was_looked_at_is_refused_too(paper_act, printed, received, officer):
    act = paper_act(1)
    batch = received(with_line(pages_of(printed(act), 1)))
    ScanPage.objects.update(beside="")
    part = scans.batch_sheet(batch).parts[0].part
    with pytest.raises(scans.UnreadablePdf, match=r"^Page 1\u00a0: annotation sans image\."):
        scans.file_part(part, by=officer, signed_on=timezone.localdate())
    assert states(act) == [ActState.TO_SIGN]


# -- a file for one act -----------------------------------------------------------------------------------
@pytest.fixture
def doors(paper_act, officer):
    """{door: what files a PDF through it, and gives its document}."""
    to_sign, signed = paper_act(1), ConventionFactory(act=ActState.SIGNED).acts.get()
    reprise = ConventionFactory(reprise=True).acts.get()

    def to_the_act(scan: bytes) -> Document:
        day = timezone.localdate()
        return apply(to_sign, Event.FILE_SCAN, by=officer, scan=scan, signed_on=day).signed_document

    return {
        "the act": to_the_act,
        "a further copy": lambda scan: signed_copy.add_copy(signed, by=officer, scan=scan),
        "a reprise": lambda scan: reprises.file_scan(reprise, by=officer, scan=scan),
    }


@pytest.mark.parametrize("door", ["the act", "a further copy", "a reprise"])
def test_file_is_filed_as_it_is_seen_by_each_verb_and_kept_beside(doors, door):
    content = overlays.signed_by_a_stranger(with_ink(drawn(["Une page"])))
    document = doors[door](content)
    extract = storage.read_bytes(document)
    assert page_seen(extract) == page_seen(content) != page_seen(content, over=False)
    row = document.received.get()
    assert (row.sha256, row.size, row.pages) == (hashlib.sha256(content).hexdigest(), len(content), "1")
    assert (storage.read_bytes(row), row.is_signed) == (content, True)
    told = [json.loads(entry.payload)["details"] for entry in document.act.convention.journal.all()]
    assert ({row.sha256: "1"}, document.sha256) in [
        (details.get("fichiers"), details.get("extrait")) for details in told
    ]


@pytest.mark.parametrize("door", ["the act", "a further copy", "a reprise"])
def test_file_of_which_something_would_be_lost_is_refused_by_each_verb(doors, door):
    before = Document.objects.count()
    with pytest.raises(scans.UnreadablePdf) as refusal:
        doors[door](with_line(drawn(["Une page"])))
    assert (str(refusal.value), Document.objects.count(), ReceivedFile.objects.count()) == (LOST, before, 0)


def test_printed_copies_and_a_link_are_filed_whole(paper_act, printed, officer):
    act = paper_act(2)
    content = bytes(Overlay(pages_of(printed(act), 1, 2)).annotate("Link", Border=[0, 0, 1]))
    act = apply(act, Event.FILE_SCAN, by=officer, scan=content, signed_on=timezone.localdate())
    assert storage.read_bytes(act.signed_document) == content
    assert act.signed_document.received.count() == 0
