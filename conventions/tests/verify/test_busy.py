"""Files of strangers are verified one at a time in each process: the pages of everybody go on."""

import threading
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client

from conventions.domain.documents import verification
from conventions.views import limits

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/verifier/fichier/"


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("acte.pdf", b"%PDF-1.7\n" + b"x" * 2 * limits.LIGHT_BYTES, "application/pdf")


class Slow:
    """A file whose first bytes come, then the rest once `go` is set: somebody else is being served."""

    def __init__(self):
        self.begun, self.go = threading.Event(), threading.Event()

    def read(self, size):
        self.begun.set()
        assert self.go.wait(20)
        return b"x" * size

    readline = read


def test_second_file_is_told_when_to_come_back_and_pages_go_on(client):
    slow, answers = Slow(), []

    def first():
        try:
            sent = {
                "CONTENT_TYPE": "multipart/form-data; boundary=x",
                "CONTENT_LENGTH": "400000",
                "wsgi.input": slow,
            }
            answers.append(Client().generic("POST", URL, **sent).status_code)
        finally:
            connections.close_all()

    thread = threading.Thread(target=first)
    thread.start()
    assert slow.begun.wait(20)
    second = client.post(URL, {"file": pdf()})
    assert (second.status_code, second["Retry-After"]) == (503, "5")
    assert "Recommencez dans quelques secondes." in second.content.decode()
    assert client.get("/").status_code == 200
    by_hash = client.post(URL, {"sha256": "0" * 64})
    assert by_hash.status_code == 200  # costs nothing: answered meanwhile
    slow.go.set()
    thread.join()
    assert len(answers) == 1
    assert client.post(URL, {"file": pdf()}).status_code == 200


def test_place_is_free_again_after_a_fault(client):
    client.raise_request_exception = False
    for _time in range(3):
        broken = client.generic(
            "POST", URL, b"x" * 20_000, content_type="multipart/form-data; boundary=absent"
        )
        assert broken.status_code in (200, 400)
    assert client.post(URL, {"file": pdf()}).status_code == 200


def test_what_is_too_heavy_takes_no_place(client):
    answer = client.generic("POST", URL, b"", CONTENT_LENGTH=str(verification.MAX_BYTES * 3))
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("waited", "method", "status"),
    [
        (0.5, "get", 200),
        (5, "get", 503),
        (5, "head", 503),
        (5, "post", 200),
        (10_000, "get", 200),
        (-50, "get", 200),
    ],
)
def test_page_asked_for_too_long_ago_is_not_made(client, settings, waited, method, status):
    """What changes something is done; clocks that do not agree refuse nothing."""
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    headers = {"X-Request-Start": f"t={time.time() - waited:.3f}"}
    data = {"sha256": "0" * 64} if method == "post" else {}
    answer = getattr(client, method)(URL if method == "post" else "/", data, headers=headers)
    assert answer.status_code == status
    assert ("Retry-After" in answer) == (status == 503)


@pytest.mark.parametrize("told", ["", "t=", "hier", "t=nan", "t=inf", "t=-1", "1" * 400])
def test_odd_hour_of_the_server_in_front_refuses_nothing(client, settings, told):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert client.get("/", headers={"X-Request-Start": told}).status_code == 200


def test_hour_that_a_visitor_writes_is_not_read_without_a_server_in_front(client, settings):
    settings.SECURE_PROXY_SSL_HEADER = None
    headers = {"X-Request-Start": f"t={time.time() - 5:.3f}"}
    assert client.get("/", headers=headers).status_code == 200
