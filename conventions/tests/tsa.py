"""A time-stamping authority on this machine, for tests: answers properly, or as badly as it is told."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

from asn1crypto import keys, tsp, x509

from conventions.tests import online

REPLY = "application/timestamp-reply"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        query = self.rfile.read(int(self.headers["Content-Length"]))
        status, kind, body = self.server.behave(query)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Location", "http://127.0.0.1:9/")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def stamped(query: bytes) -> tuple[int, str, bytes]:
    """A proper answer, signed by a key of the tests."""
    from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

    certificate, key = (_der(online.keys() / name) for name in ("sceau.pem", "sceau.key"))
    authority = DummyTimeStamper(x509.Certificate.load(certificate), keys.PrivateKeyInfo.load(key))
    return 200, REPLY, authority.request_tsa_response(tsp.TimeStampReq.load(query)).dump()


def _der(path) -> bytes:
    from asn1crypto import pem

    return pem.unarmor(path.read_bytes())[2]


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
def running(behave):
    """The address of an authority that behaves so, while the block runs."""
    server = HTTPServer(("127.0.0.1", 0), _Handler)
    server.behave = behave
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
