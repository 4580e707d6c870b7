"""The second factor as an attacker sees it: replay, guessing, a half-open session, the secret at rest."""

import datetime
import re

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client

from conventions import permissions
from conventions.domain.people.security import second_factor
from conventions.domain.people.security.session_store import row_key
from conventions.enums import Role
from conventions.models import JournalEntry, RecoveryCode, SecondFactor, UserSession
from conventions.tests.accounts.codes import code
from conventions.tests.factories import RepresentativeFactory, SecondFactorFactory, UserFactory, opt_partner
from conventions.tests.factories.people import PASSWORD, SECRET

pytestmark = pytest.mark.django_db
LOGIN, VERIFY, ACCOUNT = "/admin/login/", "/admin/second-facteur/", "/admin/compte/"
ENROL = "/admin/compte/second-facteur/"
MOMENT = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MOMENT, tick=False) as traveller:
        yield traveller


def password(client, user, **data):
    return client.post(LOGIN, {"username": user.username, "password": PASSWORD, **data})


def signed_in(client) -> bool:
    return SESSION_KEY in client.session


def test_password_alone_does_not_open_an_account_with_a_second_factor(client):
    factor = SecondFactorFactory()
    response = password(client, factor.user)
    assert (response.status_code, response["Location"]) == (302, VERIFY)
    assert signed_in(client) is False
    assert client.get("/admin/").status_code == 302


def test_code_after_the_password_opens_the_asked_page_under_a_new_key(client):
    factor = SecondFactorFactory()
    password(client, factor.user, next="/admin/chiffres/")
    before = client.session.session_key
    response = client.post(VERIFY, {"code": code()})
    assert (response.status_code, response["Location"]) == (302, "/admin/chiffres/")
    assert (signed_in(client), permissions.VERIFIED in client.session) == (True, True)
    assert client.session.session_key != before


@pytest.mark.parametrize("target", ["https://ailleurs.invalid/", "//ailleurs.invalid", "javascript:alert(1)"])
def test_page_of_another_site_is_never_given_after_the_code(client, target):
    factor = SecondFactorFactory()
    password(client, factor.user, next=target)
    assert client.post(VERIFY, {"code": code(), "next": target})["Location"] == "/admin/"


def test_code_never_works_twice(client):
    factor = SecondFactorFactory()
    password(client, factor.user)
    client.post(VERIFY, {"code": code()})
    thief = Client()
    password(thief, factor.user)
    response = thief.post(VERIFY, {"code": code()})
    assert "il a déjà servi" in response.content.decode()
    assert signed_in(thief) is False


def test_code_of_an_earlier_step_does_not_work_after_a_later_one(client):
    factor = SecondFactorFactory()
    second_factor.verify(factor.user, code())
    with pytest.raises(second_factor.CodeRefused):
        second_factor.verify(factor.user, code(steps=-1))


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_telephone_may_be_half_a_minute_off(steps, taken):
    user = SecondFactorFactory().user
    if taken:
        second_factor.verify(user, code(steps=steps))
        assert SecondFactor.objects.get().failures == 0
    else:
        with pytest.raises(second_factor.CodeRefused):
            second_factor.verify(user, code(steps=steps))


def test_sixth_guess_waits_even_with_the_right_code(clock):
    user = SecondFactorFactory().user
    for _rank in range(5):
        with pytest.raises(second_factor.CodeRefused):
            second_factor.verify(user, "000000")
    with pytest.raises(second_factor.CodeRefused, match="Réessayez dans 1\u00a0minute"):
        second_factor.verify(user, code())
    assert JournalEntry.objects.filter(event="second_facteur_bloque").count() == 1
    clock.shift(61)
    second_factor.verify(user, code())
    assert SecondFactor.objects.get().failures == 0


def test_wait_doubles_up_to_an_hour(clock):
    user = SecondFactorFactory(failures=20).user
    with pytest.raises(second_factor.CodeRefused, match="Réessayez dans 60\u00a0minutes"):
        second_factor.verify(user, "000000")


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "١٢٣٤٥٦", "9" * 40, "-12345", "12 34 5"])
def test_absurd_codes_are_refused(typed):
    with pytest.raises(second_factor.CodeRefused):
        second_factor.verify(SecondFactorFactory().user, typed)


def test_password_given_ten_minutes_ago_no_longer_counts(client, clock):
    factor = SecondFactorFactory()
    password(client, factor.user)
    clock.shift(601)
    assert client.post(VERIFY, {"code": code()})["Location"].startswith(LOGIN)
    assert signed_in(client) is False


def test_account_closed_between_password_and_code_stays_closed(client):
    user = SecondFactorFactory().user
    password(client, user)
    user.is_active = False
    user.save()
    client.post(VERIFY, {"code": code()})
    assert signed_in(client) is False


def test_secret_is_not_stored_in_clear():
    stored = SecondFactorFactory().secret_encrypted
    assert SECRET not in stored
    assert second_factor.secret_of(SecondFactor.objects.get()).replace(" ", "") not in stored


def enrol(client) -> str:
    """Go through the pages; the last one."""
    client.post(ENROL + "preparer/", {"password": PASSWORD})
    SecondFactor.objects.update(secret_encrypted=SecondFactorFactory.build(user=None).secret_encrypted)
    return client.post(ENROL, {"code": code()}).content.decode()


def test_enrolment_shows_ten_codes_once_and_verifies_the_session(as_role):
    client = as_role(Role.DIRECTOR)
    page = enrol(client)
    codes = re.findall(r"<li><code>([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})</code>", page)
    assert len(set(codes)) == 10
    assert permissions.VERIFIED in client.session
    assert [row for row in RecoveryCode.objects.all() if row.code_hash in "".join(codes)] == []
    assert codes[0] not in client.get(ACCOUNT).content.decode()


def test_enrolment_asks_for_the_password(as_role):
    client = as_role(Role.DIRECTOR)
    page = client.post(ENROL + "preparer/", {"password": "autre"}).content.decode()
    assert "Ce mot de passe n’est pas le vôtre." in page
    assert SecondFactor.objects.count() == 0


def test_wrong_first_code_does_not_activate(as_role):
    client = as_role(Role.DIRECTOR)
    client.post(ENROL + "preparer/", {"password": PASSWORD})
    client.post(ENROL, {"code": "000000"})
    assert second_factor.factor_of(client.user) is None
    assert permissions.VERIFIED not in client.session


def test_reading_the_pages_prepares_nothing(as_role):
    client = as_role(Role.DIRECTOR)
    client.get(ENROL)
    client.get(ACCOUNT)
    assert SecondFactor.objects.count() == 0


def test_enrolment_page_has_the_picture_and_the_secret(as_role):
    client = as_role(Role.DIRECTOR)
    client.post(ENROL + "preparer/", {"password": PASSWORD})
    page = client.get(ENROL)
    assert second_factor.secret_of(SecondFactor.objects.get()) in page.content.decode()
    assert "<svg" in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_active_factor_is_not_replaced_by_a_new_enrolment(as_role):
    factor = SecondFactorFactory()
    client = as_role(factor.user)
    client.post(ENROL + "preparer/", {"password": PASSWORD})
    assert SecondFactor.objects.get().secret_encrypted == factor.secret_encrypted


def test_recovery_code_opens_once(client):
    factor = SecondFactorFactory(confirmed_at=None)
    codes = second_factor.confirm(factor.user, code())
    password(client, factor.user)
    client.post(VERIFY, {"code": codes[0].upper()})
    assert signed_in(client) is True
    other = Client()
    password(other, factor.user)
    other.post(VERIFY, {"code": codes[0]})
    assert signed_in(other) is False
    assert RecoveryCode.objects.usable().count() == 9


def test_recovery_code_of_another_person_is_refused():
    codes = second_factor.confirm(SecondFactorFactory(confirmed_at=None).user, code())
    with pytest.raises(second_factor.CodeRefused):
        second_factor.verify(SecondFactorFactory().user, codes[0])


def test_new_recovery_codes_replace_the_old(clock):
    user = SecondFactorFactory(confirmed_at=None).user
    old = second_factor.confirm(user, code())
    clock.shift(60)
    new = second_factor.renew_recovery_codes(user, code())
    with pytest.raises(second_factor.CodeRefused):
        second_factor.verify(user, old[0])
    second_factor.verify(user, new[0])


def test_removal_needs_password_and_code(as_role):
    client = as_role(SecondFactorFactory().user)
    client.post(ENROL + "retirer/", {"password": "autre", "code": code()})
    client.post(ENROL + "retirer/", {"password": PASSWORD, "code": "000000"})
    assert SecondFactor.objects.count() == 1
    client.post(ENROL + "retirer/", {"password": PASSWORD, "code": code()})
    assert SecondFactor.objects.count() == 0
    assert permissions.VERIFIED not in client.session


def test_removal_closes_the_other_sessions(as_role):
    user = SecondFactorFactory().user
    client, other = as_role(user), as_role(user)
    client.post(ENROL + "retirer/", {"password": PASSWORD, "code": code()})
    assert other.get("/admin/").status_code == 302
    assert client.get("/admin/").status_code == 200


def test_step_up_verifies_a_session_that_goes_on(as_role):
    client = as_role(SecondFactorFactory().user)
    before = client.session.session_key
    assert permissions.VERIFIED not in client.session
    response = client.post(VERIFY, {"code": code(), "next": "/admin/chiffres/"})
    assert response["Location"] == "/admin/chiffres/"
    assert permissions.VERIFIED in client.session
    assert client.session.session_key != before
    assert UserSession.objects.open().get().session_id == row_key(client.session.session_key)
    assert client.get(f"{VERIFY}?next=/admin/chiffres/")["Location"] == "/admin/chiffres/"


def test_step_up_without_a_factor_says_how_to_add_one(as_role):
    page = as_role(Role.DIRECTOR).get(VERIFY).content.decode()
    assert "votre compte n’en a pas encore" in page
    assert f'href="{ENROL}"' in page


def test_verified_session_is_told_apart(rf, as_role):
    request = rf.get("/")
    request.user, request.session = UserFactory(role=Role.DIRECTOR), {}
    assert permissions.has_second_factor(request) is False
    request.session[permissions.VERIFIED] = 1
    assert permissions.has_second_factor(request) is True
    request.user = UserFactory()
    assert permissions.has_second_factor(request) is False


def test_second_factor_is_asked_of_who_signs_for_opt():
    director, officer = UserFactory(role=Role.DIRECTOR), UserFactory(role=Role.OFFICER)
    signatory = UserFactory(role=Role.OFFICER)
    RepresentativeFactory(partner=opt_partner(), user=signatory)
    former = UserFactory(role=Role.OFFICER)
    RepresentativeFactory(partner=opt_partner(), user=former, former=True)
    asked = [permissions.must_have_second_factor(user) for user in (director, officer, signatory, former)]
    assert asked == [True, False, True, False]


def test_second_factor_may_be_asked_of_no_role(settings):
    settings.STAFF_SECOND_FACTOR = []
    assert permissions.must_have_second_factor(UserFactory(role=Role.DIRECTOR)) is False


def test_code_is_refused_from_another_site():
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(VERIFY, {"code": "123456"}).status_code == 403


def test_demonstration_code_is_shown_in_the_demonstration_alone(settings):
    factor = SecondFactorFactory(user__is_demo=True)
    assert second_factor.demonstration_code(factor) == ""
    settings.DEMO = True
    assert second_factor.demonstration_code(factor).replace(" ", "") == code()
    factor.user.is_demo = False
    assert second_factor.demonstration_code(factor) == ""
