"""Pages of what could not be read at all, or not now."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def busy(request: HttpRequest, told: str, *, after: int) -> HttpResponse:
    """Too much is being done at once; come back in `after` seconds. Nothing was read nor done."""
    response = render(request, "503_busy.html", {"told": told}, status=503)
    response["Retry-After"] = str(after)
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What was sent is too heavy, or broken: said in French, nothing was done."""
    too_heavy = isinstance(exception, RequestDataTooBig)
    return render(request, "400.html", {"too_heavy": too_heavy}, status=413 if too_heavy else 400)
