"""« Sceau »: what seals the acts signed online, until when, and the last seals."""

from cryptography import x509
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from conventions import permissions
from conventions.admin.conventions.access import page_url
from conventions.domain import worklist
from conventions.domain.acts.signing import sealing as sealing_work
from conventions.domain.documents import sealing
from conventions.domain.people.requests import SignedInRequest


@require_safe
def page(request: SignedInRequest) -> TemplateResponse:
    if not permissions.can_read_seal(request.user):
        raise PermissionDenied
    found = sealing.state()
    key = found.key
    context = {
        **admin.site.each_context(request),
        "title": "Sceau",
        "state": found,
        "key": key,
        "issuer": _told(key.certificate.issuer) if key else "",
        "subject": _told(key.certificate.subject) if key else "",
        "anchor": sealing.fingerprint(key.anchor) if key else "",
        "tsa": settings.TSA_URL,
        "may_retry": permissions.can_retry_seals(request.user),
        "waiting": worklist.unsealed_acts().count(),
    }
    return TemplateResponse(request, "admin/seal.html", context)


@require_safe
def waiting(request: SignedInRequest) -> TemplateResponse:
    """Acts whose seal failed, why, and a button to try again."""
    if not permissions.can_retry_seals(request.user):
        raise PermissionDenied
    rows = [(act, page_url(act.convention, act)) for act in worklist.unsealed_acts()]
    context = {**admin.site.each_context(request), "title": "Sceaux en attente", "rows": rows}
    return TemplateResponse(request, "admin/seals_waiting.html", context)


def retry(request: SignedInRequest, pk: int) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not permissions.can_retry_seals(request.user):
        raise PermissionDenied
    act = worklist.unsealed_acts().filter(pk=pk).first()
    if act is None:
        messages.info(request, "Aucun sceau n’attend plus ici.")
    elif error := sealing_work.retry(act, by=request.user).seal_error:
        messages.error(request, f"Le sceau n’a pas pu être posé. {error}")
    else:
        messages.success(request, "Le sceau est posé.")
    return HttpResponseRedirect(reverse("admin:seals_waiting"))


def _told(name: x509.Name) -> str:
    """« OPT Partners, sceau, OPT-NC »."""
    parts = {part.rfc4514_attribute_name: str(part.value) for part in name}
    return ", ".join(part for part in (parts.get("CN"), parts.get("O")) if part)
