"""Every page of lists and forms opens for who may, and only for them."""

import pytest
from django.urls import reverse

from conventions.enums import Role
from conventions.models import ClauseTemplate, JournalEntry, Kind, LetterTemplate
from conventions.tests.factories import (
    BoardDecisionFactory,
    CeremonyFactory,
    ConventionFactory,
    LegalThresholdFactory,
    PartnerFactory,
    PressContactFactory,
    PressReleaseFactory,
    ProjectFactory,
    PublicSheetFactory,
    RepresentativeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
LISTS = [
    "partner", "clausetemplate", "lettertemplate", "kind", "theme", "value", "plan", "area", "legalthreshold",
    "declaredyear",
    "presscontact", "boarddecision", "ceremony", "project", "publicsheet", "pressrelease", "journalentry",
]  # fmt: skip
EDITORS = {
    "partner": {Role.OFFICER},
    "project": {Role.OFFICER},
    "clausetemplate": {Role.LAWYER},
    "lettertemplate": {Role.LAWYER},
    "legalthreshold": {Role.LAWYER},
    "publicsheet": set(),
    "journalentry": set(),
    "pressrelease": {Role.COMMUNICATION},
}
DEFAULT_EDITORS = {Role.OFFICER, Role.LAWYER, Role.COMMUNICATION}


def address(model, page="changelist", *args):
    return reverse(f"admin:conventions_{model}_{page}", args=args)


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("model", LISTS)
def test_list_opens_for_every_role_and_adding_for_its_editors(as_role, role, model):
    client = as_role(role)
    assert client.get(address(model)).status_code == 200
    expected = 200 if role in EDITORS.get(model, DEFAULT_EDITORS) else 403
    assert client.get(address(model, "add")).status_code == expected


@pytest.mark.parametrize("who", ["anonymous", "president"])
@pytest.mark.parametrize("model", [*LISTS, "user"])
def test_list_is_closed_to_who_is_not_staff(as_role, who, model):
    response = as_role(who).get(address(model))
    assert response.status_code == 302
    assert response.url.startswith("/admin/login/")


def test_staff_without_a_role_stays_out(as_role):
    response = as_role(UserFactory(staff=True)).get("/admin/")
    assert response.status_code == 302


@pytest.mark.parametrize("role", [*Role.values, "superuser"])
def test_accounts_open_for_administrators_only(as_role, role):
    expected = 200 if role == "superuser" else 403
    client = as_role(role)
    assert client.get(address("user")).status_code == expected
    assert client.get(address("user", "add")).status_code == expected


@pytest.fixture
def rows():
    """One row of every page, by model name."""
    partner = PartnerFactory()
    RepresentativeFactory(partner=partner)
    return {
        "partner": partner,
        "kind": Kind.objects.first(),
        "clausetemplate": ClauseTemplate.objects.first(),
        "lettertemplate": LetterTemplate.objects.first(),
        "presscontact": PressContactFactory(),
        "boarddecision": BoardDecisionFactory(),
        "ceremony": CeremonyFactory(),
        "project": ProjectFactory(),
        "publicsheet": PublicSheetFactory(),
        "pressrelease": PressReleaseFactory(),
        "user": UserFactory(role=Role.READER),
    }


@pytest.mark.parametrize("role", ["superuser", Role.READER])
def test_row_opens_and_its_history_too(as_role, rows, role):
    client = as_role(role)
    expected = {name: 200 if role == "superuser" or name != "user" else 403 for name in rows}
    assert {
        name: client.get(address(name, "change", row.pk)).status_code for name, row in rows.items()
    } == expected
    histories = {
        name: client.get(address(name, "history", row.pk)).status_code
        for name, row in rows.items()
        if name != "user"
    }
    assert set(histories.values()) == {200}


def test_reader_sees_no_button_that_saves(as_role, rows):
    client = as_role(Role.READER)
    for name, row in rows.items():
        if name != "user":
            html = client.get(address(name, "change", row.pk)).content.decode()
            assert 'name="_save"' not in html, name


def test_bulk_delete_and_log_entries_are_gone(as_role):
    html = as_role("superuser").get(address("kind")).content.decode()
    assert "delete_selected" not in html
    from django.contrib.admin.models import LogEntry

    client = as_role("superuser")
    kind = Kind.objects.get(slug="partenariat")
    fields = {"name": "partenariat associatif", "agreement_title": kind.agreement_title, "position": 1}
    response = client.post(address("kind", "change", kind.pk), {**fields, "active": "on"})
    assert response.status_code == 302
    assert LogEntry.objects.count() == 0
    entry = JournalEntry.objects.get(event="nature_de_convention_modifie")
    assert '"name":["partenariat","partenariat associatif"]' in entry.payload
    assert (entry.chain, entry.actor) == ("site", client.user)


def test_saving_without_a_change_writes_no_line(as_role):
    kind = Kind.objects.get(slug="partenariat")
    fields = {
        "name": kind.name,
        "agreement_title": kind.agreement_title,
        "position": kind.position,
        "active": "on",
    }
    as_role("superuser").post(address("kind", "change", kind.pk), fields)
    assert JournalEntry.objects.count() == 0


def test_deleting_what_is_used_is_refused_with_the_way_out(as_role):
    convention = ConventionFactory(kind=Kind.objects.get(slug="partenariat"))
    page = as_role(Role.OFFICER).get(address("kind", "delete", convention.kind_id))
    assert "ne peut pas être supprimé" in page.content.decode()
    assert convention.title in page.content.decode()


def test_deleting_what_never_served_is_journalled(as_role):
    kind = Kind.objects.create(slug="essai", name="essai", agreement_title="Essai")
    response = as_role(Role.OFFICER).post(address("kind", "delete", kind.pk), {"post": "yes"})
    assert response.status_code == 302
    assert not Kind.objects.filter(pk=kind.pk).exists()
    assert JournalEntry.objects.get().event == "nature_de_convention_supprime"


def test_navigation_is_grouped_by_task(as_role):
    groups = as_role("superuser").get("/admin/").context["available_apps"]
    names = [group["name"] for group in groups]
    assert names == [
        "Conventions",
        "Budget",
        "Matériel",
        "Partenaires",
        "Publication",
        "Modèles et listes",
        "Comptes et journal",
    ]


def test_reader_is_not_offered_accounts(as_role):
    groups = as_role(Role.READER).get("/admin/").context["available_apps"]
    models = {entry["object_name"] for group in groups for entry in group["models"]}
    assert "User" not in models
    assert {entry["add_url"] for group in groups for entry in group["models"]} == {None}


def test_login_page_says_whose_it_is(client):
    html = client.get("/admin/login/").content.decode()
    assert html.count("<h1>") == 1
    assert "Connexion du personnel" in html
    wrong = client.post("/admin/login/", {"username": "personne", "password": "faux"})
    assert 'role="alert"' in wrong.content.decode()


@pytest.mark.parametrize("factory", [ProjectFactory, PressContactFactory, LegalThresholdFactory])
def test_row_that_nothing_uses_is_deleted_and_told(as_role, factory):
    row, client = factory(), as_role("superuser")
    model, name = type(row), str(row._meta.model_name)
    assert client.get(address(name, "delete", row.pk)).status_code == 200
    assert client.post(address(name, "delete", row.pk), {"post": "yes"}).status_code == 302
    assert not model.objects.filter(pk=row.pk).exists()
    assert JournalEntry.objects.filter(actor=client.user).exists()
