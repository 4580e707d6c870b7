"""How often one network may try something: counted in the database, so by every process at once.

The network's address is kept as a keyed hash, and forgotten when its window ends. A try that succeeds does not count
where only failures tell of guessing: an office behind one address may read a hundred right codes in a row. Once the
limit is reached everything is refused, the right code too: refusing wrong ones alone would tell which one is right.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from conventions.domain.foundation.refusals import Refused
from conventions.enums import TryKind
from conventions.formats import counted
from conventions.models import NetworkTries

MAX_ROWS = 10_000  # networks counted at once; beyond, the oldest windows are forgotten
ROOM = 1_000


@dataclass(frozen=True, slots=True)
class Limit:
    tries: int
    window: datetime.timedelta


LIMITS = {
    TryKind.VERIFY_CODE: Limit(30, datetime.timedelta(minutes=10)),
    TryKind.VERIFY_FILE: Limit(30, datetime.timedelta(minutes=10)),
    # An office, or a mobile operator, shares one address: these two close no door, codes are then longer and later.
    TryKind.SIGN_IN: Limit(20, datetime.timedelta(hours=1)),
    TryKind.GUESS: Limit(20, datetime.timedelta(days=1)),
    # What nobody types by hand: refused.
    TryKind.SIGN_IN_BURST: Limit(200, datetime.timedelta(hours=1)),
}


class TooManyTries(Refused):
    """The message, in French, says when to come back; `wait` is the time left."""

    def __init__(self, wait: datetime.timedelta) -> None:
        self.wait = wait
        super().__init__(f"Trop d’essais depuis votre connexion. Réessayez dans {delay_in_words(wait)}.")


def check(kind: TryKind, network: str) -> None:
    """Raises TooManyTries when this network has no try left. Counts nothing."""
    now = timezone.now()
    full = _row(kind, network).filter(ends_at__gt=now, count__gte=LIMITS[kind].tries).first()
    if full is not None:
        raise TooManyTries(full.ends_at - now)


def count(kind: TryKind, network: str) -> bool:
    """Count one try where nothing is refused; whether the limit is reached."""
    try:
        take(kind, network)
    except TooManyTries:
        return True
    return False


def is_reached(kind: TryKind, network: str) -> bool:
    """Whether `check` would refuse."""
    try:
        check(kind, network)
    except TooManyTries:
        return True
    return False


def take(kind: TryKind, network: str) -> None:
    """Count one try, or raise TooManyTries. Each step is one conditional write: no two processes take the last one."""
    now, limit = timezone.now(), LIMITS[kind]
    row = _row(kind, network)
    running = row.filter(ends_at__gt=now, count__lt=limit.tries)
    ends_at = now + limit.window
    if running.update(count=F("count") + 1) or row.filter(ends_at__lte=now).update(ends_at=ends_at, count=1):
        return
    known, is_new = row.get_or_create(
        kind=kind, network_key=network_key(network), defaults={"ends_at": ends_at}
    )
    if is_new:
        _make_room()
    elif not running.update(count=F("count") + 1):
        raise TooManyTries(known.ends_at - now)


def forget(kind: TryKind, network: str) -> None:
    """Start counting again."""
    _row(kind, network).delete()


def purge(*, at: datetime.datetime | None = None) -> int:
    """Forget the networks whose window ended. Returns how many."""
    return NetworkTries.objects.filter(ends_at__lte=at or timezone.now()).delete()[0]


def network_key(network: str) -> str:
    """HMAC (hex) that recognises an IP address without keeping it."""
    return salted_hmac("conventions.network", network, algorithm="sha256").hexdigest()


def delay_in_words(wait: datetime.timedelta) -> str:
    """« 7 minutes », « une heure », rounded up."""
    minutes = max(1, -(-int(wait.total_seconds()) // 60))
    return counted(minutes, "minute") if minutes < 60 else "une heure"


def _row(kind: TryKind, network: str) -> QuerySet[NetworkTries]:
    return NetworkTries.objects.filter(kind=kind, network_key=network_key(network))


def _make_room() -> None:
    if NetworkTries.objects.count() <= MAX_ROWS:
        return
    if not purge():
        oldest = NetworkTries.objects.order_by("ends_at").values_list("pk", flat=True)[:ROOM]
        NetworkTries.objects.filter(pk__in=list(oldest)).delete()
