"""What django-axes asks about a password typed anywhere: how many wrong ones, and who has tries of their own."""

from typing import Any

from django.http import HttpRequest

from conventions.domain.people.security import passwords
from conventions.views.sessions import DEVICE_COOKIE
from conventions.views.sign_in import client_address

Credentials = dict[str, Any] | None


def limit(request: HttpRequest, credentials: Credentials = None) -> int:
    """AXES_FAILURE_LIMIT."""
    return passwords.limit(_name(request, credentials), network=client_address(request))


def has_own_tries(request: HttpRequest, credentials: Credentials = None) -> bool:
    """AXES_WHITELIST_CALLABLE."""
    return passwords.has_own_tries(_name(request, credentials), device=_device(request))


def missed(
    sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    """Receiver of `user_login_failed`."""
    if request is not None:
        name, network = _name(request, credentials), client_address(request)
        passwords.missed(name, network=network, device=_device(request))


def _name(request: HttpRequest, credentials: Credentials) -> str:
    found = (credentials or {}).get("username") or request.POST.get("username", "")
    return str(found)[:150]


def _device(request: HttpRequest) -> str:
    return request.COOKIES.get(DEVICE_COOKIE, "")
