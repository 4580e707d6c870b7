"""A site of its own for a drill: its environment, its processes, and somebody who reads its pages."""

import http.client
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection

PATIENCE = 300  # seconds, on a machine that does much else
SIGN_IN = "/espace/connexion/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class Site:
    """A site of its own, by its environment."""

    def __init__(self, folder: Path, database: str, **more: str) -> None:
        self.folder = folder
        self.env = os.environ | {
            "DEMO": "1",
            "DATA_DIR": str(folder),
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "opt_partners.settings",
            "FIELD_ENCRYPTION_KEYS": "Y29udGludWl0eSBkcmlsbCwgbm90IGEgcmVhbCBrZXk=",
            "DPO_CONTACT": "dpo@exemple.invalid",
            **more,
        }

    def start(self, *words: str, log: Path) -> subprocess.Popen:
        with open(log, "wb") as told:
            return subprocess.Popen(
                [sys.executable, *words], env=self.env, cwd=settings.BASE_DIR, stdout=told, stderr=told
            )

    def runs(self, command: str) -> str:
        done = subprocess.run(
            ["sh", "-euc", command], env=self.env, cwd=settings.BASE_DIR, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout


def address_of(name: str) -> str:
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"


@contextmanager
def stopped_at_the_end(*processes: subprocess.Popen):
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(PATIENCE)


def eventually(happens) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def dead(processes) -> list[bool]:
    return [process.poll() is not None for process in processes]


def said(folder: Path) -> str:
    return "\n".join(path.read_text()[-3000:] for path in folder.glob("*.log"))


class Browser:
    """Pages of a site that runs, as a visitor without script reads them."""

    def __init__(self, port: int, server: int) -> None:
        """`server`: the number of the process that answers."""
        self.port, self.server, self.cookies, self.token = port, server, {}, ""

    def ask(self, method: str, path: str, **typed: str) -> tuple[int, str]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)) as there:
            kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            headers = {"Cookie": kept, "Content-Type": "application/x-www-form-urlencoded"}
            there.request(method, path, urlencode(typed) if typed else None, headers)
            answer = there.getresponse()
            for told in answer.headers.get_all("Set-Cookie") or []:
                name, _equals, value = told.split(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, answer.read().decode().replace("\u00a0", " ").replace("\u202f", " ")

    def get(self, path: str) -> tuple[int, str]:
        return self.ask("GET", path)

    def sign_in(self, email: str) -> tuple[int, str]:
        """Ask for a code: a page that writes, for anybody."""
        if found := TOKEN.search(self.get(SIGN_IN)[1]):
            self.token = found[1]
        return self.ask("POST", SIGN_IN, csrfmiddlewaretoken=self.token, email=email)


@cache
def collected() -> Path:
    """Styles and scripts as a site serves them, made once for the whole run."""
    folder = Path(tempfile.mkdtemp(prefix="opt-static-"))
    Site(folder, f"sqlite:///{folder}/none").runs(
        f"{sys.executable} manage.py collectstatic --noinput --verbosity 0"
    )
    return folder / "static"


@contextmanager
def open_to_visitors(site: Site, log: Path) -> Iterator[Browser]:
    """The web server of this site, while it runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    shutil.copytree(collected(), site.folder / "static", dirs_exist_ok=True)
    site.env |= {"PORT": str(port), "BIND": f"127.0.0.1:{port}"}
    server = site.start("-m", "gunicorn", log=log)
    with stopped_at_the_end(server):

        def is_open() -> bool:
            with socket.socket() as door:
                return door.connect_ex(("127.0.0.1", port)) == 0 or server.poll() is not None

        eventually(is_open)
        yield Browser(port, server.pid)


@contextmanager
def held() -> Iterator[None]:
    """Somebody else writes, and does not end: a program that hangs, a copy by hand."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(name, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    with closing(connection.copy()) as other:
        other.set_autocommit(False)
        other.cursor().execute("LOCK TABLE conventions_logincode IN ACCESS EXCLUSIVE MODE")
        yield
        other.rollback()


@contextmanager
def impatient() -> Iterator[None]:
    """This process waits a moment only for what somebody else holds."""
    words = {"sqlite": ("PRAGMA busy_timeout=200", "PRAGMA busy_timeout=20000")}
    short, usual = words.get(connection.vendor, ("SET lock_timeout=200", "SET lock_timeout=20000"))
    with connection.cursor() as cursor:
        cursor.execute(short)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(usual)
