"""« Sceau »: what seals the acts signed online, until when, and the last seals."""

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from conventions import permissions
from conventions.domain import sealing


@require_safe
def page(request):
    if not permissions.can_read_seal(request.user):
        raise PermissionDenied
    found = sealing.state()
    key = found.key
    context = {
        **admin.site.each_context(request),
        "title": "Sceau",
        "state": found,
        "key": key,
        "issuer": key.certificate.issuer.rfc4514_string() if key else "",
        "subject": key.certificate.subject.rfc4514_string() if key else "",
        "anchor": sealing.fingerprint(key.anchor) if key else "",
        "tsa": settings.TSA_URL,
    }
    return TemplateResponse(request, "admin/seal.html", context)
