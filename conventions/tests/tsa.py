"""A time-stamping authority on this machine, for tests: answers properly, or as badly as it is told."""

import socket
import sys
import threading
from contextlib import contextmanager
from functools import cache

from asn1crypto import tsp
from django.conf import settings

sys.path.append(str(settings.BASE_DIR / "scripts"))  # plain files beside the project, not a package

from stamper import REPLY, Authority, Server, Unit


@cache
def authority() -> Authority:
    """One for the whole run: two RSA keys take a second."""
    return Authority.made("")


def stamped(query: bytes) -> tuple[int, str, bytes]:
    """A proper answer."""
    return stamped_by(authority().unit(), query)


def stamped_by(unit: Unit, query: bytes) -> tuple[int, str, bytes]:
    """The answer of this unit, which may have ended."""
    return 200, REPLY, unit.stamp(query)


def of_another_file(query: bytes) -> tuple[int, str, bytes]:
    """A valid token about other bytes, with the nonce that was asked."""
    asked = tsp.TimeStampReq.load(query)
    asked["message_imprint"]["hashed_message"] = b"\0" * 32
    return stamped(asked.dump(force=True))


def refusing(query: bytes) -> tuple[int, str, bytes]:
    return 200, REPLY, tsp.TimeStampResp({"status": {"status": "rejection"}}).dump()


def broken(query: bytes) -> tuple[int, str, bytes]:
    return 200, REPLY, b"0\x03nonsense"


def down(query: bytes) -> tuple[int, str, bytes]:
    return 503, "text/html", b"<p>maintenance</p>"


def elsewhere(query: bytes) -> tuple[int, str, bytes]:
    return 302, "text/html", b""


def chatty(query: bytes) -> tuple[int, str, bytes]:
    return 200, "text/html", b"<p>Bienvenue</p>"


@contextmanager
def running(behave=stamped):
    """The address of an authority that behaves so, while the block runs. It publishes its list too."""
    listening = socket.create_server(("127.0.0.1", 0))
    address = authority().address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
    server = Server(listening, authority(), behave)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield address
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
