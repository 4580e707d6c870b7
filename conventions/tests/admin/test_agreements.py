"""Templates of acts in the admin: edited as drafts, read in force, compared, printed."""

import io
from html import unescape

import pytest
from django.urls import reverse
from pypdf import PdfReader

from conventions.domain.acts.templates import agreements
from conventions.enums import ActKind, Role, TemplateState
from conventions.models import AgreementTemplate, JournalEntry
from conventions.reference.clauses import CLOSING
from conventions.tests.factories import AgreementTemplateFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("version_1_alone")]


@pytest.fixture
def lawyer(as_role):
    return as_role(Role.LAWYER)


@pytest.fixture
def first():
    return AgreementTemplate.objects.get(act_kind=ActKind.INITIAL)


def change(row):
    return reverse("admin:conventions_agreementtemplate_change", args=[row.pk])


def step(row, verb):
    return reverse("admin:agreementtemplate_verb", args=[row.pk, verb])


def lines_posted(row, **changed):
    """The form of a draft as a browser sends it; `changed`: {code: {column: value}}."""
    lines = list(row.lines.order_by("position", "code"))
    data = {
        "name": row.name,
        "note": row.note,
        "lines-TOTAL_FORMS": len(lines),
        "lines-INITIAL_FORMS": len(lines),
    }
    for rank, line in enumerate(lines):
        values = {"id": line.pk, "template": row.pk, "code": line.code, "position": line.position}
        values |= {"condition": line.condition, **({"mandatory": "on"} if line.mandatory else {})}
        values |= changed.get(line.code, {})
        data |= {f"lines-{rank}-{name}": value for name, value in values.items()}
    return data


def test_template_in_force_is_read_not_edited(lawyer, first):
    html = lawyer.get(change(first)).content.decode()
    assert 'name="lines-0-position"' not in html
    assert lawyer.post(change(first), lines_posted(first)).status_code == 403


def test_draft_is_edited_and_its_lines_are_journalled(lawyer, first):
    draft = agreements.new_version(first, by=lawyer.user)
    response = lawyer.post(change(draft), lines_posted(draft, objet={"position": 5, "mandatory": "on"}))
    assert response.status_code == 302
    line = draft.lines.get(code="objet")
    assert (line.position, line.mandatory) == (5, True)
    assert JournalEntry.objects.filter(event="modele_d_acte_modifie").count() == 1


def test_an_article_that_nobody_wrote_is_refused_in_the_form(lawyer, first):
    draft = agreements.new_version(first, by=lawyer.user)
    response = lawyer.post(change(draft), lines_posted(draft, objet={"code": "inconnu"}))
    assert response.status_code == 200
    assert draft.lines.filter(code="objet").exists()


def test_steps_follow_one_another(lawyer, first):
    lawyer.post(step(first, "version"))
    draft = AgreementTemplate.objects.get(state=TemplateState.DRAFT)
    lawyer.post(step(draft, "vigueur"))
    first.refresh_from_db()
    draft.refresh_from_db()
    assert (first.state, draft.state) == (TemplateState.RETIRED, TemplateState.IN_FORCE)


def test_step_that_is_refused_says_why(lawyer, first):
    draft = AgreementTemplateFactory(lines=[{"code": "objet"}])
    html = lawyer.post(step(draft, "vigueur"), follow=True).content.decode()
    assert "La formule de clôture" in html
    assert AgreementTemplate.objects.get(pk=draft.pk).state == TemplateState.DRAFT


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.LAWYER}))
def test_other_roles_take_no_step(as_role, first, role):
    assert as_role(role).post(step(first, "version")).status_code == 403


def test_comparison_names_what_changed(lawyer, first):
    draft = agreements.new_version(first, by=lawyer.user)
    draft.lines.filter(code="litiges").delete()
    response = lawyer.get(reverse("admin:agreementtemplate_compare", args=[draft.pk]))
    assert response.context["found"].removed == ("Litiges",)
    assert "<li>Litiges</li>" in response.content.decode()


def test_comparison_with_another_kind_of_act_falls_back_on_the_version_before(lawyer, first):
    other = AgreementTemplate.objects.get(act_kind=ActKind.AMENDMENT)
    draft = agreements.new_version(first, by=lawyer.user)
    url = reverse("admin:agreementtemplate_compare", args=[draft.pk])
    assert lawyer.get(url, {"avec": other.pk}).context["other"] == first


def test_reading_copy_names_the_blanks_and_the_version(as_role, first):
    response = as_role(Role.READER).get(reverse("admin:agreementtemplate_pdf", args=[first.pk]))
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)
    text = " ".join(unescape(text).split())
    assert "version 1, en vigueur depuis le" in text.lower()
    assert "[Montant total, en chiffres]" in text
    assert "{{" not in text


def test_lines_offer_the_articles_by_name(lawyer, first):
    draft = agreements.new_version(first, by=lawyer.user)
    html = unescape(lawyer.get(change(draft)).content.decode())
    assert f"Formule de clôture ({CLOSING})" in html
