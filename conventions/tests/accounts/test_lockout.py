"""Lock-out of guessing: counted by the visitor's address behind a proxy, told in French, undone by an administrator."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client

from conventions.domain.people.security import lockout
from conventions.enums import Role
from conventions.models import JournalEntry
from conventions.tests.factories import UserFactory
from conventions.tests.factories.people import PASSWORD

pytestmark = pytest.mark.django_db


def attempt(user, password, address="192.0.2.1"):
    client = Client()
    response = client.post(
        "/admin/login/",
        {"username": user.username, "password": password},
        headers={"X-Forwarded-For": f"198.51.100.7, {address}"},
    )
    return response.status_code, SESSION_KEY in client.session


@pytest.fixture
def proxied(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def test_guesser_is_locked_out_and_not_the_colleague_behind_the_same_proxy(proxied):
    user = UserFactory(role=Role.OFFICER)
    answers = [attempt(user, "faux", "192.0.2.66")[0] for _rank in range(6)]
    assert answers == [200] * 5 + [429]
    assert attempt(user, PASSWORD, "192.0.2.66") == (429, False)
    assert attempt(user, PASSWORD, "192.0.2.1") == (302, True)


def test_visitor_cannot_choose_the_counted_address_without_a_proxy(settings):
    settings.SECURE_PROXY_SSL_HEADER = None
    user = UserFactory(role=Role.OFFICER)
    answers = [attempt(user, "faux", f"192.0.2.{rank}")[0] for rank in range(6)]
    assert answers == [200] * 5 + [429]


def test_address_that_is_none_counts_as_the_proxy(proxied):
    user = UserFactory(role=Role.OFFICER)
    assert attempt(user, "faux", "'; drop table")[0] == 200


def test_locked_page_says_what_to_do():
    user = UserFactory(role=Role.OFFICER)
    for _rank in range(6):
        attempt(user, "faux")
    client = Client()
    page = client.post("/admin/login/", {"username": user.username, "password": PASSWORD}).content.decode()
    assert "Réessayez dans une heure" in page
    assert "demandez à un administrateur" in page


def test_administrator_unlocks():
    user, root = UserFactory(role=Role.OFFICER), UserFactory(superuser=True)
    for _rank in range(6):
        attempt(user, "faux")
    assert lockout.is_locked(user) is True
    lockout.unlock(user, by=root)
    assert lockout.is_locked(user) is False
    assert attempt(user, PASSWORD) == (302, True)
    assert JournalEntry.objects.get(event="compte_debloque").actor == root
