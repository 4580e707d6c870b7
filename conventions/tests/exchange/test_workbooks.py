"""A list too long for a request: offered, made by the worker, served once to who asked, erased the day after."""

import datetime
import io

import pytest
from django.core.files.storage import storages
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from conventions.domain.foundation import jobs
from conventions.enums import JobState
from conventions.exchange import workbooks
from conventions.exchange.tables import XLSX_TYPE
from conventions.models import Job, JournalEntry
from conventions.tests.factories import ConventionFactory, JournalEntryFactory, UserFactory
from conventions.tests.harness import page_faults

pytestmark = pytest.mark.django_db
PAYLOAD = (
    '{"at": "", "actor": null, "event": "convention_creee", "personal": "", "changes": {}, "details": {}}'
)
ADDRESS = "admin:conventions_convention_export"


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """Two rows are already too many for one request."""
    monkeypatch.setattr(workbooks, "MOST_AT_ONCE", 2)


def text_of(response) -> str:
    return response.content.decode().replace("\xa0", " ").replace("\u202f", " ")


def asked(client, query="?q=banian"):
    for rank in range(3):
        ConventionFactory(title=f"Banian {rank} (fictif)")
    ConventionFactory(title="Autre (fictif)")
    response = client.post(reverse(ADDRESS, args=["xlsx"]) + query)
    return Job.objects.get(kind=workbooks.KIND), response


def test_a_long_list_is_offered_and_nothing_starts_on_a_get(as_role):
    client = as_role("gestionnaire")
    for _ in range(3):
        ConventionFactory()
    page = client.get(reverse(ADDRESS, args=["xlsx"]))
    assert page.status_code == 200
    assert "Cette liste a 3 lignes" in text_of(page)
    assert page_faults(page.content.decode()) == []
    assert Job.objects.count() == 0


def test_a_short_list_and_a_csv_leave_at_once(as_role):
    client = as_role("gestionnaire")
    ConventionFactory()
    assert client.get(reverse(ADDRESS, args=["xlsx"]))["Content-Type"] == XLSX_TYPE
    for _ in range(3):
        ConventionFactory()
    assert client.get(reverse(ADDRESS, args=["csv"])).streaming


def test_the_workbook_holds_what_the_search_leaves_and_is_served_once(as_role):
    client = as_role("gestionnaire")
    row, response = asked(client)
    assert response.url == reverse("jobs:detail", args=[row.pk])
    done = jobs.run_job(row.pk)
    assert (done.state, done.done, done.total) == (JobState.DONE, 0, 3)
    assert "3 lignes." in text_of(client.get(response.url))
    file = client.post(reverse("jobs:workbook", args=[row.pk]))
    sheet = load_workbook(io.BytesIO(b"".join(file.streaming_content))).active
    assert sorted(cell.value for cell in sheet["A"][1:]) == [f"Banian {rank} (fictif)" for rank in range(3)]
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, sheet.max_column).column_letter}4"
    entry = JournalEntry.objects.get(event="liste_exportee")
    assert (entry.actor, '"lignes":3' in entry.payload) == (client.user, True)
    again = client.post(reverse("jobs:workbook", args=[row.pk]), follow=True)
    assert workbooks.GONE in again.content.decode()
    assert "Télécharger le classeur" not in again.content.decode()
    assert JournalEntry.objects.filter(event="liste_exportee").count() == 1


def test_the_file_goes_once_served(as_role, django_capture_on_commit_callbacks):
    client = as_role("gestionnaire")
    row, _response = asked(client)
    stored = jobs.run_job(row.pk).result["file"]
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("jobs:workbook", args=[row.pk]))
    assert not storages["private"].exists(stored)
    assert len(b"".join(response.streaming_content)) > 1_000


def test_nobody_else_takes_it_not_even_an_administrator(as_role):
    row, _response = asked(as_role("gestionnaire"))
    jobs.run_job(row.pk)
    for other in ("gestionnaire", "superuser"):
        assert as_role(other).post(reverse("jobs:workbook", args=[row.pk])).status_code == 404
    assert storages["private"].exists(Job.objects.get(pk=row.pk).result["file"])


def test_a_right_withdrawn_before_the_work_runs_gives_nothing(as_role):
    client = as_role("gestionnaire")
    row, _response = asked(client)
    client.user.groups.clear()
    done = jobs.run_job(row.pk)
    assert (done.state, done.error) == (JobState.FAILED, workbooks.NO_LONGER)


def test_more_rows_than_a_sheet_is_refused_in_french(as_role, monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_ROWS", 2)
    row, _response = asked(as_role("gestionnaire"))
    done = jobs.run_job(row.pk)
    assert (done.state, done.error) == (JobState.FAILED, workbooks.TOO_LONG)


def test_workbooks_of_yesterday_are_erased(as_role):
    row, _response = asked(as_role("gestionnaire"))
    stored = jobs.run_job(row.pk).result["file"]
    assert workbooks.purge() == 0
    assert workbooks.purge(at=timezone.now() + workbooks.FOR + datetime.timedelta(minutes=1)) == 1
    assert not storages["private"].exists(stored)


@pytest.mark.parametrize("name", sorted(workbooks.READERS))
def test_every_list_is_read_by_the_worker(name):
    owner = UserFactory(superuser=True)
    listing = workbooks.READERS[name](owner, "")
    assert len(list(listing.rows)) == listing.count
    assert listing.columns


def test_the_journal_too(as_role):
    client = as_role("juriste")
    for _ in range(3):
        JournalEntryFactory(event="convention_creee", payload=PAYLOAD)
    url = reverse("admin:conventions_journalentry_export", args=["xlsx"])
    assert "Cette liste a 3 lignes" in text_of(client.get(url))
    client.post(f"{url}?quoi=convention_creee")
    done = jobs.run_job(Job.objects.get().pk)
    assert (done.state, done.result["rows_count"]) == (JobState.DONE, 3)
