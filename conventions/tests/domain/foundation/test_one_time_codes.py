"""The digits, whatever they open: the same sentence for the same refusal, the same pace, on all kinds."""

import datetime
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import time_machine
from django.conf import settings
from django.test import RequestFactory

from conventions.domain.acts.requests import codes
from conventions.domain.foundation.one_time_codes import CodeOver, CodeRefused, Codes, WrongCode, odds, pace
from conventions.domain.mails import delivery
from conventions.domain.people import login_codes
from conventions.domain.people.security import proving, sessions
from conventions.domain.people.security.session_store import SessionStore
from conventions.domain.space import addresses
from conventions.models import OutgoingMail
from conventions.tests import factories as f

ASK_AGAIN = "Demandez un nouveau code."


@dataclass(frozen=True)
class Door:
    """One kind of code, for one person."""

    codes: Codes
    ask: Callable
    mint: Callable[[int], str | None]
    use: Callable[[str], object]
    elsewhere: Callable[[str], object]  # another browser, another document, another account


def _sign_in() -> Door:
    president, rows = f.PresidentFactory(email="presidence@niaouli.invalid"), []

    def ask():
        rows.append(login_codes.request_code(president.email, browser="ici", network="192.0.2.1"))
        return rows[-1]

    def use(typed, browser="ici"):
        return login_codes.check_code(
            rows[-1].pk if rows else 0, browser=browser, typed=typed, network="192.0.2.1"
        )

    return Door(
        login_codes.CODES,
        ask,
        lambda pk: (minted := login_codes.mint(pk)) and minted.digits,
        use,
        lambda typed: use(typed, browser="ailleurs"),
    )


def _signature() -> Door:
    request = f.SignatureRequestFactory()
    sha256 = request.document.sha256
    return Door(
        codes.CODES,
        lambda: codes.ask(request, shown_sha256=sha256),
        codes.mint,
        lambda typed: codes.check(request, shown_sha256=sha256, typed=typed),
        lambda typed: codes.check(request, shown_sha256="0" * 64, typed=typed),
    )


def _address() -> Door:
    president, other = f.PresidentFactory(), f.PresidentFactory()
    return Door(
        addresses.CODES,
        lambda: addresses.ask(president, "neuve@exemple.invalid"),
        lambda pk: (minted := addresses.mint(pk)) and minted[1],
        lambda typed: addresses.confirm(president, typed),
        lambda typed: addresses.confirm(other, typed),
    )


def _proof() -> Door:
    president = f.PresidentFactory()
    here, elsewhere = (_opened(president) for _session in range(2))
    return Door(
        proving.CODES,
        lambda: proving.ask_code(president, here.session),
        lambda pk: (minted := proving.mint(pk)) and minted[1],
        lambda typed: proving.prove(here, typed),
        lambda typed: proving.prove(elsewhere, typed),
    )


def _opened(user):
    """A request of a session that this user opened."""
    request = RequestFactory().post("/")
    request.user, request.session = user, SessionStore()
    sessions.begin(request.session, user, user_agent="", device="")
    request.session.save()
    return request


KINDS = {"sign_in": _sign_in, "signature": _signature, "address": _address, "proof": _proof}


@pytest.fixture(params=KINDS)
def door(request, db):
    return KINDS[request.param]()


def wrong_of(digits: str) -> str:
    return f"{(int(digits) + 1) % 10 ** len(digits):0{len(digits)}d}"


def refusal(call: Callable, *args) -> tuple[type, str]:
    with pytest.raises(CodeRefused) as refused:
        call(*args)
    return type(refused.value), str(refused.value)


def test_right_code_works_once_however_it_is_typed(door):
    row = door.ask()
    digits = door.mint(row.pk)
    door.use(f" {digits[:3]}\u00a0{digits[3:]} ")
    row.refresh_from_db()
    assert (row.tries, row.used_at is not None) == (1, True)
    assert refusal(door.use, digits) == (CodeOver, f"Ce code a déjà servi. {ASK_AGAIN}")


def test_wrong_codes_are_counted_and_the_fifth_is_the_last(door):
    row = door.ask()
    digits = door.mint(row.pk)
    lefts = ["4\u00a0essais", "3\u00a0essais", "2\u00a0essais", "1\u00a0essai"]
    assert [refusal(door.use, wrong_of(digits)) for _try in range(5)] == [
        *(
            (
                WrongCode,
                "Ce code n’est pas le bon. Vérifiez les chiffres du dernier courriel reçu. "
                f"Il vous reste {left}.",
            )
            for left in lefts
        ),
        (CodeOver, f"Ce code n’est pas le bon, et c’était le dernier essai. {ASK_AGAIN}"),
    ]
    assert refusal(door.use, digits) == (CodeOver, f"5 essais n’ont pas suffi. {ASK_AGAIN}")
    row.refresh_from_db()
    assert (row.tries, row.used_at, door.codes.is_live(row)) == (5, None, False)


def test_code_lives_ten_minutes(door):
    with time_machine.travel("2026-03-02T00:00:00Z", tick=False) as clock:
        row = door.ask()
        digits = door.mint(row.pk)
        clock.shift(datetime.timedelta(minutes=9, seconds=59))
        assert door.codes.is_live(row)
        clock.shift(datetime.timedelta(seconds=1))
        assert refusal(door.use, digits) == (CodeOver, f"Ce code a expiré. {ASK_AGAIN}")


def test_code_whose_mail_leaves_late_lives_from_then(door):
    with time_machine.travel("2026-03-02T00:00:00Z", tick=False) as clock:
        row = door.ask()
        former = door.mint(row.pk)
        clock.shift(datetime.timedelta(hours=3))
        digits = door.mint(row.pk)
        row.refresh_from_db()
        assert (door.codes.is_live(row), former != digits) == (True, True)
        clock.shift(datetime.timedelta(minutes=9, seconds=59))
        assert refusal(door.use, former)[0] is WrongCode
        door.use(digits)
        assert door.mint(row.pk) is None


def test_former_code_lapses_and_no_mail_of_it_leaves(door):
    former = door.ask()
    door.mint(former.pk)
    door.ask()
    former.refresh_from_db()
    assert (door.codes.is_live(former), door.mint(former.pk)) == (False, None)


def test_lapsed_code_has_expired(door):
    row = door.ask()
    digits = door.mint(row.pk)
    row.expires_at = row.created_at
    row.save()
    assert refusal(door.use, digits) == (CodeOver, f"Ce code a expiré. {ASK_AGAIN}")


def test_code_never_asked(door):
    assert refusal(door.use, "123456") == (CodeOver, "Demandez d’abord un code : il arrive par courriel.")


def test_code_whose_mail_has_not_left_is_never_right(door):
    door.ask()
    assert [refusal(door.use, typed)[0] for typed in ("", "000000")] == [WrongCode, WrongCode]


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("sign_in", "Ce code a été demandé depuis un autre navigateur. Demandez un nouveau code ici."),
        (
            "signature",
            "Ce code a été demandé pour une autre version du texte. Relisez le texte, puis demandez un code.",
        ),
        ("address", "Demandez d’abord un code : il arrive par courriel."),
    ],
)
def test_code_asked_for_something_else_is_refused_and_not_consumed(db, kind, sentence):
    door = KINDS[kind]()
    row = door.ask()
    digits = door.mint(row.pk)
    assert refusal(door.elsewhere, digits) == (CodeOver, sentence)
    row.refresh_from_db()
    assert (row.tries, row.used_at) == (0, None)


def test_three_codes_a_day_leave_at_once_then_they_are_longer_and_later_and_none_is_refused(door):
    with time_machine.travel("2026-03-02T00:00:00Z", tick=False) as clock:
        found = []
        for _rank in range(12):
            row = door.ask()
            found.append((row.digits, (row.leaves_at - row.created_at).seconds // 60))
            clock.move_to(row.leaves_at)
            digits = door.mint(row.pk)
            assert (len(digits), digits.isdecimal()) == (row.digits, True)
        assert found == [
            *[(6, 0)] * 3,
            *[(8, 1), (8, 2), (8, 4), (8, 8), (8, 16)],
            *[(10, 30)] * 4,
        ]
        assert door.codes.is_live(row)  # the last one, however many were asked
        clock.shift(datetime.timedelta(days=1, minutes=1))
        again = door.ask()
        assert (again.digits, again.leaves_at) == (6, again.created_at)
        door.use(door.mint(again.pk))


def test_asking_again_while_the_mail_waits_changes_nothing(door):
    with time_machine.travel("2026-03-02T00:00:00Z", tick=False) as clock:
        for _rank in range(8):
            row = door.ask()
            clock.move_to(row.leaves_at)
        waiting = door.ask()
        clock.shift(datetime.timedelta(minutes=29))
        mails = OutgoingMail.objects.count()
        assert (door.ask().pk, OutgoingMail.objects.count()) == (waiting.pk, mails)
        clock.shift(datetime.timedelta(minutes=1))
        door.use(door.mint(waiting.pk))


def test_code_lives_ten_minutes_from_when_its_mail_leaves(door):
    with time_machine.travel("2026-03-02T00:00:00Z", tick=False) as clock:
        for _rank in range(7):
            row = door.ask()
            clock.move_to(row.leaves_at)
        digits = door.mint(row.pk)
        clock.shift(datetime.timedelta(minutes=9, seconds=59))
        door.use(digits)


def test_code_of_another_length_is_told_and_costs_no_try(door):
    with time_machine.travel("2026-03-02T00:00:00Z", tick=False) as clock:
        for _rank in range(4):
            row = door.ask()
            clock.move_to(row.leaves_at)
        digits = door.mint(row.pk)
        told = "Ce code a huit chiffres. Recopiez-les tous du dernier courriel reçu."
        assert refusal(door.use, digits[:6]) == (WrongCode, told)
        row.refresh_from_db()
        assert row.tries == 0
        door.use(digits)


def test_mail_leaves_when_its_code_says(door):
    with time_machine.travel("2026-03-02T00:00:00Z", tick=False) as clock:
        for _rank in range(3):
            door.ask()
        assert set(OutgoingMail.objects.values_list("not_before", flat=True)) == {None}
        row = door.ask()
        mail = OutgoingMail.objects.exclude(template="essais_de_connexion").latest("pk")
        assert mail.not_before == row.leaves_at
        assert mail.pk not in delivery.due()
        clock.move_to(row.leaves_at)
        assert mail.pk in delivery.due()


def test_guessing_for_a_month_succeeds_less_than_once_in_a_thousand():
    """However many are asked: beyond the eighth a day, two thousand codes weigh less than one of six digits."""
    assert [pace(already).digits for already in (0, 2, 3, 7, 8, 10_000)] == [6, 6, 8, 8, 10, 10]
    tries = settings.LOGIN_CODE_TRIES
    assert tries == settings.SIGNATURE_CODE_TRIES
    assert 0.0004 < odds(8, tries=tries) < odds(2_000, tries=tries) < odds(20_000, tries=tries) < 0.001


@pytest.mark.parametrize(
    ("kind", "salt", "bound"),
    [
        ("sign_in", "conventions.login_code", "{0.pk}:{0.browser_key}"),
        ("signature", "conventions.signature_code", "{0.pk}:{0.request_id}:{0.document_sha256}"),
        ("address", "conventions.address_change", "{0.pk}:{0.email}"),
        ("proof", "conventions.proof_code", "{0.pk}:{0.connection_id}"),
    ],
)
def test_codes_stored_by_former_versions_still_work(db, kind, salt, bound):
    """HMAC-SHA256 under SHA-256(salt + SECRET_KEY), as it has always been written."""
    door = KINDS[kind]()
    row = door.ask()
    key = hashlib.sha256((salt + settings.SECRET_KEY).encode()).digest()
    told = f"{bound.format(row)}:042042"
    row.code_hash = hmac.new(key, told.encode(), hashlib.sha256).hexdigest()
    row.save()
    door.use("042042")
    row.refresh_from_db()
    assert row.used_at is not None
