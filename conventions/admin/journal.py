"""The journal of the whole site, to read only; its exports."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from conventions import permissions
from conventions.admin.base import SEARCH_LENGTH, PartnersModelAdmin, Task
from conventions.admin.exports import asked_by, exported
from conventions.admin.history import timeline_context
from conventions.domain import journal
from conventions.domain.acts.templates.versions import named_fields
from conventions.domain.foundation.refusals import Refused
from conventions.domain.journal import erasure, story
from conventions.domain.journal.erasure import Found
from conventions.domain.people.requests import SignedInRequest
from conventions.exchange import workbooks
from conventions.exchange.journal import JOURNAL_COLUMNS, chain_document
from conventions.exchange.tables import dated_name
from conventions.exchange.workbooks import Listing
from conventions.formats import clean_line, counted
from conventions.forms.journal import ErasureForm, JournalFilterForm
from conventions.forms.refusals import told_on_form
from conventions.models import Convention, DeviceEvent, JournalEntry, Partner, User


@admin.register(JournalEntry)
class JournalAdmin(PartnersModelAdmin):
    """Nobody adds, changes or deletes a line: the database refuses it too."""

    task, task_order, nav_label = Task.ACCOUNTS, 90, _("Journal")
    view_rule = permissions.can_read_conventions
    list_select_related = ["actor", "personal", "convention", "partner"]
    fields = readonly_fields = ("sentence", "chain", "sequence", "hash", "previous_hash")

    def __init__(self, model: type[Model], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        workbooks.register(self.opts.label_lower, lambda user, query: self.listing(asked_by(user, query)))

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(self.export_view)
        erasure = self.admin_site.admin_view(self.erasure_view)
        return [
            path("export/<str:kind>/", export, name="conventions_journalentry_export"),
            path("effacer/", erasure, name="journal_erasure"),
            *super().get_urls(),
        ]

    @admin.display(description=_("ce qui s’est passé"))
    def sentence(self, entry: JournalEntry) -> str:
        return story.read_lines([entry], with_personal=False)[0].sentence

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("Journal"),
            "opts": self.opts,
            "may_erase": permissions.can_erase_personal_details(request.user),
            **timeline_context(request, rows=story.of_chain(), chain="", everything=True),
        }
        return TemplateResponse(request, "admin/journal.html", context)

    def erasure_view(self, request: SignedInRequest) -> HttpResponse:
        """Search the personal details of someone, see the lines that hold them, erase them for good."""
        if not permissions.can_erase_personal_details(request.user):
            raise PermissionDenied
        words = clean_line(request.GET.get("q", "")[:SEARCH_LENGTH])
        found, refusal = _search(words, by=request.user)
        form = ErasureForm(request.POST if request.method == "POST" else None, found=found)
        if form.is_valid():
            with told_on_form(form):
                _erase(request, form)
                return HttpResponseRedirect(reverse("admin:conventions_journalentry_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Effacer des détails personnels"),
            "opts": self.opts,
            "words": words,
            "refusal": refusal,
            **_preview(found, chosen=request.POST.getlist("lines") if form.is_bound else None),
            "form": form,
        }
        return TemplateResponse(request, "admin/journal_erasure.html", context)

    def export_view(self, request: SignedInRequest, kind: str) -> HttpResponseBase:
        """What the filters keep as CSV or Excel; a whole chain as JSON. Personal details for who may read them."""
        if kind == "json" and self.has_view_permission(request):
            chain = request.GET.get("chaine", "")
            _rows_of(chain, request.user)
            return _chain_file(chain)
        if kind not in ("csv", "xlsx"):
            raise Http404("Ce format n’existe pas.")
        return exported(request, self.listing(request), kind, of=self.opts.label_lower)

    def listing(self, request: HttpRequest) -> Listing:
        """The lines that the filters keep. Raises PermissionDenied, Http404."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        chain = request.GET.get("chaine", "")
        rows, convention = _rows_of(chain, request.user)
        offered = story.choices(rows, convention=convention, everything=not chain)
        filters = JournalFilterForm(request.GET, offered=offered).filters()
        with_personal = permissions.can_read_personal_details(request.user)
        return Listing(
            columns=JOURNAL_COLUMNS,
            rows=story.every_line(rows, filters, with_personal=with_personal, worded=named_fields),
            count=story.filtered(rows, filters, with_personal=with_personal).count(),
            name="journal" + (f"-{chain.replace(':', '-')}" if chain else ""),
            title="Journal",
        )


def _search(words: str, *, by: User) -> tuple[list[Found], str]:
    """(lines found, why none could be looked for)."""
    if not words.strip():
        return [], ""
    try:
        return erasure.search(words, by=by), ""
    except Refused as refusal:
        return [], str(refusal)


def _erase(request: SignedInRequest, form: ErasureForm) -> None:
    data = form.cleaned_data
    count = erasure.erase(data["lines"], reason=data["reason"], by=request.user)
    messages.success(request, f"Détails personnels effacés dans {counted(count, 'ligne')} du journal.")


def _preview(found: list[Found], *, chosen: list[str] | None) -> dict:
    """Each line as it is told, with what would go; how many of both."""
    entries = [row.entry for row in found if isinstance(row.entry, JournalEntry)]
    told = iter(story.read_lines(entries, with_personal=True))
    lines = [_told_event(row.entry) if isinstance(row.entry, DeviceEvent) else next(told) for row in found]
    rows = [
        {
            "key": row.key,
            "line": line,
            "details": counted(row.details, "détail"),
            "checked": chosen is None or row.key in chosen,
        }
        for row, line in zip(found, lines, strict=True)
    ]
    details = counted(sum(row.details for row in found), "détail")
    return {"rows": rows, "counts": f"{counted(len(found), 'ligne')}, {details}"}


def _told_event(event: DeviceEvent) -> dict:
    """An event of a device, in the shape of a line."""
    return {
        "sentence": f"Appareil {event.device} : {event.get_kind_display()}",
        "at": event.recorded_at,
        "entry": {"convention": event.convention, "partner": None},
        "changes": (),
        "details": [(name.capitalize(), told) for name, told in sorted(event.text.data.items())],
    }


def _rows_of(chain: str, user: User | AnonymousUser) -> tuple[QuerySet[JournalEntry], Convention | None]:
    """(entries, convention) of a chain named in the address; everything without a name. Raises Http404."""
    if not chain:
        return story.of_chain(), None
    if chain == journal.SITE_CHAIN:
        return JournalEntry.objects.of_chain(chain), None
    kind, _colon, key = chain.partition(":")
    if not key.isdecimal() or len(key) > 18:
        raise Http404("Ce journal n’existe pas.")
    if kind == "convention":
        convention = Convention.objects.for_user(user).filter(pk=key).first()
        if convention is not None:
            return story.of_chain(convention=convention), convention
    if kind == "partner":
        partner = Partner.objects.filter(pk=key).first()
        if partner is not None:
            return story.of_chain(partner=partner), None
    raise Http404("Ce journal n’existe pas.")


def _chain_file(chain: str) -> HttpResponse:
    if not chain:
        raise Http404("Choisissez le journal d’une convention, d’un partenaire ou du site.")
    response = JsonResponse(chain_document(chain), json_dumps_params={"ensure_ascii": False, "indent": 1})
    name = dated_name(f"chaine-{chain.replace(':', '-')}")
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response
