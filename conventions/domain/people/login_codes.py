"""Signing in by an e-mailed code, without password.

`request_code` answers the same for any address, known or not, and does the same work: the worker alone finds out
whether an account reads mail there. A code works only in the browser that asked for it.

A device that entered with this address before counts for itself: strangers who ask and ask slow down only strangers.
"""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from conventions.domain.foundation import outbox, throttling
from conventions.domain.foundation.one_time_codes import AT_ONCE, CodeRefused, Codes, Pace
from conventions.domain.people.security import sessions
from conventions.enums import TryKind
from conventions.models import LoginCode, User, UserSession

CODES = Codes(
    model=LoginCode,
    salt="conventions.login_code",
    bound_to=lambda code: f"{code.pk}:{code.browser_key}",
    minutes_setting="LOGIN_CODE_MINUTES",
    tries_setting="LOGIN_CODE_TRIES",
)
CROWDED = Pace(10, 5)  # for a network that asks or guesses too much: others there still come in
CHOICE = datetime.timedelta(minutes=10)  # to say who one is, after the right code
KEPT = datetime.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Minted:
    """What only the mail ever holds."""

    address: str
    digits: str


class TooManyCodes(CodeRefused):
    """What nobody types by hand came from this network. Said beside the address."""

    field = "email"

    def __init__(self, wait: datetime.timedelta) -> None:
        told = "Trop de codes ont été demandés depuis votre connexion."
        super().__init__(f"{told} Réessayez dans {throttling.delay_in_words(wait)}.")


def request_code(email: str, *, browser: str, network: str, device: str = "") -> LoginCode:
    """Open a sign-in request and queue its mail; earlier requests of this browser lapse.

    `browser` is a secret of the browser's session, `network` its IP address, `device` the token that a former sign-in
    left there. Raises TooManyCodes, to an unknown device alone.
    """
    address, key = normalise(email), browser_key(browser)
    known = _known_device(address, device)
    with transaction.atomic():
        return CODES.ask(
            LoginCode.objects.filter(email=address, device_key=known),
            replaced=LoginCode.objects.filter(browser_key=key),
            send=_send,
            at_least=AT_ONCE if known else _pace_of(network),
            email=address,
            browser_key=key,
            device_key=known,
        )


def _known_device(address: str, device: str) -> str:
    """The device's key when it entered with this address before, else an empty string."""
    key = sessions.device_key(device)
    before = UserSession.objects.filter(user__in=User.objects.reachable_at(address), device_key=key)
    return key if before.exists() else ""


def _pace_of(network: str) -> Pace:
    """Slow for a network that asked, or guessed wrong, too often, whatever addresses it gave."""
    try:
        throttling.take(TryKind.SIGN_IN_BURST, network)
    except throttling.TooManyTries as refusal:
        raise TooManyCodes(refusal.wait) from refusal
    asked = throttling.count(TryKind.SIGN_IN, network)
    guessed = throttling.is_reached(TryKind.GUESS, network)
    return CROWDED if asked or guessed else AT_ONCE


def _send(code: LoginCode) -> None:
    outbox.queue("code_connexion", params={"login_code": code.pk}, not_before=code.leaves_at)
    if code.leaves_at > code.created_at and not code.device_key:
        _tell_of_tries(code)


def _tell_of_tries(code: LoginCode) -> None:
    """One mail a day to an address for which strangers ask or guess; it is dropped where no account reads mail."""
    day = timezone.localdate().isoformat()
    key = f"essais:{hashlib.sha256(code.email.encode()).hexdigest()}:{day}"
    outbox.queue_once("essais_de_connexion", key=key, params={"login_code": code.pk})


def normalise(email: str) -> str:
    return email.strip().lower()


def browser_key(browser: str) -> str:
    """SHA-256 (hex) that recognises a browser without keeping its secret."""
    return hashlib.sha256(browser.encode()).hexdigest()


def accounts_at(email: str) -> list[User]:
    """Accounts that may enter with a code sent to this address: never staff, never a look-alike address."""
    address = normalise(email)
    found = User.objects.reachable_at(address).filter(is_superuser=False)
    return [user for user in found if normalise(user.email) == address]


def mint(login_code_id: int) -> Minted | None:
    """Draw the digits of a request as its mail leaves; None when no account reads the address, or too late."""
    code = LoginCode.objects.filter(pk=login_code_id).first()
    accounts = accounts_at(code.email) if code else []
    minted = CODES.mint(login_code_id) if accounts else None
    return Minted(address=accounts[0].email, digits=minted[1]) if minted else None


def check_code(login_code_id: int, *, browser: str, typed: str, network: str) -> LoginCode:
    """Use a code, once, in the browser that asked for it. Raises WrongCode or CodeOver.

    A wrong one counts for the network; the last try of an unknown device is told to the address.
    """

    def elsewhere(code: LoginCode) -> str:
        if constant_time_compare(code.browser_key, browser_key(browser)):
            return ""
        return "Ce code a été demandé depuis un autre navigateur. Demandez un nouveau code ici."

    def missed(code: LoginCode) -> None:
        if code.device_key:
            return
        throttling.count(TryKind.GUESS, network)
        if code.tries >= CODES.tries:
            _tell_of_tries(code)

    return CODES.check(LoginCode.objects.filter(pk=login_code_id), typed, elsewhere=elsewhere, missed=missed)


def accounts_after(login_code_id: int, *, browser: str) -> list[User]:
    """Accounts between which someone may choose, shortly after the right code was typed in this browser."""
    since = timezone.now() - CHOICE
    code = LoginCode.objects.filter(
        pk=login_code_id, browser_key=browser_key(browser), used_at__gt=since
    ).first()
    return accounts_at(code.email) if code else []


def purge(*, at: datetime.datetime | None = None) -> int:
    """Delete the requests of more than a week ago: addresses typed here are personal data. Returns how many."""
    return LoginCode.objects.filter(created_at__lt=(at or timezone.now()) - KEPT).delete()[0]
