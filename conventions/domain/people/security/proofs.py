"""A fresh proof of who one is, before what changes who one is: address, account, mandate, factor, role, password.

Whoever finds an open session may read; a stolen one changes nothing of these. A session holds its last proof, ten
minutes. Verbs call `require` themselves, so that no door forgets; outside a web request (a command, the service of
tasks) nobody is at a keyboard and nothing is asked. How a proof is given: `proving`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from conventions.models import User

MARK = "preuve"
SECONDS = 600
_asking: ContextVar[SessionBase | None] = ContextVar("asking", default=None)


class Way(StrEnum):
    """How one proves it: a code by mail (associations), the password, or the second factor."""

    CODE = "courriel"
    PASSWORD = "mot_de_passe"
    FACTOR = "second_facteur"


class ProofNeeded(Exception):
    """Nothing was done: prove first, then send again. `strong`: where an administrator's password does not do."""

    def __init__(self, by: User, *, strong: bool) -> None:
        super().__init__(f"Une preuve récente est demandée au compte {by.pk}.")
        self.strong = strong and needs_factor(by)


@contextmanager
def within(session: SessionBase) -> Iterator[None]:
    """What runs inside was asked by a browser with this session."""
    token = _asking.set(session)
    try:
        yield
    finally:
        _asking.reset(token)


def require(user: User, *, enough: Way | None = None) -> None:
    """Go on if the session that asks was proven by this user within ten minutes. Raises ProofNeeded.

    An administrator proves with the second factor alone, unless `enough` says that the password does.
    """
    session = _asking.get()
    if session is not None and not is_fresh(session, user, enough=enough):
        raise ProofNeeded(user, strong=enough is None)


def is_fresh(session: SessionBase, user: User, *, enough: Way | None = None) -> bool:
    mark = session.get(MARK)
    if mark is None or mark["user"] != user.pk:
        return False
    strong = mark["way"] == Way.FACTOR or enough == Way.PASSWORD or not needs_factor(user)
    return strong and 0 <= timezone.now().timestamp() - mark["at"] < SECONDS


def needs_factor(user: User) -> bool:
    """Administrators first: they change the accounts of others. Not in the demonstration, where it is only offered."""
    return user.is_staff and user.is_superuser and not settings.DEMO


def note(session: SessionBase, user: User, way: Way) -> None:
    """This session was proven, now."""
    session[MARK] = {"user": user.pk, "at": timezone.now().timestamp(), "way": str(way)}


def forget(session: SessionBase) -> None:
    session.pop(MARK, None)
