"""Real pages in a real browser: one live server, one world and one Chromium for the whole session.

Pages are read, seldom written: the rows stay from one test to the next, and go away at the end.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase, override_settings
from django.urls import reverse

from conventions.tests import harness
from conventions.tests.matrix import world as worlds
from conventions.tests.matrix.table import LINES

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
VISITORS = ("superuser", "gestionnaire", "president", "anonymous")


@dataclass
class Site:
    """The live server, its world, and the browser."""

    url: str
    world: worlds.World
    browser: object
    failures: list

    def address(self, name: str) -> str:
        line = LINES[name]
        return self.url + reverse(name, kwargs=line.arguments(self.world)) + line.query

    def context(self, who: str = "anonymous", **options):
        """A fresh browser profile in which `who` is signed in."""
        options = {"viewport": {"width": 1280, "height": 900}, "locale": "fr-FR"} | options
        context = self.browser.new_context(**options)
        cookies = self.world.clients[who].cookies
        context.add_cookies(
            [{"name": name, "value": cookie.value, "url": self.url} for name, cookie in cookies.items()]
        )
        return context


def chromium_path() -> str | None:
    given = os.environ.get("CHROMIUM")
    return given or next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium():
    path = chromium_path()
    if path is None:
        message = "Chromium est absent. Pour l’installer : sudo apt-get install --yes chromium"
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail(message)
        pytest.skip(message)
    return path


@pytest.fixture(scope="session")
def site(chromium, django_db_setup, django_db_blocker, tmp_path_factory):
    from playwright.sync_api import sync_playwright

    folder = tmp_path_factory.mktemp("site")
    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        kept_files(folder),
        override_settings(MIDDLEWARE=harness.with_proofs(settings.MIDDLEWARE)),
        live_server() as url,
    ):
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright runs a loop in this thread
        world = worlds.build(*VISITORS)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            yield Site(url=url, world=world, browser=browser, failures=[])
            browser.close()
        TransactionTestCase("__init__")._fixture_teardown()


def kept_files(folder: Path):
    """Documents of the world outlive each test: they lie in a folder of their own."""
    from django.conf import settings

    places = {"default": folder / "media", "private": folder / "private"}
    stores = {
        name: options | {"OPTIONS": options["OPTIONS"] | {"location": str(places[name])}}
        if name in places
        else options
        for name, options in settings.STORAGES.items()
    }
    return override_settings(
        STORAGES=stores,
        MEDIA_ROOT=places["default"],
        PRIVATE_ROOT=places["private"],
        MAIL_FOLDER=folder / "mails",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        ALLOWED_HOSTS=["127.0.0.1"],
    )


class live_server:
    """Django's threaded test server with the static files, on a free port."""

    def __enter__(self) -> str:
        from django.contrib.staticfiles.handlers import StaticFilesHandler
        from django.test.testcases import LiveServerThread

        self.shared = {connection.alias: connection} if self._in_memory() else {}
        for shared in self.shared.values():
            shared.inc_thread_sharing()
        self.thread = LiveServerThread("127.0.0.1", StaticFilesHandler, connections_override=self.shared)
        self.thread.daemon = True
        self.thread.start()
        self.thread.is_ready.wait()
        if self.thread.error:
            raise self.thread.error
        return f"http://127.0.0.1:{self.thread.port}"

    def __exit__(self, *error):
        self.thread.terminate()
        for shared in self.shared.values():
            shared.dec_thread_sharing()

    @staticmethod
    def _in_memory() -> bool:
        return connection.vendor == "sqlite" and connection.is_in_memory_db()


@pytest.fixture
def _django_db_helper(site):
    """No transaction around a browser test: the server writes sessions in its own thread."""


@pytest.fixture(autouse=True)
def _own_files():
    """The session's folder serves every browser test."""


@pytest.fixture(autouse=True)
def _quick_passwords():
    """Set with the session's settings."""
