"""The page of an envelope and its gestures: opened, moved, transferred, charged; a year that is closed."""

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from conventions import permissions
from conventions.domain.money import budgets, envelopes, years
from conventions.domain.people.requests import SignedInRequest
from conventions.exchange.money import CHARGED_COLUMNS
from conventions.exchange.tables import csv_response, xlsx_response
from conventions.formats import counted, show_amount, whole_number
from conventions.forms.money import CloseYearForm, EnvelopeForm, MoveForm, TransferForm
from conventions.forms.refusals import told_on_form, told_on_page
from conventions.models import Envelope, EnvelopeMove

if TYPE_CHECKING:
    from conventions.admin.money.envelopes import EnvelopeAdmin

PER_PAGE = 100
NO_YEAR = "sans"  # of the address: lines of no known year
CHOSEN = "enveloppe-"  # before the line, in what the page of charges posts


def not_counted(lines: int) -> str:
    """« 2 montants non comptés »; empty when all is counted."""
    return counted(lines, "montant non compté", "montants non comptés") if lines else ""


def show(model_admin: "EnvelopeAdmin", request: SignedInRequest, object_id: str) -> HttpResponse:
    """What it holds, what moved it, what is charged to it."""
    _may_read(request)
    key = whole_number(object_id)
    rows = Envelope.objects.select_related("theme", "kind", "province", "project")
    row = rows.filter(pk=key).first() if key is not None else None
    if row is None:
        raise Http404("Cette enveloppe n’existe pas.")
    (standing,) = budgets.standings([row])
    page = Paginator(budgets.rows_of(row), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "standing": standing,
        "note": not_counted(standing.left_out),
        "moves": _moves(row),
        "page": page,
        "lines": [(line, show_amount(line.amount, line.status)) for line in page],
        "by_year": budgets.to_pay_by_year(row),
        "is_closed": years.is_closed(row.year),
        "may_edit": permissions.can_edit_envelopes(request.user),
    }
    return _answer(model_admin, request, "envelope", row.label, envelope=row, **context)


def _moves(row: Envelope) -> list[tuple[EnvelopeMove, str]]:
    """Each with its reason, empty once erased."""
    moves = row.moves.select_related("other", "text").order_by("pk")
    return [(move, text.reason if (text := getattr(move, "text", None)) else "") for move in moves]


def add(model_admin: "EnvelopeAdmin", request: SignedInRequest) -> HttpResponse:
    """A new one."""
    _may_edit(request)
    form = EnvelopeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with told_on_form(form):
            row = envelopes.open_envelope(**form.cleaned_data, by=request.user)
            messages.success(request, "L’enveloppe est ouverte. Notez ce qui a été voté.")
            return HttpResponseRedirect(reverse("admin:conventions_envelope_move", args=[row.pk]))
    back = reverse("admin:conventions_envelope_changelist")
    return _form(model_admin, request, "Ouvrir une enveloppe", form, "Ouvrir l’enveloppe", back)


def move(model_admin: "EnvelopeAdmin", request: SignedInRequest, pk: int) -> HttpResponse:
    """What was voted, added or cut."""
    _may_edit(request)
    row = get_object_or_404(Envelope, pk=pk)
    form = MoveForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with told_on_form(form, field="reason"):
            envelopes.move(row, **form.cleaned_data, by=request.user)
            messages.success(request, "Le mouvement est enregistré.")
            return HttpResponseRedirect(_url(row))
    return _form(model_admin, request, "Noter un mouvement", form, "Enregistrer", _url(row), envelope=row)


def transfer(model_admin: "EnvelopeAdmin", request: SignedInRequest, pk: int) -> HttpResponse:
    """To another of the same year, or a carry-over to a later year."""
    _may_edit(request)
    row = get_object_or_404(Envelope, pk=pk)
    form = TransferForm(request.POST if request.method == "POST" else None, source=row)
    if form.is_bound and form.is_valid():
        with told_on_form(form, field="reason"):
            envelopes.transfer(row, **form.cleaned_data, by=request.user)
            messages.success(request, "Le transfert est enregistré dans les deux enveloppes.")
            return HttpResponseRedirect(_url(row))
    return _form(model_admin, request, "Transférer ou reporter", form, "Enregistrer", _url(row), envelope=row)


def charge(model_admin: "EnvelopeAdmin", request: SignedInRequest) -> HttpResponse:
    """Lines of no envelope, committed in a year (`?annee=`): what fits is proposed, and charged in one gesture."""
    _may_edit(request)
    asked = request.GET.get("annee", NO_YEAR)
    year = whole_number(asked)
    if asked != NO_YEAR and (year is None or not 1990 <= year <= 2100):
        raise Http404("Cet exercice n’existe pas.")
    if request.method == "POST" and _charged(request):
        return HttpResponseRedirect(request.get_full_path())
    page = Paginator(budgets.uncharged(year), PER_PAGE).get_page(request.GET.get("page"))
    rows = Envelope.objects.select_related("theme", "kind", "province", "project")
    open_rows = list(rows if year is None else rows.filter(year=year))
    found = [
        (one, show_amount(one.line.amount, one.line.status)) for one in budgets.proposals(page, open_rows)
    ]
    title = f"Imputer les financements {year}" if year else "Imputer les financements sans exercice"
    return _answer(model_admin, request, "charge", title, envelope=None, page=page, found=found, asked=asked)


def _charged(request: SignedInRequest) -> bool:
    """Charge what was chosen; what cannot be is said at the top of the page that comes."""
    keys = {
        name.removeprefix(CHOSEN): whole_number(value)
        for name, value in request.POST.items()
        if name.startswith(CHOSEN) and value
    }
    rows = Envelope.objects.in_bulk([key for key in keys.values() if key is not None])
    chosen = {
        line: rows[key] for name, key in keys.items() if (line := _uuid(name)) is not None and key in rows
    }
    with told_on_page(request):
        count = envelopes.charge(chosen, by=request.user)
        messages.success(request, envelopes.told(count))
    return True


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def take_out(
    model_admin: "EnvelopeAdmin", request: SignedInRequest, pk: int, line: uuid.UUID
) -> HttpResponse:
    """A line that was charged by mistake leaves; a GET goes back to the page."""
    _may_edit(request)
    row = get_object_or_404(Envelope, pk=pk)
    if request.method == "POST":
        with told_on_page(request):
            envelopes.charge({line: None}, by=request.user)
            messages.success(request, "La ligne n’est plus imputée.")
    return HttpResponseRedirect(_url(row))


def close_year(model_admin: "EnvelopeAdmin", request: SignedInRequest, year: int) -> HttpResponse:
    """By the accountant, once it is over."""
    if not permissions.can_close_years(request.user):
        raise PermissionDenied
    if not 1990 <= year <= 2100:
        raise Http404("Cet exercice n’existe pas.")
    form = CloseYearForm(request.POST if request.method == "POST" else None)
    back = f"{reverse('admin:conventions_envelope_changelist')}?annee={year}"
    if form.is_bound and form.is_valid():
        with told_on_form(form, field="on"):
            years.close(year, on=form.cleaned_data["on"], by=request.user)
            messages.success(request, f"L’exercice {year} est clos.")
            return HttpResponseRedirect(back)
    return _form(model_admin, request, f"Clore l’exercice {year}", form, "Clore l’exercice", back)


def rows_export(
    model_admin: "EnvelopeAdmin", request: SignedInRequest, pk: int, kind: str
) -> HttpResponseBase:
    """The lines of an envelope, as CSV or as a workbook."""
    _may_read(request)
    row = get_object_or_404(Envelope, pk=pk)
    if kind not in ("csv", "xlsx"):
        raise Http404("Ce format n’existe pas.")
    rows, name = budgets.rows_of(row), f"enveloppe-{row.year}-{row.pk}"
    if kind == "csv":
        return csv_response(CHARGED_COLUMNS, rows, name=name)
    return xlsx_response(CHARGED_COLUMNS, rows, name=name, title=str(row)[:31])


def _may_read(request: SignedInRequest) -> None:
    if not permissions.can_read_conventions(request.user):
        raise PermissionDenied


def _may_edit(request: SignedInRequest) -> None:
    if not permissions.can_edit_envelopes(request.user):
        raise PermissionDenied


def _url(row: Envelope) -> str:
    return reverse("admin:conventions_envelope_change", args=[row.pk])


def _form(
    model_admin: "EnvelopeAdmin",
    request: SignedInRequest,
    title: str,
    form: Any,
    button: str,
    back: str,
    envelope: Envelope | None = None,
) -> TemplateResponse:
    more = {"form": form, "button": button, "back": back}
    return _answer(model_admin, request, "form", title, envelope=envelope, **more)


def _answer(
    model_admin: "EnvelopeAdmin",
    request: SignedInRequest,
    template: str,
    title: str,
    *,
    envelope: Envelope | None,
    **context: Any,
) -> TemplateResponse:
    shared = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": title,
        "original": envelope,
        "envelope": envelope,
        "here": request.get_full_path(),
    }
    return TemplateResponse(request, f"admin/money/{template}.html", shared | context)
