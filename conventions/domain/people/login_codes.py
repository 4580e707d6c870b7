"""Signing in by an e-mailed code, without password.

`request_code` answers the same for any address, known or not, and does the same work: the worker alone finds out
whether an account reads mail there. The six digits exist only in the mail; the row keeps their HMAC. A code lives
ten minutes, takes five tries, works once, and only in the browser that asked for it.
"""

from __future__ import annotations

import datetime
import hashlib
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from conventions.domain.foundation import outbox, throttling
from conventions.enums import TryKind
from conventions.formats import counted
from conventions.models import LoginCode, User

CODES_PER_ADDRESS = 5  # an hour
WINDOW = datetime.timedelta(hours=1)
CHOICE = datetime.timedelta(minutes=10)  # to say who one is, after the right code
KEPT = datetime.timedelta(days=7)


class SignInRefused(Exception):
    """The message, in French, says what to do."""


class TooManyCodes(SignInRefused):
    pass


class WrongCode(SignInRefused):
    """Another try is possible."""


class CodeOver(SignInRefused):
    """Expired, used, tried too often, or of another browser: a new code is needed."""


@dataclass(frozen=True, slots=True)
class Minted:
    """What only the mail ever holds."""

    address: str
    digits: str


def request_code(email: str, *, browser: str, network: str) -> LoginCode:
    """Open a sign-in request and queue its mail; earlier requests of this browser lapse.

    `browser` is a secret of the browser's session, `network` its IP address. Raises TooManyCodes.
    """
    address, now, key = normalise(email), timezone.now(), browser_key(browser)
    with transaction.atomic():
        _count_for(network)
        asked = LoginCode.objects.filter(email=address, created_at__gt=now - WINDOW).order_by("created_at")
        times = list(asked.values_list("created_at", flat=True))
        if len(times) >= CODES_PER_ADDRESS:
            wait = times[-CODES_PER_ADDRESS] + WINDOW - now
            raise TooManyCodes(_wait_message("pour cette adresse", wait))
        LoginCode.objects.usable(at=now).filter(browser_key=key).update(expires_at=now)
        code = LoginCode.objects.create(
            email=address,
            browser_key=key,
            expires_at=now + datetime.timedelta(minutes=settings.LOGIN_CODE_MINUTES),
        )
        outbox.queue("code_connexion", params={"login_code": code.pk})
    return code


def _count_for(network: str) -> None:
    """Refuse a network that asked too often, whatever addresses it gave."""
    try:
        throttling.take(TryKind.SIGN_IN, network)
    except throttling.TooManyTries as refusal:
        raise TooManyCodes(_wait_message("depuis votre connexion", refusal.wait)) from refusal


def _wait_message(where: str, wait: datetime.timedelta) -> str:
    return f"Trop de codes ont été demandés {where}. Réessayez dans {throttling.delay_in_words(wait)}."


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
    """Draw six digits for a request and keep only their HMAC; None when no account reads the address, or too late.

    Called as the mail leaves. A second call replaces the digits: those of a mail sent twice are the last ones.
    """
    with transaction.atomic():
        code = LoginCode.objects.select_for_update().usable().filter(pk=login_code_id).first()
        accounts = accounts_at(code.email) if code else []
        if code is None or not accounts:
            return None
        digits = f"{secrets.randbelow(1_000_000):06d}"
        code.code_hash = code_hash(code, digits)
        code.save(update_fields=["code_hash"])
        return Minted(address=accounts[0].email, digits=digits)


def code_hash(code: LoginCode, digits: str) -> str:
    """HMAC under the site's key: the table alone does not tell which of a million codes it is."""
    return salted_hmac(
        "conventions.login_code", f"{code.pk}:{code.browser_key}:{digits}", algorithm="sha256"
    ).hexdigest()


def check_code(login_code_id: int, *, browser: str, typed: str) -> LoginCode:
    """Use a code, once. Each try is counted under lock, right or wrong. Raises WrongCode or CodeOver."""
    digits = "".join(character for character in typed if character.isdecimal())
    with transaction.atomic():
        code = LoginCode.objects.select_for_update().filter(pk=login_code_id).first()
        over = _over(code, browser)
        right = False
        if code is not None and not over:
            right = bool(code.code_hash) and constant_time_compare(code.code_hash, code_hash(code, digits))
            code.tries += 1
            code.used_at = timezone.now() if right else None
            code.save(update_fields=["tries", "used_at"])
    # Raised outside the transaction: the try stays counted.
    if code is None or over:
        raise CodeOver(over)
    if not right:
        raise _wrong(code)
    return code


def _over(code: LoginCode | None, browser: str) -> str:
    """Why a request can no longer be used, or an empty string."""
    if code is None or not constant_time_compare(code.browser_key, browser_key(browser)):
        return "Ce code a été demandé depuis un autre navigateur. Demandez un nouveau code ici."
    if code.used_at is not None:
        return "Ce code a déjà servi. Demandez un nouveau code."
    if code.tries >= settings.LOGIN_CODE_TRIES:
        return f"{settings.LOGIN_CODE_TRIES} essais n’ont pas suffi. Demandez un nouveau code."
    if code.expires_at <= timezone.now():
        return "Ce code a expiré. Demandez un nouveau code."
    return ""


def _wrong(code: LoginCode) -> SignInRefused:
    left = settings.LOGIN_CODE_TRIES - code.tries
    if left <= 0:
        return CodeOver("Ce code n’est pas le bon, et c’était le dernier essai. Demandez un nouveau code.")
    return WrongCode(
        f"Ce code n’est pas le bon. Vérifiez les six chiffres du dernier courriel reçu. "
        f"Il vous reste {counted(left, 'essai')}."
    )


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
