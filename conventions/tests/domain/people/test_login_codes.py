"""Signing in by an e-mailed code: what is kept, who may use it, how often."""

import datetime
import threading

import pytest
import time_machine
from django.db import connection, connections
from django.utils import timezone

from conventions.domain.foundation import throttling
from conventions.domain.foundation.one_time_codes import CodeOver, CodeRefused, WrongCode
from conventions.domain.mails import delivery
from conventions.domain.people import login_codes
from conventions.domain.people.security import sessions
from conventions.enums import TryKind
from conventions.models import LoginCode, NetworkTries, OutgoingMail
from conventions.tests.factories import PresidentFactory, UserFactory, UserSessionFactory

BROWSER = "un navigateur"
NETWORK = "192.0.2.1"


@pytest.fixture
def president(db):
    return PresidentFactory(email="presidence@niaouli.invalid")


def asked(email="presidence@niaouli.invalid", *, browser=BROWSER, network=NETWORK, device=""):
    return login_codes.request_code(email, browser=browser, network=network, device=device)


def checked(code, typed, *, browser=BROWSER, network=NETWORK):
    return login_codes.check_code(code.pk, browser=browser, typed=typed, network=network)


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
    with django_assert_num_queries(11):
        asked()
    with django_assert_num_queries(11):
        asked("personne@ailleurs.invalid", browser="autre")


def test_code_right_once_then_refused(president):
    code = asked()
    minted = login_codes.mint(code.pk)
    assert checked(code, minted.digits).tries == 1
    with pytest.raises(CodeOver, match="déjà servi"):
        checked(code, minted.digits)


def test_code_typed_with_spaces_is_accepted(president):
    code = asked()
    digits = login_codes.mint(code.pk).digits
    assert checked(code, f" {digits[:3]} {digits[3:]} ").used_at


def test_code_of_another_browser_is_refused_and_not_consumed(president):
    code = asked()
    digits = login_codes.mint(code.pk).digits
    with pytest.raises(CodeOver, match="autre navigateur"):
        checked(code, digits, browser="ailleurs")
    code.refresh_from_db()
    assert (code.tries, code.used_at) == (0, None)


def test_sixth_try_is_refused_even_with_the_right_code(president):
    code = asked()
    digits = login_codes.mint(code.pk).digits
    messages = []
    for _rank in range(5):
        with pytest.raises(CodeRefused) as refusal:
            checked(code, wrong_of(digits))
        messages.append(type(refusal.value))
    assert messages == [WrongCode] * 4 + [CodeOver]
    with pytest.raises(CodeOver, match="5 essais"):
        checked(code, digits)


def test_code_expires_after_ten_minutes(president):
    with time_machine.travel("2026-03-02T00:00:00Z", tick=False) as clock:
        code = asked()
        digits = login_codes.mint(code.pk).digits
        clock.shift(datetime.timedelta(minutes=10))
        with pytest.raises(CodeOver, match="expiré"):
            checked(code, digits)


def test_code_valid_until_the_tenth_minute(president):
    with time_machine.travel("2026-03-02T00:00:00Z", tick=False) as clock:
        code = asked()
        digits = login_codes.mint(code.pk).digits
        clock.shift(datetime.timedelta(minutes=9, seconds=59))
        assert checked(code, digits).pk == code.pk


def test_new_code_ends_the_previous_one_of_the_browser(president):
    first = asked()
    digits = login_codes.mint(first.pk).digits
    asked()
    with pytest.raises(CodeOver, match="expiré"):
        checked(first, digits)


def test_code_not_minted_is_never_right(president):
    code = asked()
    with pytest.raises(WrongCode):
        checked(code, "")
    with pytest.raises(WrongCode):
        checked(code, "000000")


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


def entered(user, token="t" * 32):
    """The device came in with this account once: what its browser keeps."""
    UserSessionFactory(user=user, device_key=sessions.device_key(token), ended_at=timezone.now())
    return token


def pace_of(row):
    """(digits, minutes of waiting)"""
    return row.digits, round((row.leaves_at - row.created_at).total_seconds() / 60)


def paces(times, **values):
    """Of codes asked one after the other, each from a new browser."""
    return [pace_of(asked(browser=f"navigateur {rank}", **values)) for rank in range(times)]


def test_strangers_who_ask_and_ask_keep_nobody_out(president):
    device = entered(president)
    for rank in range(60):
        asked(browser=f"inconnu {rank}", network=f"198.51.100.{rank}")
    mine = asked(device=device)
    assert (mine.digits, mine.leaves_at <= mine.created_at) == (6, True)
    assert checked(mine, login_codes.mint(mine.pk).digits).used_at
    new_phone = asked(browser="un nouveau téléphone")
    assert pace_of(new_phone) == (10, 30)
    with time_machine.travel(new_phone.leaves_at, tick=False):
        assert checked(
            new_phone, login_codes.mint(new_phone.pk).digits, browser="un nouveau téléphone"
        ).used_at


def test_known_device_has_a_pace_of_its_own(president):
    device = entered(president)
    assert paces(4, device=device) == [(6, 0), (6, 0), (6, 0), (8, 1)]
    assert paces(1) == [(6, 0)]


def test_device_is_known_for_the_addresses_it_entered_with_alone(president):
    foreign = entered(PresidentFactory(email="autre@exemple.invalid"), "u" * 32)
    asked(device=foreign)
    asked(device="jeton inventé")
    assert set(LoginCode.objects.values_list("device_key", flat=True)) == {""}


def test_network_that_asks_a_lot_waits_and_types_more_but_known_devices_do_not(president):
    for rank in range(throttling.LIMITS[TryKind.SIGN_IN].tries):
        assert asked(f"adresse{rank}@exemple.invalid", browser=f"n{rank}").digits == 6
    late = asked("autre@exemple.invalid")
    assert pace_of(late) == (10, 5)
    assert asked("autre@exemple.invalid", browser="ailleurs", network="192.0.2.2").digits == 6
    assert asked(device=entered(president)).digits == 6


def test_network_that_guesses_wrong_types_more_whatever_addresses_it_tries(president):
    for rank in range(throttling.LIMITS[TryKind.GUESS].tries // 5):
        code = asked(f"adresse{rank}@exemple.invalid", browser=f"n{rank}", network=f"198.51.100.{rank}")
        for _try in range(5):
            with pytest.raises(CodeRefused):
                checked(code, "000000", browser=f"n{rank}")
    assert (asked().digits, asked(browser="autre", network="192.0.2.2").digits) == (10, 6)


def test_right_codes_and_those_of_known_devices_are_no_guesses(president):
    device = entered(president)
    known = asked(device=device)
    digits = login_codes.mint(known.pk).digits
    with pytest.raises(WrongCode):
        checked(known, wrong_of(digits))
    checked(known, digits)
    unknown = asked(browser="autre")
    checked(unknown, login_codes.mint(unknown.pk).digits, browser="autre")
    assert not NetworkTries.objects.filter(kind=TryKind.GUESS).exists()


def test_what_nobody_types_by_hand_is_refused_to_unknown_devices_alone(president):
    burst = throttling.LIMITS[TryKind.SIGN_IN_BURST].tries
    NetworkTries.objects.create(
        kind=TryKind.SIGN_IN_BURST,
        network_key=throttling.network_key(NETWORK),
        count=burst,
        ends_at=timezone.now() + datetime.timedelta(minutes=35),
    )
    with pytest.raises(
        login_codes.TooManyCodes, match=r"depuis votre connexion\. Réessayez dans 35\sminutes"
    ):
        asked()
    assert asked(device=entered(president)).pk


def tries_told():
    return OutgoingMail.objects.filter(template="essais_de_connexion")


def test_address_is_told_once_a_day_that_somebody_asks(president, mailoutbox):
    with time_machine.travel("2026-03-02T00:00:00Z", tick=False) as clock:
        paces(3)
        assert not tries_told().exists()
        paces(6)
        assert tries_told().count() == 1
        delivery.deliver(tries_told().get().pk)
        assert [(mail.to, mail.subject) for mail in mailoutbox] == [
            (["presidence@niaouli.invalid"], "Quelqu’un essaie d’entrer avec votre adresse")
        ]
        clock.shift(datetime.timedelta(days=1))
        paces(5)
        assert tries_told().count() == 2


def test_address_is_told_that_somebody_guesses(president):
    code = asked()
    digits = login_codes.mint(code.pk).digits
    for _try in range(5):
        assert not tries_told().exists()
        with pytest.raises(CodeRefused):
            checked(code, wrong_of(digits))
    assert tries_told().count() == 1


def test_nobody_is_told_at_an_address_without_account(db, mailoutbox):
    for rank in range(5):
        asked("personne@ailleurs.invalid", browser=f"n{rank}")
    delivery.deliver(tries_told().get().pk)
    assert (tries_told().count(), mailoutbox) == (0, [])


def test_owner_who_asks_a_lot_from_a_known_device_is_not_told(president):
    paces(6, device=entered(president))
    assert not tries_told().exists()


def test_accounts_after_the_right_code_only(president):
    other = PresidentFactory(email="presidence@niaouli.invalid")
    code = asked()
    digits = login_codes.mint(code.pk).digits
    assert login_codes.accounts_after(code.pk, browser=BROWSER) == []
    checked(code, digits)
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
            checked(code, wrong_of(digits))
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
            checked(code, digits)
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
    assert checked(code, typed).used_at
    with connection.cursor() as cursor:
        for table in ("conventions_logincode", "conventions_outgoingmail", "django_session"):
            cursor.execute(f"SELECT * FROM {table}")
            text = repr([[value for value in row if isinstance(value, str)] for row in cursor.fetchall()])
            assert digits not in text
            assert typed not in text
    assert digits not in caplog.text
