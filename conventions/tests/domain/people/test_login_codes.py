"""Signing in by an e-mailed code: what is kept, who may use it, how often."""

import datetime
import threading

import pytest
import time_machine
from django.db import connection, connections
from django.utils import timezone

from conventions.domain.foundation import throttling
from conventions.domain.foundation.one_time_codes import CodeOver, CodeRefused, TooManyCodes, WrongCode
from conventions.domain.mails import delivery
from conventions.domain.people import login_codes
from conventions.enums import TryKind
from conventions.models import LoginCode, OutgoingMail
from conventions.tests.factories import PresidentFactory, UserFactory

BROWSER = "un navigateur"
NETWORK = "192.0.2.1"


@pytest.fixture
def president(db):
    return PresidentFactory(email="presidence@niaouli.invalid")


def asked(email="presidence@niaouli.invalid", *, browser=BROWSER, network=NETWORK):
    return login_codes.request_code(email, browser=browser, network=network)


def wrong_of(digits: str) -> str:
    return f"{(int(digits) + 1) % 1_000_000:06d}"


def test_request_does_the_same_for_a_known_and_an_unknown_address(president):
    known, unknown = asked(), asked("personne@ailleurs.invalid", browser="autre")
    rows = LoginCode.objects.order_by("pk").values("code_hash", "tries", "used_at")
    assert list(rows) == [{"code_hash": "", "tries": 0, "used_at": None}] * 2
    mails = OutgoingMail.objects.order_by("pk").values_list("template", "params", "convention", "state")
    assert list(mails) == [
        ("code_connexion", {"login_code": known.pk}, None, "a_envoyer"),
        ("code_connexion", {"login_code": unknown.pk}, None, "a_envoyer"),
    ]


def test_request_costs_the_same_queries_for_a_known_and_an_unknown_address(
    president, django_assert_num_queries
):
    asked("premiere@exemple.invalid", browser="premier")  # opens the window of this network
    with django_assert_num_queries(7):
        asked()
    with django_assert_num_queries(7):
        asked("personne@ailleurs.invalid", browser="autre")


def test_code_right_once_then_refused(president):
    code = asked()
    minted = login_codes.mint(code.pk)
    assert login_codes.check_code(code.pk, browser=BROWSER, typed=minted.digits).tries == 1
    with pytest.raises(CodeOver, match="déjà servi"):
        login_codes.check_code(code.pk, browser=BROWSER, typed=minted.digits)


def test_code_typed_with_spaces_is_accepted(president):
    code = asked()
    digits = login_codes.mint(code.pk).digits
    assert login_codes.check_code(code.pk, browser=BROWSER, typed=f" {digits[:3]} {digits[3:]} ").used_at


def test_code_of_another_browser_is_refused_and_not_consumed(president):
    code = asked()
    digits = login_codes.mint(code.pk).digits
    with pytest.raises(CodeOver, match="autre navigateur"):
        login_codes.check_code(code.pk, browser="ailleurs", typed=digits)
    code.refresh_from_db()
    assert (code.tries, code.used_at) == (0, None)


def test_sixth_try_is_refused_even_with_the_right_code(president):
    code = asked()
    digits = login_codes.mint(code.pk).digits
    messages = []
    for _rank in range(5):
        with pytest.raises(CodeRefused) as refusal:
            login_codes.check_code(code.pk, browser=BROWSER, typed=wrong_of(digits))
        messages.append(type(refusal.value))
    assert messages == [WrongCode] * 4 + [CodeOver]
    with pytest.raises(CodeOver, match="5 essais"):
        login_codes.check_code(code.pk, browser=BROWSER, typed=digits)


def test_code_expires_after_ten_minutes(president):
    with time_machine.travel("2026-03-02T00:00:00Z", tick=False) as clock:
        code = asked()
        digits = login_codes.mint(code.pk).digits
        clock.shift(datetime.timedelta(minutes=10))
        with pytest.raises(CodeOver, match="expiré"):
            login_codes.check_code(code.pk, browser=BROWSER, typed=digits)


def test_code_valid_until_the_tenth_minute(president):
    with time_machine.travel("2026-03-02T00:00:00Z", tick=False) as clock:
        code = asked()
        digits = login_codes.mint(code.pk).digits
        clock.shift(datetime.timedelta(minutes=9, seconds=59))
        assert login_codes.check_code(code.pk, browser=BROWSER, typed=digits).pk == code.pk


def test_new_code_ends_the_previous_one_of_the_browser(president):
    first = asked()
    digits = login_codes.mint(first.pk).digits
    asked()
    with pytest.raises(CodeOver, match="expiré"):
        login_codes.check_code(first.pk, browser=BROWSER, typed=digits)


def test_code_not_minted_is_never_right(president):
    code = asked()
    with pytest.raises(WrongCode):
        login_codes.check_code(code.pk, browser=BROWSER, typed="")
    with pytest.raises(WrongCode):
        login_codes.check_code(code.pk, browser=BROWSER, typed="000000")


def test_mint_keeps_only_a_hash_bound_to_the_request(president):
    code = asked()
    digits = login_codes.mint(code.pk).digits
    code.refresh_from_db()
    assert len(digits) == 6
    assert len(code.code_hash) == 64
    other = LoginCode(pk=code.pk + 1, browser_key=code.browser_key)
    assert login_codes.CODES.hash(code, digits) == code.code_hash != login_codes.CODES.hash(other, digits)
    assert login_codes.browser_key(BROWSER) == code.browser_key != BROWSER


@pytest.mark.parametrize("kind", [{"staff": True}, {"superuser": True}, {"is_active": False}])
def test_mint_nothing_for_staff_and_closed_accounts(db, kind):
    UserFactory(email="agent@opt.invalid", **kind)
    assert login_codes.mint(asked("agent@opt.invalid").pk) is None


def test_mint_nothing_for_a_superuser_who_is_not_staff(db):
    UserFactory(email="agent@opt.invalid", is_superuser=True)
    assert login_codes.mint(asked("agent@opt.invalid").pk) is None


def test_address_of_other_case_is_the_same_but_a_lookalike_is_not(president):
    assert login_codes.accounts_at(" Presidence@NIAOULI.invalid ") == [president]
    assert login_codes.accounts_at("pres\u0131dence@niaouli.invalid") == []


def test_mail_goes_to_the_address_of_the_account(db):
    PresidentFactory(email="Presidence@Niaouli.invalid")
    assert login_codes.mint(asked().pk).address == "Presidence@Niaouli.invalid"


def test_sixth_code_within_the_hour_is_refused_for_any_address(president):
    for email in ("presidence@niaouli.invalid", "personne@ailleurs.invalid"):
        with time_machine.travel("2026-03-02T00:00:00Z", tick=False) as clock:
            for _rank in range(5):
                asked(email)
                clock.shift(datetime.timedelta(minutes=5))
            with pytest.raises(TooManyCodes) as refusal:
                asked(email)
            assert str(refusal.value) == ("Trop de codes ont été demandés. Réessayez dans 35\u00a0minutes.")
            clock.shift(datetime.timedelta(minutes=35))
            assert asked(email).pk


def test_codes_of_one_network_are_limited_across_addresses(db):
    for rank in range(throttling.LIMITS[TryKind.SIGN_IN].tries):
        asked(f"adresse{rank}@exemple.invalid")
    with pytest.raises(TooManyCodes, match="depuis votre connexion"):
        asked("autre@exemple.invalid")
    assert asked("autre@exemple.invalid", network="192.0.2.2").pk


def test_accounts_after_the_right_code_only(president):
    other = PresidentFactory(email="presidence@niaouli.invalid")
    code = asked()
    digits = login_codes.mint(code.pk).digits
    assert login_codes.accounts_after(code.pk, browser=BROWSER) == []
    login_codes.check_code(code.pk, browser=BROWSER, typed=digits)
    assert login_codes.accounts_after(code.pk, browser=BROWSER) == [president, other]
    assert login_codes.accounts_after(code.pk, browser="ailleurs") == []
    late = timezone.now() + datetime.timedelta(minutes=11)
    with time_machine.travel(late, tick=False):
        assert login_codes.accounts_after(code.pk, browser=BROWSER) == []


def test_purge_forgets_addresses_after_a_week(db):
    asked()
    assert login_codes.purge() == 0
    assert login_codes.purge(at=timezone.now() + datetime.timedelta(days=8)) == 1


@pytest.mark.django_db(transaction=True)
def test_parallel_tries_are_all_counted():
    """Ten guesses at once: five are looked at, and the code is then over."""
    PresidentFactory(email="presidence@niaouli.invalid")
    code = asked()
    digits = login_codes.mint(code.pk).digits
    start, outcomes = threading.Barrier(10), []

    def guess():
        start.wait()
        try:
            login_codes.check_code(code.pk, browser=BROWSER, typed=wrong_of(digits))
        except CodeRefused as refusal:
            outcomes.append(str(refusal).startswith("Ce code n’est pas le bon"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=guess) for _rank in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    code.refresh_from_db()
    assert (code.tries, sorted(outcomes)) == (5, [False] * 5 + [True] * 5)


@pytest.mark.django_db(transaction=True)
def test_right_code_typed_twice_at_once_enters_once():
    PresidentFactory(email="presidence@niaouli.invalid")
    code = asked()
    digits = login_codes.mint(code.pk).digits
    start, entered = threading.Barrier(2), []

    def enter():
        start.wait()
        try:
            login_codes.check_code(code.pk, browser=BROWSER, typed=digits)
            entered.append(True)
        except CodeOver:
            entered.append(False)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=enter) for _rank in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(entered) == [False, True]


def test_code_stands_nowhere_in_the_tables(president, mailoutbox, caplog):
    """The digits are in the mail alone: no column of any table, no line of the log."""
    code = asked()
    delivery.deliver(OutgoingMail.objects.get().pk)
    typed = next(line.strip() for line in mailoutbox[0].body.splitlines() if line.strip()[:1].isdigit())
    digits = typed.replace(" ", "")
    assert login_codes.check_code(code.pk, browser=BROWSER, typed=typed).used_at
    with connection.cursor() as cursor:
        for table in ("conventions_logincode", "conventions_outgoingmail", "django_session"):
            cursor.execute(f"SELECT * FROM {table}")
            text = repr([[value for value in row if isinstance(value, str)] for row in cursor.fetchall()])
            assert digits not in text
            assert typed not in text
    assert digits not in caplog.text
