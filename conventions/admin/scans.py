"""« Classer des scans »: signed copies sent as PDFs, seen page by page, filed one act at a time."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypedDict, cast

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from conventions import permissions
from conventions.admin.base import Task, badge
from conventions.admin.desks import DeskAdmin, url_of
from conventions.domain.acts import scans
from conventions.domain.people.requests import SignedInRequest, signed_in
from conventions.enums import JobState, ScanState
from conventions.exchange import lists
from conventions.formats import counted
from conventions.forms.refusals import told_on_form, told_on_page
from conventions.forms.scans import SendScansForm, SignedCopyForm, copy_form
from conventions.models import Act, ScanBatch, ScanPage, User
from conventions.models.scans import ScanBatchQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise, WithAnnotations

    class Counts(TypedDict):
        file_count: int
        part_count: int
        filed_count: int

    ListedBatch = WithAnnotations[ScanBatch, Counts]

TONES = {
    ScanState.READING: "info",
    ScanState.TO_FILE: "warn",
    ScanState.FILED: "ok",
    ScanState.DISCARDED: "done",
}
MOVES = {"_laisser": scans.set_aside, "_remettre": scans.put_back}


class OpenFilter(admin.SimpleListFilter):
    title = _("état")
    parameter_name = "etat"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Iterable[tuple[str, "StrOrPromise"]]:
        return [("tous", _("tous"))]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for value, label in ((None, _("à classer")), ("tous", _("tous"))):
            query = changelist.get_query_string(
                {self.parameter_name: value} if value else {}, [self.parameter_name]
            )
            yield {"selected": self.value() == value, "query_string": query, "display": label}

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset if self.value() == "tous" else cast(ScanBatchQuerySet, queryset).open()


@admin.register(ScanBatch)
class ScanBatchAdmin(DeskAdmin[ScanBatch]):
    """A batch is listed until it is filed or discarded, whoever sent it."""

    task, task_order = Task.CONVENTIONS, 20
    view_rule = add_rule = delete_rule = permissions.can_file_scans
    missing, read_with = "Ce lot n’existe pas.", ("job", "act", "created_by")
    list_display = ("name", "files_told", "sent_by", "state_told", "waiting")
    list_display_links = ("name",)
    list_filter = (OpenFilter,)
    list_select_related = ("created_by",)
    list_per_page = 30
    show_facets = admin.ShowFacets.NEVER
    export_columns = lists.SCAN_BATCH_COLUMNS

    counts = {"file_count": "files", "part_count": "parts", "filed_count": "parts__document"}

    # -- the list -----------------------------------------------------------------------------------------
    @admin.display(description=_("lot"), ordering="created_at")
    def name(self, batch: ScanBatch) -> str:
        return str(batch)

    @admin.display(description=_("fichiers"))
    def files_told(self, batch: "ListedBatch") -> str:
        return counted(batch.file_count, "fichier")

    @admin.display(description=_("par"))
    def sent_by(self, batch: ScanBatch) -> str:
        return str(batch.created_by)

    @admin.display(description=_("état"), ordering="state")
    def state_told(self, batch: ScanBatch) -> str:
        return badge(TONES[ScanState(batch.state)], capfirst(batch.get_state_display()))

    @admin.display(description=_("exemplaires"))
    def waiting(self, batch: "ListedBatch") -> str:
        return f"{batch.filed_count} sur {batch.part_count}" if batch.part_count else ""

    # -- pages --------------------------------------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        views = [
            ("exemplaires/<int:part>/", self.part_view, "part"),
            ("pages/<int:page>/vignette.jpg", self.thumbnail_view, "thumbnail"),
            ("pages/<int:page>/image.jpg", self.picture_view, "picture"),
        ]
        own = [
            path(
                f"<int:pk>/{address}",
                self.admin_site.admin_view(view, cacheable=address.endswith(".jpg")),
                name=f"scan_{name}",
            )
            for address, view, name in views
        ]
        return [*own, *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Choose the files; they are read in the background."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        act = _act_asked(request)
        form = SendScansForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
        if form.is_valid():
            batch = scans.receive(form.files_sent(), by=signed_in(request).user, act=act)
            return HttpResponseRedirect(url_of(batch))
        context = {"title": _("Classer des scans"), "form": form, "act": act}
        return self.answer(request, "add_form", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The batch page by page; a POST moves the pages that were ticked."""
        batch = self.row(request, object_id)
        if request.method == "POST":
            return _move(signed_in(request), batch)
        sheet = scans.batch_sheet(batch)
        context = {
            "title": str(batch),
            "original": batch,
            "batch": batch,
            "sheet": sheet,
            "signed_told": scans.SIGNED,
            "job": batch.job,
            "is_reading": batch.state == ScanState.READING,
            "failed": batch.job is not None and batch.job.state == JobState.FAILED,
            "is_open": batch.state == ScanState.TO_FILE,
            "state_tone": TONES[ScanState(batch.state)],
            "proposed": batch.act.number if batch.act else "",
            "here": url_of(batch),
        }
        return self.answer(request, "change_form", context)

    def part_view(self, request: SignedInRequest, pk: int, part: int) -> HttpResponse:
        """One copy: its pages in order, what the paper says, then « Classer »."""
        batch = self.row(request, pk)
        view = scans.batch_sheet(batch).part(part)
        if view is None or view.is_filed:
            return HttpResponseRedirect(url_of(batch))
        form = copy_form(view.act, request.POST if request.method == "POST" else None, found=len(view.pages))
        if form.is_valid() and _file(view, form, by=request.user):
            _tell_filed(request, view)
            return HttpResponseRedirect(url_of(batch))
        context = {
            "title": f"{view.title} – {view.act.reference}",
            "original": batch,
            "batch": batch,
            "view": view,
            "signed_told": scans.SIGNED,
            "form": form,
            "asked": form.is_bound,
            "back": url_of(batch),
        }
        return self.answer(request, "part", context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Discard asks first; what was filed stays filed."""
        if not self.has_delete_permission(request):
            raise PermissionDenied
        batch = self.row(request, object_id)
        if request.method == "POST":
            scans.discard(batch, by=signed_in(request).user)
            messages.success(request, "Le lot est abandonné. Ses fichiers seront effacés.")
            return HttpResponseRedirect(reverse("admin:conventions_scanbatch_changelist"))
        sheet = scans.batch_sheet(batch)
        context = {"title": _("Abandonner ce lot"), "original": batch, "sheet": sheet, "back": url_of(batch)}
        return self.answer(request, "delete_confirmation", context)

    def thumbnail_view(self, request: SignedInRequest, pk: int, page: int) -> HttpResponseBase:
        return self._image(request, pk, page, "thumbnail")

    def picture_view(self, request: SignedInRequest, pk: int, page: int) -> HttpResponseBase:
        return self._image(request, pk, page, "picture")

    def _image(self, request: SignedInRequest, pk: int, page: int, name: str) -> HttpResponseBase:
        """Stored bytes named by their hash: a browser keeps them, nobody else may."""
        batch = self.row(request, pk)
        row = get_object_or_404(ScanPage, pk=page, file__batch=batch)
        digest = getattr(row, name)
        if not scans.has_picture(batch, digest):
            raise Http404("Cette image n’existe plus.")
        headers = {"ETag": f'"{digest}"', "Cache-Control": "private, max-age=86400"}
        if headers["ETag"] in request.headers.get("If-None-Match", ""):
            return HttpResponseNotModified(headers=headers)
        headers["X-Content-Type-Options"] = "nosniff"
        return HttpResponse(scans.picture(digest), content_type="image/jpeg", headers=headers)


def _act_asked(request: HttpRequest) -> Act | None:
    """The act from whose page one comes (?acte=); anything else is nobody's."""
    key = request.GET.get("acte", "")
    if not (key.isdecimal() and len(key) < 18):
        return None
    conventions = Act.objects.select_related("convention").filter(frozen_document__isnull=False)
    return conventions.filter(pk=key).first()


def _move(request: SignedInRequest, batch: ScanBatch) -> HttpResponseRedirect:
    """Place, leave aside or take back the pages that were ticked; read again a batch whose reading failed."""
    if "_relire" in request.POST:
        scans.read_again(batch, by=request.user)
        return HttpResponseRedirect(url_of(batch))
    keys = [int(key) for key in request.POST.getlist("page") if key.isdecimal() and len(key) < 18]
    move = next((verb for name, verb in MOVES.items() if name in request.POST), None)
    with told_on_page(request):
        if move is not None:
            move(batch, keys, by=request.user)
        else:
            scans.place(batch, keys, request.POST.get("reference", "")[:40], by=request.user)
        scans.finish_if_done(batch)
    return HttpResponseRedirect(url_of(batch))


def _tell_filed(request: SignedInRequest, view: scans.PartView) -> None:
    messages.success(request, f"L’exemplaire est classé : {view.act.reference}.")
    for told in scans.kept_beside(view.part):
        messages.info(request, told)


def _file(view: scans.PartView, form: SignedCopyForm, *, by: User) -> bool:
    """Whether it was done; a refusal stands in the form."""
    with told_on_form(form) as attempt:
        scans.file_part(view.part, by=by, **form.details())
    return attempt.refusal is None
