"""Annexes of a frozen act: who reads them, what is printed and handed over, what checks them."""

import hashlib
import io
from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader, PdfWriter

from conventions.domain.acts.lifecycle import apply
from conventions.domain.acts.paper import copies
from conventions.domain.acts.paper.signed_copy import usual_pages
from conventions.domain.documents import annexes, storage, verification
from conventions.domain.documents.archives.renders import annexes_problem
from conventions.domain.documents.context import from_snapshot
from conventions.domain.documents.rendering.engine import write_marks
from conventions.domain.foundation import pdf_sandbox
from conventions.enums import Event
from conventions.exchange.archives.dossier import dossier_files
from conventions.models import SignatureRequest
from conventions.tests import factories as f
from conventions.tests.annexes.conftest import annex_of, choose, frozen, paper
from conventions.tests.annexes.test_under_the_seal import pages
from conventions.tests.conftest import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]
A4, WIDE, LARGE = (595, 842), (842, 595), (1191, 1684)


@pytest.fixture
def sealed(act, officer, lawyer):
    """Frozen with two annexes: one page, then three of other sizes."""
    rows = [
        annex_of(act, paper(act), position=1),
        annex_of(act, paper(act, pages(A4, WIDE, LARGE)), "Fiche technique (fictif)", position=2),
    ]
    choose(act, *rows, by=officer)
    return frozen(act, officer, lawyer)


def president_of(act):
    party = act.convention.parties.get(partner__is_opt=False)
    return f.PresidentFactory(partner=party.partner)


def test_a_president_opens_each_annex_of_the_act_and_nobody_else_does(sealed):
    address = [reverse("portal:annex", args=[sealed.frozen_document_id, number]) for number in (1, 2)]
    client = sign_in(president_of(sealed))
    text = client.get(reverse("portal:agreement", args=[sealed.convention.slug])).content.decode()
    for url, row in zip(address, sealed.annexes.all(), strict=True):
        assert f'href="{url}"' in text
        answer = client.get(url)
        assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == row.sha256
        assert answer["Content-Type"] == "application/pdf"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert client.head(url).status_code == 200
        assert client.get(url, headers={"if-none-match": answer["ETag"]}).status_code == 304
        assert sign_in(f.PresidentFactory()).get(url).status_code == 404
    assert "1\xa0page, " in text
    assert "3\xa0pages, " in text


@pytest.mark.parametrize("number", [0, 3, 99999999999999999999])
def test_odd_numbers_are_not_found(sealed, number):
    client = sign_in(president_of(sealed))
    assert client.get(reverse("portal:annex", args=[sealed.frozen_document_id, number])).status_code == 404


def test_an_annex_of_a_text_taken_back_is_not_given_any_more(sealed, officer):
    client, url = sign_in(president_of(sealed)), reverse("portal:annex", args=[sealed.frozen_document_id, 1])
    apply(sealed, Event.TAKE_BACK, by=officer, reason="Une date est fausse.")
    assert client.get(url).status_code == 404


def test_a_signatory_opens_each_annex_from_the_page_to_sign(sealed, client):
    person = sealed.signatories.exclude(party__partner__is_opt=True).first()
    asked = f.SignatureRequestFactory(document=sealed.frozen_document, signatory=person, token="j" * 43)
    url = reverse("signing:annex", args=[asked.pk, 2])
    assert client.get(url).status_code == 404
    client.post(reverse("signing:invitation", args=["j" * 43]))
    assert f'href="{url}"' in client.get(reverse("signing:read", args=[asked.pk])).content.decode()
    assert b"".join(client.get(url).streaming_content) == annexes.bytes_of(
        annexes.frozen_in(asked.document)[1]
    )
    assert SignatureRequest.objects.get(pk=asked.pk).document_id == sealed.frozen_document_id


def test_copies_to_print_hold_the_annexes_behind_the_act_each_page_named(sealed, officer):
    printed = copies.print_copies(sealed, by=officer)
    sheets = PdfReader(io.BytesIO(storage.read_bytes(printed))).pages
    count = sealed.frozen_document.page_count
    assert len(sheets) == printed.page_count == 2 * (count + 4)
    told = [" ".join(sheet.extract_text().split()) for sheet in sheets[count : count + 4]]
    expected = ["annexe 1, page 1 sur 1", *(f"annexe 2, page {number} sur 3" for number in (1, 2, 3))]
    assert [[name for name in expected if name in text.replace("\xa0", " ")] for text in told] == [
        [name] for name in expected
    ]
    assert {(round(float(s.mediabox.width)), round(float(s.mediabox.height))) for s in sheets} == {A4}


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_copies_show_what_is_drawn_on_an_annex_however_its_page_is_turned(act, officer, lawyer, turn):
    drawn, turned = write_marks("<p>Plan de feu du lagon (fictif)</p>"), io.BytesIO()
    writer = PdfWriter(clone_from=io.BytesIO(drawn))
    writer.pages[0].rotation = turn
    writer.write(turned)
    choose(act, annex_of(act, paper(act, turned.getvalue()), position=1), by=officer)
    printed = copies.print_copies(frozen(act, officer, lawyer), by=officer)
    words = pdf_sandbox.words_of(storage.read_bytes(printed))
    assert ["Plan de feu du lagon" in " ".join(text.split()) for text in words].count(True) == 2


def test_a_scan_with_the_pages_of_the_annexes_is_whole_without_a_word(sealed, officer):
    count = sealed.frozen_document.page_count
    assert usual_pages(sealed.frozen_document) == (count, count + 4)


def test_the_dossier_holds_the_very_annexes(sealed, officer):
    content = storage.read_bytes(sealed.frozen_document)
    signed = apply(sealed, Event.FILE_SCAN, by=officer, scan=content, signed_on=timezone.localdate())
    files = dict(dossier_files(signed))
    for annex in annexes.frozen_in(signed.frozen_document):
        found = [body for path, body in files.items() if path.startswith(f"annexes/annexe-{annex.number}-")]
        assert [hashlib.sha256(body).hexdigest() for body in found] == [annex.sha256]


def test_the_archives_compare_what_is_embedded_with_what_the_text_names(sealed):
    context = from_snapshot(sealed.frozen_document.snapshot)
    content = storage.read_bytes(sealed.frozen_document)
    assert annexes_problem(context, content) == ""
    other = replace(context, files=(context.files[0], replace(context.files[1], sha256="0" * 64)))
    assert annexes_problem(other, content) == "le fichier de l’annexe 2 n’est pas celui que nomme le texte."


def test_verification_tells_each_annex_of_the_file_sent(sealed, client):
    content = storage.read_bytes(sealed.frozen_document)
    known = verification.of_file(content)
    assert [(one.number, same) for one, same in known.annexes] == [(1, True), (2, True)]
    page = client.post(reverse("public:verify_file"), {"file": io.BytesIO(content)}).content.decode()
    assert page.count("Dans le fichier, telle qu’elle a été signée") == 2
    assert "Plan de scène" not in page
    cut = verification.of_file(content + b"\n% ajout")
    assert [same for _one, same in cut.annexes] == [True, True]
