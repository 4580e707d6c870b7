"""A disk that is full or closed: said in French, nothing half written, nothing lost of what was typed."""

import gc

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from conventions.domain.documents import storage
from conventions.enums import AttachmentKind
from conventions.models import Attachment, BankProposal, KeptFile, LoginCode
from conventions.tests import factories as f
from conventions.tests.conftest import sign_in
from conventions.tests.continuity.sites import held, impatient
from conventions.tests.factories.people import fictitious_iban
from conventions.tests.harness import files_of_at_most

pytestmark = pytest.mark.django_db
FULL = "Le disque du serveur est plein : rien n’a été enregistré."
HEAVY = 9 * 1024 * 1024
TYPED = {"number": fictitious_iban(7), "holder": "Association Banian", "bank_name": "Banque inventée"}


def heavy(name="rib.pdf") -> SimpleUploadedFile:
    """A readable PDF that weighs more than what the disk still takes."""
    return SimpleUploadedFile(name, f.small_pdf("lourd").ljust(HEAVY, b"\n"))


def read(response) -> str:
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def left() -> list[str]:
    return [path.name for path in settings.PRIVATE_ROOT.rglob("*") if path.is_file()]


@pytest.fixture(autouse=True)
def _in_memory(settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * HEAVY


def test_form_of_the_space_keeps_what_was_typed():
    president = f.PresidentFactory()
    convention = f.ConventionFactory(
        partner=president.mandates.get().partner, act="signe", act__fundings=[{"amount": 100_000}]
    )
    client, url = sign_in(president), reverse("portal:bank", args=[convention.slug])
    before = left()
    with files_of_at_most(HEAVY - 1):
        page = client.post(url, TYPED | {"file": heavy()})
    assert (FULL in read(page), page.status_code < 500 or page.status_code == 503) == (True, True)
    assert all(value in read(page) for value in TYPED.values())
    assert (BankProposal.objects.count(), Attachment.objects.count(), KeptFile.objects.count()) == (0, 0, 0)
    assert left() == before
    assert client.post(url, TYPED | {"file": heavy()}).status_code == 302
    assert BankProposal.objects.get().holder == TYPED["holder"]


def test_form_of_the_administration_keeps_what_was_typed():
    partner, client = f.PartnerFactory(), sign_in("gestionnaire")
    url = reverse("admin:partner_files", args=[partner.pk])
    typed = {"kind": AttachmentKind.OTHER, "title": "Statuts de 2019"}
    with files_of_at_most(HEAVY - 1):
        page = client.post(url, typed | {"file": heavy("statuts.pdf")})
    assert (FULL in read(page), typed["title"] in read(page)) == (True, True)
    assert (Attachment.objects.count(), left()) == (0, [])
    client.post(url, typed | {"file": heavy("statuts.pdf")})
    row = Attachment.objects.get()
    assert len(storage.read_bytes(row)) == HEAVY


def test_upload_that_finds_no_room_before_the_page_is_told_too(settings):
    """Heavy files are first written beside, by Django, before any view is called."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1024
    partner, client = f.PartnerFactory(), sign_in("gestionnaire")
    client.raise_request_exception = False
    with files_of_at_most(HEAVY - 1):
        page = client.post(reverse("admin:partner_files", args=[partner.pk]), {"file": heavy("statuts.pdf")})
    gc.collect()
    assert (page.status_code, FULL in read(page), left()) == (503, True, [])


@pytest.mark.django_db(transaction=True)
def test_database_that_finds_no_room_gives_back_what_was_typed():
    if connection.vendor != "sqlite":
        pytest.skip("Le serveur PostgreSQL a ses propres limites.")
    client, url = Client(raise_request_exception=False), reverse("portal:sign_in")
    client.get(url)
    with files_of_at_most(4096):
        page = client.post(url, {"email": "presidence@banian.invalid"})
    assert (page.status_code, "rien n’a été enregistré" in read(page)) == (503, True)
    assert 'name="email" value="presidence@banian.invalid"' in read(page)
    assert LoginCode.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_database_that_somebody_else_holds_gives_back_what_was_typed():
    client, url = Client(raise_request_exception=False), reverse("portal:sign_in")
    client.get(url)
    with impatient(), held():
        page = client.post(url, {"email": "presidence@banian.invalid"})
        assert (page.status_code, page["Retry-After"]) == (503, "60")
        assert "La base de données est occupée : rien n’a été enregistré." in read(page)
        assert 'name="email" value="presidence@banian.invalid"' in read(page)
        assert client.get("/").status_code == 200
    assert client.post(url, {"email": "presidence@banian.invalid"}).status_code == 302
