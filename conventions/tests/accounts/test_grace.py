"""A second factor for every member of staff: seven days from the first sign-in, then « Mon compte » alone."""

import datetime

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from conventions.domain.people.security import grace, second_factor
from conventions.enums import Role
from conventions.models import JournalEntry, RecoveryCode, SecondFactor, User
from conventions.tests.accounts.codes import code
from conventions.tests.factories import PresidentFactory, SecondFactorFactory, UserFactory
from conventions.tests.factories.people import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.unproven]
MOMENT = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
ACCOUNT, WEEK = "/admin/compte/", datetime.timedelta(days=7)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MOMENT, tick=False) as traveller:
        yield traveller


def entered(user) -> Client:
    client = Client()
    client.post("/admin/login/", {"username": user.username, "password": PASSWORD})
    return client


@pytest.mark.parametrize("who", [*Role.values, "superuser"])
def test_days_start_at_the_first_sign_in_whatever_the_role(who, clock):
    user = UserFactory(superuser=True) if who == "superuser" else UserFactory(role=who)
    clock.shift(WEEK * 5)
    first = timezone.now()
    assert entered(user).get("/admin/").status_code == 200
    clock.shift(WEEK - datetime.timedelta(seconds=1))
    assert entered(user).get("/admin/").status_code == 200
    assert User.objects.get(pk=user.pk).factor_asked_at == first
    clock.shift(1)
    assert entered(user).get("/admin/")["Location"] == ACCOUNT


def test_session_that_is_open_when_the_days_end_closes_too(clock):
    user = UserFactory(role=Role.OFFICER, factor_asked_at=MOMENT - WEEK + datetime.timedelta(minutes=5))
    client = entered(user)
    assert client.get("/admin/").status_code == 200
    clock.shift(300)
    assert client.get("/admin/")["Location"] == ACCOUNT


@pytest.fixture
def late():
    return entered(UserFactory(role=Role.OFFICER, factor_asked_at=MOMENT - WEEK))


@pytest.mark.parametrize(
    "page",
    ["/admin/", "/admin/conventions/convention/", "/admin/chiffres/", "/", "/conventions/", "/espace/"],
)
def test_nothing_else_opens(late, page):
    assert late.get(page)["Location"] == ACCOUNT
    assert late.post(page, {"a": "b"})["Location"] == ACCOUNT


def test_my_account_opens_says_why_and_adds_the_factor(late):
    assert "Vos sept jours sont passés" in late.get(ACCOUNT).content.decode()
    late.post(f"{ACCOUNT}second-facteur/preparer/", {"password": PASSWORD})
    SecondFactor.objects.update(secret_encrypted=SecondFactorFactory.build(user=None).secret_encrypted)
    assert "Vos codes de secours" in late.post(f"{ACCOUNT}second-facteur/", {"code": code()}).content.decode()
    assert late.get("/admin/").status_code == 200


def test_one_leaves_and_changes_the_password_meanwhile(late):
    assert late.get("/admin/password_change/").status_code == 200
    assert late.post("/admin/logout/").status_code in (200, 302)


def test_other_session_is_confirmed_once_the_factor_was_added_elsewhere(late):
    SecondFactorFactory(user=User.objects.get(username__isnull=False))
    assert late.get("/admin/")["Location"] == "/admin/second-facteur/"
    late.post("/admin/second-facteur/", {"code": code()})
    assert late.get("/admin/").status_code == 200


def test_page_says_until_when(clock):
    page = entered(UserFactory(role=Role.OFFICER)).get(ACCOUNT).content.decode()
    assert "Ajoutez un second facteur avant le 9 mars 2026 à 20:00." in page.replace("\u00a0", " ")


def test_removing_it_after_the_days_leaves_my_account_alone(as_role):
    user = SecondFactorFactory(user__factor_asked_at=MOMENT - WEEK * 2).user
    client = as_role(user)
    client.post("/admin/second-facteur/", {"code": code(steps=-1)})
    client.post(f"{ACCOUNT}second-facteur/retirer/", {"password": PASSWORD, "code": code()})
    assert client.get("/admin/")["Location"] == ACCOUNT


def test_nothing_is_asked_of_associations_nor_in_the_demonstration(as_role, settings):
    president = PresidentFactory(factor_asked_at=MOMENT - WEEK * 2)
    assert as_role(president).get("/espace/").status_code == 200
    settings.DEMO = True
    assert (
        entered(UserFactory(role=Role.OFFICER, factor_asked_at=MOMENT - WEEK)).get("/admin/").status_code
        == 200
    )


def test_reading_the_moment_costs_no_query(late, query_budget):
    with query_budget(0):
        assert grace.is_over({grace.DUE: MOMENT.timestamp()}) is True


def test_command_takes_the_factor_away_and_the_journal_tells_it(capsys):
    user = SecondFactorFactory(confirmed_at=None).user
    second_factor.confirm(user, code())
    client = entered(user)
    call_command("reinitialiser_facteur", user.username)
    assert "est retiré" in capsys.readouterr().out
    assert (SecondFactor.objects.count(), RecoveryCode.objects.count()) == (0, 0)
    assert JournalEntry.objects.get(event="second_facteur_reinitialise").actor is None
    assert client.get("/admin/").status_code == 302
    for name in (user.username, "personne", PresidentFactory().username):
        with pytest.raises(CommandError):
            call_command("reinitialiser_facteur", name)
