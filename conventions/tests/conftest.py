"""The harness: every test runs without network, with its own files, and with templates that must be complete."""

import socket
from pathlib import Path

import pytest
from django.core.files.storage import storages

LOOPBACK = ("127.", "::1", "localhost")


class NetworkBlocked(AssertionError):
    """A test reached out of this machine."""


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    """Only this machine answers: anything else is a test that would depend on the world."""
    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, _loopback_only(getattr(socket.socket, name)))


def _loopback_only(connect):
    def guarded(self, address):
        host = address[0] if isinstance(address, tuple) else ""
        if self.family != socket.AF_UNIX and not str(host).startswith(LOOPBACK):
            raise NetworkBlocked(f"Un test a voulu joindre {address}. Le réseau est fermé pendant les tests.")
        return connect(self, address)

    return guarded


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    """Media, private documents and mails of a test live in its own folder."""
    data = Path(tmp_path) / "data"
    settings.DATA_DIR = data
    settings.MEDIA_ROOT = data / "media"
    settings.PRIVATE_ROOT = data / "private"
    settings.MAIL_FOLDER = data / "mails"
    places = {"default": settings.MEDIA_ROOT, "private": settings.PRIVATE_ROOT}
    settings.STORAGES = {
        name: options | {"OPTIONS": options["OPTIONS"] | {"location": str(places[name])}}
        if name in places
        else options
        for name, options in settings.STORAGES.items()
    }
    yield
    assert set(storages._storages or {}) <= {*places, "staticfiles"}


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
