"""Sessions: each sign-in leaves a row, seen and closed by its owner; idle or old, it ends.

A row points at Django's session: closing deletes that session, so the next request of the browser is nobody's, at no
cost for the others. What a request must know (row, moments, audience) travels in the session itself.
"""

from __future__ import annotations

import datetime
import hashlib
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.foundation import outbox
from conventions.domain.people.security import grace, proofs
from conventions.domain.people.security.session_store import row_key
from conventions.formats import device_in_words
from conventions.models import User, UserSession

MARK = "connexion"
SEEN_EVERY = datetime.timedelta(minutes=5)
KEPT = datetime.timedelta(days=90)  # afterwards a device counts as new again


@dataclass(frozen=True, slots=True)
class Watch:
    """What is known of a session at a request: seconds left, or why it is over (in French)."""

    left: int = 0
    over: str = ""


def begin(session: SessionBase, user: User, *, user_agent: str, device: str) -> str:
    """Note a sign-in; the person is told of a new device. Returns the device's token, to keep in its browser."""
    token = device if 20 <= len(device) <= 100 else secrets.token_urlsafe(24)
    key, now = device_key(token), timezone.now()
    if session.session_key is None:
        session.save()
    with transaction.atomic():
        before = UserSession.objects.filter(user=user)
        is_new = before.exists() and not before.filter(device_key=key).exists()
        row = UserSession.objects.create(
            user=user,
            session_id=row_key(session.session_key),
            device=device_in_words(user_agent),
            device_key=key,
            created_at=now,
            last_seen_at=now,
        )
        if is_new:
            outbox.queue("nouvelle_connexion", params={"session": row.pk})
    moment = now.timestamp()
    session[MARK] = {"row": row.pk, "since": moment, "seen": moment, "staff": user.is_staff}
    grace.begin(session, user)
    return token


def device_key(token: str) -> str:
    """SHA-256 (hex) that recognises a device without keeping the token of its browser."""
    return hashlib.sha256(token.encode()).hexdigest()


def watch(session: SessionBase) -> Watch:
    """Whether a signed-in session goes on; notes that it was seen, every five minutes at most."""
    mark, now = session.get(MARK), timezone.now().timestamp()
    if mark is None:
        return Watch(over="Votre session est terminée.")
    minutes = settings.SESSION_IDLE_STAFF if mark["staff"] else settings.SESSION_IDLE_SPACE
    ends = min(mark["seen"] + minutes * 60, mark["since"] + settings.SESSION_COOKIE_AGE)
    if now >= ends:
        end(session)
        return Watch(
            over="Votre session s’est fermée, faute d’activité ou parce qu’elle durait depuis longtemps."
        )
    if now - mark["seen"] >= SEEN_EVERY.total_seconds():
        ends = seen(session)
    return Watch(left=int(ends - now))


def seen(session: SessionBase) -> float:
    """Note that a session is in use now; returns the moment (seconds) when it would end."""
    now = timezone.now()
    mark = session[MARK] | {"seen": now.timestamp()}
    session[MARK] = mark
    UserSession.objects.filter(pk=mark["row"]).update(last_seen_at=now)
    minutes = settings.SESSION_IDLE_STAFF if mark["staff"] else settings.SESSION_IDLE_SPACE
    return min(mark["seen"] + minutes * 60, mark["since"] + settings.SESSION_COOKIE_AGE)


def end(session: SessionBase) -> None:
    """The row of a session that signs out or ran out; the caller forgets the session itself."""
    mark = session.get(MARK)
    if mark is not None:
        UserSession.objects.filter(pk=mark["row"], ended_at=None).update(
            ended_at=timezone.now(), session=None
        )


def renamed(session: SessionBase) -> None:
    """The session has a new key (its password was changed): its row follows."""
    UserSession.objects.filter(pk=session[MARK]["row"]).update(session_id=row_key(session.session_key))


def row_of(session: SessionBase) -> int:
    """The row (id) of the sign-in that this session goes on."""
    return int(session[MARK]["row"])


def password_changed(session: SessionBase, user: User) -> None:
    """Django gave the session a new key: its row follows; every other session of the user is closed.

    Raises ProofNeeded.
    """
    proofs.require(user)
    with transaction.atomic():
        renamed(session)
        close_others(user, session, by=user)
        journal.record("mot_de_passe_change", by=user, details={"compte": user.pk})


def is_current(row: UserSession, session: SessionBase) -> bool:
    return bool(session.get(MARK, {}).get("row") == row.pk)


def close(user: User, row_id: int, *, by: User) -> bool:
    """Close one open session of this user; False when it is not theirs, or no longer open."""
    permissions.require(permissions.can_close_sessions, by, user)
    return _close(UserSession.objects.open().filter(user=user, pk=row_id), user, by=by) > 0


def close_others(user: User, session: SessionBase, *, by: User) -> int:
    """Close every session of the user but this one; how many."""
    permissions.require(permissions.can_close_sessions, by, user)
    here = session.get(MARK, {}).get("row")
    return _close(UserSession.objects.filter(user=user, ended_at=None).exclude(pk=here), user, by=by)


def close_all(user: User, *, by: User) -> int:
    """Close every session of the user: account closed, mandate ended, second factor reset; how many."""
    permissions.require(permissions.can_close_sessions, by, user)
    return _close(UserSession.objects.filter(user=user, ended_at=None), user, by=by)


def _close(rows: QuerySet[UserSession], user: User, *, by: User) -> int:
    with transaction.atomic():
        found = list(rows.select_for_update())
        keys = [row.session_id for row in found if row.session_id]
        UserSession.objects.filter(pk__in=[row.pk for row in found]).update(
            ended_at=timezone.now(), session=None
        )
        Session.objects.filter(pk__in=keys).delete()
        if found:
            details = {"compte": user.pk, "connexions": [row.pk for row in found]}
            journal.record("connexions_fermees", by=by, details=details)
    return len(found)


def purge(*, at: datetime.datetime | None = None) -> int:
    """Forget sessions that ended long ago: where people sign in from is personal data. Returns how many."""
    now = at or timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    return UserSession.objects.filter(session=None, last_seen_at__lt=now - KEPT).delete()[0]
