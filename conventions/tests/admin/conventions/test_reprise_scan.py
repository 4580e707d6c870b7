"""The page that adds a scan to a reprise."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conventions.models import Act
from conventions.tests import factories as f

pytestmark = pytest.mark.django_db
WEB = "Ce fichier est une page web ou du code. Imprimez-la en PDF, puis envoyez ce PDF."
REFUSED = f"{WEB} Formats acceptés\u00a0: PDF."


def url_of(convention):
    return reverse("admin:conventions_convention_reprise_scan", args=[convention.pk])


def pdf(content=None):
    return SimpleUploadedFile("acte.pdf", content or f.small_pdf("acte"), "application/pdf")


def test_officer_adds_the_scan_from_the_page(as_role):
    convention = f.ConventionFactory(reprise=True)
    client = as_role("gestionnaire")
    page = client.get(reverse("admin:conventions_convention_change", args=[convention.pk])).content.decode()
    assert f'name="_aller" value="{url_of(convention)}"' in page  # what is typed is saved on the way
    answer = client.post(url_of(convention), {"scan": pdf(), "signed_on": "2021-06-14"})
    act = Act.objects.get(convention=convention)
    assert (answer.status_code, f"{act.signed_on}", act.signed_document.kind) == (302, "2021-06-14", "scan")


def test_file_that_is_no_pdf_is_refused_in_words(as_role):
    convention = f.ConventionFactory(reprise=True)
    page = as_role("gestionnaire").post(
        url_of(convention), {"scan": pdf(b"<html>"), "signed_on": "2021-06-14"}
    )
    assert (page.status_code, Act.objects.get(convention=convention).signed_document) == (200, None)
    assert page.context["form"]["signed_on"].value() == "2021-06-14"
    assert page.context["form"].errors["scan"] == [REFUSED]


def test_attested_reprise_has_no_such_page(as_role):
    convention = f.ConventionFactory(reprise=True)
    Act.objects.filter(convention=convention).update(attested_at="2026-01-01T00:00:00Z")
    assert as_role("gestionnaire").get(url_of(convention)).status_code == 404
