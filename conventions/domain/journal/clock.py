"""The clock of the server, watched: what a wrong date would spoil for good waits for an administrator.

It has jumped when, in a running process, it parts by more than an hour from the clock that nobody sets; or when it
stands before the last moment seen, or long after it. A night or a week switched off asks nothing. `require` is the gate
of every verb that cannot be undone: numbers, texts frozen, signatures and their seals, expiry, digests, erasing.
"""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.foundation.refusals import Refused
from conventions.formats import long_date
from conventions.models import ClockWatch, User

PARTED = datetime.timedelta(hours=1)
BEFORE = datetime.timedelta(minutes=5)
AFTER = datetime.timedelta(days=35)
WHAT_TO_DO = (
    "Les numéros, les textes à figer, les signatures, les expirations et les empreintes attendent qu’un administrateur "
    "confirme la date, sur la page « État du service »."
)
_MACHINE = Path("/proc/sys/kernel/random/boot_id")


class ClockHeld(Refused):
    """Nothing was done: the date of the server is to be confirmed first."""


@dataclass(slots=True)
class _Anchor:
    """A moment of this process by both clocks.

    `confirmations` None: no row was read since. `begun`: its start was compared with the last moment seen.
    """

    wall: float
    steady: float
    confirmations: int | None = None
    begun: bool = False


def steady() -> float:
    """Seconds by a clock that nobody sets; time asleep counts."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def anchor(confirmations: int | None = None) -> None:
    """From now on, this process compares both clocks with this moment."""
    global _anchor
    _anchor = _Anchor(time.time(), steady(), confirmations)


_anchor: _Anchor
anchor()


def require() -> None:
    """Raise ClockHeld while the clock waits to be confirmed. One query."""
    if not (reason := held()):
        return
    if not connection.in_atomic_block:
        observe()
    raise ClockHeld(f"{reason} {WHAT_TO_DO}")


def held() -> str:
    """Why the clock waits to be confirmed, in French; empty when it does not. Nothing is written."""
    return _jump(ClockWatch.objects.first())


def observe() -> str:
    """Look at the clock and note the moment; `held()` as it then is. The sweep begins with it."""
    with transaction.atomic():
        row, reason = _locked()
        if reason and row.held_since is None:
            row.held_since, row.reason = _moment(), reason
            row.save()
            journal.record("horloge_retenue", by=None, details={"raison": reason})
        elif not reason and _moment() >= row.seen_at:
            ClockWatch.objects.filter(pk=1).update(**_now())
    return reason


def confirm(*, by: User) -> None:
    """The date is right: what waited goes on. Raises PermissionDenied, or Refused when nothing waits."""
    permissions.require(permissions.can_watch_service, by)
    with transaction.atomic():
        row, reason = _locked()
        if not reason:
            raise Refused("L’horloge n’attend aucune confirmation.")
        told = {"raison": reason, "retenue_depuis": row.held_since, "vue_avant": row.seen_at}
        journal.record("horloge_confirmee", by=by, details=told)
        confirmed = {"held_since": None, "reason": "", "confirmations": row.confirmations + 1}
        ClockWatch.objects.filter(pk=1).update(**confirmed, **_now())


def _locked() -> tuple[ClockWatch, str]:
    """The row, locked, made when it is not there yet; why it is not to be trusted."""
    rows = ClockWatch.objects.select_for_update()
    reason = _jump(rows.first())
    return rows.get_or_create(pk=1, defaults=_now())[0], reason


def _jump(row: ClockWatch | None) -> str:
    """Why this moment is not to be trusted, or why an earlier one was not; empty when all is well."""
    confirmations = row.confirmations if row else 0
    if _anchor.confirmations is None:
        _anchor.confirmations = confirmations
    elif _anchor.confirmations != confirmations:
        anchor(confirmations)
    if row is not None and row.held_since is not None:
        return row.reason
    passed = _parted(row)
    if abs(passed) > PARTED.total_seconds():
        way = "avancé" if passed > 0 else "reculé"
        return f"L’horloge du serveur a {way} d’un coup : elle marque le {_day_and_hour(_moment())}."
    reason = _strange_start(row) if row is not None and not _anchor.begun else ""
    _anchor.begun = not reason
    return reason


def _parted(row: ClockWatch | None) -> float:
    """Seconds by which the date went further than time did, since the last moment that both clocks told."""
    if row is not None and row.machine and row.machine == _machine():
        return (time.time() - row.seen_at.timestamp()) - (steady() - row.uptime)
    return (time.time() - _anchor.wall) - (steady() - _anchor.steady)


def _strange_start(row: ClockWatch) -> str:
    now, seen = _moment(), row.seen_at
    if now < seen - BEFORE:
        return (
            f"L’horloge du serveur a reculé : elle marque le {_day_and_hour(now)}, avant le dernier instant vu, le "
            f"{_day_and_hour(seen)}."
        )
    if now > seen + AFTER:
        return (
            f"L’horloge du serveur marque le {_day_and_hour(now)}, plus de {AFTER.days} jours après le dernier "
            f"instant vu, le {_day_and_hour(seen)}."
        )
    return ""


def _day_and_hour(moment: datetime.datetime) -> str:
    local = timezone.localtime(moment)
    return f"{long_date(local.date())} à {local:%H:%M}"


def _moment() -> datetime.datetime:
    """Now by the server, whatever moment the demonstration is telling."""
    return datetime.datetime.fromtimestamp(time.time(), datetime.UTC)


def _now() -> dict[str, datetime.datetime | str | float]:
    return {"seen_at": _moment(), "machine": _machine(), "uptime": steady()}


def _machine() -> str:
    """The start of this machine, as its kernel names it; empty elsewhere than on Linux."""
    try:
        return _MACHINE.read_text().strip()[:36]
    except OSError:
        return ""
