"""Public pages that nobody's session touched: compressed, and kept a minute by whoever stands between.

Compression tells, by its size, whether what a stranger puts in a page stands elsewhere in it (BREACH). So only answers
without secret travel compressed: to a reader without session, from the public site, that set no cookie. A form token
sets one: its page is sent as it is, like every page of the space and of the admin.
"""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_cache_control, patch_vary_headers

KEPT = 60  # seconds: what is withdrawn is gone everywhere within a minute
PUBLIC = "public"  # the name space of the public addresses
TEXTS = ("text/", "application/json", "application/xml")


class PublicAnswers(GZipMiddleware):
    """Outermost of those that change an answer: it sees each cookie and each refusal to be kept."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not is_for_everyone(request, response):
            return response
        if response.status_code in (200, 304) and not response.has_header("Cache-Control"):
            patch_vary_headers(response, ["Cookie"])
            patch_cache_control(response, public=True, max_age=KEPT)
        if str(response.get("Content-Type", "")).startswith(TEXTS):
            return super().process_response(request, response)
        return response


def is_for_everyone(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether any reader would receive the same: nothing of a session, of a form token or of a message is in it."""
    place = request.resolver_match
    if place is None or place.namespace != PUBLIC or request.method not in ("GET", "HEAD"):
        return False
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and not response.cookies
