"""Accounts: made with roles by an administrator, closed and never deleted."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from conventions.domain.mails import delivery
from conventions.domain.people import partner_accounts
from conventions.enums import Role
from conventions.models import JournalEntry, SecondFactor, User, UserSession
from conventions.tests.factories import ConventionFactory, PresidentFactory, SecondFactorFactory, UserFactory
from conventions.tests.factories.people import PASSWORD as FACTORY_PASSWORD

pytestmark = pytest.mark.django_db
ADD = "/admin/conventions/user/add/"
PASSWORD = "une phrase assez longue"
EMAIL = "maya@exemple.invalid"


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


def test_account_is_made_with_its_roles_and_an_invitation(root, client, mailoutbox):
    response = root.post(ADD, fields(email=EMAIL, roles=[Role.OFFICER, Role.READER]))
    assert response.status_code == 302
    user = User.objects.get(username="mlaurent")
    assert (user.is_staff, user.is_superuser, user.roles) == (True, False, {"gestionnaire", "lecture"})
    assert user.has_usable_password() is False
    link = invitation(mailoutbox)
    client.post(link, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    client.post("/admin/login/", {"username": "mlaurent", "password": PASSWORD})
    assert client.get("/admin/").status_code == 200


def invitation(mailoutbox) -> str:
    """The address in the last mail; the worker has passed."""
    for pk in delivery.due():
        delivery.deliver(pk)
    assert mailoutbox[-1].to == [EMAIL]
    return re.search(r"/admin/invitation/\S+", mailoutbox[-1].body)[0]


def test_invitation_works_once(root, client, mailoutbox):
    root.post(ADD, fields(email=EMAIL, roles=[Role.READER]))
    link = invitation(mailoutbox)
    assert client.get(link).status_code == 200
    client.post(link, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert client.get(link).status_code == 410
    other = "une tout autre phrase"
    assert client.post(link, {"new_password1": other, "new_password2": other}).status_code == 410
    assert User.objects.get(username="mlaurent").check_password(PASSWORD)


def test_invitation_expires_after_three_days(root, client, mailoutbox, at):
    with at(2026, 3, 2, 9):
        root.post(ADD, fields(email=EMAIL, roles=[Role.READER]))
        User.objects.update(last_login=None)
        link = invitation(mailoutbox)
    with at(2026, 3, 5, 8, 59):
        assert client.get(link).status_code == 200
    with at(2026, 3, 5, 9, 1):
        assert client.get(link).status_code == 410


def test_invitation_asks_for_a_strong_password(root, client, mailoutbox):
    root.post(ADD, fields(email=EMAIL, roles=[Role.READER]))
    response = client.post(invitation(mailoutbox), {"new_password1": "court", "new_password2": "court"})
    assert response.status_code == 200
    assert User.objects.get(username="mlaurent").has_usable_password() is False


@pytest.mark.parametrize("link", ["MQ/x", "é/x", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5/x-y", "LTE/x-y"])
def test_invented_invitation_is_over(client, link):
    assert client.get(f"/admin/invitation/{link}/").status_code == 410


def test_names_of_people_stay_out_of_the_hashed_line(root):
    root.post(ADD, fields(email=EMAIL, roles=[Role.READER]))
    entry = JournalEntry.objects.get(event="utilisateur_cree")
    assert "LAURENT" not in entry.payload
    assert entry.personal.data["last_name"] == [None, "LAURENT"]
    assert JournalEntry.objects.get(event="roles_modifies").payload.count("lecture") == 1


@pytest.mark.parametrize(("email", "roles", "field"), [("", ["lecture"], "email"), (EMAIL, [], "roles")])
def test_no_address_or_no_role_is_told(root, email, roles, field):
    response = root.post(ADD, fields(email=email, roles=roles))
    assert list(response.context["adminform"].form.errors) == [field]
    assert not User.objects.filter(username="mlaurent").exists()


def confirm(client, user, verb):
    return client.post(reverse("admin:user_verb", args=[user.pk, verb]))


def test_second_factor_is_reset_and_the_person_told(root, as_role, mailoutbox):
    user = SecondFactorFactory().user
    there = as_role(user)
    assert confirm(root, user, "reinitialiser").status_code == 302
    assert SecondFactor.objects.count() == 0
    assert there.get("/admin/").status_code == 302
    assert JournalEntry.objects.get(event="second_facteur_reinitialise").actor == root.user
    for pk in delivery.due():
        delivery.deliver(pk)
    assert [mail.to for mail in mailoutbox] == [[user.email]]


def test_reading_the_question_changes_nothing(root):
    user = SecondFactorFactory().user
    page = root.get(reverse("admin:user_verb", args=[user.pk, "reinitialiser"])).content.decode()
    assert "Ses connexions sont fermées." in page
    assert SecondFactor.objects.count() == 1


@pytest.mark.parametrize("verb", ["debloquer", "reinitialiser", "deconnecter", "inconnu"])
def test_what_cannot_be_done_is_not_found(root, verb):
    assert confirm(root, UserFactory(role=Role.OFFICER), verb).status_code == 404


def test_locked_account_is_unlocked(root, client):
    user = UserFactory(role=Role.OFFICER)
    for _rank in range(6):
        client.post("/admin/login/", {"username": user.username, "password": "faux"})
    assert confirm(root, user, "debloquer").status_code == 302
    client.post("/admin/login/", {"username": user.username, "password": FACTORY_PASSWORD})
    assert client.get("/admin/").status_code == 200


def test_closing_an_account_closes_its_sessions(root, as_role):
    there = as_role(Role.OFFICER)
    root.post(change(there.user), fields(there.user, email=there.user.email, roles=[Role.OFFICER]))
    assert UserSession.objects.open().filter(user=there.user).count() == 0
    assert there.get("/admin/").status_code == 302


def test_last_administrator_is_kept():
    last = UserFactory(superuser=True)
    UserFactory(superuser=True, is_active=False)
    last.is_active = False
    with transaction.atomic(), pytest.raises(PermissionDenied):
        partner_accounts.keep_an_administrator(last)


def test_list_finds_who_has_no_second_factor(root):
    SecondFactorFactory()
    SecondFactorFactory(confirmed_at=None, user__username="en-cours")
    PresidentFactory()
    found = root.get("/admin/conventions/user/?facteur=sans").context["cl"].queryset
    assert {user.username for user in found} == {root.user.username, "en-cours"}


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
    before = president.email
    html = root.get(change(president)).content.decode()
    assert 'name="roles"' not in html
    assert 'name="new_password"' not in html
    response = root.post(change(president), fields(president, email="neuf@exemple.invalid", is_active="on"))
    assert response.status_code == 302
    president.refresh_from_db()
    assert (president.email, president.is_staff) == (before, False)
