"""« Classer des scans » in the admin: sent, read, seen, filed, discarded, by officers only."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from conventions.domain.acts.paper import copies as printing
from conventions.domain.documents import storage
from conventions.enums import ActState, DocumentKind, ScanState
from conventions.models import Act, Document, ScanBatch
from conventions.tests.factories import (
    ConventionFactory,
    JobFactory,
    ScanBatchFactory,
    ScanFileFactory,
    ScanPageFactory,
    ScanPartFactory,
    UserFactory,
    small_pdf,
)

pytestmark = pytest.mark.django_db
ADD = "/admin/conventions/scanbatch/add/"


@pytest.fixture
def officer():
    return UserFactory(role="gestionnaire")


def batch_url(batch):
    return reverse("admin:conventions_scanbatch_change", args=[batch.pk])


def part_url(part):
    return reverse("admin:scan_part", args=[part.batch_id, part.pk])


def upload(content: bytes, name="scan.pdf"):
    return SimpleUploadedFile(name, content, "application/pdf")


@pytest.mark.pdf
def test_copies_are_sent_read_and_filed(as_role, officer, django_capture_on_commit_callbacks):
    act = ConventionFactory(act=ActState.TO_SIGN).acts.get()
    copies = storage.read_bytes(printing.print_copies(act, by=officer))
    client = as_role(officer)
    with django_capture_on_commit_callbacks(execute=True):
        sent = client.post(f"{ADD}?acte={act.pk}", {"uploads": [upload(copies)]})
    batch = ScanBatch.objects.get()
    page = client.get(sent.url)
    assert (batch.act, page.context["is_reading"]) == (act, False)
    first, second = page.context["sheet"].parts
    assert (first.act, first.remarks, second.part.copy) == (act, [], 2)
    today = timezone.localdate()
    assert client.post(part_url(first.part), {"signed_on": f"{today}"}).url == batch_url(batch)
    act = Act.objects.get(pk=act.pk)
    assert (act.state, act.signed_on, act.signed_document.page_count) == (ActState.SIGNED, today, 1)
    further = client.get(part_url(second.part))
    assert list(further.context["form"].fields) == []
    client.post(part_url(second.part))
    versions = Document.objects.filter(act=act, kind=DocumentKind.SCAN).values_list("version", flat=True)
    batch.refresh_from_db()
    assert (sorted(versions), batch.state) == ([1, 2], ScanState.FILED)


@pytest.fixture
def part():
    """A copy of one page, of an act frozen yesterday."""
    row = ScanPartFactory()
    ScanPageFactory(file=ScanFileFactory(batch=row.batch), part=row, printed_page=1, position=1)
    return row


def test_someone_who_did_not_sign_stops_the_filing_and_keeps_what_was_typed(as_role, part):
    client = as_role("gestionnaire")
    person = part.act.signatories.last()
    typed = {
        "signed_on": f"{timezone.localdate()}",
        f"unsigned_{person.pk}": "on",
        f"title_{person.pk}": "vice-présidente",
    }
    page = client.post(part_url(part), typed)
    form = page.context["form"]
    assert "Si elle refuse, revenez au dossier" in str(form.non_field_errors())
    assert form[f"title_{person.pk}"].value() == "vice-présidente"
    assert Act.objects.get(pk=part.act_id).state == ActState.TO_SIGN


def test_more_pages_than_the_paper_are_confirmed(as_role, part):
    ScanPageFactory(file=part.pages.get().file, number=2, part=part, position=2)
    client, today = as_role("gestionnaire"), f"{timezone.localdate()}"
    page = client.post(part_url(part), {"signed_on": today})
    assert list(page.context["form"].errors) == ["pages_seen"]


@pytest.mark.parametrize("days", [-1, 2])
def test_date_that_cannot_be_stands_beside_its_field(as_role, part, days):
    person = part.act.signatories.first()
    today = timezone.localdate()
    typed = {"signed_on": f"{today}", f"date_{person.pk}": f"{today - datetime.timedelta(days=days)}"}
    page = as_role("gestionnaire").post(part_url(part), typed)
    assert list(page.context["form"].errors) == [f"date_{person.pk}"]


def test_pages_are_set_aside_then_placed_by_hand(as_role, part):
    client, page = as_role("gestionnaire"), part.pages.get()
    client.post(batch_url(part.batch), {"page": [page.pk], "_laisser": "1"})
    page.refresh_from_db()
    assert (page.part, page.set_aside) == (None, True)
    client.post(batch_url(part.batch), {"page": [page.pk], "_placer": "1", "reference": part.act.number})
    page.refresh_from_db()
    assert (page.part.act, page.set_aside) == (part.act, False)


def test_wrong_number_is_told(as_role, part):
    client = as_role("gestionnaire")
    answer = client.post(
        batch_url(part.batch),
        {"page": [part.pages.get().pk], "_placer": "1", "reference": "2099-001"},
        follow=True,
    )
    assert [str(message) for message in answer.context["messages"]] == [
        "Aucun acte ne porte ce numéro. Écrivez-le comme sur le papier, par exemple 2026-014."
    ]


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (upload(b"GIF89a", "scan.pdf"), "n’est pas accepté"),
        (upload(b"", "vide.pdf"), "vide"),
        (upload(small_pdf("x") + b"0" * 2000, "lourd.pdf"), "trop lourd"),
    ],
)
def test_wrong_file_is_refused_at_once(as_role, settings, file, message):
    settings.SCAN_MAX_BYTES = 2000
    page = as_role("gestionnaire").post(ADD, {"uploads": [file]})
    assert message in str(page.context["form"].errors["uploads"])
    assert ScanBatch.objects.count() == 0


def test_discard_asks_then_ends_the_batch(as_role, part):
    client = as_role("gestionnaire")
    url = reverse("admin:conventions_scanbatch_delete", args=[part.batch_id])
    assert "1 exemplaire n’est pas classé" in client.get(url).content.decode()
    client.post(url)
    part.batch.refresh_from_db()
    assert (part.batch.state, part.batch.parts.count()) == (ScanState.DISCARDED, 0)


def test_open_batches_are_listed_whoever_sent_them(as_role):
    waiting = ScanBatchFactory()
    ScanBatchFactory(state=ScanState.FILED, ended_at=timezone.now())
    client = as_role("gestionnaire")
    listed = reverse("admin:conventions_scanbatch_changelist")
    assert list(client.get(listed).context["cl"].result_list) == [waiting]
    assert client.get(f"{listed}?etat=tous").context["cl"].result_count == 2


def test_batch_being_read_shows_its_progress_and_a_failure_offers_to_read_again(as_role):
    job = JobFactory(kind="lecture_scans", state="en_cours", beat_at=timezone.now(), done=3, total=12)
    batch = ScanBatchFactory(state=ScanState.READING, job=job)
    client = as_role("gestionnaire")
    assert "3 sur 12" in client.get(batch_url(batch)).content.decode()
    type(job).objects.filter(pk=job.pk).update(state="echec", finished_at=timezone.now(), error="Arrêté.")
    assert "Lire de nouveau" in client.get(batch_url(batch)).content.decode()
    client.post(batch_url(batch), {"_relire": "1"})
    batch.refresh_from_db()
    assert batch.job != job


def test_picture_is_kept_by_the_browser_and_by_nobody_else(as_role, part):
    url = reverse("admin:scan_thumbnail", args=[part.batch_id, part.pages.get().pk])
    client = as_role("gestionnaire")
    answer = client.get(url)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/jpeg", "private, max-age=86400")
    assert client.get(url, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    other = reverse("admin:scan_thumbnail", args=[ScanBatchFactory().pk, part.pages.get().pk])
    assert client.get(other).status_code == 404


def test_queries_of_a_batch_do_not_grow_with_its_pages(as_role, part, query_budget):
    client = as_role("gestionnaire")
    client.get(batch_url(part.batch))
    with query_budget(30) as few:
        client.get(batch_url(part.batch))
    for number in range(2, 30):
        ScanPageFactory(file=part.pages.first().file, number=number, part=part, position=number)
    with query_budget(30) as many:
        client.get(batch_url(part.batch))
    assert len(many) == len(few)
