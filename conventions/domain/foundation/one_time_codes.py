"""Six digits sent by mail, that prove somebody reads an address: to sign in, to sign, to change an address.

The digits exist only in the mail; the row keeps their HMAC, under the site's key: the table alone does not tell which
of a million codes it is. A code lives some minutes, takes some tries and works once.
"""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from conventions.domain.foundation import throttling
from conventions.domain.foundation.refusals import Refused
from conventions.formats import counted
from conventions.models.codes import OneTimeCode, OneTimeCodeQuerySet

WINDOW = datetime.timedelta(hours=1)
Row = TypeVar("Row", bound=OneTimeCode)


class CodeRefused(Refused):
    """Said beside the field where the code is typed."""

    field = "code"

    def __init__(self, told: str) -> None:
        super().__init__({self.field: told})


class TooManyCodes(CodeRefused):
    """Said beside the address. `wait` is the time left; `where` says what was counted, when it is not the address."""

    field = "email"

    def __init__(self, wait: datetime.timedelta, where: str = "") -> None:
        told = " ".join(["Trop de codes ont été demandés", where]).strip()
        super().__init__(f"{told}. Réessayez dans {throttling.delay_in_words(wait)}.")


class WrongCode(CodeRefused):
    """Another try is possible."""


class CodeOver(CodeRefused):
    """Never asked, asked elsewhere, used, tried too often or expired: a new code is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes(Generic[Row]):
    """One kind of code: what its digits are bound to, how many an hour, how many minutes and tries."""

    model: type[Row]
    salt: str  # stored codes were hashed under it
    bound_to: Callable[[Row], str]
    an_hour: int
    minutes_setting: str
    tries_setting: str

    @property
    def tries(self) -> int:
        return getattr(settings, self.tries_setting)

    @property
    def _life(self) -> datetime.timedelta:
        return datetime.timedelta(minutes=getattr(settings, self.minutes_setting))

    def ask(self, asked: OneTimeCodeQuerySet, *, replaced: OneTimeCodeQuerySet, **fields: Any) -> Row:
        """A new row, in the caller's transaction; those `replaced` lapse. Raises TooManyCodes, counting `asked`."""
        now = timezone.now()
        recent = asked.filter(created_at__gt=now - WINDOW).order_by("-created_at")
        times = list(recent.values_list("created_at", flat=True)[: self.an_hour])
        if len(times) == self.an_hour:
            raise TooManyCodes(times[-1] + WINDOW - now)
        lapse(replaced)
        row = self.model(expires_at=now + self._life, **fields)
        row.save(force_insert=True)
        return row

    def mint(self, pk: int, **noted: Any) -> tuple[Row, str] | None:
        """(row, six digits) drawn as the mail leaves, `noted` written beside; None for one used or replaced.

        A second call replaces the digits: those of a mail sent twice are the last ones. One that expired while the
        mail server was away lives anew: whoever asked for it has received nothing, and may still wait.
        """
        with transaction.atomic():
            row = self.model.objects.select_for_update().waiting().filter(pk=pk).first()
            if row is None:
                return None
            if row.expires_at <= timezone.now():
                row.expires_at = timezone.now() + self._life
            digits = f"{secrets.randbelow(1_000_000):06d}"
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
    ) -> Row:
        """Use the last of `rows`, once, and do `then` in the same transaction. Each try counts, under lock.

        `elsewhere` says why a code was asked for something else than what it would open here; empty when it was not.
        Raises WrongCode or CodeOver.
        """
        with transaction.atomic():
            row = rows.select_for_update().order_by("-pk").first()
            if row is None:
                raise CodeOver("Demandez d’abord un code : il arrive par courriel.")
            over = elsewhere(row) or self._over(row)
            refusal = CodeOver(over) if over else self._try(row, typed)
            if refusal is None:
                then(row)
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
        right = bool(row.code_hash) and constant_time_compare(row.code_hash, self.hash(row, digits))
        row.tries += 1
        row.used_at = timezone.now() if right else None
        row.save(update_fields=["tries", "used_at"])
        return None if right else _wrong(self.tries - row.tries)


def _wrong(left: int) -> CodeRefused:
    if left <= 0:
        return CodeOver("Ce code n’est pas le bon, et c’était le dernier essai. Demandez un nouveau code.")
    return WrongCode(
        "Ce code n’est pas le bon. Vérifiez les six chiffres du dernier courriel reçu. "
        f"Il vous reste {counted(left, 'essai')}."
    )


def lapse(rows: OneTimeCodeQuerySet) -> None:
    """These codes work no more, and never again: another one replaces them, or their address counts no longer."""
    rows.waiting().update(expires_at=F("created_at"))
