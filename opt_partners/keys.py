"""Keys that the demonstration makes for itself on first start and keeps in its data folder (mode 0600)."""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path


def kept_secret_key(folder: Path) -> str:
    """Return the demonstration's SECRET_KEY (67 characters), made on first call."""
    return _kept(folder / "secret_key", lambda: secrets.token_urlsafe(50))


def kept_fernet_key(folder: Path) -> str:
    """Return a Fernet key (32 bytes, URL-safe base64), made on first call."""
    return _kept(folder / "fernet_key", lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())


def _kept(path: Path, make: Callable[[], str]) -> str:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        value = make()
        file.write(value)
    return value
