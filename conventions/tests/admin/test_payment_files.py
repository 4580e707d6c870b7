"""The page of the file of a payment: what is missing, making it, reading it."""

import pytest
from django.urls import reverse

from conventions.domain.documents.storage import read_bytes
from conventions.enums import Role
from conventions.models import JournalEntry, PaymentFile
from conventions.tests import factories as f
from conventions.tests.domain.money.test_files import officer, payment  # noqa: F401  # fixtures
from conventions.tests.pdf.reading import plain

pytestmark = pytest.mark.django_db


def page_of(row) -> str:
    return reverse("admin:payment_file", args=[row.pk])


def test_missing_papers_are_told_and_nothing_is_made(as_role):
    row = f.PaymentFactory()
    client = as_role(Role.OFFICER)
    page = plain(client.get(page_of(row)).content.decode())
    assert "Il manque 2 pièces" in page
    assert "Produire le dossier" not in page
    after = client.post(page_of(row), follow=True)
    assert "Le dossier de ce versement n’est pas complet" in plain(after.content.decode())
    assert not PaymentFile.objects.exists()


def test_file_is_made_then_read_by_a_button(as_role, payment):  # noqa: F811
    client = as_role(Role.ACCOUNTANT)
    assert "Produire le dossier" in client.get(page_of(payment)).content.decode()
    client.post(page_of(payment))
    made = PaymentFile.objects.get()
    url = reverse("admin:payment_file_pdf", args=[payment.pk, made.version])
    answer = client.post(url)
    assert b"".join(answer.streaming_content) == read_bytes(made)
    assert JournalEntry.objects.filter(event="dossier_versement_consulte").count() == 1
    assert client.post(reverse("admin:payment_file_pdf", args=[payment.pk, 2])).status_code == 404


def test_reader_sees_the_papers_and_no_button(as_role, payment):  # noqa: F811
    page = as_role(Role.READER).get(page_of(payment)).content.decode()
    assert "_produire" not in page
    assert "au dossier" in page


def test_page_costs_the_same_whatever_the_number_of_papers(as_role, payment, query_budget):  # noqa: F811
    client = as_role(Role.ACCOUNTANT)
    with query_budget(24):
        client.get(page_of(payment))
