"""How many wrong passwords: six an hour for a name where they are typed; more, wherever they come from, slow strangers.

django-axes counts by name and network; here is how many it lets pass. After twenty wrong passwords a day for a name, or
from a network whatever the names, two an hour remain for each name and network. Nobody is kept out by what is typed
elsewhere: those two remain, and a browser that already entered with this name has twenty a day of its own.
"""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.utils import timezone

from conventions.domain.foundation import outbox, throttling
from conventions.domain.people.security import sessions
from conventions.enums import TryKind
from conventions.models import User, UserSession

WARY = 2  # wrong passwords an hour, for a name and a network


def limit(name: str, *, network: str) -> int:
    """Wrong passwords an hour after which this name waits, where they come from this network."""
    if throttling.is_reached(TryKind.SIGN_IN_BURST, network):
        return 0
    wary = throttling.is_reached(TryKind.GUESS, _of_name(name))
    return WARY if wary or throttling.is_reached(TryKind.GUESS, network) else settings.PASSWORD_TRIES


def has_own_tries(name: str, *, device: str) -> bool:
    """Whether this browser entered with this name before, and has a try of its own left."""
    known = _known(name, device)
    return bool(known) and not throttling.is_reached(TryKind.GUESS, known)


def missed(name: str, *, network: str, device: str) -> None:
    """Count a wrong password; the person is told once a day when strangers try many."""
    known = _known(name, device)
    if known and not throttling.count(TryKind.GUESS, known):
        return
    throttling.count(TryKind.GUESS, network)
    throttling.count(TryKind.SIGN_IN_BURST, network)
    if throttling.count(TryKind.GUESS, _of_name(name)):
        _tell(name)


def is_slowed(user: User) -> bool:
    """Whether strangers tried this name too often today."""
    return throttling.is_reached(TryKind.GUESS, _of_name(user.get_username()))


def forget(user: User) -> None:
    """The wrong passwords of this name count no more."""
    throttling.forget(TryKind.GUESS, _of_name(user.get_username()))


def _of_name(name: str) -> str:
    return f"nom:{name}"


def _known(name: str, device: str) -> str:
    """What counts the tries of this name on a device that entered with it before; empty for any other."""
    key = sessions.device_key(device)
    before = UserSession.objects.filter(user__username=name, device_key=key)
    return f"appareil:{name}:{key}" if device and before.exists() else ""


def _tell(name: str) -> None:
    user = User.objects.filter(username=name, is_staff=True, is_active=True).exclude(email="").first()
    if user is not None:
        key = f"mots-de-passe:{hashlib.sha256(name.encode()).hexdigest()}:{timezone.localdate().isoformat()}"
        outbox.queue_once("essais_de_mot_de_passe", key=key, params={"user": user.pk})
