"""Signing in to the space by an e-mailed code; signing out."""

import ipaddress
import math
import secrets
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from conventions.domain.foundation import one_time_codes
from conventions.domain.people import login_codes
from conventions.forms.refusals import told_on_form, told_on_page
from conventions.forms.sign_in import ChoiceForm, CodeForm, EmailForm
from conventions.models import LoginCode, User
from conventions.views.sessions import DEVICE_COOKIE

SESSION_KEY = "sign_in"
TARGET_LENGTH = 500  # of the page to come back to: anybody may write it in a session
BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the address. The answer is the same whether or not somebody reads mail there."""
    if request.user.is_authenticated:
        return redirect("portal:home")
    form = EmailForm(request.POST or None)
    target = request.POST.get("next") or request.GET.get("next", "")
    target = target if len(target) <= TARGET_LENGTH else ""
    status = 200
    if request.method == "POST" and form.is_valid():
        with told_on_form(form):
            _send_code(request, form.cleaned_data["email"], target)
            return redirect("portal:sign_in_code")
        status = 429
    return render(request, "portal/sign_in.html", {"form": form, "next": target}, status=status)


def _send_code(request: HttpRequest, email: str, target: str) -> LoginCode:
    """Open a request bound to this browser's session."""
    state = request.session.get(SESSION_KEY, {})
    browser = state.get("browser") or secrets.token_urlsafe(32)
    code = login_codes.request_code(
        email,
        browser=browser,
        network=client_address(request),
        device=request.COOKIES.get(DEVICE_COOKIE, ""),
    )
    request.session[SESSION_KEY] = {"browser": browser, "code": code.pk, "email": code.email, "next": target}
    return code


def client_address(request: HttpRequest) -> str:
    """IP address of the visitor: the one our own proxy saw, never what the visitor wrote.

    Of an IPv6 address, the /64 that a subscriber owns: its end changes at will.
    """
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    told = forwarded if settings.SECURE_PROXY_SSL_HEADER else ""
    return _network(told) or _network(request.META.get("REMOTE_ADDR", ""))


def _network(text: str) -> str:
    """The address that limits count, or an empty string: the database keeps no other."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((int(address), 64), strict=False).network_address)


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Ask for the digits."""
    state = request.session.get(SESSION_KEY)
    if state is None:
        return redirect("portal:sign_in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_on_form(form):
            login_codes.check_code(
                state["code"],
                browser=state["browser"],
                typed=form.cleaned_data["code"],
                network=client_address(request),
            )
            return _enter(request, state)
    return render(request, "portal/sign_in_code.html", {"form": form, **_code_context(state)})


def _code_context(state: dict[str, Any]) -> dict:
    code = LoginCode.objects.filter(pk=state["code"]).first()
    live = code if code is not None and login_codes.CODES.is_live(code) else None
    seconds = (live.expires_at - timezone.now()).total_seconds() if live else 0
    return {
        "email": state["email"],
        "minutes_left": max(0, math.ceil(seconds / 60)),
        "leaves_in": one_time_codes.leaves_in(live) if live else "",
    }


def _enter(request: HttpRequest, state: dict[str, Any]) -> HttpResponse:
    """After the right code: straight in, or first say who one is when several share the address."""
    accounts = login_codes.accounts_after(state["code"], browser=state["browser"])
    if not accounts:
        messages.error(request, "Ce compte n’est plus ouvert. Écrivez à votre interlocuteur à l’OPT-NC.")
        return redirect("portal:sign_in")
    if len(accounts) > 1:
        return redirect("portal:sign_in_choice")
    return _log_in(request, accounts[0], state)


def _log_in(request: HttpRequest, user: User, state: dict[str, Any]) -> HttpResponse:
    del request.session[SESSION_KEY]
    login(request, user, backend=BACKEND)  # gives the session a new key
    target = state["next"]
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(target if safe else reverse("portal:home"))


@require_POST
def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Send a new code to the same address; the previous one no longer works."""
    state = request.session.get(SESSION_KEY)
    if state is None:
        return redirect("portal:sign_in")
    with told_on_page(request):
        later = one_time_codes.leaves_in(_send_code(request, state["email"], state["next"]))
        told = f"Votre code part dans {later}." if later else "Un nouveau code vient de partir."
        messages.success(request, f"{told} Le précédent ne marche plus.")
    return redirect("portal:sign_in_code")


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_choice(request: HttpRequest) -> HttpResponse:
    """Who are you, among those who share this address?"""
    state = request.session.get(SESSION_KEY)
    accounts = login_codes.accounts_after(state["code"], browser=state["browser"]) if state else []
    if state is None or not accounts:
        messages.warning(request, "Le délai est passé. Demandez un nouveau code.")
        return redirect("portal:sign_in")
    choices = [(user.pk, _introduced(user)) for user in accounts]
    form = ChoiceForm(request.POST or None, accounts=choices)
    if request.method == "POST" and form.is_valid():
        user = next(user for user in accounts if user.pk == form.cleaned_data["account"])
        return _log_in(request, user, state)
    return render(request, "portal/sign_in_choice.html", {"form": form, "email": state["email"]})


def _introduced(user: User) -> str:
    """« Dominique WAMYTAN, présidente (Association Niaouli) »."""
    mandate = user.mandates.select_related("partner").order_by("-mandate_start").first()
    return f"{user}, {mandate.title} ({mandate.partner.name})" if mandate else str(user)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, "Vous êtes déconnecté.")
    return redirect("portal:sign_in")
