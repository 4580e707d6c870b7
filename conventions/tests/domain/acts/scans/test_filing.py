"""A part becomes a document of its act; what nobody needs any more is erased."""

import hashlib
import json

import pytest
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.utils import timezone

from conventions.domain.acts import scans
from conventions.domain.acts.lifecycle import apply
from conventions.domain.acts.paper.signed_copy import InkSignature, PageCountDiffers
from conventions.domain.documents import storage
from conventions.domain.documents.archives.files import damaged_files
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ActState, DocumentKind, Event, ScanState
from conventions.models import Act, ReceivedFile, ScanBatch, SignatureAct
from conventions.tests.domain.acts.scans.overlays import Overlay
from conventions.tests.domain.acts.scans.scanner import (
    drawn,
    noisy,
    page_images,
    pages_of,
    pdf_of,
    upside_down,
)
from conventions.tests.pdf.reading import page_texts

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


def first_part(batch):
    return scans.batch_sheet(batch).parts[0].part


def today():
    return timezone.localdate()


def test_shuffled_scan_is_filed_in_the_order_of_the_paper(paper_act, printed, received, officer):
    act = paper_act(3)
    sent = pages_of(printed(act), 3, 1, 2)
    batch = received(sent)
    document = scans.file_part(first_part(batch), by=officer, signed_on=today())
    texts = page_texts(storage.read_bytes(document))
    assert [text.split("page ")[1][0] for text in texts] == ["1", "2", "3"]
    act = Act.objects.get(pk=act.pk)
    assert (act.state, act.signed_document, act.signed_on) == (ActState.SIGNED, document, today())


def test_filing_tells_where_the_pages_come_from(paper_act, printed, received, officer):
    act = paper_act(2)
    sent = pages_of(printed(act), 2, 1)
    batch = received(sent)
    document = scans.file_part(first_part(batch), by=officer, signed_on=today())
    entry = act.convention.journal.get(event="classer_scan")
    details = json.loads(entry.payload)["details"]
    assert entry.actor == officer
    assert details["fichiers"] == {hashlib.sha256(sent).hexdigest(): "2 1"}
    assert (details["extrait"], details["exemplaire"], details["lot"]) == (document.sha256, 1, batch.pk)


def test_upside_down_images_are_filed_upright(paper_act, printed, received, officer):
    act = paper_act(1)
    batch = received(pdf_of([noisy(upside_down(page_images(printed(act))[0]))]))
    document = scans.file_part(first_part(batch), by=officer, signed_on=today())
    again = received(storage.read_bytes(document))
    assert again.pages_of_batch().get().turn == 0


def test_dates_and_titles_of_the_paper_are_kept(paper_act, printed, received, officer):
    act = paper_act(1)
    person = act.signatories.first()
    batch = received(pages_of(printed(act), 1))
    row = InkSignature(signatory=person.pk, signed_on=today(), title="présidente par intérim")
    scans.file_part(first_part(batch), by=officer, signed_on=today(), signatures=[row])
    assert SignatureAct.objects.get(signatory=person).title == "présidente par intérim"


def test_missing_page_is_confirmed_before_filing(paper_act, printed, received, officer):
    act = paper_act(2)
    part = first_part(received(pages_of(printed(act), 1)))
    with pytest.raises(PageCountDiffers):
        scans.file_part(part, by=officer, signed_on=today())
    assert Act.objects.get(pk=act.pk).state == ActState.TO_SIGN
    document = scans.file_part(part, by=officer, signed_on=today(), confirmed_pages=1)
    assert document.page_count == 1


def test_second_copy_is_added_and_the_batch_ends(paper_act, printed, received, officer):
    act = paper_act(1)
    batch = received(printed(act))
    first, second = [view.part for view in scans.batch_sheet(batch).parts]
    filed = scans.file_part(first, by=officer, signed_on=today())
    added = scans.file_part(second, by=officer)
    act, batch = Act.objects.get(pk=act.pk), ScanBatch.objects.get(pk=batch.pk)
    assert (added.kind, added.version, act.signed_document) == (DocumentKind.SCAN, 2, filed)
    assert (batch.state, batch.is_open) == (ScanState.FILED, False)


def test_part_is_filed_once(paper_act, printed, received, officer):
    part = first_part(received(printed(paper_act(1))))
    scans.file_part(part, by=officer, signed_on=today())
    with pytest.raises(Refused, match="déjà classé"):
        scans.file_part(part, by=officer, signed_on=today())


def test_page_that_waits_keeps_the_batch_open(paper_act, printed, received, officer):
    act = paper_act(1)
    batch = received(pages_of(printed(act), 1), drawn(["Une lettre"]))
    scans.file_part(first_part(batch), by=officer, signed_on=today())
    assert ScanBatch.objects.get(pk=batch.pk).is_open
    scans.set_aside(batch, [scans.batch_sheet(batch).waiting[0].page.pk], by=officer)
    assert scans.finish_if_done(batch)


def stored(names) -> list[bool]:
    return [storages["private"].exists(name) for name in names]


def test_bytes_of_a_discarded_batch_are_erased_by_the_sweep(received, officer):
    batch = received(drawn(["Une lettre"]))
    page, file = batch.pages_of_batch().get(), batch.files.get()
    names = [file.storage_name, page.picture_name(page.thumbnail), page.picture_name(page.picture)]
    assert (scans.purge(), stored(names)) == (0, [True] * 3)
    scans.discard(batch, by=officer)
    assert (scans.purge(), stored(names)) == (3, [False] * 3)
    assert scans.purge() == 0
    assert list(damaged_files(lambda what, done: None)) == []


def test_bytes_that_another_batch_holds_stay(received, officer):
    content = drawn(["Une lettre"])
    batch, other = received(content), received(content)
    scans.discard(batch, by=officer)
    scans.purge()
    page, file = other.pages_of_batch().get(), other.files.get()
    assert stored([file.storage_name, page.picture_name(page.thumbnail)]) == [True, True]


def test_file_kept_beside_a_document_outlives_a_batch_that_is_discarded(
    paper_act, printed, received, officer
):
    content = bytes(Overlay(pages_of(printed(act := paper_act(1)), 1)).annotate("Stamp", seen=True))
    batch = received(content)
    apply(act, Event.FILE_SCAN, by=officer, scan=content, signed_on=today())
    scans.discard(batch, by=officer)
    scans.purge()
    assert storage.read_bytes(ReceivedFile.objects.get()) == content


def test_what_was_received_is_never_changed_nor_erased(paper_act, printed, received, officer):
    batch = received(pages_of(printed(paper_act(1)), 1))
    row = scans.file_part(first_part(batch), by=officer, signed_on=today()).received.get()
    for write in (lambda: ReceivedFile.objects.update(sha256="0" * 64), row.delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()


def test_filed_batch_keeps_what_was_sent_and_loses_its_pictures(paper_act, printed, received, officer):
    batch = received(pages_of(printed(paper_act(1)), 1))
    scans.file_part(first_part(batch), by=officer, signed_on=today())
    page, file = batch.pages_of_batch().get(), batch.files.get()
    scans.purge()
    assert stored([file.storage_name, page.picture_name(page.picture)]) == [True, False]
