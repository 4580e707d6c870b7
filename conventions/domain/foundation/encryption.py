"""Secrets at rest: encrypted under `settings.FIELD_ENCRYPTION_KEYS` (MultiFernet, newest key first)."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class UnreadableSecret(Exception):
    """What is stored was encrypted under a key that the site no longer has."""


def encrypt(text: str) -> str:
    """Fernet token (ASCII) of a short text."""
    return _cipher().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """The text again. Raises UnreadableSecret when no key opens it."""
    try:
        return _cipher().decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise UnreadableSecret("Aucune clé du site n’ouvre ce secret.") from error


def is_newest(token: str) -> bool:
    """Whether the newest key alone opens this token."""
    try:
        Fernet(site_keys()[0]).decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def site_keys() -> list[str]:
    """The site's keys, newest first. Raises ImproperlyConfigured without any."""
    if not settings.FIELD_ENCRYPTION_KEYS:
        raise ImproperlyConfigured(
            "FIELD_ENCRYPTION_KEYS n’est pas définie : les secrets ne peuvent être ni lus ni enregistrés."
        )
    return settings.FIELD_ENCRYPTION_KEYS


def _cipher() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in site_keys()])
