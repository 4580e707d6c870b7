"""Pages that show more than their drawing, or hide some of it: refused by every verb, so never filed as not seen."""

import io
from functools import cache

import pypdf
import pytest
from django.utils import timezone

from conventions.domain.acts import scans
from conventions.domain.acts.lifecycle import apply
from conventions.domain.acts.paper import signed_copy
from conventions.domain.acts.scans import reprises
from conventions.domain.documents import storage
from conventions.domain.foundation import pdf_sandbox
from conventions.enums import ActState, DocumentKind, Event
from conventions.models import Act, Document, ScanPage
from conventions.tests import online
from conventions.tests.domain.acts.scans import overlays
from conventions.tests.domain.acts.scans.overlays import Overlay
from conventions.tests.domain.acts.scans.scanner import blank, code_of, drawn, page_images, pages_of, pdf_of
from conventions.tests.factories import ConventionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]
TO_DO = (
    "Classée ainsi, cette page ne serait pas telle que vous la voyez\u00a0: imprimez-la en PDF, puis envoyez "
    "ce fichier."
)


@cache
def base() -> bytes:
    return drawn(["Une page", "Une autre"])


def beside(content: bytes) -> list[str]:
    return [told["beside"] for told in pdf_sandbox.read_pages(content, pictures=False)]


def with_ink(content: bytes, *, page: int = 1) -> bytes:
    return bytes(Overlay(content).annotate("Ink", page=page, seen=True))


# -- what is found ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", overlays.REFUSED)
def test_what_is_beside_the_drawing_is_named_and_never_cut_out(name):
    make, words = overlays.REFUSED[name]
    content = bytes(make(Overlay(base())))
    other_page = words if name == "form that is a program" else ""
    assert beside(content) == [words, other_page]
    with pytest.raises(scans.UnreadablePdf) as refusal:
        pdf_sandbox.cut([(content, 1, 0)])
    assert str(refusal.value) == pdf_sandbox.refusal({1: words})
    assert str(refusal.value).startswith(f"Page 1\u00a0: {words}. {TO_DO}")


@pytest.mark.parametrize("name", overlays.PLAIN)
def test_page_that_is_all_drawn_is_cut_as_it_is_seen(name):
    content = bytes(overlays.PLAIN[name](Overlay(base())))
    assert beside(content) == ["", ""]
    extract = pdf_sandbox.cut([(content, 2, 0), (content, 1, 0)])
    assert extract.page_count == 2
    before, after = page_images(content), page_images(extract)
    assert [image.tobytes() for image in after] == [image.tobytes() for image in reversed(before)]


def test_page_without_anything_beside_is_cut_from_a_file_that_has_some():
    content = with_ink(base(), page=2)
    assert pdf_sandbox.cut([(content, 1, 90)]).page_count == 1
    with pytest.raises(scans.UnreadablePdf, match=r"^Page 2\u00a0: annotation\."):
        pdf_sandbox.cut([(content, 1, 0), (content, 2, 0)])


def test_extract_has_no_layer_that_a_reader_could_hide():
    content = bytes(Overlay(base()).layer())
    extract = pypdf.PdfReader(io.BytesIO(pdf_sandbox.cut([(content, 1, 0)])))
    assert "/OCProperties" not in extract.root_object
    assert extract.pages[0]["/Resources"]["/Properties"]["/calque"] == {}


@pytest.mark.parametrize("seen", [True, False])
def test_signature_of_a_stranger_is_found_on_every_page(seen):
    content = overlays.signed_by_a_stranger(base(), seen=seen)
    assert beside(content) == ["signature électronique"] * 2
    with pytest.raises(scans.UnreadablePdf) as refusal:
        pdf_sandbox.cut([(content, 1, 0), (content, 2, 0)])
    assert str(refusal.value) == (
        "Pages 1 et 2\u00a0: signature électronique. Classées ainsi, ces pages ne seraient pas telles que vous les "
        "voyez\u00a0: imprimez-les en PDF, puis envoyez ce fichier. Gardez aussi l’original\u00a0: lui seul porte la "
        "signature électronique."
    )


def test_our_own_text_waiting_for_signatures_has_nothing_beside():
    online.give_keys()
    paper = online.frozen_act().frozen_document
    content = storage.read_bytes(paper)
    rendered = content[: paper.render_size]
    assert len(pypdf.PdfReader(io.BytesIO(rendered)).get_fields()) == 3
    assert set(beside(rendered)) == {""}
    assert set(beside(content)) == {"signature électronique"}  # its first seal


def test_pages_are_told_together():
    told = {1: "annotation", 2: "annotation", 3: "annotation", 5: "champ rempli", 8: "champ rempli"}
    assert pdf_sandbox.refusal(told).startswith(
        "Pages 1 à 3\u00a0: annotation. Pages 5 et 8\u00a0: champ rempli. Classées ainsi, ces pages"
    )


# -- a batch ----------------------------------------------------------------------------------------------
def test_copy_with_an_annotation_is_refused_and_the_others_are_filed(paper_act, printed, received, officer):
    one, other = paper_act(2), paper_act(1)
    batch = received(with_ink(pages_of(printed(one), 1, 2), page=2), pages_of(printed(other), 1))
    refused, whole = scans.batch_sheet(batch).parts
    assert [view.note for view in refused.pages] == ["", "annotation"]
    assert (refused.refusal, whole.refusal) == (f"Page 2\u00a0: annotation. {TO_DO}", "")
    with pytest.raises(scans.UnreadablePdf) as refusal:
        scans.file_part(refused.part, by=officer, signed_on=timezone.localdate())
    assert str(refusal.value) == refused.refusal
    scans.file_part(whole.part, by=officer, signed_on=timezone.localdate())
    assert states(one, other) == [ActState.TO_SIGN, ActState.SIGNED]
    scans.set_aside(batch, [view.page.pk for view in refused.pages], by=officer)
    assert [view.note for view in scans.batch_sheet(batch).aside] == [
        f"acte {one.number}, à signer",
        "annotation\u00a0: imprimez-la en PDF, puis envoyez ce fichier",
    ]
    assert scans.finish_if_done(batch)


def states(*acts):
    return [Act.objects.get(pk=act.pk).state for act in acts]


def test_further_copy_with_an_annotation_is_refused(paper_act, printed, received, officer):
    act = paper_act(1)
    copies = printed(act)
    batch = received(with_ink(copies, page=2))
    first, second = scans.batch_sheet(batch).parts
    scans.file_part(first.part, by=officer, signed_on=timezone.localdate())
    with pytest.raises(scans.UnreadablePdf, match=r"^Page 1\u00a0: annotation\."):
        scans.file_part(second.part, by=officer)
    assert Document.objects.filter(kind=DocumentKind.SCAN).count() == 1


def test_page_with_an_annotation_is_not_placed_by_hand(paper_act, received, officer):
    act = paper_act(1)
    batch = received(with_ink(drawn(["Sans code"])))
    (waiting,) = scans.batch_sheet(batch).waiting
    with pytest.raises(scans.PlacementRefused, match=r"^Page 1\u00a0: annotation\."):
        scans.place(batch, [waiting.page.pk], act.number, by=officer)
    assert scans.batch_sheet(batch).parts == []


def test_blank_page_with_an_annotation_that_we_do_not_draw_is_not_called_blank(received):
    batch = received(bytes(Overlay(pdf_of([blank()])).annotate("FreeText", Contents="(Lu et approuvé")))
    sheet = scans.batch_sheet(batch)
    assert (sheet.aside, [view.page.is_blank for view in sheet.waiting]) == ([], [False])


def test_batch_read_before_this_was_looked_at_is_refused_too(paper_act, printed, received, officer):
    act = paper_act(1)
    batch = received(with_ink(pages_of(printed(act), 1)))
    ScanPage.objects.update(beside="")
    part = scans.batch_sheet(batch).parts[0].part
    with pytest.raises(scans.UnreadablePdf, match=r"^Page 1\u00a0: annotation\."):
        scans.file_part(part, by=officer, signed_on=timezone.localdate())
    assert states(act) == [ActState.TO_SIGN]


# -- as it was sent ---------------------------------------------------------------------------------------
def test_file_sent_whole_is_refused_by_each_verb(paper_act, officer):
    content = with_ink(drawn(["Une page"]))
    to_sign, signed = paper_act(1), ConventionFactory(act=ActState.SIGNED).acts.get()
    reprise = ConventionFactory(reprise=True).acts.get()
    verbs = [
        lambda: apply(to_sign, Event.FILE_SCAN, by=officer, scan=content, signed_on=timezone.localdate()),
        lambda: signed_copy.add_copy(signed, by=officer, scan=content),
        lambda: reprises.file_scan(reprise, by=officer, scan=content),
    ]
    before = Document.objects.count()
    for verb in verbs:
        with pytest.raises(scans.UnreadablePdf) as refusal:
            verb()
        assert str(refusal.value) == f"Page 1\u00a0: annotation. {TO_DO}"
    assert (Document.objects.count(), states(to_sign)) == (before, [ActState.TO_SIGN])


def test_printed_copies_and_a_link_are_filed_whole(paper_act, printed, officer):
    act = paper_act(2)
    content = bytes(Overlay(pages_of(printed(act), 1, 2)).annotate("Link", Border=[0, 0, 1]))
    act = apply(act, Event.FILE_SCAN, by=officer, scan=content, signed_on=timezone.localdate())
    assert storage.read_bytes(act.signed_document) == content


# -- the code of another act ------------------------------------------------------------------------------
def other_act(act) -> str:
    return f"La page 2 porte le code d’un autre acte, {act.number}\u00a0: elle ne se classe qu’avec lui"


@pytest.mark.parametrize("turn", [0, 180])
def test_file_with_a_page_of_another_act_is_refused_by_each_verb(paper_act, printed, officer, turn):
    other = paper_act(1)
    foreign = page_images(printed(other))[0].rotate(turn)
    content = pdf_of([page_images(drawn(["Une page"]))[0], foreign])
    to_sign, signed = paper_act(2), ConventionFactory(act=ActState.SIGNED).acts.get()
    reprise = ConventionFactory(reprise=True).acts.get()
    verbs = [
        lambda: apply(to_sign, Event.FILE_SCAN, by=officer, scan=content, signed_on=timezone.localdate()),
        lambda: signed_copy.add_copy(signed, by=officer, scan=content),
        lambda: reprises.file_scan(reprise, by=officer, scan=content),
    ]
    before = Document.objects.count()
    for verb in verbs:
        with pytest.raises(scans.PlacementRefused, match=other_act(other)):
            verb()
    assert Document.objects.count() == before


def test_page_of_another_act_is_not_placed_by_hand(paper_act, printed, received, officer):
    one, other = paper_act(2), paper_act(2)
    batch = received(pages_of(printed(one), 1, 2))
    pages = [view.page.pk for view in scans.batch_sheet(batch).parts[0].pages]
    with pytest.raises(
        scans.PlacementRefused, match=f"La page 1 porte le code d’un autre acte, {one.number}"
    ):
        scans.place(batch, pages, other.number, by=officer)
    scans.place(batch, pages, one.number, by=officer)
    assert [view.act for view in scans.batch_sheet(batch).parts] == [one]


def test_page_of_another_act_that_was_placed_before_is_not_filed(paper_act, printed, received, officer):
    one, other = paper_act(1), paper_act(1)
    batch = received(pages_of(printed(one), 1))
    part = scans.batch_sheet(batch).parts[0].part
    part.act = other
    part.save()
    with pytest.raises(
        scans.PlacementRefused, match=f"La page 1 porte le code d’un autre acte, {one.number}"
    ):
        scans.file_part(part, by=officer, signed_on=timezone.localdate())
    assert states(one, other) == [ActState.TO_SIGN, ActState.TO_SIGN]


def test_code_beside_a_signature_made_online_names_its_act_too(paper_act, received, officer):
    online.give_keys()
    other, act = online.frozen_act(), paper_act(1)
    address = f"https://conventions.exemple.invalid/verifier/{other.frozen_document.code}/"
    content = pdf_of([code_of(address)])
    batch = received(content)
    (waiting,) = scans.batch_sheet(batch).waiting
    assert waiting.note == f"acte {other.number}, à signer"
    with pytest.raises(scans.PlacementRefused, match=f"d’un autre acte, {other.number}"):
        scans.place(batch, [waiting.page.pk], act.number, by=officer)
    reprise = ConventionFactory(reprise=True).acts.get()
    with pytest.raises(scans.PlacementRefused, match=f"d’un autre acte, {other.number}"):
        reprises.file_scan(reprise, by=officer, scan=content)


def test_code_that_names_nothing_here_is_no_reason_to_refuse(officer):
    reprise = ConventionFactory(reprise=True).acts.get()
    content = pdf_of([code_of("https://exemple.invalid/verifier/AAAAAAAAAAAAA/?e=1&p=1")])
    assert reprises.file_scan(reprise, by=officer, scan=content).page_count == 1
