"""How much one may send: looked at before anything is read."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from conventions.views.errors import bad_request

# They look at what is announced before they read, and say in their own words that it is too heavy.
WEIGH_THEMSELVES = ("public:verify_file",)


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
    told = str(request.META.get("CONTENT_LENGTH") or "")
    return int(told) if told.isascii() and told.isdecimal() else 0
