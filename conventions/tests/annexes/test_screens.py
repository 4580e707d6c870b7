"""Annexes on the page of a convention: chosen among its papers, renamed, kept in order; refusals stand beside them."""

import pytest
from django.urls import reverse

from conventions.enums import AttachmentKind
from conventions.models import Annex, Attachment
from conventions.tests import factories as f
from conventions.tests.admin.conventions.browser_post import add_line, form_data
from conventions.tests.annexes.conftest import annex_of, choose, paper
from conventions.tests.conftest import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(act):
    return reverse("admin:conventions_convention_change", args=[act.convention_id])


@pytest.fixture
def client(officer):
    return sign_in(officer)


def faults(answer):
    sheet = answer.context["sheet"]
    rows = [dict(form.errors) for form in sheet.formsets["annex"] if form.errors]
    return [str(told[0]) for errors in rows for told in errors.values()]


def test_an_officer_chooses_and_orders_annexes(act, client, page):
    plan, list_ = paper(act), paper(act, f.small_pdf("Liste"))
    data = form_data(client.get(page))
    add_line(data, "annex", attachment=plan.pk, title="Plan (fictif)", position="2")
    add_line(data, "annex", attachment=list_.pk, title="Liste (fictif)", position="1")
    assert client.post(page, data).status_code == 302
    assert list(Annex.objects.values_list("title", "page_count")) == [
        ("Liste (fictif)", 1),
        ("Plan (fictif)", 1),
    ]


def test_bank_details_are_not_offered_and_those_of_another_file_are_refused(act, client, page):
    bank = paper(act, kind=AttachmentKind.BANK)
    foreign = f.AttachmentFactory()
    data = form_data(client.get(page))
    for chosen in (bank, foreign):
        add_line(data, "annex", attachment=chosen.pk, title="X", position="")
    assert faults(client.post(page, data)) == ["Ce choix n’est plus possible. Choisissez dans la liste."] * 2
    assert not Annex.objects.exists()


def test_a_file_that_is_no_annex_is_told_beside_its_line_and_nothing_is_lost(act, client, page):
    text = paper(act, b"PK", content_type="application/vnd.oasis.opendocument.text", title="Note (fictif)")
    data = add_line(
        form_data(client.get(page)), "annex", attachment=text.pk, title="Note (fictif)", position=""
    )
    answer = client.post(page, data)
    assert [told[:24] for told in faults(answer)] == ["Une annexe est un PDF, u"]
    assert 'value="Note (fictif)"' in answer.content.decode()


def test_another_paper_in_the_same_line_is_read_anew(act, officer, client, page):
    choose(act, annex_of(act, paper(act)), by=officer)
    other = paper(act, f.small_pdf("Autre plan"))
    data = form_data(client.get(page))
    data["annex-0-attachment"] = [str(other.pk)]
    assert client.post(page, data).status_code == 302
    assert Annex.objects.get().sha256 == other.sha256


def test_the_same_paper_twice_is_refused(act, client, page):
    plan = paper(act)
    data = form_data(client.get(page))
    for title in ("Plan A", "Plan B"):
        add_line(data, "annex", attachment=plan.pk, title=title, position="")
    formset = client.post(page, data).context["sheet"].formsets["annex"]
    assert formset.non_form_errors() == ["Deux lignes sont identiques. Retirez-en une."]
    assert not Annex.objects.exists()


def test_a_paper_that_is_an_annex_is_not_removed_from_the_file(act, officer, client, page):
    plan = paper(act)
    choose(act, annex_of(act, plan), by=officer)
    data = form_data(client.get(page))
    data["attachment-0-DELETE"] = ["on"]
    answer = client.post(page, data)
    assert answer.status_code == 200
    assert "est une annexe d’un acte" in answer.content.decode()
    assert Attachment.objects.filter(pk=plan.pk).exists()
