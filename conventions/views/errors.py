"""Pages of what could not be read at all."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What was sent is too heavy, or broken: said in French, nothing was done."""
    too_heavy = isinstance(exception, RequestDataTooBig)
    return render(request, "400.html", {"too_heavy": too_heavy}, status=413 if too_heavy else 400)
