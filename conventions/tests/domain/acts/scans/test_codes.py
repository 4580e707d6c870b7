"""A page whose code names another act is never filed with this one; several pages on a sheet are told."""

import pytest
from django.utils import timezone

from conventions.domain.acts import scans
from conventions.domain.acts.lifecycle import apply
from conventions.domain.acts.paper import signed_copy
from conventions.domain.acts.scans import reprises
from conventions.enums import ActState, Event
from conventions.models import Act, Document
from conventions.tests import online
from conventions.tests.domain.acts.scans.scanner import (
    code_of,
    drawn,
    on_one_sheet,
    page_images,
    pages_of,
    pdf_of,
)
from conventions.tests.factories import ConventionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


def states(*acts):
    return [Act.objects.get(pk=act.pk).state for act in acts]


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


# -- several pages on a sheet -----------------------------------------------------------------------------
def test_two_pages_of_a_copy_on_one_sheet_are_told_and_filed_once_confirmed(
    paper_act, printed, received, officer
):
    act = paper_act(3)
    images = page_images(printed(act))
    batch = received(pdf_of([images[2], on_one_sheet(images[0], images[1])]))
    sheet = scans.batch_sheet(batch)
    (view,) = sheet.parts
    assert [one.label for one in view.pages] == ["Pages 1 et 2 sur 3", "Page 3 sur 3"]
    assert view.remarks == [
        "2\u00a0pages au lieu de 3 dans le document figé.",
        "Sur une même feuille : les pages 1 et 2. Vérifiez que tout se lit.",
    ]
    assert sheet.told == ["1\u00a0feuille porte plusieurs pages imprimées\u00a0: vérifiez que tout se lit."]
    with pytest.raises(signed_copy.PageCountDiffers):
        scans.file_part(view.part, by=officer, signed_on=timezone.localdate())
    document = scans.file_part(view.part, by=officer, signed_on=timezone.localdate(), confirmed_pages=2)
    assert document.page_count == 2


def test_pages_of_two_acts_on_one_sheet_go_nowhere(paper_act, printed, received, officer):
    one, other = paper_act(1), paper_act(1)
    sheet = on_one_sheet(page_images(printed(one))[0], page_images(printed(other))[0])
    batch = received(pdf_of([sheet]))
    found = scans.batch_sheet(batch)
    assert (found.parts, [view.note for view in found.waiting]) == (
        [],
        ["pages de deux actes\u00a0: numérisez chaque page à part, puis envoyez ce fichier"],
    )
    assert found.told == [
        "1\u00a0feuille porte des pages de deux actes\u00a0: numérisez chaque page à part, puis envoyez ce fichier."
    ]
    keys = [view.page.pk for view in found.waiting]
    for act in (one, other):
        with pytest.raises(scans.PlacementRefused) as refusal:
            scans.place(batch, keys, act.number, by=officer)
        assert str(refusal.value) == (
            "Page 1\u00a0: pages de deux actes. Numérisez chaque page à part, puis envoyez ce fichier."
        )
    assert scans.batch_sheet(batch).parts == []
