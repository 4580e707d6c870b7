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
        "issuer": _told(key.certificate.issuer) if key else "",
        "subject": _told(key.certificate.subject) if key else "",
        "anchor": sealing.fingerprint(key.anchor) if key else "",
        "tsa": settings.TSA_URL,
    }
    return TemplateResponse(request, "admin/seal.html", context)


def _told(name) -> str:
    """« OPT Partners, sceau (OPT-NC) »."""
    parts = {part.rfc4514_attribute_name: part.value for part in name}
    return f"{parts.get('CN', '')} ({parts.get('O', '')})"
