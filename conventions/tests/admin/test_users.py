"""Accounts: made with roles by an administrator, closed and never deleted."""

import pytest
from django.urls import reverse

from conventions.enums import Role
from conventions.models import JournalEntry, User
from conventions.tests.factories import ConventionFactory, PresidentFactory, UserFactory

pytestmark = pytest.mark.django_db
ADD = "/admin/conventions/user/add/"
PASSWORD = "une phrase assez longue"


@pytest.fixture
def root(as_role):
    return as_role("superuser")


def change(user):
    return reverse("admin:conventions_user_change", args=[user.pk])


def fields(user=None, **values):
    found = {"username": "mlaurent", "first_name": "Maya", "last_name": "LAURENT", "is_active": "on"}
    if user is not None:
        found = {"username": user.username, "first_name": user.first_name, "last_name": user.last_name}
    return found | values


def test_account_is_made_with_its_roles_and_opens_the_admin(root, client):
    response = root.post(ADD, fields(new_password=PASSWORD, roles=[Role.OFFICER, Role.READER]))
    assert response.status_code == 302
    user = User.objects.get(username="mlaurent")
    assert (user.is_staff, user.is_superuser, user.roles) == (True, False, {"gestionnaire", "lecture"})
    client.post("/admin/login/", {"username": "mlaurent", "password": PASSWORD})
    assert client.get("/admin/").status_code == 200


def test_names_of_people_stay_out_of_the_hashed_line(root):
    root.post(ADD, fields(new_password=PASSWORD, roles=[Role.READER]))
    entry = JournalEntry.objects.get(event="utilisateur_cree")
    assert "LAURENT" not in entry.payload
    assert PASSWORD not in entry.payload
    assert entry.personal.data["last_name"] == [None, "LAURENT"]
    assert JournalEntry.objects.get(event="roles_modifies").payload.count("lecture") == 1


@pytest.mark.parametrize(
    ("password", "roles", "field"), [("court", ["lecture"], "new_password"), (PASSWORD, [], "roles")]
)
def test_weak_password_or_no_role_is_told(root, password, roles, field):
    response = root.post(ADD, fields(new_password=password, roles=roles))
    assert list(response.context["adminform"].form.errors) == [field]
    assert not User.objects.filter(username="mlaurent").exists()


def test_roles_change_and_password_stays(root):
    user = UserFactory(role=Role.OFFICER)
    before = user.password
    root.post(change(user), fields(user, roles=[Role.LAWYER], is_active="on"))
    user = User.objects.get(pk=user.pk)
    assert (user.roles, user.password) == ({"juriste"}, before)


def test_closing_an_account_tells_the_files_left(root):
    user = UserFactory(role=Role.OFFICER)
    ConventionFactory(officer=user)
    response = root.post(change(user), fields(user, roles=[Role.OFFICER]), follow=True)
    user.refresh_from_db()
    assert user.is_active is False
    assert "a encore 1\u00a0dossier à confier à un collègue" in response.content.decode()


def test_administrator_cannot_close_own_account(root):
    response = root.post(change(root.user), fields(root.user, roles=[], is_superuser="on"))
    assert response.status_code == 403
    root.user.refresh_from_db()
    assert root.user.is_active is True


def test_president_has_no_role_nor_password_here(root):
    president = PresidentFactory()
    html = root.get(change(president)).content.decode()
    assert 'name="roles"' not in html
    assert 'name="new_password"' not in html
    response = root.post(change(president), fields(president, email="neuf@exemple.invalid", is_active="on"))
    assert response.status_code == 302
    president.refresh_from_db()
    assert (president.email, president.is_staff) == ("neuf@exemple.invalid", False)
