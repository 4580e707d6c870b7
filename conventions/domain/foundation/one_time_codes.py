"""Digits sent by mail, that prove somebody reads an address: to sign in, to sign, to change an address.

The digits exist only in the mail; the row keeps their HMAC, under the site's key: the table alone does not tell which
of a million codes it is. A code lives some minutes, takes some tries and works once.

No request is refused, so nobody keeps another out by asking. From the fourth code a day the mail leaves later and the
code is longer: whoever guesses day after day gains nothing (`odds`).
"""

from __future__ import annotations

import datetime
import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from conventions.domain.foundation.refusals import Refused
from conventions.formats import counted
from conventions.models.codes import OneTimeCode, OneTimeCodeQuerySet

DAY = datetime.timedelta(days=1)
Row = TypeVar("Row", bound=OneTimeCode)


class CodeRefused(Refused):
    """Said beside the field where the code is typed."""

    field = "code"

    def __init__(self, told: str) -> None:
        super().__init__({self.field: told})


class WrongCode(CodeRefused):
    """Another try is possible."""


class CodeOver(CodeRefused):
    """Never asked, asked elsewhere, used, tried too often or expired: a new code is needed."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a code is (digits), and how long its mail waits (minutes)."""

    digits: int
    minutes: int

    def or_slower(self, other: Pace) -> Pace:
        return Pace(max(self.digits, other.digits), max(self.minutes, other.minutes))


AT_ONCE = Pace(6, 0)
FREE = 3  # codes a day that leave at once
SHORTER = 8  # codes a day, those included, of eight digits at most
SLOWEST = Pace(10, 30)
MOST_COUNTED = 20  # a day: beyond, the pace no longer changes
LENGTHS = {6: "six", 8: "huit", 10: "dix"}


def pace(already: int) -> Pace:
    """Of the next code, after so many within a day: six digits at once, eight a little later, ten later still."""
    rank = already + 1
    if rank <= FREE:
        return AT_ONCE
    minutes = min(2 ** (rank - FREE - 1), SLOWEST.minutes)
    return Pace(8 if rank <= SHORTER else SLOWEST.digits, minutes)


def odds(codes_a_day: int, *, tries: int, days: int = 30) -> float:
    """The chance (0 to 1) that somebody who asks so many codes, each day, and uses up their tries, ever guesses one."""
    missed = 1.0
    for already in range(codes_a_day):
        missed *= 1 - tries / 10 ** pace(already).digits
    return 1 - missed**days


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes(Generic[Row]):
    """One kind of code: what its digits are bound to, how many minutes and tries it has."""

    model: type[Row]
    salt: str  # stored codes were hashed under it
    bound_to: Callable[[Row], str]
    minutes_setting: str
    tries_setting: str

    @property
    def tries(self) -> int:
        return getattr(settings, self.tries_setting)

    @property
    def _life(self) -> datetime.timedelta:
        return datetime.timedelta(minutes=getattr(settings, self.minutes_setting))

    def ask(
        self,
        asked: OneTimeCodeQuerySet,
        *,
        replaced: OneTimeCodeQuerySet,
        send: Callable[[Row], object],
        at_least: Pace = AT_ONCE,
        **fields: Any,
    ) -> Row:
        """A new row, in the caller's transaction, handed to `send`; those `replaced` lapse.

        The pace counts those `asked` within a day. While the mail of the same request waits to leave, asking again
        changes nothing: who waits is not made to wait longer.
        """
        now = timezone.now()
        waiting = replaced.waiting().filter(leaves_at__gt=now, **fields).first()
        if waiting is not None:
            return waiting
        recent = asked.filter(created_at__gt=now - DAY).values_list("pk", flat=True)
        found = pace(len(recent[:MOST_COUNTED])).or_slower(at_least)
        lapse(replaced)
        leaves_at = now + datetime.timedelta(minutes=found.minutes)
        row = self.model(
            leaves_at=leaves_at, expires_at=leaves_at + self._life, digits=found.digits, **fields
        )
        row.save(force_insert=True)
        send(row)
        return row

    def mint(self, pk: int, **noted: Any) -> tuple[Row, str] | None:
        """(row, digits) drawn as the mail leaves, `noted` written beside; None for one used or replaced.

        A second call replaces the digits: those of a mail sent twice are the last ones. One that expired while the
        mail server was away lives anew: whoever asked for it has received nothing, and may still wait.
        """
        with transaction.atomic():
            row = self.model.objects.select_for_update().waiting().filter(pk=pk).first()
            if row is None:
                return None
            if row.expires_at <= timezone.now():
                row.expires_at = timezone.now() + self._life
            digits = f"{secrets.randbelow(10**row.digits):0{row.digits}d}"
            row.code_hash = self.hash(row, digits)
            for name, value in noted.items():
                setattr(row, name, value)
            row.save(update_fields=["code_hash", "expires_at", *noted])
        return row, digits

    def hash(self, row: Row, digits: str) -> str:
        """HMAC (hex) over what the row binds and its digits."""
        return salted_hmac(self.salt, f"{self.bound_to(row)}:{digits}", algorithm="sha256").hexdigest()

    def check(
        self,
        rows: OneTimeCodeQuerySet,
        typed: str,
        *,
        elsewhere: Callable[[Row], str] = lambda row: "",
        then: Callable[[Row], None] = lambda row: None,
        missed: Callable[[Row], None] = lambda row: None,
    ) -> Row:
        """Use the last of `rows`, once, and do `then` in the same transaction, or `missed` after a wrong try.

        Each try counts, under lock.
        `elsewhere` says why a code was asked for something else than what it would open here; empty when it was not.
        Raises WrongCode or CodeOver.
        """
        with transaction.atomic():
            row = rows.select_for_update().order_by("-pk").first()
            if row is None:
                raise CodeOver("Demandez d’abord un code : il arrive par courriel.")
            tries, over = row.tries, elsewhere(row) or self._over(row)
            refusal = CodeOver(over) if over else self._try(row, typed)
            if refusal is None:
                then(row)
            elif not over and row.tries > tries:
                missed(row)
        # Raised outside the transaction: the try stays counted.
        if refusal is not None:
            raise refusal
        return row

    def is_live(self, row: Row) -> bool:
        """Whether the right digits would still do."""
        return not self._over(row)

    def _over(self, row: Row) -> str:
        """Why it can no longer be used, or an empty string."""
        if row.used_at is not None:
            return "Ce code a déjà servi. Demandez un nouveau code."
        if row.tries >= self.tries:
            return f"{self.tries} essais n’ont pas suffi. Demandez un nouveau code."
        if row.expires_at <= timezone.now():
            return "Ce code a expiré. Demandez un nouveau code."
        return ""

    def _try(self, row: Row, typed: str) -> CodeRefused | None:
        digits = "".join(character for character in typed if character.isdecimal())
        if len(digits) != row.digits:
            return WrongCode(
                f"Ce code a {LENGTHS[row.digits]} chiffres. Recopiez-les tous du dernier courriel reçu."
            )
        right = bool(row.code_hash) and constant_time_compare(row.code_hash, self.hash(row, digits))
        row.tries += 1
        row.used_at = timezone.now() if right else None
        row.save(update_fields=["tries", "used_at"])
        return None if right else _wrong(self.tries - row.tries)


def leaves_in(row: OneTimeCode) -> str:
    """« 4 minutes » before its mail leaves; empty when it has left, or is leaving."""
    seconds = (row.leaves_at - timezone.now()).total_seconds()
    return counted(math.ceil(seconds / 60), "minute") if seconds > 0 else ""


def in_groups(digits: str) -> str:
    """« 123 456 », « 12 34 56 78 »: as they are read aloud."""
    size = 3 if len(digits) == 6 else 2
    return " ".join(digits[start : start + size] for start in range(0, len(digits), size))


def _wrong(left: int) -> CodeRefused:
    if left <= 0:
        return CodeOver("Ce code n’est pas le bon, et c’était le dernier essai. Demandez un nouveau code.")
    return WrongCode(
        "Ce code n’est pas le bon. Vérifiez les chiffres du dernier courriel reçu. "
        f"Il vous reste {counted(left, 'essai')}."
    )


def lapse(rows: OneTimeCodeQuerySet) -> None:
    """These codes work no more, and never again: another one replaces them, or their address counts no longer."""
    rows.waiting().update(expires_at=F("created_at"))
