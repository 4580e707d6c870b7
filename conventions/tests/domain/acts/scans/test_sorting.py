"""Pages read from real print copies, degraded as scanners do: the right act, the right order, or a place by hand."""

import pytest

from conventions.domain.acts import scans
from conventions.domain.acts.scans import PlacementRefused
from conventions.enums import ScanState
from conventions.models import Act, ScanPage
from conventions.tests.domain.acts.scans.scanner import (
    blank,
    code_of,
    drawn,
    faint,
    noisy,
    page_images,
    pages_of,
    pdf_of,
    skewed,
    upside_down,
)
from conventions.tests.factories import ConventionFactory, DocumentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


def parts(batch) -> dict[tuple[str, int], list[int]]:
    """{(number of the act, copy): printed pages in the order of the part}."""
    return {
        (view.act.number, view.part.copy): [one.page.printed_page for one in view.pages]
        for view in scans.batch_sheet(batch).parts
    }


def remarks(batch) -> list[list[str]]:
    return [view.remarks for view in scans.batch_sheet(batch).parts]


def loose(batch) -> list[tuple[int, str]]:
    return [(one.page.number, one.note) for one in scans.batch_sheet(batch).waiting]


@pytest.mark.parametrize(("degrees", "dpi"), [(5, 150), (-5, 150), (2, 300)])
def test_skewed_and_noisy_pages_find_their_act(paper_act, printed, received, degrees, dpi):
    act = paper_act(2)
    images = page_images(printed(act), dpi)[:2]
    batch = received(pdf_of([noisy(skewed(image, degrees)) for image in images], dpi))
    assert parts(batch) == {(act.number, 1): [1, 2]}
    assert remarks(batch) == [[]]


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_turned_page_is_put_upright(paper_act, printed, received, degrees):
    act = paper_act(1)
    image = page_images(printed(act))[0].rotate(degrees, expand=True)
    batch = received(pdf_of([image]))
    assert parts(batch) == {(act.number, 1): [1]}
    assert ScanPage.objects.get().turn == degrees  # rotate() turns the other way


def test_shuffled_pages_of_two_acts_are_split_and_ordered(paper_act, printed, received):
    one, other = paper_act(3), paper_act(2)
    first, second = page_images(printed(one))[:3], page_images(printed(other))[2:4]
    stranger = page_images(drawn(["Une lettre"]))[0]
    sent = [first[2], second[1], upside_down(first[0]), stranger, noisy(first[1]), second[0]]
    batch = received(pdf_of(sent))
    assert batch.state == ScanState.TO_FILE
    assert parts(batch) == {(one.number, 1): [1, 2, 3], (other.number, 2): [1, 2]}
    assert loose(batch) == [(4, "sans code reconnu")]


def test_pages_of_one_copy_in_two_files_make_one_part(paper_act, printed, received):
    act = paper_act(2)
    copies = printed(act)
    assert parts(received(pages_of(copies, 2), pages_of(copies, 1))) == {(act.number, 1): [1, 2]}


def test_two_copies_of_one_act_are_two_parts(paper_act, printed, received):
    act = paper_act(1)
    assert parts(received(printed(act))) == {(act.number, 1): [1], (act.number, 2): [1]}


def test_missing_and_double_pages_are_told(paper_act, printed, received):
    act = paper_act(3)
    images = page_images(printed(act))
    batch = received(pdf_of([images[0], images[2], noisy(images[2])]))
    assert remarks(batch) == [
        ["Il manque la page 2.", "En double : la page 3. Laissez de côté celle qui est de trop."]
    ]


def test_blank_back_of_a_sheet_is_set_aside(paper_act, printed, received):
    act = paper_act(1)
    batch = received(pdf_of([page_images(printed(act))[0], blank()]))
    sheet = scans.batch_sheet(batch)
    assert ([one.note for one in sheet.aside], sheet.waiting) == (["page blanche"], [])


def test_blank_pages_are_counted_and_one_with_faint_writing_is_shown(received):
    batch = received(pdf_of([blank(), faint(), blank()]))
    sheet = scans.batch_sheet(batch)
    assert [one.note for one in sheet.aside] == ["page blanche", "page blanche"]
    assert [(one.page.number, one.note) for one in sheet.waiting] == [(2, "écriture pâle")]
    assert sheet.told == [
        "2\u00a0pages laissées de côté car blanches\u00a0: regardez-les.",
        "1\u00a0page sans rien de foncé porte une écriture pâle\u00a0: regardez-la.",
    ]


def test_page_of_a_replaced_version_waits(paper_act, printed, received):
    act = paper_act(1)
    copies = printed(act)
    newer = DocumentFactory(act=act, version=3)
    Act.objects.filter(pk=act.pk).update(frozen_document=newer)
    batch = received(pages_of(copies, 1))
    assert parts(batch) == {}
    assert loose(batch) == [(1, f"version remplacée de l’acte {act.number}")]


def test_foreign_code_is_no_code(received):
    picture = code_of("https://exemple.invalid/verifier/AAAAAAAAAAAAA/?e=1&p=1")
    assert loose(received(pdf_of([picture]))) == [(1, "sans code reconnu")]


def test_page_placed_by_hand_fills_the_missing_number(paper_act, printed, received, officer):
    act = paper_act(3)
    images = page_images(printed(act))
    unreadable = page_images(drawn(["Page signée, code arraché"]))[0]
    batch = received(pdf_of([images[0], images[2], unreadable]))
    page = scans.batch_sheet(batch).waiting[0].page
    scans.place(batch, [page.pk], f" n° {act.number}", by=officer)
    assert parts(batch) == {(act.number, 1): [1, 0, 3]}
    assert remarks(batch) == [["1\u00a0page placée à la main : vérifiez l’ordre."]]


def test_pages_without_code_make_a_copy_in_the_order_of_the_scan(paper_act, received, officer):
    act = paper_act(2)
    batch = received(drawn(["Première", "Seconde"]))
    scans.place(batch, [one.page.pk for one in scans.batch_sheet(batch).waiting], act.number, by=officer)
    view = scans.batch_sheet(batch).parts[0]
    assert [one.page.number for one in view.pages] == [1, 2]


def test_page_taken_out_leaves_no_empty_copy(paper_act, printed, received, officer):
    act = paper_act(1)
    batch = received(pages_of(printed(act), 1))
    key = scans.batch_sheet(batch).parts[0].pages[0].page.pk
    scans.set_aside(batch, [key], by=officer)
    assert parts(batch) == {}
    scans.put_back(batch, [key], by=officer)
    assert [one.page.pk for one in scans.batch_sheet(batch).waiting] == [key]


@pytest.mark.parametrize(
    ("reference", "message"), [("2026-999", "Aucun acte"), ("", "Aucun acte"), ("draft", "n’attend pas")]
)
def test_placement_asks_for_an_act_to_be_signed_in_ink(received, reference, message, officer):
    if reference == "draft":
        reference = ConventionFactory(act="annule").acts.get().number
    batch = received(drawn(["Une page"]))
    keys = [one.page.pk for one in scans.batch_sheet(batch).waiting]
    with pytest.raises(PlacementRefused, match=message):
        scans.place(batch, keys, reference, by=officer)


def test_pages_of_another_batch_are_not_moved(paper_act, printed, received, officer):
    act = paper_act(1)
    mine, other = received(drawn(["À moi"])), received(pages_of(printed(act), 1))
    foreign = ScanPage.objects.get(file__batch=other)
    with pytest.raises(PlacementRefused, match="Cochez"):
        scans.set_aside(mine, [foreign.pk], by=officer)
    assert parts(other) == {(act.number, 1): [1]}
