"""One line of a draft amendment: change it, add one, remove it, think better of it, redo it on the line in force."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from conventions.admin.base import PartnersModelAdmin
from conventions.admin.conventions.access import render_page
from conventions.admin.conventions.amending.lines import Place, place_of, values_of
from conventions.domain.acts import amending, drafting
from conventions.domain.people.requests import SignedInRequest
from conventions.forms.refusals import told_on_form, told_on_page
from conventions.forms.rows import RowForm

CHANGED = "Le changement est enregistré dans l’avenant."
UNCHANGED = "Rien n’avait changé."


def change_line(
    page: PartnersModelAdmin, request: SignedInRequest, pk: int, table: str, row: int
) -> HttpResponse:
    """The form of the table, prefilled; saving makes the amendment's row, or changes it."""
    place = place_of(page, request, pk, table)
    line = place.line(row)
    form = place.form(line, request.POST or None)
    if request.method == "POST" and form.is_valid() and not _meanwhile(place, request):
        if not form.has_changed() and line.state != "removed":
            messages.success(request, UNCHANGED)
            return HttpResponseRedirect(place.back)
        verb = amending.replace_line if line.own is None else amending.change_line
        if _done(form, lambda: verb(place.act, line.row, by=request.user, **values_of(form))):
            messages.success(request, CHANGED)
            return HttpResponseRedirect(place.back)
    return _show(page, request, place, "Modifier une ligne", form=form, line=line)


def add_line(page: PartnersModelAdmin, request: SignedInRequest, pk: int, table: str) -> HttpResponse:
    place = place_of(page, request, pk, table)
    form = place.form(data=request.POST or None)
    if request.method == "POST" and form.is_valid() and not _meanwhile(place, request):
        values = {"position": form.instance.position} | values_of(form)
        if _done(form, lambda: amending.add_line(place.act, place.model, by=request.user, **values)):
            messages.success(request, "La ligne est ajoutée à l’avenant.")
            return HttpResponseRedirect(place.back)
    return _show(page, request, place, place.spec.add, form=form)


def remove_line(
    page: PartnersModelAdmin, request: SignedInRequest, pk: int, table: str, row: int
) -> HttpResponse:
    """GET asks; POST writes that the amendment ends the line."""
    place = place_of(page, request, pk, table)
    line = place.line(row)
    if request.method == "POST":
        return _answer(
            request, place, lambda: amending.remove_line(place.act, line.row, by=request.user), CHANGED
        )
    return _show(page, request, place, "Supprimer une ligne", line=line, removal=True)


def undo_change(
    page: PartnersModelAdmin, request: SignedInRequest, pk: int, table: str, row: int
) -> HttpResponse:
    place = _posted(page, request, pk, table)
    line = place.line(row)
    return _answer(
        request,
        place,
        lambda: amending.undo_change(place.act, line.row, by=request.user),
        "Le changement est annulé : la ligne signée reste telle quelle.",
    )


def redo_change(
    page: PartnersModelAdmin, request: SignedInRequest, pk: int, table: str, row: int
) -> HttpResponse:
    """The same change, on the line that another amendment put in force meanwhile."""
    place = _posted(page, request, pk, table)
    line = place.line(row)
    return _answer(
        request,
        place,
        lambda: amending.redo_on_line_in_force(place.act, line.row, by=request.user),
        "Le changement porte maintenant sur la ligne en vigueur. Relisez-le.",
    )


def _posted(page: PartnersModelAdmin, request: SignedInRequest, pk: int, table: str) -> Place:
    place = place_of(page, request, pk, table)
    if request.method != "POST":
        raise PermissionDenied
    return place


def _answer(
    request: SignedInRequest, place: Place, verb: Callable[[], object], text: str
) -> HttpResponseRedirect:
    """Do it, say so, go back; a refusal is said on the page."""
    with told_on_page(request):
        verb()
        messages.success(request, text)
    return HttpResponseRedirect(place.back)


def _done(form: RowForm, verb: Callable[[], object]) -> bool:
    """Whether the verb went through; its refusal is said in the form."""
    with told_on_form(form) as attempt:
        verb()
    return attempt.refusal is None


def _meanwhile(place: Place, request: SignedInRequest) -> bool:
    """Whether someone saved the file since this page was opened."""
    return request.POST.get("version", "") != str(place.convention.version)


def _show(
    page: PartnersModelAdmin, request: SignedInRequest, place: Place, title: str, **state: Any
) -> TemplateResponse:
    form = state.get("form")
    late = request.method == "POST" and form is not None and _meanwhile(place, request)
    told, authors = _told(place, request) if late else ("", "")
    context = {
        "back": place.back,
        "version": place.convention.version,
        "form": form,
        "line": state.get("line"),
        "removal": state.get("removal", False),
        "meanwhile": told,
        "authors": authors,
    }
    status = 409 if late else 200
    return render_page(
        page, request, place.convention, "line", title, act=place.act, status=status, **context
    )


def _told(place: Place, request: SignedInRequest) -> tuple[str, str]:
    """What was saved since, by name, and by whom."""
    text = request.POST.get("version", "")
    opened = int(text) if text.isdecimal() and len(text) < 10 else 0
    found, authors = drafting.changes_since(place.convention, opened)
    labels = list(dict.fromkeys(drafting.change_label(key) for key in found))
    return ", ".join(labels[:6]) or "Le dossier a changé", ", ".join(authors) or "Quelqu’un"
