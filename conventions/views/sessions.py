"""Sessions: watched at each request, listed and closed by their owner, kept open while someone types."""

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conventions.domain.people.requests import SignedInRequest, View
from conventions.domain.people.security import sessions
from conventions.models import User

DEVICE_COOKIE = "appareil"
DEVICE_COOKIE_AGE = 365 * 24 * 3600


class WatchedRequest(HttpRequest):
    """What the watch notes on a request: seconds left, and the token of a browser that has just signed in."""

    session_left: float
    device_token: str


def signed_in(sender: type[User], request: WatchedRequest, user: User, **kwargs: Any) -> None:
    """Receiver of `user_logged_in`: the sign-in leaves its row, the browser its token."""
    request.device_token = sessions.begin(
        request.session,
        user,
        user_agent=request.META.get("HTTP_USER_AGENT", ""),
        device=request.COOKIES.get(DEVICE_COOKIE, ""),
    )


def signed_out(sender: type[User], request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    """Receiver of `user_logged_out`, sent while the session still says whose it was."""
    sessions.end(request.session)


class SessionWatch:
    """Ends a session that is idle or old, says so, and gives the browser its token after a sign-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: WatchedRequest) -> HttpResponseBase:
        self.watch(request)
        response = self.get_response(request)
        token = getattr(request, "device_token", "")
        if token:
            response.set_cookie(
                DEVICE_COOKIE,
                token,
                max_age=DEVICE_COOKIE_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    def watch(self, request: WatchedRequest) -> None:
        if request.session.session_key is None or SESSION_KEY not in request.session:
            return
        found = sessions.watch(request.session)
        request.session_left = found.left
        if not found.over:
            return
        request.session.flush()
        request.user = AnonymousUser()
        lost = " Ce que vous veniez d’envoyer n’a pas été enregistré." if request.method == "POST" else ""
        messages.warning(request, f"{found.over}{lost} Connectez-vous de nouveau.")


@never_cache
@require_http_methods(["GET", "POST"])
def presence(request: WatchedRequest) -> HttpResponse:
    """For the page that warns before the end: seconds left and a fresh form token; POST stays signed in."""
    if not request.user.is_authenticated:
        return JsonResponse({"left": 0, "user": 0, "token": ""})
    if request.method == "POST":
        sessions.seen(request.session)
        request.session_left = sessions.watch(request.session).left
    return JsonResponse({"left": request.session_left, "user": request.user.pk, "token": get_token(request)})


def rows(request: SignedInRequest) -> list[dict]:
    """Open sessions of who is signed in, with which one this is."""
    found = request.user.sessions.open()
    return [{"row": row, "here": sessions.is_current(row, request.session)} for row in found]


def close(request: SignedInRequest, pk: int) -> None:
    """Close one of one's own sessions; another's, or this very one: 404."""
    row = request.user.sessions.open().filter(pk=pk).first()
    if row is None or sessions.is_current(row, request.session):
        raise Http404
    sessions.close(request.user, pk, by=request.user)
    messages.success(request, f"La connexion « {row.device} » est fermée.")


def close_others(request: SignedInRequest) -> None:
    sessions.close_others(request.user, request.session, by=request.user)
    messages.success(request, "Toutes vos autres connexions sont fermées.")


def of_partners(view: View) -> View:
    """Signed in to the space. Staff have the same page in the admin: 404."""

    @functools.wraps(view)
    def guarded(request: SignedInRequest, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_staff:
            raise Http404
        return view(request, **kwargs)

    return never_cache(login_required(guarded))


@require_GET
@of_partners
def mine(request: SignedInRequest) -> HttpResponse:
    return render(request, "portal/sessions.html", {"sessions": rows(request)})


@require_POST
@of_partners
def close_mine(request: SignedInRequest, pk: int) -> HttpResponse:
    close(request, pk)
    return redirect("portal:sessions")


@require_POST
@of_partners
def close_my_others(request: SignedInRequest) -> HttpResponse:
    close_others(request)
    return redirect("portal:sessions")
