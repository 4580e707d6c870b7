"""Guessing passwords: many names from one network, one name from many networks; the people themselves still come in."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.test import Client

from conventions.domain.mails import delivery
from conventions.domain.people.security import lockout, passwords
from conventions.enums import Role, TryKind
from conventions.models import NetworkTries, OutgoingMail
from conventions.tests.factories import UserFactory
from conventions.tests.factories.people import PASSWORD

pytestmark = pytest.mark.django_db
HOME = "192.0.2.1"


def attempt(name, password="faux", network=HOME, client=None) -> tuple[int, bool]:
    """(status, whether one is in)."""
    client = client or Client()
    answer = client.post("/admin/login/", {"username": name, "password": password}, REMOTE_ADDR=network)
    return answer.status_code, SESSION_KEY in client.session


@pytest.fixture
def user():
    return UserFactory(role=Role.OFFICER, email="agent@exemple.invalid")


@pytest.fixture
def known(user) -> Client:
    """The browser of every day, signed out."""
    client = Client()
    attempt(user.username, PASSWORD, client=client)
    client.post("/admin/logout/", REMOTE_ADDR=HOME)
    assert SESSION_KEY not in client.session
    return client


def guess_from_everywhere(user, networks=10, tries=2):
    for rank in range(networks):
        for _try in range(tries):
            attempt(user.username, network=f"198.51.100.{rank}")


def test_one_name_from_many_networks_is_slowed_and_nobody_is_kept_out(user):
    guess_from_everywhere(user)
    assert [attempt(user.username, network="203.0.113.7")[0] for _try in range(3)] == [200, 429, 429]
    assert attempt(user.username, PASSWORD, network=HOME) == (302, True)


def test_many_names_from_one_network_are_slowed():
    users = UserFactory.create_batch(12, role=Role.OFFICER)
    for one in users[:10]:
        for _try in range(2):
            attempt(one.username, network="203.0.113.7")
    answers = [attempt(users[11].username, network="203.0.113.7")[0] for _try in range(3)]
    assert answers == [200, 429, 429]
    assert attempt(users[11].username, PASSWORD, network=HOME) == (302, True)


def test_names_that_nobody_has_count_as_well():
    for rank in range(20):
        attempt(f"personne{rank}", network="203.0.113.7")
    assert [attempt("encore", network="203.0.113.7")[0] for _try in range(2)] == [200, 429]


def test_what_nobody_types_by_hand_is_refused_to_strangers_alone(user, known):
    NetworkTries.objects.all().delete()
    for _try in range(200):
        passwords.missed("personne", network=HOME, device="")
    assert attempt(user.username, PASSWORD) == (429, False)
    assert attempt(user.username, PASSWORD, client=known) == (302, True)


def test_browser_of_every_day_comes_in_whatever_is_guessed_beside_it(user, known):
    for _try in range(7):
        attempt(user.username)
    assert attempt(user.username, PASSWORD) == (429, False)
    assert attempt(user.username, PASSWORD, client=known) == (302, True)


def test_browser_of_every_day_has_a_limit_too(user, known):
    answers = [attempt(user.username, client=known)[0] for _try in range(30)]
    assert 20 <= answers.count(200) < 27
    assert answers[-1] == 429
    assert attempt(user.username, PASSWORD, client=known) == (429, False)


def test_browser_known_for_one_name_is_unknown_for_another(known):
    other = UserFactory(role=Role.OFFICER)
    for _try in range(7):
        attempt(other.username)
    assert attempt(other.username, PASSWORD, client=known) == (429, False)


def test_person_is_told_once_a_day_and_strangers_nothing(user):
    guess_from_everywhere(user, networks=12)
    guess_from_everywhere(UserFactory.build(username="personne"), networks=12)
    letters = OutgoingMail.objects.filter(template="essais_de_mot_de_passe")
    delivery.deliver(letters.get().pk)
    assert mail.outbox[-1].to == [user.email]
    assert "Ces essais sont maintenant ralentis." in mail.outbox[-1].body


def test_administrator_undoes_it(user):
    guess_from_everywhere(user)
    for _try in range(3):
        attempt(user.username)
    assert lockout.is_locked(user) is True
    lockout.unlock(user, by=UserFactory(superuser=True))
    assert (lockout.is_locked(user), passwords.is_slowed(user)) == (False, False)
    assert attempt(user.username, PASSWORD) == (302, True)


def test_network_is_kept_as_a_hash_alone(user):
    attempt(user.username, network="203.0.113.7")
    kinds = set(NetworkTries.objects.values_list("kind", flat=True))
    assert kinds == {TryKind.GUESS, TryKind.SIGN_IN_BURST}
    assert {len(key) for key in NetworkTries.objects.values_list("network_key", flat=True)} == {64}
