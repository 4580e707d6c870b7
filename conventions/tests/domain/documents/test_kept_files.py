"""A file of a refused form waits for its sender, its convention and its kind alone."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from conventions.domain.documents import attachments, kept_files, storage
from conventions.domain.foundation.refusals import Refused
from conventions.enums import AttachmentKind, Role
from conventions.models import Attachment, JournalEntry
from conventions.tests import factories as f

pytestmark = pytest.mark.django_db
SCAN, REPORT = AttachmentKind.SCAN, AttachmentKind.REPORT
CONTENT = f.small_pdf("exemplaire")


def upload(name="exemplaire.pdf", content=CONTENT) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def officer():
    return f.UserFactory(role=Role.OFFICER)


@pytest.fixture
def colleague():
    return f.UserFactory(role=Role.OFFICER)


@pytest.fixture
def convention():
    return f.ConventionFactory()


@pytest.fixture
def row(officer, convention):
    return kept_files.keep(upload(), by=officer, convention=convention, kind=SCAN)


@pytest.mark.parametrize(
    ("key", "who", "where", "kind", "found"),
    [
        ("its own", "officer", "convention", SCAN, True),
        ("its own", "colleague", "convention", SCAN, False),
        ("its own", "officer", "another", SCAN, False),
        ("its own", "officer", "convention", REPORT, False),
        ("", "officer", "convention", SCAN, False),
        ("²", "officer", "convention", SCAN, False),
        ("-1", "officer", "convention", SCAN, False),
        ("9" * 30, "officer", "convention", SCAN, False),
    ],
)
def test_only_its_sender_finds_it(row, officer, colleague, convention, key, who, where, kind, found):
    people, places = (
        {"officer": officer, "colleague": colleague},
        {"convention": convention, "another": f.ConventionFactory()},
    )
    asked = str(row.pk) if key == "its own" else key
    answer = kept_files.kept_of(asked, by=people[who], convention=places[where], kind=kind)
    assert answer == (row if found else None)


def test_it_is_read_and_dropped_by_its_sender_alone(row, officer, colleague, convention):
    assert storage.read_bytes(row) == CONTENT
    assert list(kept_files.readable(by=officer, convention=convention)) == [row]
    assert list(kept_files.readable(by=colleague, convention=convention)) == []
    kept_files.drop(row, by=colleague)
    assert Attachment.objects.get() == row
    kept_files.drop(row, by=officer)
    assert Attachment.objects.count() == 0


def test_once_filed_it_is_no_longer_kept(row, officer, colleague, convention):
    with pytest.raises(PermissionDenied):
        attachments.attach(row, by=colleague, convention=convention)
    assert not JournalEntry.objects.filter(event="piece_jointe_ajoutee").exists()
    attachments.attach(row, by=officer, convention=convention)
    assert list(kept_files.kept(by=officer, convention=convention)) == []
    assert list(kept_files.readable(by=colleague, convention=convention)) == [row]
    kept_files.drop(row, by=officer)
    assert Attachment.objects.get() == row
    assert JournalEntry.objects.filter(event="piece_jointe_ajoutee").count() == 1


def test_same_file_is_kept_once(row, officer, colleague, convention):
    assert kept_files.keep_once(upload(), by=officer, convention=convention, kind=REPORT) == row
    again = kept_files.keep_once(upload(), by=colleague, convention=convention, kind=REPORT)
    other = kept_files.keep_once(upload("autre.pdf"), by=officer, convention=convention, kind=REPORT)
    assert set(Attachment.objects.all()) == {row, again, other}


def test_what_is_no_document_is_not_kept(officer, convention):
    with pytest.raises(Refused):
        kept_files.keep(upload(content=b"rien"), by=officer, convention=convention, kind=SCAN)
    assert Attachment.objects.count() == 0
