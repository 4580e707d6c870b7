"""Documents: written once, read with their hash, served without a render."""

import hashlib
import os
import subprocess
import sys

import pytest
from django.conf import settings as django_settings
from django.core.files.storage import storages
from django.test import RequestFactory

from conventions.domain.documents import storage
from conventions.domain.documents.rendering import RenderedPdf
from conventions.enums import ActState, DocumentKind
from conventions.models import Document, JournalEntry
from conventions.tests.factories import CeremonyFactory, ConventionFactory, DocumentFactory, UserFactory

pytestmark = pytest.mark.django_db


def pdf(text: bytes = b"") -> RenderedPdf:
    content = b"%PDF-1.7 essai " + text
    digest = hashlib.sha256(content).hexdigest()
    return RenderedPdf(content=content, page_count=1, sha256=digest, tool_versions={}, html="")


@pytest.fixture
def act():
    return ConventionFactory().acts.get()


def stored(act, text: bytes = b"", kind=DocumentKind.PUBLIC) -> Document:
    return storage.store(pdf(text), kind=kind, title="Essai", by=None, act=act)


def test_store_numbers_versions_and_writes_the_journal(act):
    versions = [stored(act, text).version for text in (b"1", b"2")]
    assert versions == [1, 2]
    assert JournalEntry.objects.filter(event="document_produit", convention=act.convention).count() == 2


def test_store_the_same_bytes_twice_keeps_one_file(act):
    first, second = stored(act), stored(act)
    assert first.storage_name == second.storage_name
    folder = storages["private"].path(f"documents/{first.sha256[:2]}")
    assert os.listdir(folder) == [f"{first.sha256}.pdf"]


def test_read_bytes_of_a_changed_file_raises(act):
    document = stored(act)
    with open(storages["private"].path(document.storage_name), "ab") as file:
        file.write(b"x")
    with pytest.raises(storage.DamagedDocument, match="a été modifié"):
        storage.read_bytes(document)


def test_read_bytes_of_a_lost_file_raises(act):
    document = stored(act)
    storages["private"].delete(document.storage_name)
    with pytest.raises(storage.DamagedDocument, match="a disparu"):
        storage.read_bytes(document)


def test_download_serves_stored_bytes_then_says_not_modified(act):
    document = stored(act)
    response = storage.download_response(document, request=RequestFactory().get("/"))
    assert b"".join(response.streaming_content) == pdf().content
    assert response["Content-Disposition"].startswith("attachment")
    request = RequestFactory().get("/", headers={"If-None-Match": response["ETag"]})
    assert storage.download_response(document, request=request).status_code == 304


@pytest.mark.parametrize(
    ("kind", "name"), [(DocumentKind.FROZEN, "fige"), (DocumentKind.HANDOVER, "pv-remise")]
)
def test_file_name_is_plain_ascii(kind, name):
    act = ConventionFactory(slug="les-kimonos", act=ActState.TO_SIGN, act__number="2026-014").acts.get()
    document = Document(act=act, kind=kind, version=2)
    assert storage.file_name(document) == f"2026-014-les-kimonos-{name}-v2.pdf"


def test_file_name_of_a_ceremony_document():
    document = Document(ceremony=CeremonyFactory(slug="signatures-2026"), kind=DocumentKind.PRESS)
    assert storage.file_name(document) == "signatures-2026-presse.pdf"


@pytest.mark.parametrize("state", [ActState.DRAFT, ActState.IN_REVIEW, ActState.CANCELLED, ActState.DECLINED])
def test_shown_to_partner_is_nothing_outside_signature(state):
    act = ConventionFactory(act=state).acts.get()
    assert list(storage.shown_to_partner(act)) == []


def test_shown_to_partner_of_a_signed_act_leaves_public_and_superseded_documents_out():
    act = ConventionFactory(act=ActState.SIGNED).acts.get()
    DocumentFactory(act=act, kind=DocumentKind.PUBLIC)
    DocumentFactory(act=act, kind=DocumentKind.FROZEN, version=7)
    shown = {(document.kind, document.pk) for document in storage.shown_to_partner(act)}
    assert shown == {("fige", act.frozen_document_id), ("scan", act.signed_document_id)}


def test_download_does_not_load_the_renderer():
    code = (
        "import django, sys; django.setup();"
        "from conventions.domain import documents;"
        "print('weasyprint' in sys.modules, 'pypdf' in sys.modules)"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "opt_partners.settings", "DEBUG": "1"}
    environment["DATA_DIR"] = str(django_settings.DATA_DIR)
    result = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=django_settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert result.stdout == "False False\n"


def test_user_who_stored_is_kept(act):
    user = UserFactory(role="communication")
    document = storage.store(pdf(), kind=DocumentKind.PUBLIC, title="Essai", by=user, act=act)
    assert (document.created_by, JournalEntry.objects.get(event="document_produit").actor) == (user, user)


@pytest.mark.parametrize("state", [ActState.TO_SIGN, ActState.SIGNED, ActState.CANCELLED])
def test_one_document_is_shown_exactly_when_the_list_holds_it(state):
    act = ConventionFactory(act=state).acts.get()
    for kind in DocumentKind:
        DocumentFactory(act=act, kind=kind, version=9)
    listed = set(storage.shown_to_partner(act))
    assert {row for row in act.documents.all() if storage.is_shown_to_partner(row, act)} == listed
