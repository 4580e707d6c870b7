"""The sample files of docs/deploy, as they are but for names and ports: nginx before the site, the units of systemd."""

import gzip
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing

import machine
import pytest
import run

pytestmark = pytest.mark.slow

DEPLOY = machine.ROOT / "docs" / "deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("opt-partners-*"))
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
NAME = "conventions.exemple.nc"
# The site makes its own database, as for whoever installs it; its tables come from those that every test starts with.
FILLED = """
import os, sqlite3
from contextlib import closing
from django.core.management import call_command
from django.db import connection
made = os.environ.get("PREPARED_DATABASE", "")
if os.path.isfile(made):
    connection.ensure_connection()
    with closing(sqlite3.connect(made)) as there:
        there.backup(connection.connection)
else:
    call_command("migrate", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
"""
KEY = "deploy-only-0123456789abcdefghijklmnopqrstuvwxyz0123456789"

needs_nginx = pytest.mark.skipif(
    NGINX is None and not os.environ.get("CI"), reason="nginx manque : apt-get install nginx-light"
)


def free_port() -> int:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def certificate(folder) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID
    from django.utils import timezone

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = timezone.now()
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now.replace(year=now.year + 1))
    (folder / "fullchain.pem").write_bytes(
        made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


class Front:
    """The site and nginx before it, on ports of their own."""

    def __init__(self, folder):
        self.folder, self.port, plain, site = folder, free_port(), free_port(), free_port()
        data = folder / "data"
        data.mkdir()
        certificate(folder)
        env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DJANGO")},
            "SECRET_KEY": KEY, "DATA_DIR": str(data), "BIND": f"127.0.0.1:{site}", "BEHIND_PROXY": "1", "HTTPS": "1",
            "ALLOWED_HOSTS": NAME, "FIELD_ENCRYPTION_KEYS": "x" * 43 + "=", "SITE_URL": f"https://{NAME}",
        }  # fmt: skip
        python = sys.executable
        subprocess.run(
            [python, "manage.py", "shell", "-v0", "-c", FILLED], cwd=machine.ROOT, env=env, check=True
        )
        self.data = data
        text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
        changes = {
            "127.0.0.1:8000": f"127.0.0.1:{site}",
            "listen 80;": f"listen 127.0.0.1:{plain};",
            "listen 443 ssl;": f"listen 127.0.0.1:{self.port} ssl;",
            f"/etc/ssl/{NAME}": str(folder),
            "/var/cache/nginx/opt-partners": str(folder / "cache"),
            "client_header_timeout 10s": "client_header_timeout 1s",
            "client_body_timeout 20s": "client_body_timeout 1s",
        }
        for before, after in changes.items():
            assert before in text
            text = text.replace(before, after)
        as_root = "user root; " if os.geteuid() == 0 else ""
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"{as_root}daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}} "
            f"http {{ access_log off; {temporary} {text} }}",
            encoding="utf-8",
        )
        self.processes = [
            run.start([python, "-m", "gunicorn"], env),
            run.start([str(NGINX), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")], env),
        ]
        self.wait()

    def wait(self) -> None:
        for _time in range(150):
            try:
                if self.get("/robots.txt")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.2)
        raise AssertionError((self.folder / "error.log").read_text())

    def get(self, path: str, **headers: str):
        """(status, headers, body)"""
        address = f"https://127.0.0.1:{self.port}{path}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(address, headers={"Host": NAME, **named})
        trusting = ssl._create_unverified_context()
        try:
            with urllib.request.urlopen(request, timeout=20, context=trusting) as response:
                return response.status, response.headers, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def connect(self):
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        return ssl._create_unverified_context().wrap_socket(plain, server_hostname=NAME)

    def close(self) -> None:
        for process in reversed(self.processes):
            machine.stop(process)


@pytest.fixture(scope="module")
def front(tmp_path_factory):
    if NGINX is None:
        pytest.fail("nginx manque : apt-get install nginx-light")
    found = Front(tmp_path_factory.mktemp("deploy"))
    yield found
    found.close()


@needs_nginx
def test_public_page_is_compressed_by_the_site_and_kept_a_minute(front):
    status, headers, body = front.get("/", Accept_Encoding="gzip")
    assert (status, headers["Content-Encoding"], headers["Cache-Control"]) == (
        200,
        "gzip",
        "public, max-age=60",
    )
    assert b"OPT Partenariats" in gzip.decompress(body)
    again = front.get("/", Accept_Encoding="gzip")
    assert again[2] == body  # the same bytes: each compression of the site is another
    assert front.get("/", Accept_Encoding="gzip", Cookie="sessionid=abc")[2] != body


@needs_nginx
def test_page_with_a_form_is_neither_compressed_nor_kept(front):
    first, second = (front.get("/espace/connexion/", Accept_Encoding="gzip") for _time in range(2))
    assert (first[0], first[1]["Content-Encoding"], "no-store" in first[1]["Cache-Control"]) == (
        200,
        None,
        True,
    )
    assert first[2] != second[2]


@needs_nginx
def test_static_files_come_through(front):
    page = front.get("/")[2].decode()
    sheet = re.search(r'href="(/static/css/site[^"]+)"', page)[1]
    status, headers, _body = front.get(sheet, Accept_Encoding="br")
    assert (status, headers["Content-Encoding"]) == (200, "br")


@needs_nginx
@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: conventions.exemple.nc\r\n"])
def test_connections_that_do_not_go_on_are_closed_and_hold_nothing(front, sent):
    slow = [front.connect() for _rank in range(12)]
    for connection in slow:
        connection.sendall(sent)
    assert front.get("/mentions-legales/")[0] == 200
    told = []
    for connection in slow:
        with closing(connection):
            told.append(connection.recv(1000)[:12])  # waits until nginx closes, or twenty seconds
    assert set(told) <= {b"", b"HTTP/1.1 408"}


@needs_nginx
def test_body_that_stops_never_reaches_the_site(front):
    with closing(front.connect()) as connection:
        head = f"POST /verifier/fichier/ HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 9000000\r\n\r\n"
        connection.sendall(head.encode() + b"x" * 1000)
        assert connection.recv(1000).startswith((b"HTTP/1.1 408", b""))
    assert front.get("/plan-du-site/")[0] == 200


@needs_nginx
def test_too_heavy_body_is_refused_at_once(front):
    with closing(front.connect()) as connection:
        head = f"POST /verifier/fichier/ HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 60000000\r\n\r\n"
        connection.sendall(head.encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 413")


@needs_nginx
def test_what_a_visitor_writes_about_the_proxy_is_not_believed(front):
    """An old X-Request-Start would be answered 503, a plain X-Forwarded-Proto by a redirection."""
    old = f"t={time.time() - 10:.3f}"
    status, headers, _body = front.get("/contact-presse/", X_Request_Start=old, X_Forwarded_Proto="http")
    assert (status, headers["Location"]) == (200, None)


@needs_nginx
def test_data_is_for_the_account_of_the_site_alone(front):
    assert (front.data / "opt_partners.sqlite3").exists()
    assert [path.name for path in front.data.rglob("*") if path.stat().st_mode & 0o077] == []
    assert front.data.stat().st_mode & 0o777 == 0o700


# Seen as a skip where there is no systemd, in a container for one: its reader cannot be had alone.
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze manque")
@pytest.mark.parametrize("unit", UNITS)
def test_unit_is_read_without_a_warning(unit, tmp_path):
    """Its program is not on this machine: the path is replaced by one that is."""
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace("/srv/opt-partners/.venv/bin/python", sys.executable))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / unit)],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    told = [line for line in done.stderr.splitlines() if "opt-partners" in line]
    assert told == []
