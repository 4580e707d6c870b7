"""Absurd addresses, searches, counts and files are refused quickly; none breaks a page."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.http import QueryDict
from django.urls import reverse

from conventions.domain.foundation import pdf_sandbox
from conventions.domain.foundation.refusals import Refused
from conventions.forms import terms
from conventions.forms.rows import RowFormSet, row_formset
from conventions.models import Act, Attachment, Funding, LetterTemplate
from conventions.tests.admin.conventions.browser_post import form_data
from conventions.tests.factories import (
    ActFactory,
    AttachmentFactory,
    ConventionFactory,
    LetterTemplateFactory,
    ReportReceivedFactory,
    small_pdf,
)

HUGE = "9" * 30
LISTS = ("convention", "partner", "journalentry", "user", "project", "ceremony", "kind", "pressrelease")


def test_document_of_an_impossible_number_does_not_exist(as_role, db):
    assert as_role("president").get(f"/espace/documents/{HUGE}/").status_code == 404


@pytest.mark.parametrize("model", ["convention", "partner"])
@pytest.mark.parametrize("key", ["²", HUGE, "%00"])
def test_page_of_an_impossible_key_does_not_exist(as_role, db, model, key):
    response = as_role("superuser").get(f"/admin/conventions/{model}/{key}/change/")
    assert response.status_code in (302, 404)


@pytest.mark.parametrize("address", ["/admin/chiffres/?annee=²", "/admin/conventions/journalentry/?qui=²"])
def test_filter_that_is_no_number_is_left_aside(as_role, db, address):
    assert as_role("superuser").get(address).status_code == 200


@pytest.mark.parametrize("model", LISTS)
def test_search_of_a_thousand_words_is_cut(as_role, db, model):
    address = reverse(f"admin:conventions_{model}_changelist")
    assert as_role("superuser").get(address, {"q": "a " * 3000}).status_code == 200


def test_formset_that_claims_a_billion_lines_is_read_at_once(db):
    formset = row_formset(Act, terms.FundingForm, formset=RowFormSet)
    data = QueryDict(f"funding-TOTAL_FORMS=1&funding-INITIAL_FORMS={HUGE}&funding-0-amount=1")
    bound = formset(data, instance=ActFactory(), queryset=Funding.objects.none(), prefix="funding")
    assert bound.is_valid() is False


@pytest.mark.parametrize("action", ["\x00", "a\x00b", "²", HUGE])
@pytest.mark.parametrize("keys", [["1"], ["\x00"], [HUGE], ["²", "-1"]])
def test_action_of_a_list_that_does_not_exist_does_nothing(as_role, db, action, keys):
    posted = {"action": action, "_selected_action": keys, "index": action}
    for model in ("convention", "payment", "journalentry"):
        page = as_role("superuser").post(reverse(f"admin:conventions_{model}_changelist"), posted)
        assert page.status_code in (200, 302, 403)


def test_file_that_a_report_shows_is_not_deleted_from_the_page(as_role, db):
    convention = ConventionFactory(act="signe", act__obligations=[{}])
    kept = AttachmentFactory(convention=convention, title="Compte rendu (fictif)")
    ReportReceivedFactory(obligation=convention.acts.get().obligation_set.get(), attachment=kept)
    client = as_role("gestionnaire")
    address = reverse("admin:conventions_convention_change", args=[convention.pk])
    posted = form_data(client.get(address)) | {"attachment-0-DELETE": ["on"]}
    posted["attachment-0-title"] = ["Un autre titre"]
    page = client.post(address, posted)
    assert "s’appuie sur une ligne que vous retirez" in page.content.decode()
    assert "Un autre titre" in page.content.decode()
    assert Attachment.objects.get().title == "Compte rendu (fictif)"


def test_second_first_version_of_a_letter_is_refused_on_its_form(as_role, db):
    typed = {
        "code": LetterTemplateFactory().code,
        "heading": "Objet",
        "body": "Un texte (fictif).",
        "note": "",
    }
    page = as_role("juriste").post(reverse("admin:conventions_lettertemplate_add"), typed)
    assert (page.status_code, LetterTemplate.objects.filter(code=typed["code"], version=1).count()) == (
        200,
        1,
    )
    assert "préparez-en une nouvelle version" in page.content.decode()


@pytest.mark.parametrize("number", ["²", "9" * 5000])
def test_posted_version_that_is_no_number_is_an_old_version(as_role, db, number):
    convention = ConventionFactory()
    address = reverse("admin:conventions_convention_change", args=[convention.pk])
    posted = {"version": number, "_ajouter": "funding", "funding-TOTAL_FORMS": number}
    assert as_role("gestionnaire").post(address, posted).status_code == 200


@pytest.mark.parametrize(
    "broken",
    [
        small_pdf("x").replace(b"/Type/Pages/Kids[3 0 R]", b"/Type/Pages/Kids 99999999"),
        b"%PDF-1.7\n" + b"[" * 200_000,
        b"%PDF-1.4\nstartxref\n99999999999999999999\n%%EOF",
        b"%PDF-1.5\n1 0 obj<</Type/XRef/W[1 2 1]/Size 2/Filter/Nope/Length 4>>stream\nabcd\nendstream endobj\n"
        b"startxref\n9\n%%EOF",
    ],
)
def test_scan_that_no_reader_opens_is_refused_in_french(broken):
    with pytest.raises(Refused, match="Ce PDF est abîmé et ne s’ouvre pas"):
        list(pdf_sandbox.read_pages(broken, pictures=False))


@pytest.mark.parametrize("secret", ["", "   ", "trop-courte"])
def test_site_refuses_to_start_with_a_weak_key(tmp_path, secret):
    environment = {**os.environ, "SECRET_KEY": secret, "DATA_DIR": str(tmp_path), "DEMO": "0", "DEBUG": "0"}
    started = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (started.returncode, "SECRET_KEY" in started.stderr) == (1, True)
