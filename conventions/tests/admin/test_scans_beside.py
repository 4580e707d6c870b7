"""Every page by which a scan becomes a document: filed as it was seen, the file beside; or told why it is not."""

import datetime
import io

import pypdf
import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from conventions.domain.acts.paper import copies as printing
from conventions.domain.documents import attachments, storage
from conventions.domain.foundation import pdf_sandbox
from conventions.enums import ActState, DocumentKind, ScanState
from conventions.models import Act, Attachment, Document, ReceivedFile, ScanBatch
from conventions.tests import attacks, online
from conventions.tests.domain.acts.scans import overlays
from conventions.tests.domain.acts.scans.overlays import Overlay
from conventions.tests.domain.acts.scans.scanner import blank, faint, pages_of, pdf_of
from conventions.tests.factories import ConventionFactory, UserFactory, small_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]
ADD = reverse("admin:conventions_scanbatch_add")
TO_DO = (
    "Classée ainsi, cette page ne serait pas telle que vous la voyez\u00a0: imprimez-la en PDF, puis envoyez "
    "ce fichier."
)
LOST = {
    "line": "annotation sans image",
    "choice": "champ rempli sans image",
    "form that is a program": "formulaire interactif",
}
SEEN = ["ink without", "text field", "stamp"]
SIGNED = (
    "Ce fichier porte une signature électronique\u00a0: l’original est gardé à côté de l’exemplaire classé."
)


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
    make = overlays.DRAWN[name] if name in overlays.DRAWN else overlays.LOST[name][0]
    return bytes(make(Overlay(content)))


def picture(content: bytes, rank: int = 0, *, over: bool = True):
    """What readers show of a page; `over`: with what they draw over it."""
    pdf = pypdfium2.PdfDocument(content)
    pdf.init_forms()
    return pdf[rank].render(scale=1, draw_annots=over, may_draw_forms=over).to_pil().convert("RGB")


def filed_as_seen(document: Document, content: bytes, *, page: int = 0) -> bool:
    """What is filed has the picture of the page that was sent, beyond its bare drawing; the file stays beside."""
    extract, kept = storage.read_bytes(document), storage.read_bytes(document.received.get())
    seen = picture(content, page)
    return kept == content and picture(extract) == seen != picture(content, page, over=False)


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


@pytest.mark.parametrize(("name", "words"), LOST.items())
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


@pytest.mark.parametrize("name", SEEN)
def test_batch_files_a_copy_and_a_further_one_as_they_were_seen(sent, to_sign, name):
    act, copies = to_sign()
    content = over(bytes(Overlay(copies).annotate("Stamp", page=2, seen=True)), name)
    client, batch = sent(content)
    first, second = batch.parts.order_by("copy")
    client.post(url("scan_part", batch.pk, first.pk), {"signed_on": f"{timezone.localdate()}"})
    client.post(url("scan_part", batch.pk, second.pk))
    signed, further = Document.objects.filter(act=act, kind=DocumentKind.SCAN).order_by("version")
    assert (filed_as_seen(signed, content), filed_as_seen(further, content, page=1)) == (True, True)


def test_batch_tells_of_a_signature_and_the_act_offers_the_file(sent, to_sign, as_role):
    act, copies = to_sign()
    content = overlays.signed_by_a_stranger(copies, seen=True)
    client, batch = sent(content)
    first, _second = batch.parts.order_by("copy")
    for page in (
        url("conventions_scanbatch_change", batch.pk),
        url("scan_part", batch.pk, first.pk),
    ):
        assert SIGNED in client.get(page).text
    client.post(url("scan_part", batch.pk, first.pk), {"signed_on": f"{timezone.localdate()}"})
    row = ReceivedFile.objects.get(document__act=act)
    address = url("conventions_convention_received", act.convention_id, row.pk)
    page = as_role("direction").get(url("conventions_convention_change", act.convention_id)).text
    assert f'<a href="{address}">Fichier reçu : scan.pdf</a>' in page
    assert "Il porte une signature électronique" in page


def test_file_as_it_came_is_downloaded_by_staff_alone(as_role, client, officer, to_sign):
    act, copies = to_sign()
    content = over(copies, "ink without")
    typed = {"_confirmer": "1", "signed_on": f"{timezone.localdate()}", "scan": upload(content)}
    address = url("conventions_convention_event", act.convention_id, "classer_scan")
    page = as_role(officer).post(address, typed)
    as_role(officer).post(address, {**typed, "scan": "", "kept": page.context["kept"].pk, "pages_seen": "on"})
    row = ReceivedFile.objects.get(document__act=act)
    own = url("conventions_convention_received", act.convention_id, row.pk)
    answer = as_role("comptable").get(own)
    assert (b"".join(answer), answer["Content-Type"]) == (content, "application/pdf")
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert answer["X-Content-Type-Options"] == "nosniff"
    other = ConventionFactory()
    assert as_role(officer).get(url("conventions_convention_received", other.pk, row.pk)).status_code == 404
    assert client.get(own).status_code == 302
    assert as_role("president").get(own).status_code in (302, 403, 404)


@pytest.mark.parametrize("name", SEEN)
def test_form_of_the_act_and_the_reprise_file_what_was_seen(as_role, officer, to_sign, name):
    act, copies = to_sign()
    convention, today = ConventionFactory(reprise=True), f"{timezone.localdate()}"
    content = over(pages_of(copies, 1), name)
    client = as_role(officer)
    client.post(
        url("conventions_convention_event", act.convention_id, "classer_scan"),
        {"_confirmer": "1", "signed_on": today, "scan": upload(content)},
    )
    document = Act.objects.get(pk=act.pk).signed_document
    assert filed_as_seen(document, content)
    assert document.received.get().original_name == "scan.pdf"
    old = over(overlays.sheet(), name)
    client.post(url("conventions_convention_reprise_scan", convention.pk), {"scan": upload(old)})
    assert filed_as_seen(Act.objects.get(convention=convention).signed_document, old)


def test_forms_tell_of_a_signature(as_role, officer, to_sign):
    act, copies = to_sign()
    convention = ConventionFactory(reprise=True)
    client = as_role(officer)
    content = overlays.signed_by_a_stranger(pages_of(copies, 1))
    answer = client.post(
        url("conventions_convention_event", act.convention_id, "classer_scan"),
        {"_confirmer": "1", "signed_on": f"{timezone.localdate()}", "scan": upload(content)},
        follow=True,
    )
    assert SIGNED in [str(message) for message in answer.context["messages"]]
    content = overlays.signed_by_a_stranger(overlays.sheet())
    address = url("conventions_convention_reprise_scan", convention.pk)
    answer = client.post(address, {"scan": upload(content)}, follow=True)
    assert SIGNED in [str(message) for message in answer.context["messages"]]
    act = Act.objects.get(convention=convention)
    assert storage.read_bytes(act.signed_document.received.get(is_signed=True)) == content


def protected(content: bytes) -> bytes:
    """To be read by all, to be changed by who has the password."""
    writer, stream = pypdf.PdfWriter(clone_from=io.BytesIO(content)), io.BytesIO()
    writer.encrypt("", "propriétaire", algorithm="AES-256")
    writer.write(stream)
    return stream.getvalue()


def with_script_and_file(content: bytes) -> bytes:
    made = Overlay(content)
    made.writer.root_object[overlays.NameObject("/OpenAction")] = overlays.pdf_object(
        {"/S": "/JavaScript", "/JS": "(app.alert(1)"}
    )
    made.writer.add_attachment("facture.xml", b"<facture/>")
    return bytes(made)


@pytest.mark.parametrize("make", [protected, with_script_and_file])
def test_form_of_the_act_files_the_pages_alone_of_what_is_more(as_role, officer, to_sign, make):
    act, copies = to_sign()
    content = make(pages_of(copies, 1))
    typed = {"_confirmer": "1", "signed_on": f"{timezone.localdate()}", "scan": upload(content)}
    as_role(officer).post(url("conventions_convention_event", act.convention_id, "classer_scan"), typed)
    document = Act.objects.get(pk=act.pk).signed_document
    extract = storage.read_bytes(document)
    received = document.received.get()
    assert storage.read_bytes(received) == content
    assert received.acting == ("un script" if make is with_script_and_file else "")
    assert picture(extract) == picture(content)
    assert not pypdf.PdfReader(io.BytesIO(extract)).is_encrypted
    pdf_sandbox.refuse_active(extract)


@pytest.mark.parametrize("door", ["the act", "a batch", "a reprise"])
def test_file_that_acts_is_told_wherever_it_is_offered_and_only_downloaded(
    as_role, officer, to_sign, sent, door
):
    act, copies = to_sign()
    client, today = as_role(officer), f"{timezone.localdate()}"
    content = with_script_and_file(pages_of(copies, 1))
    if door == "a reprise":
        act, content = ConventionFactory(reprise=True).acts.get(), with_script_and_file(small_pdf("Un acte"))
    if door == "a batch":
        client, batch = sent(content)
        address = url("scan_part", batch.pk, batch.parts.get().pk)
        answer = client.post(address, {"signed_on": today}, follow=True)
    elif door == "the act":
        typed = {"_confirmer": "1", "signed_on": today, "scan": upload(content)}
        address = url("conventions_convention_event", act.convention_id, "classer_scan")
        answer = client.post(address, typed, follow=True)
    else:
        address = url("conventions_convention_reprise_scan", act.convention_id)
        answer = client.post(address, {"scan": upload(content), "signed_on": "2021-06-14"}, follow=True)
    assert "Ce fichier contient un script" in answer.text
    page = client.get(url("conventions_convention_change", act.convention_id)).text
    assert "Il contient un script, l’exemplaire classé n’en garde rien" in page
    file = ReceivedFile.objects.get(document__act=act)
    offered = client.get(url("conventions_convention_received", act.convention_id, file.pk))
    assert offered["Content-Disposition"].startswith("attachment")
    assert (offered["Content-Type"], offered["X-Content-Type-Options"]) == ("application/pdf", "nosniff")


def test_batch_tells_what_to_look_at(sent):
    client, batch = sent(pdf_of([blank(), faint(), blank()]))
    page = client.get(url("conventions_scanbatch_change", batch.pk)).text
    assert "2\u00a0pages laissées de côté car blanches\u00a0: regardez-les." in page
    assert "1\u00a0page sans rien de foncé porte une écriture pâle\u00a0: regardez-la." in page


@pytest.mark.parametrize(("name", "words"), LOST.items())
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
        upload(over(copies, "line")),
        kind="scan",
        by=officer,
        convention=act.convention,
        pending=True,
        kept_for="classer_scan",
    )
    typed = {"_confirmer": "1", "signed_on": f"{timezone.localdate()}", "kept": kept.pk}
    page = as_role(officer).post(
        url("conventions_convention_event", act.convention_id, "classer_scan"), typed
    )
    assert page.context["form"].errors == {"scan": [f"Page 1\u00a0: annotation sans image. {TO_DO}"]}
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


@pytest.mark.parametrize(("name", "words"), LOST.items())
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


def test_frozen_text_sent_back_as_it_is_is_filed_whole(as_role, officer):
    """With its data inside; of a copy that somebody else made of it, the pages alone are filed, and it stays beside."""
    to_sign = [online.frozen_act(act__path="papier", act__prepared_by=officer) for _rank in range(2)]
    client, typed = as_role(officer), {"_confirmer": "1", "signed_on": f"{timezone.localdate()}"}
    for act, make in zip(to_sign, (bytes, attacks.rewrite_with_pypdf), strict=True):
        content = make(storage.read_bytes(act.frozen_document))
        address = url("conventions_convention_event", act.convention_id, "classer_scan")
        client.post(address, {**typed, "scan": upload(content)})
        document = Act.objects.get(pk=act.pk).signed_document
        kept = document.received.first()
        assert storage.read_bytes(kept or document) == content
        assert (kept is None) is (make is bytes)
        assert kept is None or pdf_sandbox.refuse_active(storage.read_bytes(document)) is None
