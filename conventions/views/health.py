"""Whether the site works: yes or no for strangers; every part of its state for who has the key."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from conventions.domain.service import health as service
from conventions.domain.service.health import Level

BROKEN = "en panne"
SERVED, SECONDS = "sante", 5
TOLD = {Level.FINE: "ok", Level.WARNING: "attention", Level.ALARM: BROKEN}


@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """200, or 503 when something is broken. The key comes as « Authorization: Bearer … », never in an address."""
    if not _has_key(request):
        serves = _serves()
        return JsonResponse({"etat": "ok" if serves else BROKEN}, status=200 if serves else 503)
    parts = service.report()
    worst = service.worst(parts)
    told = {part.code: {"etat": TOLD[part.level], "dit": part.told} for part in parts}
    return JsonResponse({"etat": TOLD[worst], "parties": told}, status=503 if worst == Level.ALARM else 200)


def _serves() -> bool:
    """A yes holds for some seconds: a file is written to know it, and strangers may ask as often as they like."""
    if cache.get(SERVED):
        return True
    serves = service.serves()
    if serves:
        cache.set(SERVED, True, SECONDS)
    return serves


def _has_key(request: HttpRequest) -> bool:
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    return (
        bool(settings.HEALTH_KEY)
        and scheme.lower() == "bearer"
        and constant_time_compare(given, settings.HEALTH_KEY)
    )
