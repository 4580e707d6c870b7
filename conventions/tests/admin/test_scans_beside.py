"""Every page by which a scan becomes a document: what is beside the drawing is refused in words, nothing is lost."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from conventions.domain.acts.paper import copies as printing
from conventions.domain.documents import attachments, storage
from conventions.domain.foundation import pdf_sandbox
from conventions.enums import ActState, DocumentKind, ScanState
from conventions.models import Act, Attachment, Document, ScanBatch
from conventions.tests import attacks, online
from conventions.tests.domain.acts.scans import overlays
from conventions.tests.domain.acts.scans.overlays import Overlay
from conventions.tests.factories import ConventionFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]
ADD = reverse("admin:conventions_scanbatch_add")
TO_DO = (
    "Classée ainsi, cette page ne serait pas telle que vous la voyez\u00a0: imprimez-la en PDF, puis envoyez "
    "ce fichier."
)
FOUND = {
    "ink without": "annotation",
    "text field": "champ rempli",
    "layer off": "calque masqué",
    "form that is a program": "formulaire interactif",
}


@pytest.fixture
def officer():
    return UserFactory(role="gestionnaire")


@pytest.fixture
def to_sign(officer):
    """`to_sign()`: an act frozen yesterday, and the bytes of its two printed copies of one page."""

    def make():
        act = ConventionFactory(act=ActState.TO_SIGN).acts.get()
        return act, storage.read_bytes(printing.print_copies(act, by=officer))

    return make


def upload(content: bytes):
    return SimpleUploadedFile("scan.pdf", content, "application/pdf")


def url(name: str, *args) -> str:
    return reverse(f"admin:{name}", args=args)


def over(content: bytes, name: str) -> bytes:
    return bytes(overlays.REFUSED[name][0](Overlay(content)))


def scan_documents() -> int:
    return Document.objects.filter(kind=DocumentKind.SCAN).count()


@pytest.fixture
def sent(as_role, officer, django_capture_on_commit_callbacks):
    """`sent(content)`: (the client, the batch) once it was sent by the page and read."""

    def send(content: bytes):
        client = as_role(officer)
        with django_capture_on_commit_callbacks(execute=True):
            client.post(ADD, {"uploads": [upload(content)]})
        return client, ScanBatch.objects.latest("pk")

    return send


@pytest.mark.parametrize(("name", "words"), FOUND.items())
def test_batch_shows_why_a_copy_is_refused_and_goes_on(sent, to_sign, name, words):
    act, copies = to_sign()
    client, batch = sent(over(copies, name))
    page = url("conventions_scanbatch_change", batch.pk)
    first, second = batch.parts.order_by("copy")
    told = f"Page 1\u00a0: {words}. {TO_DO}"
    text = client.get(page).text
    all_pages = name == "form that is a program"
    assert (text.count(told), "Vérifier et classer" in text) == (2 if all_pages else 1, not all_pages)
    assert (
        '<button type="submit" class="btn btn-primary">Classer'
        not in client.get(url("scan_part", batch.pk, first.pk)).text
    )
    answer = client.post(url("scan_part", batch.pk, first.pk), {"signed_on": f"{timezone.localdate()}"})
    assert answer.context["form"].non_field_errors() == [told]
    assert (Act.objects.get(pk=act.pk).state, scan_documents()) == (ActState.TO_SIGN, 0)
    if not all_pages:
        client.post(url("scan_part", batch.pk, second.pk), {"signed_on": f"{timezone.localdate()}"})
        assert (Act.objects.get(pk=act.pk).state, scan_documents()) == (ActState.SIGNED, 1)
        client.post(page, {"page": [first.pages.get().pk], "_laisser": "1"})
        batch.refresh_from_db()
        assert batch.state == ScanState.FILED


def test_further_copy_is_refused_in_words(sent, to_sign):
    _act, copies = to_sign()
    content = bytes(Overlay(copies).annotate("Stamp", page=2, seen=True))
    client, batch = sent(content)
    first, second = batch.parts.order_by("copy")
    client.post(url("scan_part", batch.pk, first.pk), {"signed_on": f"{timezone.localdate()}"})
    answer = client.post(url("scan_part", batch.pk, second.pk))
    assert answer.context["form"].non_field_errors() == [f"Page 1\u00a0: annotation. {TO_DO}"]
    assert scan_documents() == 1


@pytest.mark.parametrize(("name", "words"), FOUND.items())
def test_form_of_the_act_refuses_and_keeps_what_was_typed(as_role, officer, to_sign, name, words):
    act, copies = to_sign()
    today = f"{timezone.localdate()}"
    typed = {"_confirmer": "1", "signed_on": today, "scan": upload(over(copies, name))}
    page = as_role(officer).post(
        url("conventions_convention_event", act.convention_id, "classer_scan"), typed
    )
    told = pdf_sandbox.refusal({1: words, 2: words} if name == "form that is a program" else {1: words})
    assert page.context["form"].errors == {"scan": [told]}
    assert page.context["form"]["signed_on"].value() == today
    assert (Act.objects.get(pk=act.pk).state, scan_documents(), Attachment.objects.count()) == (
        ActState.TO_SIGN,
        0,
        0,
    )


def test_file_kept_before_this_was_looked_at_is_refused_too(as_role, officer, to_sign):
    act, copies = to_sign()
    kept = attachments.file_upload(
        upload(over(copies, "ink without")),
        kind="scan",
        by=officer,
        convention=act.convention,
        pending=True,
    )
    typed = {"_confirmer": "1", "signed_on": f"{timezone.localdate()}", "kept": kept.pk}
    page = as_role(officer).post(
        url("conventions_convention_event", act.convention_id, "classer_scan"), typed
    )
    assert page.context["form"].errors == {"scan": [f"Page 1\u00a0: annotation. {TO_DO}"]}
    assert (scan_documents(), Attachment.objects.get()) == (0, kept)


def test_printed_copy_sent_back_as_it_is_is_filed(as_role, officer, to_sign):
    act, copies = to_sign()
    typed = {"_confirmer": "1", "signed_on": f"{timezone.localdate()}", "scan": upload(copies)}
    address = url("conventions_convention_event", act.convention_id, "classer_scan")
    client = as_role(officer)
    page = client.post(address, typed)
    assert list(page.context["form"].errors) == ["pages_seen"]  # both copies: two pages for one
    again = {**typed, "kept": page.context["kept"].pk, "pages_seen": "on"}
    del again["scan"]
    client.post(address, again)
    act = Act.objects.get(pk=act.pk)
    assert (act.state, storage.read_bytes(act.signed_document)) == (ActState.SIGNED, copies)


@pytest.mark.parametrize(("name", "words"), FOUND.items())
def test_reprise_refuses_and_keeps_what_was_typed(as_role, name, words):
    convention = ConventionFactory(reprise=True)
    content = over(overlays.sheet(), name)
    page = as_role("gestionnaire").post(
        url("conventions_convention_reprise_scan", convention.pk),
        {"scan": upload(content), "signed_on": "2021-06-14"},
    )
    assert page.context["form"].errors == {"scan": [f"Page 1\u00a0: {words}. {TO_DO}"]}
    assert page.context["form"]["signed_on"].value() == "2021-06-14"
    assert (Act.objects.get(convention=convention).signed_document, scan_documents()) == (None, 0)


def test_reprise_refuses_a_file_that_somebody_signed(as_role):
    convention = ConventionFactory(reprise=True)
    content = overlays.signed_by_a_stranger(overlays.sheet())
    page = as_role("gestionnaire").post(
        url("conventions_convention_reprise_scan", convention.pk), {"scan": upload(content)}
    )
    assert page.context["form"].errors["scan"] == [
        f"Page 1\u00a0: signature électronique. {TO_DO} Gardez aussi l’original\u00a0: lui seul porte la "
        "signature électronique."
    ]


def test_reprise_takes_a_file_with_links_and_fields_that_wait(as_role):
    convention = ConventionFactory(reprise=True)
    content = bytes(Overlay(overlays.sheet()).annotate("Link", Border=[0, 0, 1]).field("Sig"))
    answer = as_role("gestionnaire").post(
        url("conventions_convention_reprise_scan", convention.pk), {"scan": upload(content)}
    )
    act = Act.objects.get(convention=convention)
    assert (answer.status_code, storage.read_bytes(act.signed_document)) == (302, content)


def test_page_of_another_act_is_refused_by_both_forms(as_role, officer, to_sign):
    other, copies = to_sign()
    act, _own = to_sign()
    convention = ConventionFactory(reprise=True)
    told = [
        f"La page 1 porte le code d’un autre acte, {other.number}\u00a0: elle ne se classe qu’avec lui. "
        "Choisissez le bon fichier ou la bonne page."
    ]
    client, day = as_role(officer), datetime.date(2021, 6, 14)
    typed = {"_confirmer": "1", "signed_on": f"{timezone.localdate()}", "scan": upload(copies)}
    page = client.post(url("conventions_convention_event", act.convention_id, "classer_scan"), typed)
    assert page.context["form"].errors["scan"] == told
    page = client.post(
        url("conventions_convention_reprise_scan", convention.pk),
        {"scan": upload(copies), "signed_on": f"{day}"},
    )
    assert page.context["form"].errors["scan"] == told
    assert scan_documents() == 0


def test_page_of_another_act_is_not_placed_by_its_number(sent, to_sign):
    one, copies = to_sign()
    other, _own = to_sign()
    client, batch = sent(copies)
    page = url("conventions_scanbatch_change", batch.pk)
    key = batch.pages_of_batch().first().pk
    answer = client.post(page, {"page": [key], "_placer": "1", "reference": other.number}, follow=True)
    assert [str(message) for message in answer.context["messages"]] == [
        f"La page 1 porte le code d’un autre acte, {one.number}\u00a0: elle ne se classe qu’avec lui. "
        "Choisissez le bon fichier ou la bonne page."
    ]
    assert set(batch.parts.values_list("act", flat=True)) == {one.pk}


def test_frozen_text_sent_back_as_it_is_is_filed(as_role, officer):
    """With its data inside; a copy of it that somebody else made has no such leave."""
    act = online.frozen_act(act__path="papier", act__prepared_by=officer)
    content = storage.read_bytes(act.frozen_document)
    client, address = as_role(officer), url("conventions_convention_event", act.convention_id, "classer_scan")
    typed = {"_confirmer": "1", "signed_on": f"{timezone.localdate()}"}
    page = client.post(address, {**typed, "scan": upload(attacks.rewrite_with_pypdf(content))})
    assert page.context["form"].errors["scan"] == [pdf_sandbox.ACTIVE]
    client.post(address, {**typed, "scan": upload(content)})
    act = Act.objects.get(pk=act.pk)
    assert (act.state, storage.read_bytes(act.signed_document)) == (ActState.SIGNED, content)
