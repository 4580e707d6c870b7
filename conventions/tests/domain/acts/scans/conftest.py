"""Acts really frozen and printed, and what a scanner makes of their pages."""

import datetime

import pytest
from django.utils import timezone

from conventions.domain.acts.paper import copies
from conventions.domain.documents import storage
from conventions.enums import ActState
from conventions.models import Act, ScanBatch
from conventions.tests.domain.acts.scans.scanner import drawn
from conventions.tests.factories import ConventionFactory, DocumentFactory, UserFactory


@pytest.fixture
def officer(db):
    return UserFactory(role="gestionnaire")


@pytest.fixture
def paper_act(db):
    """`paper_act(pages=3)`: an act to be signed, frozen a month ago, with a real document of so many pages."""

    def make(pages: int = 3) -> Act:
        act = ConventionFactory(act=ActState.TO_SIGN).acts.get()
        text = [f"{act.number} – page {number}" for number in range(1, pages + 1)]
        paper = DocumentFactory(act=act, version=2, pdf=drawn(text), page_count=pages)
        month = timezone.now() - datetime.timedelta(days=30)
        Act.objects.filter(pk=act.pk).update(frozen_document=paper, frozen_at=month)
        return Act.objects.get(pk=act.pk)

    return make


@pytest.fixture
def printed(officer):
    """The bytes of the copies of an act, as they would come out of the printer."""
    return lambda act: storage.read_bytes(copies.print_copies(act, by=officer))


@pytest.fixture
def received(officer, django_capture_on_commit_callbacks):
    """`received(pdf, …)`: these PDFs sent as one batch, and read."""

    def send(*contents: bytes, act=None) -> ScanBatch:
        from conventions.domain.acts import scans

        uploads = [(f"scan-{rank}.pdf", content) for rank, content in enumerate(contents, start=1)]
        with django_capture_on_commit_callbacks(execute=True):
            batch = scans.receive(uploads, by=officer, act=act)
        batch.refresh_from_db()
        return batch

    return send
