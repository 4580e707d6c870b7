"""The harness: every test runs without network, with its own files, and with templates that must be complete.

Fixtures for tests: `as_role` (a signed-in client), `query_budget`, `at` (a fixed moment in Nouméa).
"""

import datetime
import gc
import itertools
import os
import socket
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.template import engines
from django.test import Client, TransactionTestCase, client

from conventions.tests import harness, prepared, queries
from conventions.tests.pristine import Pristine

LOOPBACK = ("127.", "::1", "localhost")
NOUMEA = ZoneInfo("Pacific/Noumea")
BACKEND = "django.contrib.auth.backends.ModelBackend"
COLLECTOR = (50_000, 10, 10)  # Python’s own: 700, 10, 10
DATABASE = {"db", "transactional_db", "django_db_setup", "live_server"}
# The demonstration, the world of before, forty files, the walk through migrations: seconds each, tens of seconds some.
DEAR = {"loaded", "opened", "_made", "walked"}
_COUNTER = itertools.count()


class NetworkBlocked(AssertionError):
    """A test reached out of this machine."""


def pytest_addoption(parser):
    parser.addoption(
        "--essential",
        action="store_true",
        help="every test that needs no database, and one of each file whose tests do: the first",
    )
    parser.addoption("--note-queries", metavar="FOLDER", help="notes there what queries each test runs")
    parser.addoption(
        "--inputs", metavar="COUNT", type=int, help="how many values at the edges tests/boundary sends"
    )
    parser.addoption(
        "--leave-out", metavar="FILE", help="leaves out the tests whose names it holds, one a line"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark what touches the database: pytest-django closes it to everything else.

    What shares a dear world goes first: of two processes, the second takes from the end of what the first has to do.
    """
    for item in items:
        if item.get_closest_marker("django_db") or not DATABASE.isdisjoint(item.fixturenames):
            item.add_marker("engine")
    items.sort(key=lambda item: DEAR.isdisjoint(item.fixturenames))


class Essential:
    """After -m and -k have chosen, `--essential` keeps what it says."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config, items):
        kept, dropped, seen = [], [], set()
        for item in items:
            is_apart = item.get_closest_marker("engine") is None
            (kept if is_apart or item.path not in seen else dropped).append(item)
            if not is_apart:
                seen.add(item.path)
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept


class LeftOut:
    """After -m and -k have chosen, the tests that `--leave-out` names go."""

    def __init__(self, file: str):
        self._names = set(Path(file).read_text().splitlines())

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config, items):
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid in self._names])
        items[:] = [item for item in items if item.nodeid not in self._names]


def pytest_configure(config):
    if folder := config.getoption("--note-queries"):
        config.pluginmanager.register(queries.Notes(Path(folder)))
    if file := config.getoption("--leave-out"):
        config.pluginmanager.register(LeftOut(file))
    if config.getoption("--essential"):
        config.pluginmanager.register(Essential())


def pytest_collection_finish():
    """What the imports made never dies: the garbage collector leaves it alone, and comes by less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTOR)


@pytest.fixture(autouse=True, scope="session")
def _no_network():
    """Only this machine answers: anything else is a test that would depend on the world."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _loopback_only(getattr(socket.socket, name)))
        yield


def _loopback_only(connect):
    def guarded(self, address):
        host = address[0] if isinstance(address, tuple) else ""
        if self.family != socket.AF_UNIX and not str(host).startswith(LOOPBACK):
            self.close()
            raise NetworkBlocked(f"Un test a voulu joindre {address}. Le réseau est fermé pendant les tests.")
        return connect(self, address)

    return guarded


@pytest.fixture(autouse=True, scope="session")
def _nothing_slow_in_a_transaction(_no_network):
    """Of the whole product: sockets, child processes, letters and renders wait for no row, and no row for them."""
    from conventions.domain.documents.rendering import engine

    slow = [
        (socket.socket, "connect", "Une connexion"),
        (socket.socket, "connect_ex", "Une connexion"),
        (subprocess.Popen, "__init__", "Un processus"),
        (socket, "send_fds", "Un processus"),
        (EmailMessage, "send", "Un envoi"),
        (engine, "_current", "Un rendu"),
    ]
    with pytest.MonkeyPatch.context() as patch:
        for owner, name, what in slow:
            patch.setattr(owner, name, harness.outside_transaction(getattr(owner, name), what))
        yield


@pytest.fixture(autouse=True, scope="session")
def _no_wait_for_the_disk():
    """What tests write is lost with the machine: a fifteenth of their time was a wait for the disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _file: None)
        yield


@pytest.fixture(autouse=True, scope="session")
def _one_clock():
    with harness.one_clock():
        yield


@pytest.fixture(autouse=True, scope="session")
def _own_temporary_folder(tmp_path_factory):
    """What this process and its children leave behind, killed or not, goes with pytest's own folders."""
    folder = str(tmp_path_factory.mktemp("temporary"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", folder)
        patch.setattr(tempfile, "tempdir", folder)
        yield


@pytest.fixture(autouse=True, scope="session")
def _watched():
    """Pages read by the test client are inspected; undefined template variables fail."""
    engine = engines["django"].engine
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "request", harness.checked(Client.request))
        patch.setattr(client, "store_rendered_templates", harness.of_pages(client.store_rendered_templates))
        patch.setattr(engine, "string_if_invalid", harness.StrictVariable("%s"))
        yield


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker, worker_id):
    """A copy of the prepared database where `make test` made one, else a new one; tests that commit bring it back."""
    made = os.environ.get(prepared.NAME)
    copy = ExitStack()
    with django_db_blocker.unblock():
        if made:
            copy.enter_context(prepared.copied(made, worker_id))
        else:
            request.getfixturevalue("django_db_setup")
        pristine = Pristine()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda test: pristine.restore())
        yield
    with django_db_blocker.unblock():
        copy.close()


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path_factory):
    """Media, private documents and mails of a test live in a folder of its own, made when first written to."""
    data = Path(tmp_path_factory.getbasetemp()) / f"data-{next(_COUNTER)}"
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
    cache.clear()


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _proven(request, settings):
    """Whoever is signed in has just proven who he or she is: tests marked `unproven` are about the contrary."""
    if not request.node.get_closest_marker("unproven"):
        settings.MIDDLEWARE = harness.with_proofs(settings.MIDDLEWARE)


@pytest.fixture
def version_1_alone(db):
    """The templates as a base has them before version 2 is delivered."""
    from importlib import import_module

    from django.apps import apps

    import_module("conventions.migrations.0037_second_texts").unload(apps, None)


@pytest.fixture
def query_budget():
    """`with query_budget(8): client.get(…)` fails beyond 8 queries and prints them."""
    return harness.query_budget


@pytest.fixture
def at():
    """`with at(2026, 3, 2, 9): …` stops the clock at that moment in Nouméa."""
    return lambda *moment: time_machine.travel(datetime.datetime(*moment, tzinfo=NOUMEA), tick=False)


@pytest.fixture
def as_role(db):
    """`as_role("juriste")`, `"superuser"`, `"president"`, `"anonymous"` or `as_role(user)`: a signed-in client.

    The client carries its user: `client.user` (None for anonymous).
    """
    return sign_in


def sign_in(who) -> Client:
    from conventions.tests.factories import PresidentFactory, UserFactory

    makers = {
        "superuser": lambda: UserFactory(superuser=True),
        "president": PresidentFactory,
        "anonymous": lambda: None,
    }
    user = who
    if isinstance(who, str):
        user = makers[who]() if who in makers else UserFactory(role=who)
    client = Client()
    client.user = user
    if user is not None:
        client.force_login(user, backend=BACKEND)
    return client
