"""Signing in by an e-mailed code, without password.

`request_code` answers the same for any address, known or not, and does the same work: the worker alone finds out
whether an account reads mail there. A code works only in the browser that asked for it.
"""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from conventions.domain.foundation import outbox, throttling
from conventions.domain.foundation.one_time_codes import Codes, TooManyCodes
from conventions.enums import TryKind
from conventions.models import LoginCode, User

CODES = Codes(
    model=LoginCode,
    salt="conventions.login_code",
    bound_to=lambda code: f"{code.pk}:{code.browser_key}",
    an_hour=5,  # for one address
    minutes_setting="LOGIN_CODE_MINUTES",
    tries_setting="LOGIN_CODE_TRIES",
)
CHOICE = datetime.timedelta(minutes=10)  # to say who one is, after the right code
KEPT = datetime.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Minted:
    """What only the mail ever holds."""

    address: str
    digits: str


def request_code(email: str, *, browser: str, network: str) -> LoginCode:
    """Open a sign-in request and queue its mail; earlier requests of this browser lapse.

    `browser` is a secret of the browser's session, `network` its IP address. Raises TooManyCodes.
    """
    address, key = normalise(email), browser_key(browser)
    with transaction.atomic():
        _count_for(network)
        code = CODES.ask(
            LoginCode.objects.filter(email=address),
            replaced=LoginCode.objects.filter(browser_key=key),
            email=address,
            browser_key=key,
        )
        outbox.queue("code_connexion", params={"login_code": code.pk})
    return code


def _count_for(network: str) -> None:
    """Refuse a network that asked too often, whatever addresses it gave."""
    try:
        throttling.take(TryKind.SIGN_IN, network)
    except throttling.TooManyTries as refusal:
        raise TooManyCodes(refusal.wait, "depuis votre connexion") from refusal


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
    """Draw six digits for a request as its mail leaves; None when no account reads the address, or too late."""
    code = LoginCode.objects.filter(pk=login_code_id).first()
    accounts = accounts_at(code.email) if code else []
    minted = CODES.mint(login_code_id) if accounts else None
    return Minted(address=accounts[0].email, digits=minted[1]) if minted else None


def check_code(login_code_id: int, *, browser: str, typed: str) -> LoginCode:
    """Use a code, once, in the browser that asked for it. Raises WrongCode or CodeOver."""

    def elsewhere(code: LoginCode) -> str:
        if constant_time_compare(code.browser_key, browser_key(browser)):
            return ""
        return "Ce code a été demandé depuis un autre navigateur. Demandez un nouveau code ici."

    return CODES.check(LoginCode.objects.filter(pk=login_code_id), typed, elsewhere=elsewhere)


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
