"""« Apporter un fichier »: a stock or certificates of erasure, looked at line by line before anything is recorded."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conventions import permissions
from conventions.admin.base import Task
from conventions.admin.desks import DeskAdmin, url_of
from conventions.domain.foundation.refusals import Refused
from conventions.domain.people.requests import SignedInRequest, signed_in
from conventions.enums import ImportKind, JobState
from conventions.exchange import lists
from conventions.exchange.equipment import desk, erasures, stock_import
from conventions.forms.imports import BringForm, ColumnsForm, ErasureDetailsForm, MendForm
from conventions.forms.refusals import told_on_form, told_on_page
from conventions.models import Device, SheetImport

NO_CERTIFICATE = "Ce fichier n’est pas un certificat : envoyez le JSON de nwipe, ou un PDF."
SHOWN = 50  # lines on a page
TONES = {
    "nouveau": "info", "modifie": "warn", "connu": "done", "doublon": "done", "a_verifier": "warn", "a_corriger": "bad",
    "repris": "ok", "rapproche": "ok", "echoue": "warn", "inconnu": "bad", "refuse": "bad",
}  # fmt: skip
TO_MEND = (stock_import.Fate.REFUSED, stock_import.Fate.ASKED)


@admin.register(SheetImport)
class SheetImportAdmin(DeskAdmin[SheetImport]):
    """What was brought and is not finished with, whoever brought it."""

    task, task_order = Task.EQUIPMENT, 20
    view_rule = add_rule = delete_rule = permissions.can_edit_equipment
    missing, read_with = "Ce fichier n’est plus là.", ("job",)
    list_display = ("name", "kind", "created_by", "created_at")
    list_select_related = ("created_by",)
    list_display_links = ("name",)
    list_per_page = 30
    show_facets = admin.ShowFacets.NEVER
    export_columns = lists.IMPORT_COLUMNS

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A file or pasted lines; nothing is recorded yet."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        device = _device_of(request)
        form = BringForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
        if form.is_valid() and (row := _received(form, signed_in(request), device)):
            return HttpResponseRedirect(url_of(row))
        title = _("Apporter un certificat d’effacement") if device else _("Apporter un fichier de matériel")
        return self.answer(request, "add_form", {"title": title, "form": form, "device": device})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The dry run: what each line will be. A POST chooses columns, mends a line, or has the lines go."""
        row = self.row(request, object_id)
        if request.method == "POST":
            return _act(signed_in(request), row)
        context = (
            _stock_context(request, row) if row.kind == ImportKind.STOCK else _erasures_context(request, row)
        )
        template = "stock" if row.kind == ImportKind.STOCK else "erasures"
        shared = {"title": row.name, "original": row, "row": row, "here": url_of(row), **_job_context(row)}
        return self.answer(request, template, {**shared, **context})

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Forget what was read; what entered the stock stays."""
        row = self.row(request, object_id)
        if request.method == "POST":
            desk.discard(row, by=signed_in(request).user)
            messages.success(request, "Ce fichier est oublié. Ce qui est entré au stock y reste.")
            return HttpResponseRedirect(reverse("admin:conventions_sheetimport_changelist"))
        context = {"title": _("Oublier ce fichier"), "original": row, "row": row, "here": url_of(row)}
        return self.answer(request, "delete_confirmation", context)


def _device_of(request: HttpRequest) -> Device | None:
    """The device whose page led here; none for a whole stock."""
    key = request.GET.get("appareil", "")
    if not key:
        return None
    if not key.isdecimal() or len(key) > 18:
        raise Http404("Cet appareil n’est pas au stock.")
    return get_object_or_404(Device, pk=key)


def _received(form: BringForm, request: SignedInRequest, device: Device | None) -> SheetImport | None:
    """None when it is refused: the form says why."""
    files, found = list(form.contents()), None
    with told_on_form(form):
        if form.is_certificates():
            found = erasures.receive(files, by=request.user, device=device)
        elif device is not None:
            raise Refused(NO_CERTIFICATE)
        else:
            name, content = files[0] if files else ("", b"")
            pasted = "" if files else form.cleaned_data["pasted"]
            found = desk.receive_sheet(by=request.user, content=content, name=name, pasted=pasted)
    return found


def _job_context(row: SheetImport) -> dict[str, Any]:
    job = row.job
    is_working = job is not None and job.finished_at is None
    return {"job": job, "is_working": is_working, "failed": job is not None and job.state == JobState.FAILED}


def _stock_context(request: HttpRequest, row: SheetImport) -> dict[str, Any]:
    found = stock_import.plan(row)
    asked = request.GET.get("voir", "")
    lines = [one for one in found.lines if one.fate == asked] if asked else found.lines
    page = Paginator(stock_import.alike(lines), SHOWN).get_page(request.GET.get("page"))
    return {
        "plan": found,
        "table": found.table,
        "told": row.content["told"],
        "columns": ColumnsForm(table=found.table, from_1904=bool(row.options.get("from_1904"))),
        "counts": [(fate, words, count, TONES[fate]) for fate, words, count in found.counts],
        "asked": asked,
        "query": f"voir={asked}" if asked in TONES else "",
        "page": page,
        "lines": [(one, TONES[one.first.fate], _mending(one.first)) for one in page],
        "new": len(found.of(stock_import.Fate.NEW)),
        "changed": len(found.of(stock_import.Fate.CHANGED)),
        "notes": [column.heading for column in found.table.columns if not column.understood],
    }


def _mending(one: stock_import.Planned) -> MendForm | None:
    """The form of a line that stays; one row of the file is mended once, whatever the devices it gives."""
    if one.fate not in TO_MEND:
        return None
    return MendForm(line=one.line, auto_id=f"ligne-{one.line.number}-{one.line.rank}-%s")


def _erasures_context(request: HttpRequest, row: SheetImport) -> dict[str, Any]:
    found = erasures.plan_of(row)
    asked = request.GET.get("voir", "")
    files = [one for one in found.files if one.fate == asked] if asked else found.files
    page = Paginator(files, SHOWN).get_page(request.GET.get("page"))
    return {
        "plan": found,
        "form": ErasureDetailsForm(with_papers=found.asks_day),
        "counts": [(fate, words, count, TONES[fate]) for fate, words, count in found.counts],
        "asked": asked,
        "query": f"voir={asked}" if asked in TONES else "",
        "page": page,
        "files": [(one, TONES[one.fate]) for one in page],
    }


def _act(request: SignedInRequest, row: SheetImport) -> HttpResponse:
    """What the button asks, then the page again."""
    verb = _record_erasures if row.kind == ImportKind.ERASURES else _act_on_stock
    with told_on_page(request):
        verb(request, row)
    return HttpResponseRedirect(f"{url_of(row)}{_kept_filter(request)}")


def _kept_filter(request: HttpRequest) -> str:
    asked = request.GET.get("voir", "")
    return f"?voir={asked}" if asked in TONES else ""


def _act_on_stock(request: SignedInRequest, row: SheetImport) -> None:
    data = request.POST
    if "_colonnes" in data:
        form = ColumnsForm(data, table=desk.table_of(row), from_1904=False)
        if form.is_valid():
            desk.choose(row, form.chosen(), from_1904=form.cleaned_data["depuis_1904"], by=request.user)
            messages.success(
                request, "Les colonnes sont choisies, et retenues pour les fichiers aux mêmes titres."
            )
    elif (number := MendForm.number_of(data)) is not None:
        mended = MendForm(data)
        if mended.is_valid():
            values = {} if "_exacte" in data else mended.values()
            desk.mend(row, number, values, by=request.user, as_it_is=data.get("_exacte", ""))
    else:
        told = stock_import.confirm(row, by=request.user, with_changes="modifies" in data)
        if told:
            messages.success(request, told)


def _record_erasures(request: SignedInRequest, row: SheetImport) -> None:
    form = ErasureDetailsForm(request.POST, with_papers=erasures.plan_of(row).asks_day)
    if form.is_valid():
        messages.success(request, erasures.confirm(row, by=request.user, **form.cleaned_data))
    else:
        messages.error(request, " ".join(str(told) for errors in form.errors.values() for told in errors))
