"""The data folder, for this account alone; keys that the demonstration makes for itself and keeps there (mode 0600)."""

import base64
import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path


def close_to_others(folder: Path) -> None:
    """No other account of the machine enters the folder: the database and the files are in it.

    A folder that is not ours, or a system without such rights, stays as it is.
    """
    with contextlib.suppress(OSError):
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)


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
