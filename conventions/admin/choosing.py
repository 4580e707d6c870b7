"""What a choice answers while one types (`forms/choosing.py`)."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from conventions import permissions
from conventions.domain.people.requests import SignedInRequest
from conventions.formats import clean_line, whole_number
from conventions.forms.choosing import LONGEST, SHOWN, SOURCES


@require_GET
def answer(request: SignedInRequest, among: str) -> JsonResponse:
    """The likeliest rows for `q`, of those that the row `pour` may name. Raises PermissionDenied, Http404."""
    if not permissions.can_read_conventions(request.user):
        raise PermissionDenied
    source = SOURCES.get(among)
    if source is None:
        raise Http404("Rien ne se choisit ici.")
    rows = source.rows(whole_number(request.GET.get("pour", "")) or 0)
    found = source.find(rows, clean_line(request.GET.get("q", ""))[:LONGEST])
    results = [{"key": row.pk, "label": str(row), "detail": source.detail(row)} for row in found[:SHOWN]]
    said = _("Précisez pour en voir d’autres.") if len(found) > SHOWN else ""
    return JsonResponse({"results": results, "said": said if results else _("Rien ne répond à ces mots.")})
