"""What the pages of templates share: draft → in force → retired, each step a button."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from conventions import permissions
from conventions.admin.base import JournalledForm, Task, badge
from conventions.admin.exports import ExportedList
from conventions.domain.people.requests import SignedInRequest
from conventions.enums import TemplateState
from conventions.forms.refusals import told_on_page

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TONES = {TemplateState.DRAFT: "neutral", TemplateState.IN_FORCE: "ok", TemplateState.RETIRED: "done"}


class VersionedTemplateAdmin(ExportedList):
    """`verbs`: {name in the address: (verb of the domain, sentence once done)}."""

    task = Task.LISTS
    view_rule = permissions.can_read_conventions
    add_rule = change_rule = permissions.can_edit_clauses
    verbs: dict[str, tuple[Callable[..., Any], Any]] = {}

    def is_open(self, obj: Any) -> bool:
        """A text in force or retired is read, never edited."""
        return obj.state == TemplateState.DRAFT

    def save_model(self, request: HttpRequest, obj: Any, form: JournalledForm, change: bool) -> None:
        obj.updated_by = request.user
        super().save_model(request, obj, form, change)

    @admin.display(description=_("natures"))
    def for_kinds(self, row: Any) -> "StrOrPromise":
        return ", ".join(str(kind) for kind in row.kinds.all()) or _("toutes")

    @admin.display(description=_("état"), ordering="state")
    def state_badge(self, row: Any) -> str:
        return badge(TONES[row.state], TemplateState(row.state).label)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.verb_view))
        name = f"{self.opts.model_name}_verb"
        return [path("<int:pk>/etape/<slug:verb>/", view, name=name), *super().get_urls()]

    def verb_view(self, request: SignedInRequest, pk: int, verb: str) -> HttpResponseRedirect:
        if not permissions.can_edit_clauses(request.user) or verb not in self.verbs:
            raise PermissionDenied
        act, told = self.verbs[verb]
        row = get_object_or_404(self.model, pk=pk)
        with told_on_page(request):
            row = act(row, by=request.user)
            messages.success(request, told)
        return HttpResponseRedirect(
            reverse(f"admin:conventions_{self.opts.model_name}_change", args=[row.pk])
        )

    def steps(self, request: HttpRequest, row: Any) -> list[tuple[str, "StrOrPromise", str]]:
        """(address, label, css) of the buttons of a saved template."""
        if row is None or not row.pk or not permissions.can_edit_clauses(request.user):
            return []
        put, withdraw = (
            ("vigueur", _("Mettre en vigueur"), "btn-primary"),
            ("retrait", _("Retirer"), "btn-danger"),
        )
        found = [("version", _("Nouvelle version"), "btn-primary")]
        if row.state == TemplateState.DRAFT:
            found = [put, withdraw]
        elif row.state == TemplateState.IN_FORCE:
            found.append(withdraw)
        name = f"admin:{self.opts.model_name}_verb"
        return [(reverse(name, args=[row.pk, verb]), label, css) for verb, label, css in found]
