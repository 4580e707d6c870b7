"""A file of a refused form waits for its sender, its convention and its form alone, for thirty days."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from conventions.domain.documents import attachments, kept_files, storage
from conventions.domain.foundation.refusals import Refused
from conventions.enums import AttachmentKind, Role
from conventions.models import Attachment, JournalEntry
from conventions.tests import factories as f

pytestmark = pytest.mark.django_db
SCAN, REPORT = AttachmentKind.SCAN, AttachmentKind.REPORT
HERE, ELSEWHERE = "classer_scan", "compte-rendu"
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
    return kept_files.keep(upload(), by=officer, convention=convention, kind=SCAN, form=HERE)


@pytest.mark.parametrize(
    ("key", "who", "where", "form", "found"),
    [
        ("its own", "officer", "convention", HERE, True),
        ("its own", "colleague", "convention", HERE, False),
        ("its own", "officer", "another", HERE, False),
        ("its own", "officer", "convention", ELSEWHERE, False),
        ("its own", "officer", "convention", kept_files.PAGE, False),
        ("", "officer", "convention", HERE, False),
        ("²", "officer", "convention", HERE, False),
        ("-1", "officer", "convention", HERE, False),
        ("9" * 30, "officer", "convention", HERE, False),
    ],
)
def test_only_its_sender_finds_it(row, officer, colleague, convention, key, who, where, form, found):
    people, places = (
        {"officer": officer, "colleague": colleague},
        {"convention": convention, "another": f.ConventionFactory()},
    )
    asked = str(row.pk) if key == "its own" else key
    answer = kept_files.kept_of(asked, by=people[who], convention=places[where], form=form)
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
    assert list(kept_files.kept(by=officer, convention=convention, form=HERE)) == []
    assert list(kept_files.readable(by=colleague, convention=convention)) == [row]
    kept_files.drop(row, by=officer)
    assert Attachment.objects.get() == row
    assert JournalEntry.objects.filter(event="piece_jointe_ajoutee").count() == 1


def test_same_file_of_a_page_is_kept_once(row, officer, colleague, convention):
    first = kept_files.keep_once(upload(), by=officer, convention=convention, kind=REPORT)
    assert kept_files.keep_once(upload(), by=officer, convention=convention, kind=REPORT) == first != row
    again = kept_files.keep_once(upload(), by=colleague, convention=convention, kind=REPORT)
    other = kept_files.keep_once(upload("autre.pdf"), by=officer, convention=convention, kind=REPORT)
    assert set(Attachment.objects.all()) == {row, first, again, other}


def test_what_is_no_document_is_not_kept(officer, convention):
    with pytest.raises(Refused):
        kept_files.keep(upload(content=b"rien"), by=officer, convention=convention, kind=SCAN)
    assert Attachment.objects.count() == 0


def after(days: int) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(days=days)


def test_sweep_erases_it_after_thirty_days_with_its_bytes(
    row, officer, convention, capsys, django_capture_on_commit_callbacks
):
    def sweep(days: int) -> str:
        with time_machine.travel(after(days)), django_capture_on_commit_callbacks(execute=True):
            call_command("balayer")
        return capsys.readouterr().out

    def found(days: int) -> Attachment | None:
        with time_machine.travel(after(days)):
            return kept_files.kept_of(str(row.pk), by=officer, convention=convention, form=HERE)

    sweep(29)
    assert (found(29), found(31)) == (row, None)
    assert "1 fichier gardé effacé" in sweep(31).replace("\u00a0", " ")
    assert (Attachment.objects.count(), storages["private"].exists(row.storage_name)) == (0, False)


def test_bytes_that_another_row_names_stay(row, officer, convention, django_capture_on_commit_callbacks):
    other = attachments.file_upload(upload(), by=officer, convention=convention)
    with django_capture_on_commit_callbacks(execute=True):
        assert kept_files.purge(at=after(31)) == 1
    assert (list(Attachment.objects.all()), storage.read_bytes(other)) == ([other], CONTENT)


def test_what_was_filed_is_never_erased(row, officer, convention):
    attachments.attach(row, by=officer, convention=convention)
    assert kept_files.purge(at=after(4000)) == 0
    assert storage.read_bytes(row) == CONTENT
