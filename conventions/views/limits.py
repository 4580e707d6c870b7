"""How much one may send, looked at before anything is read; how many strangers may keep a process busy at once."""

import functools
import threading
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from conventions.domain.people.requests import View
from conventions.formats import whole_number
from conventions.views.errors import bad_request, busy

# They look at what is announced before they read, and say in their own words that it is too heavy.
WEIGH_THEMSELVES = ("public:verify_file",)


BUSY = "Beaucoup de fichiers se vérifient en ce moment. Recommencez dans quelques secondes."
RETRY_AFTER = 5  # seconds
OVERLOADED = "Le site reçoit trop de demandes à la fois. Rechargez la page dans quelques secondes.\n"
LONGEST_WAIT, OLDEST = 2, 120  # seconds; beyond, the two clocks do not agree
LIGHT_BYTES = 16 * 1024  # a form without file
# Of a process: its other threads go on with the pages of everybody.
_PLACES = threading.BoundedSemaphore(1)


def heavy_one_at_a_time(view: View) -> View:
    """What strangers send and costs much: one at a time in each process, the others are told when to come back.

    Nobody waits in a thread for his turn: whoever waits so keeps the pages of all from being served.
    """

    @functools.wraps(view)
    def taken(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if announced(request) <= LIGHT_BYTES:
            return view(request, **kwargs)
        if not _PLACES.acquire(blocking=False):
            return busy(request, BUSY, after=RETRY_AFTER)
        try:
            return view(request, **kwargs)
        finally:
            _PLACES.release()

    return taken


class Overload:
    """A page asked for too long ago is not made: its reader left, or will be told to come back, and the queue empties.

    The server in front writes when it passed the request on (X-Request-Start, « t= » seconds). What changes something
    is always done: who typed it waits for the answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SECURE_PROXY_SSL_HEADER and request.method in ("GET", "HEAD"):
            waited = time.time() - _passed_on(request)
            if LONGEST_WAIT < waited < OLDEST:
                response = HttpResponse(OVERLOADED, status=503, content_type="text/plain; charset=utf-8")
                response["Retry-After"] = str(RETRY_AFTER)
                return response
        return self.get_response(request)


def _passed_on(request: HttpRequest) -> float:
    """When the server in front passed it on, in seconds; 0 when it does not say."""
    try:
        return float(request.headers.get("X-Request-Start", "").removeprefix("t="))
    except ValueError:
        return 0.0


class BodyLimit:
    """Refuses a body that is too heavy: the CSRF check would first write its files on the disk, a stranger's too.

    Staff send scans by the dozen: the fields of their forms have limits of their own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if announced(request) > settings.BODY_MAX_BYTES and not (
            weighs_itself(request) or request.user.is_staff
        ):
            return bad_request(request, RequestDataTooBig())
        return self.get_response(request)


def weighs_itself(request: HttpRequest) -> bool:
    return request.path in [reverse(name) for name in WEIGH_THEMSELVES]


def announced(request: HttpRequest) -> int:
    """Bytes of the body, as the browser says."""
    return whole_number(request.META.get("CONTENT_LENGTH")) or 0
