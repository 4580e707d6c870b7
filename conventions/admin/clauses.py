"""Clause templates, for lawyers: draft → in force → retired; the fields and a preview beside the editor."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from conventions import permissions
from conventions.admin.base import PartnersModelAdmin, Task, badge
from conventions.domain import clauses, merging
from conventions.domain.rendering.text import compose, paragraphs
from conventions.enums import TemplateState
from conventions.forms.clauses import CONDITIONS, ClauseTemplateForm
from conventions.models import ClauseTemplate

TONES = {TemplateState.DRAFT: "neutral", TemplateState.IN_FORCE: "ok", TemplateState.RETIRED: "done"}
VERBS = {
    "version": (clauses.new_version, _("Voici la nouvelle version. Corrigez-la, puis mettez-la en vigueur.")),
    "vigueur": (clauses.put_in_force, _("Cette version est en vigueur. Les nouveaux actes l’utiliseront.")),
    "retrait": (clauses.retire, _("Cette version est retirée. Les actes déjà préparés gardent leur texte.")),
}


@admin.register(ClauseTemplate)
class ClauseTemplateAdmin(PartnersModelAdmin):
    task, task_order = Task.LISTS, 10
    view_rule = permissions.can_read_conventions
    add_rule = change_rule = permissions.can_edit_clauses
    form = ClauseTemplateForm
    change_form_template = "admin/conventions/clausetemplate/change_form.html"
    list_display = ["heading", "code_and_variant", "condition_told", "for_kinds", "version", "state_badge"]
    list_filter = ["state", "act_kind", "kinds"]
    search_fields = ["heading", "code", "variant", "body"]
    fieldsets = [
        (_("Texte"), {"fields": ["heading", "body", "note"]}),
        (
            _("Quand il sert"),
            {
                "fields": [
                    ("act_kind", "position"),
                    "kinds",
                    "condition",
                    ("code", "variant"),
                    ("version", "state_badge"),
                ]
            },
        ),
    ]

    def is_open(self, obj):
        """A text in force or retired is read, never edited."""
        return obj.state == TemplateState.DRAFT

    def get_fieldsets(self, request, obj=None):
        """Where the text is only read, its braces are shown as they are written."""
        if self.has_change_permission(request, obj) or (obj is None and self.has_add_permission(request)):
            return super().get_fieldsets(request, obj)
        return [
            (_("Texte"), {"fields": ["heading", "source", "note"]}),
            (
                _("Quand il sert"),
                {
                    "fields": [
                        ("act_kind", "position"),
                        ("for_kinds", "condition_told"),
                        ("code_and_variant", "version", "state_badge"),
                    ]
                },
            ),
        ]

    def get_readonly_fields(self, request, obj=None):
        return ["version", "state_badge", "source", "for_kinds", "condition_told", "code_and_variant"]

    @admin.display(description=_("texte"))
    def source(self, row):
        return format_html('<pre class="opt-source">{}</pre>', row.body)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("kinds")

    def save_model(self, request, obj, form, change):
        obj.updated_by = request.user
        super().save_model(request, obj, form, change)

    # -- columns ------------------------------------------------------------------------------------------
    @admin.display(description=_("article"), ordering="code")
    def code_and_variant(self, row):
        return f"{row.code} · {row.variant}" if row.variant else row.code

    @admin.display(description=_("retenu d’office"), ordering="condition")
    def condition_told(self, row):
        return dict(CONDITIONS).get(row.condition, row.condition)

    @admin.display(description=_("natures"))
    def for_kinds(self, row):
        return ", ".join(str(kind) for kind in row.kinds.all()) or _("toutes")

    @admin.display(description=_("état"), ordering="state")
    def state_badge(self, row):
        label = TemplateState(row.state).label
        return badge(TONES[row.state], label)

    # -- pages --------------------------------------------------------------------------------------------
    def get_urls(self):
        view = self.admin_site.admin_view(require_POST(self.verb_view))
        return [
            path("<int:pk>/etape/<slug:verb>/", view, name="clausetemplate_verb"),
            *super().get_urls(),
        ]

    def verb_view(self, request, pk, verb):
        if not permissions.can_edit_clauses(request.user) or verb not in VERBS:
            raise PermissionDenied
        act, told = VERBS[verb]
        row = get_object_or_404(ClauseTemplate, pk=pk)
        try:
            row = act(row, by=request.user)
        except clauses.TemplateRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, told)
        return HttpResponseRedirect(reverse("admin:conventions_clausetemplate_change", args=[row.pk]))

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        form = context["adminform"].form
        body = form.data.get("body") if form.is_bound else (obj.body if obj else "")
        context |= {
            "merge_fields": merging.REGISTRY.values(),
            "preview_blocks": preview_blocks(body or ""),
            "steps": self.steps(request, obj),
        }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def steps(self, request, row):
        """(verb, label, css) of the buttons of a saved template."""
        if row is None or not row.pk or not permissions.can_edit_clauses(request.user):
            return []
        if row.state == TemplateState.DRAFT:
            return [
                ("vigueur", _("Mettre en vigueur"), "btn-primary"),
                ("retrait", _("Retirer"), "btn-danger"),
            ]
        found = [("version", _("Nouvelle version"), "btn-primary")]
        if row.state == TemplateState.IN_FORCE:
            found.append(("retrait", _("Retirer"), "btn-danger"))
        return found


def preview_blocks(body: str):
    """The text as it is printed, with the example of each field; « [montan ?] » where it is unknown."""
    known = merging.FIELD.sub(
        lambda found: found[0] if found[1] in merging.REGISTRY else f"[{found[1]} ?]", body
    )
    return paragraphs(compose(merging.preview(known)))
