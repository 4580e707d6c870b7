"""What every template may rely on."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """`demo` (bool), `site_name`, `current_user_roles` (role slugs of the signed-in member of staff),
    `session_left` (seconds before the session closes; 0 when nobody is signed in)."""
    user = getattr(request, "user", None)
    roles = user.roles if user is not None and user.is_authenticated and user.is_staff else frozenset()
    return {
        "demo": settings.DEMO,
        "site_name": "OPT Partenariats",
        "current_user_roles": roles,
        "session_left": getattr(request, "session_left", 0),
    }
