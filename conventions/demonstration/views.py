"""Pages of the demonstration alone, on this machine alone: its accounts, and the mails it did not send."""

import functools
import ipaddress
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from conventions.demonstration import mail_folder, progress
from conventions.demonstration.plan.accounts import PASSWORD
from conventions.domain.people.security import second_factor
from conventions.enums import Role
from conventions.formats import collapse_spaces
from conventions.models import User

MAILS_PER_PAGE = 20
LATEST = 500  # files read to find one


def demo_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """404 outside the demonstration, and for anyone who is not at this machine."""

    @require_GET
    @never_cache
    @functools.wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO or not _is_loopback(request.META.get("REMOTE_ADDR", "")):
            raise Http404
        return view(request, **kwargs)

    return guarded


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


@demo_only
def mails(request: HttpRequest) -> HttpResponse:
    """Mails of the folder, newest first; `q` looks in their addresses and subjects."""
    wanted = collapse_spaces(request.GET.get("q", ""))
    found = mail_folder.newest(settings.MAIL_FOLDER, limit=LATEST, about=wanted)
    page = Paginator(found, MAILS_PER_PAGE).get_page(request.GET.get("page"))
    query = urlencode({"q": wanted}) if wanted else ""
    context = {"page_obj": page, "query": query, "wanted": wanted, "count": len(found)}
    return render(request, "demo/mails.html", context)


@demo_only
def accounts(request: HttpRequest) -> HttpResponse:
    """Who can sign in: staff by role, then the representatives of the associations."""
    people = (
        User.objects.filter(is_demo=True, is_active=True)
        .select_related("second_factor")
        .prefetch_related("groups", "mandates__partner")
        .order_by("-is_staff", "username")
    )
    rows = [_row(user) for user in people]
    context = {
        "staff": [row for row in rows if row["user"].is_staff],
        "signatories": [row["user"].username for row in rows if row["user"].is_staff and row["mandates"]],
        "representatives": [row for row in rows if not row["user"].is_staff],
        "password": PASSWORD,
        "progress": progress.shown(),
    }
    return render(request, "demo/accounts.html", context)


def _row(user: User) -> dict:
    roles = [str(Role(group.name).label) for group in user.groups.all() if group.name in Role.values]
    if user.is_superuser:
        roles.append("administration")
    mandates = [f"{mandate.title}, {mandate.partner.name}" for mandate in user.mandates.all()]
    factor = getattr(user, "second_factor", None)
    code = second_factor.demonstration_code(factor) if factor else ""
    return {"user": user, "roles": ", ".join(roles), "mandates": " · ".join(mandates), "code": code}
