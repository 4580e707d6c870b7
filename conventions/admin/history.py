"""The journal's pages: the timeline of a row or of the site, its filters, its exports."""

from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from conventions import permissions
from conventions.domain.acts.templates.versions import named_fields
from conventions.domain.journal import story
from conventions.forms.journal import JournalFilterForm
from conventions.models import Convention, JournalEntry

PAGE = "page"


def timeline_context(
    request: HttpRequest,
    *,
    rows: QuerySet[JournalEntry],
    chain: str,
    convention: Convention | None = None,
    everything: bool = False,
) -> dict:
    """What « admin/includes/timeline.html » shows of these entries. `chain`: what the exports are asked for."""
    with_personal = permissions.can_read_personal_details(request.user)
    known = story.choices(rows, convention=convention, everything=everything)
    form = JournalFilterForm(request.GET, offered=known)
    filters = form.filters()
    page = request.GET.get(PAGE, "1")
    found = story.timeline(
        rows, filters, known=known, with_personal=with_personal, page=page, worded=named_fields
    )
    asked = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    return {
        "form": form,
        "timeline": found,
        "count": f"{found.counted} {'avec ces filtres' if filters.is_active else 'au journal'}",
        "filtered": filters.is_active,
        "query": urlencode(asked),
        "show_about": not chain,
        "export_links": _export_links(chain, asked),
        "with_personal": with_personal,
    }


def _export_links(chain: str, asked: dict[str, str]) -> list[tuple[str, str]]:
    """CSV and Excel of what the filters keep; the whole chain as JSON, for who checks it."""
    if not chain:
        return [(label, _export(kind, asked)) for label, kind in FILES[:2]]
    filtered = {"chaine": chain, **asked}
    return [
        *((label, _export(kind, filtered)) for label, kind in FILES[:2]),
        (FILES[2][0], _export(FILES[2][1], {"chaine": chain})),
    ]


FILES = (("Exporter en CSV", "csv"), ("Exporter vers Excel", "xlsx"), ("Chaîne à vérifier (JSON)", "json"))


def _export(kind: str, query: dict[str, str]) -> str:
    address = reverse("admin:conventions_journalentry_export", args=[kind])
    return f"{address}?{urlencode(query)}" if query else address
