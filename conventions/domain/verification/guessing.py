"""Slows down who guesses codes or sends file after file. Counted per network, whose address is not kept."""

from django.core.cache import cache

from conventions.domain.signing_in import network_key

MISSES, FILES = 30, 30
WINDOW = 600  # seconds
KINDS = {"code": MISSES, "file": FILES}


class TooManyTries(Exception):
    """The message, in French, says when to come back."""


def limit(kind: str, network: str) -> None:
    """Raises TooManyTries once this network tried too often in ten minutes."""
    if cache.get(_key(kind, network), 0) >= KINDS[kind]:
        raise TooManyTries("Trop d’essais depuis votre connexion. Réessayez dans dix minutes.")


def miss(kind: str, network: str) -> None:
    """Count one try: a code that does not exist, a file to read."""
    key = _key(kind, network)
    cache.add(key, 0, WINDOW)
    cache.incr(key)


def _key(kind: str, network: str) -> str:
    return f"verification:{kind}:{network_key(network)}"
