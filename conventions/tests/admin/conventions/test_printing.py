"""« Imprimer »: the page, the copies made by one button, by those who may."""

import pytest
from django.urls import reverse

from conventions.enums import ActState, DocumentKind
from conventions.models import Document
from conventions.tests.factories import ConventionFactory

pytestmark = pytest.mark.pdf


def print_url(convention):
    return reverse("admin:conventions_convention_print", args=[convention.pk])


def test_officer_makes_the_copies_then_downloads_them(as_role):
    convention = ConventionFactory(act=ActState.TO_SIGN)
    client = as_role("gestionnaire")
    assert client.get(print_url(convention)).context["made"] is None
    assert client.post(print_url(convention)).url == print_url(convention)
    made = client.get(print_url(convention)).context["made"]
    url = reverse("admin:conventions_convention_document", args=[convention.pk, made.pk])
    content = b"".join(as_role("lecture").get(url).streaming_content)
    assert (made.kind, content[:5]) == (DocumentKind.COPIES, b"%PDF-")


def test_copies_are_made_by_officers_only(as_role):
    convention = ConventionFactory(act=ActState.TO_SIGN)
    assert as_role("juriste").post(print_url(convention)).status_code == 403
    assert Document.objects.of_kind(DocumentKind.COPIES).count() == 0


def test_draft_has_nothing_to_print(as_role, draft):
    assert as_role("gestionnaire").get(print_url(draft)).status_code == 404


def test_page_names_who_signs_in_order(as_role):
    convention = ConventionFactory(act=ActState.TO_SIGN)
    page = as_role("lecture").get(print_url(convention))
    assert list(page.context["people"]) == list(convention.acts.get().signatories.all())
    assert [copy.number for copy in page.context["copies"]] == [1, 2]
