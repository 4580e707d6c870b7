"""Clause templates: versions, states, the registry of fields beside the editor."""

from html import unescape

import pytest
from django.urls import reverse

from conventions.domain.acts.templates import clauses
from conventions.enums import Role, TemplateState
from conventions.models import ClauseTemplate, JournalEntry
from conventions.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lawyer(as_role):
    return as_role(Role.LAWYER)


@pytest.fixture
def in_force():
    return ClauseTemplate.objects.filter(state=TemplateState.IN_FORCE, code="objet").first()


def change(row):
    return reverse("admin:conventions_clausetemplate_change", args=[row.pk])


def step(row, verb):
    return reverse("admin:clausetemplate_verb", args=[row.pk, verb])


def fields(row, **values):
    names = ("act_kind", "code", "variant", "condition", "heading", "body", "position", "note")
    return {name: getattr(row, name) for name in names} | values


def test_text_in_force_is_read_not_edited(lawyer, in_force):
    html = lawyer.get(change(in_force)).content.decode()
    assert 'name="body"' not in html
    assert "Nouvelle version" in html
    assert lawyer.post(change(in_force), fields(in_force, body="Autre")).status_code == 403
    in_force.refresh_from_db()
    assert in_force.body != "Autre"


@pytest.mark.usefixtures("version_1_alone")
def test_new_version_is_a_draft_copied_once(lawyer, in_force):
    lawyer.post(step(in_force, "version"))
    lawyer.post(step(in_force, "version"))
    draft = ClauseTemplate.objects.get(state=TemplateState.DRAFT)
    assert (draft.version, draft.body, draft.code, draft.updated_by) == (
        in_force.version + 1,
        in_force.body,
        in_force.code,
        lawyer.user,
    )
    assert set(draft.kinds.all()) == set(in_force.kinds.all())


def test_putting_in_force_retires_the_one_before(lawyer, in_force):
    draft = clauses.new_version(in_force, by=lawyer.user)
    lawyer.post(step(draft, "vigueur"))
    in_force.refresh_from_db()
    draft.refresh_from_db()
    assert (in_force.state, draft.state) == (TemplateState.RETIRED, TemplateState.IN_FORCE)
    assert JournalEntry.objects.filter(event="modele_d_article_modifie").count() == 2


def test_step_that_the_state_does_not_allow_is_told(lawyer, in_force):
    response = lawyer.post(step(in_force, "vigueur"), follow=True)
    assert "Seule une version en préparation peut entrer en vigueur." in response.content.decode()


def test_unknown_field_is_told_with_a_suggestion_and_the_text_is_kept(lawyer, in_force):
    draft = clauses.new_version(in_force, by=lawyer.user)
    body = "Le montant est de {{ montan_total }}."
    response = lawyer.post(change(draft), fields(draft, body=body))
    html = unescape(response.content.decode())
    assert response.status_code == 200
    (message,) = response.context["adminform"].form.errors["body"]
    assert message.replace("\u00a0", " ").replace("\u202f", " ") == (
        "Ligne 1 : Champ inconnu : « montan_total ». Vouliez-vous dire « montant_total » ?"
    )
    assert body in html


def test_draft_is_saved_with_its_author(lawyer, in_force):
    draft = clauses.new_version(in_force, by=UserFactory(role=Role.LAWYER))
    response = lawyer.post(change(draft), fields(draft, body="Le montant est de {{ montant_total }}."))
    assert response.status_code == 302
    draft.refresh_from_db()
    assert (draft.body, draft.updated_by) == ("Le montant est de {{ montant_total }}.", lawyer.user)


def test_editor_shows_the_fields_and_the_text_on_an_example(lawyer, in_force):
    draft = clauses.new_version(in_force, by=lawyer.user)
    ClauseTemplate.objects.filter(pk=draft.pk).update(body="Le montant est de {{ montant_total }}.")
    html = unescape(lawyer.get(change(draft)).content.decode())
    assert "<code>montant_total_lettres</code>" in html
    assert "Le montant est de 2\u202f000\u202f000\u00a0F\u00a0CFP." in html


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.LAWYER}))
def test_other_roles_take_no_step(as_role, in_force, role):
    assert as_role(role).post(step(in_force, "retrait")).status_code == 403
    assert as_role(role).post(step(in_force, "inconnu")).status_code == 403
