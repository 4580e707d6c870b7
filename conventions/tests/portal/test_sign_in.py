"""The pages of signing in: the same answer for all, one browser, tries, people who share an address."""

import datetime
import re

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY as AUTH_KEY
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conventions.domain.foundation import throttling
from conventions.domain.mails import delivery
from conventions.enums import TryKind
from conventions.models import LoginCode, NetworkTries, OutgoingMail
from conventions.tests.factories import PresidentFactory, RepresentativeFactory, UserFactory

EMAIL = "presidence@niaouli.invalid"
START, CODE = "/espace/connexion/", "/espace/connexion/code/"


def ask(client, email=EMAIL, **data):
    return client.post(START, {"email": email, **data})


def digits(mailoutbox) -> str:
    """What the last mail gives; the worker has passed."""
    for pk in delivery.due():
        delivery.deliver(pk)
    code = r"^(\d{3} \d{3}|\d\d( \d\d){3,4})$"
    told = [mail.body for mail in mailoutbox if re.search(code, mail.body, re.MULTILINE)]
    return re.search(code, told[-1], re.MULTILINE)[1]


def lengths() -> list[int]:
    """Of the codes asked, in their order: longer ones for a network that asks too much."""
    return list(LoginCode.objects.order_by("pk").values_list("digits", flat=True))


def signed_in_as(client) -> str | None:
    return client.session.get(AUTH_KEY)


def words(response) -> str:
    """The text of a page, without what changes at each page."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return re.sub(r"\s+", " ", text)


def test_answers_are_the_same_for_known_unknown_and_staff_addresses(db, mailoutbox):
    PresidentFactory(email=EMAIL)
    UserFactory(role="juriste", email="droit@opt.invalid")
    pages = []
    for email in (EMAIL, "personne@ailleurs.invalid", "droit@opt.invalid"):
        client = Client()
        first = ask(client, email)
        page = words(client.get(CODE)).replace(email, "ADRESSE")
        wrong = words(client.post(CODE, {"code": "000000"})).replace(email, "ADRESSE")
        pages.append((first.status_code, first["Location"], page, wrong))
    assert pages[0] == pages[1] == pages[2]
    for pk in delivery.due():
        delivery.deliver(pk)
    assert [mail.to for mail in mailoutbox] == [[EMAIL]]


def test_right_code_opens_the_space_and_changes_the_session(db, client, mailoutbox):
    user = PresidentFactory(email=EMAIL)
    ask(client)
    before = client.session.session_key
    response = client.post(CODE, {"code": digits(mailoutbox)})
    assert (response.status_code, response["Location"]) == (302, "/espace/")
    assert signed_in_as(client) == str(user.pk)
    assert client.session.session_key != before
    assert "sign_in" not in client.session


def test_asked_page_is_given_after_signing_in(db, client, mailoutbox):
    PresidentFactory(email=EMAIL)
    target = reverse("portal:convention", args=["ailleurs"])
    assert client.get(target)["Location"] == f"{START}?next={target}"
    ask(client, next=target)
    assert client.post(CODE, {"code": digits(mailoutbox)})["Location"] == target


@pytest.mark.parametrize("target", ["https://ailleurs.invalid/", "//ailleurs.invalid", "javascript:alert(1)"])
def test_page_of_another_site_is_never_given(db, client, mailoutbox, target):
    PresidentFactory(email=EMAIL)
    ask(client, next=target)
    assert client.post(CODE, {"code": digits(mailoutbox)})["Location"] == "/espace/"


def test_endless_next_page_is_not_kept(db, client):
    """A session row is written for anybody: it holds no more than an address."""
    ask(client, next="/espace/" + "a" * 5000)
    assert client.session["sign_in"]["next"] == ""


def test_network_is_counted_whatever_ipv6_address_it_takes(db, settings):
    """An IPv6 subscriber owns a /64: changing the end of the address is no other network."""
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for n in range(21):
        Client().post(
            START, {"email": f"d{n}@b.invalid"}, headers={"X-Forwarded-For": f"2001:db8:1:2::{n:x}"}
        )
    assert lengths() == [6] * 20 + [10]


def test_code_of_another_browser_does_not_open(db, client, mailoutbox):
    PresidentFactory(email=EMAIL)
    ask(client)
    typed = digits(mailoutbox)
    other = Client()
    assert other.post(CODE, {"code": typed})["Location"] == START
    ask(other)
    other.post(CODE, {"code": typed})
    assert signed_in_as(other) is None


def test_code_opens_once(db, client, mailoutbox):
    PresidentFactory(email=EMAIL)
    ask(client)
    saved = client.cookies["sessionid"].value
    typed = digits(mailoutbox)
    client.post(CODE, {"code": typed})
    replay = Client()
    replay.cookies["sessionid"] = saved
    assert replay.post(CODE, {"code": typed})["Location"] == START
    assert signed_in_as(replay) is None


def test_sixth_try_is_refused(db, client, mailoutbox):
    PresidentFactory(email=EMAIL)
    ask(client)
    typed = digits(mailoutbox)
    wrong = f"{(int(typed.replace(' ', '')) + 1) % 1_000_000:06d}"
    texts = [client.post(CODE, {"code": wrong}).content.decode() for _rank in range(5)]
    assert ["Il vous reste" in text for text in texts] == [True] * 4 + [False]
    last = client.post(CODE, {"code": typed}).content.decode()
    assert "5 essais n’ont pas suffi. Demandez un nouveau code." in last
    assert signed_in_as(client) is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦"])
def test_what_is_not_six_digits_is_no_try(db, client, typed):
    ask(client)
    assert client.post(CODE, {"code": typed}).status_code == 200
    assert LoginCode.objects.get().tries == 0


def test_code_field_helps_phones(db, client):
    ask(client)
    page = client.get(CODE).content.decode()
    field = re.search(r'<input[^>]*name="code"[^>]*>', page)[0]
    assert 'autocomplete="one-time-code"' in field
    assert 'inputmode="numeric"' in field
    assert "Encore valable 10 minutes" in page


def test_reading_the_pages_sends_nothing(db, client):
    client.get(START)
    client.get(CODE)
    assert client.get("/espace/connexion/nouveau-code/").status_code == 405
    assert (LoginCode.objects.count(), OutgoingMail.objects.count()) == (0, 0)


def test_new_code_replaces_the_previous_one(db, client, mailoutbox):
    PresidentFactory(email=EMAIL)
    ask(client)
    first = digits(mailoutbox)
    page = client.post("/espace/connexion/nouveau-code/", follow=True).content.decode()
    assert "Un nouveau code vient de partir." in page
    second = digits(mailoutbox)
    if first != second:
        client.post(CODE, {"code": first})
        assert signed_in_as(client) is None
    assert client.post(CODE, {"code": second}).status_code == 302


def test_fourth_request_of_a_day_leaves_later_and_is_longer_and_none_is_refused(db, client, mailoutbox):
    PresidentFactory(email=EMAIL)
    for _rank in range(3):
        assert ask(client).status_code == 302
    assert "un code vient d’y être envoyé." in words(client.get(CODE))
    page = words(client.post("/espace/connexion/nouveau-code/", follow=True))
    assert "Votre code part dans 1 minute. Le précédent ne marche plus." in page
    assert "un code y partira dans 1 minute." in page
    assert "Gardez cette page ouverte" in page
    again = words(client.post("/espace/connexion/nouveau-code/", follow=True))
    assert ("un code y partira dans 1 minute." in again, LoginCode.objects.count()) == (True, 4)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=1, seconds=1)):
        typed = digits(mailoutbox)
        assert re.fullmatch(r"\d\d( \d\d){3}", typed)
        short = words(client.post(CODE, {"code": typed[:8]}))
        assert "Ce code a huit chiffres. Recopiez-les tous du dernier courriel reçu." in short
        assert (client.post(CODE, {"code": typed}).status_code, signed_in_as(client) is not None) == (
            302,
            True,
        )


def test_president_comes_in_from_her_phone_while_strangers_ask_and_ask(db, client, mailoutbox):
    PresidentFactory(email=EMAIL)
    ask(client)
    client.post(CODE, {"code": digits(mailoutbox)})
    client.post("/espace/deconnexion/")
    for _rank in range(30):
        assert ask(Client()).status_code == 302
    ask(client)
    assert "un code vient d’y être envoyé." in words(client.get(CODE))
    assert (
        client.post(CODE, {"code": digits(mailoutbox)}).status_code,
        signed_in_as(client) is not None,
    ) == (302, True)


def test_machine_that_asks_hundreds_of_codes_is_refused_in_french(db, client):
    ask(client)
    limit = throttling.LIMITS[TryKind.SIGN_IN_BURST].tries
    NetworkTries.objects.filter(kind=TryKind.SIGN_IN_BURST).update(count=limit)
    response = ask(client)
    assert response.status_code == 429
    assert "Trop de codes ont été demandés depuis votre connexion. Réessayez dans une heure." in words(
        response
    )


def test_visitor_cannot_choose_the_address_the_limit_counts(db, settings):
    """X-Forwarded-For counts only behind our own proxy, and then only what that proxy wrote."""
    settings.SECURE_PROXY_SSL_HEADER = None
    for n in range(21):
        Client().post(START, {"email": f"a{n}@b.invalid"}, headers={"X-Forwarded-For": f"192.0.2.{n}"})
    assert lengths() == [6] * 20 + [10]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for n in range(21):
        told = {"X-Forwarded-For": f"198.51.100.{n}, 192.0.2.9"}
        Client().post(START, {"email": f"c{n}@b.invalid"}, headers=told)
    assert lengths()[21:] == [6] * 20 + [10]


def test_address_that_is_none_is_said_beside_the_field(db, client):
    page = ask(client, "presidence").content.decode()
    assert "Cette adresse n’est pas complète." in page
    assert 'value="presidence"' in page
    assert LoginCode.objects.count() == 0


def test_several_people_behind_one_address_choose(db, client, mailoutbox):
    PresidentFactory(email=EMAIL, first_name="Léa", last_name="WABEALO")
    second = PresidentFactory(email=EMAIL.upper(), first_name="Noé", last_name="KASARHÉROU")
    stranger = PresidentFactory(email="autre@niaouli.invalid")
    ask(client)
    response = client.post(CODE, {"code": digits(mailoutbox)})
    assert (response["Location"], signed_in_as(client)) == ("/espace/connexion/qui/", None)
    page = client.get("/espace/connexion/qui/").content.decode()
    assert re.findall(r"(Léa WABEALO|Noé KASARHÉROU), présidente", page) == ["Léa WABEALO", "Noé KASARHÉROU"]
    refused = client.post("/espace/connexion/qui/", {"account": stranger.pk})
    assert "Choisissez votre nom dans la liste." in refused.content.decode()
    assert signed_in_as(client) is None
    client.post("/espace/connexion/qui/", {"account": second.pk})
    assert signed_in_as(client) == str(second.pk)


def test_choice_without_the_right_code_is_refused(db, client):
    user = PresidentFactory(email=EMAIL)
    PresidentFactory(email=EMAIL)
    ask(client)
    assert client.get("/espace/connexion/qui/")["Location"] == START
    client.post("/espace/connexion/qui/", {"account": user.pk})
    assert signed_in_as(client) is None


def test_staff_never_enter_by_code(db, client):
    UserFactory(role="gestionnaire", email=EMAIL)
    UserFactory(superuser=True, email=EMAIL)
    ask(client)
    assert [delivery.deliver(pk) for pk in delivery.due()] == [None]
    assert LoginCode.objects.get().code_hash == ""


def test_account_shared_with_staff_address_offers_the_president_alone(db, client, mailoutbox):
    UserFactory(role="gestionnaire", email=EMAIL)
    president = PresidentFactory(email=EMAIL)
    ask(client)
    client.post(CODE, {"code": digits(mailoutbox)})
    assert signed_in_as(client) == str(president.pk)


def test_sign_out_by_post_alone(db, as_role):
    client = as_role("president")
    assert client.get("/espace/deconnexion/").status_code == 405
    assert signed_in_as(client) == str(client.user.pk)
    client.post("/espace/deconnexion/")
    assert signed_in_as(client) is None


def test_pages_refuse_a_post_of_another_site(db):
    strict = Client(enforce_csrf_checks=True)
    for url in (
        START,
        CODE,
        "/espace/connexion/nouveau-code/",
        "/espace/connexion/qui/",
        "/espace/deconnexion/",
    ):
        assert strict.post(url, {"email": EMAIL}).status_code == 403
    assert LoginCode.objects.count() == 0


def test_name_of_a_sharer_is_escaped(db, client, mailoutbox):
    RepresentativeFactory(user=UserFactory(email=EMAIL, last_name="<b>X</b>"), title="<i>président</i>")
    PresidentFactory(email=EMAIL)
    ask(client)
    client.post(CODE, {"code": digits(mailoutbox)})
    page = client.get("/espace/connexion/qui/").content.decode()
    assert "&lt;b&gt;X&lt;/b&gt;, &lt;i&gt;président&lt;/i&gt;" in page
    assert "<b>X</b>" not in page
