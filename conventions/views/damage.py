"""One answer, on every route, to a stored file that is damaged and to a disk or a database that takes nothing more."""

import logging
import sys
from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views import defaults

from conventions.domain.documents import damage
from conventions.domain.documents.storage import DamagedDocument
from conventions.domain.foundation.apart import Busy
from conventions.domain.foundation.durable import CLOSED, FULL, NO_ROOM, Unwritable
from conventions.models import Document, User

logger = logging.getLogger(__name__)

BUSY = (
    "La base de données est occupée : rien n’a été enregistré. Recommencez dans une minute : ce que vous avez saisi "
    "est gardé sur cette page."
)
BROKEN = (
    "La base de données est abîmée : rien n’a été enregistré. Prévenez l’informatique : une sauvegarde est à "
    "remettre. Ce que vous avez saisi est gardé sur cette page."
)
RETRY_AFTER = 60  # seconds
# How the codes begin with which the engines say that a disk is full, that nothing may be written on it, that somebody
# else holds what one waits for (a wait has an end: settings.py), that the database itself is damaged.
TOLD = {
    FULL: ("SQLITE_FULL", "53100"),
    CLOSED: ("SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_CANTOPEN", "25006", "58030"),
    BUSY: ("SQLITE_BUSY", "SQLITE_LOCKED", "55P03", "40P01", "40001"),
    BROKEN: ("SQLITE_CORRUPT", "SQLITE_NOTADB", "XX001", "XX002"),
}


class StoredFiles:
    """Answers 503: the request was right, the store is not, and what is missing may come back from a backup."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DamagedDocument):
            damage.tell(exception)
            return _answer(request, "503_damaged.html", {"officer": _officer(request, exception)})
        told = _refusal_of(exception)
        if told:
            logger.error("Rien n’a pu être enregistré : %r", exception)
            return _nothing_written(request, told)
        return None


def server_error(request: HttpRequest) -> HttpResponse:
    """What failed before the view, as when a file that is sent finds no room; else Django's own page."""
    told = _refusal_of(sys.exc_info()[1])
    if told and hasattr(request, "user"):
        return _nothing_written(request, told)
    response = defaults.server_error(request)
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):  # the database may come back
        response.status_code, response["Retry-After"] = 503, str(RETRY_AFTER)
    return response


def _nothing_written(request: HttpRequest, told: str) -> HttpResponse:
    response = _answer(request, "503_unwritable.html", {"told": told, "typed": _typed(request)})
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def _answer(request: HttpRequest, template: str, page: dict) -> HttpResponse:
    try:
        response = render(request, template, page, status=503)
    except DatabaseError:  # not even who asks can be read: SQLite reads nothing where it may write nothing
        request.user = AnonymousUser()
        response = render(request, template, page, status=503)
    add_never_cache_headers(response)
    return response


def _officer(request: HttpRequest, damaged: DamagedDocument) -> User | None:
    """Whom an association may ask for a copy; nobody is named to strangers."""
    document = damaged.row
    if request.user.is_authenticated and isinstance(document, Document) and document.act:
        return document.act.convention.officer
    return None


def _refusal_of(exception: BaseException | None) -> str:
    """What to say of it in French; empty when neither the disk, the database nor the machine is the cause."""
    if isinstance(exception, Unwritable | Busy):
        return str(exception)
    if isinstance(exception, OSError) and exception.errno in NO_ROOM:
        return FULL
    if not isinstance(exception, DatabaseError):
        return ""
    cause = exception.__cause__
    code = str(getattr(cause, "sqlite_errorname", "") or getattr(cause, "pgcode", "") or "")
    return next((told for told, codes in TOLD.items() if code.startswith(codes)), "")


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed, to be sent again from this page as it is; passwords, codes and files are asked for again."""
    secret = ("csrfmiddlewaretoken", "code")
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in secret and "password" not in name
        for value in values
    ]
