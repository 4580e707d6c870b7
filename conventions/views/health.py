"""Whether the site works: for a supervisor, without secrets."""

import datetime

from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from conventions.domain.foundation.durable import takes_files

# A task that waits longer means that no worker runs.
LATE_AFTER = datetime.timedelta(minutes=5)


@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """200 when everything works, else 503; each part says « ok » or what fails."""
    parts = {"base_de_donnees": database(), "stockage": storage(), "taches": queue()}
    healthy = all(state == "ok" for state in parts.values())
    return JsonResponse({"etat": "ok" if healthy else "en panne", **parts}, status=200 if healthy else 503)


def database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "injoignable"
    return "ok"


def storage() -> str:
    """Private storage takes a file and gives it back."""
    return "ok" if takes_files(storages["private"]) else "écriture impossible"


def queue() -> str:
    """Tasks ready to run are taken up: a worker is alive."""
    from django_tasks_db.models import DBTaskResult

    now = timezone.now()
    # A task put off is late from its own hour; one that is not put off has a date beyond all others.
    waiting = DBTaskResult.objects.ready().filter(enqueued_at__lt=now - LATE_AFTER)
    waiting = waiting.exclude(run_after__range=(now - LATE_AFTER, now))
    try:
        late = waiting.count()
    except DatabaseError:
        return "inconnue"
    return "ok" if late == 0 else f"en retard ({late} en attente)"
