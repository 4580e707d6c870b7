"""Sessions: listed, closed, ended when idle or old; nobody closes another's."""

import datetime
import importlib

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from conventions.domain.mails import delivery
from conventions.domain.people import partner_accounts
from conventions.domain.people.security import sessions
from conventions.domain.people.security.session_store import row_key
from conventions.enums import Role
from conventions.formats import device_in_words
from conventions.models import JournalEntry, OutgoingMail, UserSession
from conventions.tests.factories import PresidentFactory, UserFactory, UserSessionFactory
from conventions.tests.factories.people import PASSWORD

pytestmark = pytest.mark.django_db
MOMENT = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
MINE, ACCOUNT = "/espace/connexions/", "/admin/compte/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def clock():
    with time_machine.travel(MOMENT, tick=False) as traveller:
        yield traveller


def row_of(client) -> UserSession:
    return UserSession.objects.get(session_id=row_key(client.session.session_key))


def is_out(client) -> bool:
    return client.get(ACCOUNT if client.user.is_staff else MINE).status_code == 302


@pytest.mark.parametrize("role", [Role.OFFICER, "president"])
def test_closed_session_is_out_at_the_next_request(as_role, role):
    here = as_role(role)
    there = as_role(here.user)
    base = ACCOUNT + "connexions/" if here.user.is_staff else MINE
    here.post(f"{base}{row_of(there).pk}/fermer/")
    assert (is_out(there), is_out(here)) == (True, False)
    assert JournalEntry.objects.filter(event="connexions_fermees").count() == 1


@pytest.mark.parametrize("role", [Role.OFFICER, "president"])
def test_session_of_another_person_is_not_found(as_role, role):
    here, other = as_role(role), as_role(Role.LAWYER)
    base = ACCOUNT + "connexions/" if here.user.is_staff else MINE
    assert here.post(f"{base}{row_of(other).pk}/fermer/").status_code == 404
    assert is_out(other) is False


@pytest.mark.parametrize("role", [Role.OFFICER, "president"])
def test_all_others_are_closed_at_once(as_role, role):
    here = as_role(role)
    others = [as_role(here.user) for _rank in range(2)]
    stranger = as_role(role)
    here.post((ACCOUNT + "connexions/" if here.user.is_staff else MINE) + "fermer/")
    assert [is_out(client) for client in (here, *others, stranger)] == [False, True, True, False]


def test_own_session_is_closed_by_signing_out_alone(as_role):
    client = as_role("president")
    assert client.post(f"{MINE}{row_of(client).pk}/fermer/").status_code == 404
    client.post("/espace/deconnexion/")
    assert UserSession.objects.get().ended_at is not None


def test_session_ended_by_hand_keeps_no_key(as_role):
    here = as_role("president")
    there = as_role(here.user)
    key = there.session.session_key
    assert Session.objects.filter(pk=row_key(key)).exists()
    here.post(MINE + "fermer/")
    assert Session.objects.filter(pk=row_key(key)).exists() is False


def test_sessions_open_before_their_keys_were_hashed_go_on(as_role):
    """What the migration does, on rows as they were; and back: everybody signs in once more."""
    client = as_role(Role.OFFICER)
    key, kept = client.session.session_key, Session.objects.get()
    Session.objects.create(session_key=key, session_data=kept.session_data, expire_date=kept.expire_date)
    UserSession.objects.update(session_id=key)
    kept.delete()
    assert is_out(client)
    client.cookies["sessionid"] = key
    hashing = importlib.import_module("conventions.migrations.0041_hashed_sessions")
    hashing.hash_keys(apps, None)
    assert not is_out(client)
    assert (UserSession.objects.get().session_id, Session.objects.count()) == (row_key(key), 1)
    hashing.close_all(apps, None)
    assert is_out(client)
    assert not UserSession.objects.open().exists()


def test_table_of_sessions_opens_nothing(as_role):
    """Who reads a copy of the database has no cookie that works."""
    client = as_role(Role.OFFICER)
    stolen = Client()
    stolen.cookies["sessionid"] = Session.objects.get().session_key
    assert stolen.get(ACCOUNT).status_code == 302
    assert not is_out(client)
    with connection.cursor() as cursor:
        for table in ("django_session", "conventions_usersession"):
            cursor.execute(f"SELECT * FROM {table}")
            assert client.session.session_key not in repr(cursor.fetchall())


@pytest.mark.parametrize(("role", "minutes"), [(Role.OFFICER, 30), ("president", 120)])
def test_idle_session_ends(as_role, clock, role, minutes):
    client = as_role(role)
    clock.shift(minutes * 60 - 1)
    assert is_out(client) is False
    clock.shift(minutes * 60)
    assert is_out(client) is True
    assert UserSession.objects.get().ended_at is not None


def test_session_ends_after_twelve_hours_whatever_happens(as_role, clock):
    client = as_role(Role.OFFICER)
    for _rank in range(47):
        clock.shift(15 * 60)
        assert is_out(client) is False
    clock.shift(15 * 60)
    assert is_out(client) is True


def test_page_after_the_end_says_why_and_comes_back_to_it(as_role, clock):
    client = as_role(Role.OFFICER)
    clock.shift(31 * 60)
    response = client.post("/admin/chiffres/", follow=True)
    assert response.redirect_chain == [("/admin/login/?next=/admin/chiffres/", 302)]
    assert "n’a pas été enregistré" in response.content.decode()


def test_seeing_a_session_costs_a_write_every_five_minutes_at_most(as_role, clock):
    client = as_role("president")
    clock.shift(299)
    client.get(MINE)
    assert UserSession.objects.get().last_seen_at == MOMENT
    clock.shift(1)
    client.get(MINE)
    assert UserSession.objects.get().last_seen_at == MOMENT + datetime.timedelta(minutes=5)


def test_watching_a_session_costs_no_query(as_role, query_budget):
    client = as_role("president")
    client.get(MINE)
    with query_budget(2):  # the session, the user
        client.get("/espace/presence/")


def test_staying_signed_in_is_a_post(as_role, clock):
    client = as_role(Role.OFFICER)
    clock.shift(20 * 60)
    assert client.post("/espace/presence/").json()["left"] == 30 * 60
    assert Client().get("/espace/presence/").json() == {"left": 0, "user": 0, "token": ""}


def test_new_password_closes_the_other_sessions(as_role):
    here = as_role(Role.OFFICER)
    there = as_role(here.user)
    new = "une autre phrase assez longue"
    here.post(
        "/admin/password_change/",
        {"old_password": PASSWORD, "new_password1": new, "new_password2": new},
    )
    assert (is_out(here), is_out(there)) == (False, True)
    assert [row.session_id for row in UserSession.objects.open()] == [row_key(here.session.session_key)]


def test_session_of_before_the_watch_signs_in_again(as_role):
    client = as_role(Role.OFFICER)
    session = client.session
    del session[sessions.MARK]
    session.save()
    assert is_out(client) is True


def test_ended_mandate_closes_the_sessions(as_role):
    client = as_role("president")
    mandate = client.user.mandates.get()
    officer = UserFactory(role=Role.OFFICER)
    partner_accounts.mandate_changed(mandate, by=officer)
    assert is_out(client) is False
    mandate.mandate_end = mandate.mandate_start
    mandate.save()
    partner_accounts.mandate_changed(mandate, by=officer)
    assert is_out(client) is True


def sign_in(client, user, agent=FIREFOX):
    client.post(
        "/admin/login/", {"username": user.username, "password": PASSWORD}, headers={"User-Agent": agent}
    )


def test_new_device_is_told_by_mail_and_a_known_one_is_not(client, mailoutbox):
    user = UserFactory(role=Role.OFFICER)
    sign_in(client, user)
    client.post("/admin/logout/")
    sign_in(client, user)
    assert OutgoingMail.objects.count() == 0
    sign_in(Client(), user)
    assert OutgoingMail.objects.get().template == "nouvelle_connexion"
    delivery.deliver(OutgoingMail.objects.get().pk)
    assert mailoutbox[0].to == [user.email]
    assert "Firefox sur Windows" in mailoutbox[0].body


def test_device_token_is_out_of_reach_of_scripts(client):
    sign_in(client, UserFactory(role=Role.OFFICER))
    cookie = client.cookies["appareil"]
    assert (bool(cookie["httponly"]), cookie["samesite"]) == (True, "Lax")
    assert cookie.value not in UserSession.objects.get().device_key


def test_session_given_by_an_attacker_gets_a_new_key(client):
    client.get("/espace/connexion/")
    planted = client.session
    planted.save()
    client.cookies["sessionid"] = planted.session_key
    sign_in(client, UserFactory(role=Role.OFFICER))
    assert SESSION_KEY in client.session
    assert client.session.session_key != planted.session_key


def test_old_rows_are_forgotten():
    president = PresidentFactory()
    UserSessionFactory(user=president, last_seen_at=MOMENT)
    UserSessionFactory(user=president, last_seen_at=MOMENT + datetime.timedelta(days=10))
    assert sessions.purge(at=MOMENT + datetime.timedelta(days=91)) == 1


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox sur Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1 Version/18.5 Safari/604.1",
            "Safari sur iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
            "Chrome sur Android",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge sur Windows"),
        ("curl/8.5", "navigateur inconnu"),
        ("", "navigateur inconnu"),
    ],
)
def test_device_is_told_in_words(agent, words):
    assert device_in_words(agent) == words
