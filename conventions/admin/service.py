"""« État du service »: what waits, what fails, and the date of the server to confirm when it has jumped."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from conventions import permissions
from conventions.domain.journal import clock
from conventions.domain.people.requests import SignedInRequest
from conventions.domain.service import health, sweeping
from conventions.forms.refusals import told_on_page


def card(request: SignedInRequest) -> dict:
    """What the first page and this one show of it to administrators; empty for everybody else."""
    if not permissions.can_watch_service(request.user):
        return {}
    parts = sorted(health.watched(), key=lambda part: -part.level)
    return {
        "service": parts,
        "to_watch": [part for part in parts if not part.is_fine],
        "clock_held": any(part.code == "horloge" and not part.is_fine for part in parts),
    }


@require_safe
def page(request: SignedInRequest) -> TemplateResponse:
    if not permissions.can_watch_service(request.user):
        raise PermissionDenied
    context = {
        **admin.site.each_context(request),
        **card(request),
        "title": "État du service",
        "steps": sweeping.steps(),
        "now": timezone.localtime(),
    }
    return TemplateResponse(request, "admin/service.html", context)


def confirm_clock(request: SignedInRequest) -> HttpResponse:
    """The date of the server is right: what waited goes on."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    with told_on_page(request):
        clock.confirm(by=request.user)
        messages.success(request, "La date est confirmée : ce qui attendait reprend.")
    return HttpResponseRedirect(reverse("admin:service"))
