"""Clause templates, for lawyers: draft → in force → retired; the fields and a preview beside the editor."""

from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from conventions.admin.versions import VersionedTemplateAdmin
from conventions.domain.acts.templates import clauses, reading
from conventions.domain.documents import merge_fields
from conventions.exchange.columns import CLAUSE_TEMPLATE_COLUMNS
from conventions.formats import counted
from conventions.forms.clauses import ClauseTemplateForm
from conventions.models import ClauseTemplate

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise, WithAnnotations

    class Used(TypedDict):
        act_count: int

    ListedClause = WithAnnotations[ClauseTemplate, Used]

VERBS = {
    "version": (clauses.new_version, _("Voici la nouvelle version. Corrigez-la, puis mettez-la en vigueur.")),
    "vigueur": (clauses.put_in_force, _("Cette version est en vigueur. Les nouveaux actes l’utiliseront.")),
    "retrait": (clauses.retire, _("Cette version est retirée. Les actes déjà préparés gardent leur texte.")),
}


@admin.register(ClauseTemplate)
class ClauseTemplateAdmin(VersionedTemplateAdmin):
    task_order = 10
    verbs = VERBS
    export_columns = CLAUSE_TEMPLATE_COLUMNS
    export_name = "modeles-d-articles"
    form = ClauseTemplateForm
    change_form_template = "admin/conventions/clausetemplate/change_form.html"
    list_display = ["name", "code_and_variant", "condition_told", "version_of", "used_by", "state_badge"]
    list_filter = ["state", "act_kind", "kinds", "code"]
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

    def get_fieldsets(self, request: HttpRequest, obj: ClauseTemplate | None = None) -> Any:
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
                        "used_by",
                    ]
                },
            ),
        ]

    def get_readonly_fields(
        self, request: HttpRequest, obj: ClauseTemplate | None = None
    ) -> list[str] | tuple[str, ...]:
        return [
            "version",
            "state_badge",
            "source",
            "for_kinds",
            "condition_told",
            "code_and_variant",
            "used_by",
        ]

    @admin.display(description=_("texte"))
    def source(self, row: ClauseTemplate) -> SafeString:
        return format_html('<pre class="opt-source">{}</pre>', row.body)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return clauses.with_use(super().get_queryset(request).prefetch_related("kinds"))

    # -- columns ------------------------------------------------------------------------------------------
    @admin.display(description=_("article"), ordering="code")
    def code_and_variant(self, row: ClauseTemplate) -> "StrOrPromise":
        return f"{row.code} · {row.variant}" if row.variant else row.code

    @admin.display(description=_("retenu d’office"), ordering="condition")
    def condition_told(self, row: ClauseTemplate) -> "StrOrPromise":
        return reading.condition_words(row.condition)

    @admin.display(description=_("article"), ordering="heading")
    def name(self, row: ClauseTemplate) -> "StrOrPromise":
        return row.heading or _("Formule de clôture")

    @admin.display(description=_("version"), ordering="version")
    def version_of(self, row: ClauseTemplate) -> int:
        return row.version

    @admin.display(description=_("utilisé par"), ordering="act_count")
    def used_by(self, row: "ListedClause") -> "StrOrPromise":
        return counted(row.act_count, "acte") if row.act_count else _("aucun acte")

    # -- pages --------------------------------------------------------------------------------------------
    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        *args: Any,
        obj: ClauseTemplate | None = None,
        **kwargs: Any,
    ) -> HttpResponse:
        form = context["adminform"].form
        body = form.data.get("body") if form.is_bound else (obj.body if obj else "")
        context |= {
            "merge_fields": merge_fields.REGISTRY.values(),
            "preview_blocks": reading.preview(body or ""),
            "steps": self.steps(request, obj),
            "variants": reading.variants(obj) if obj and obj.pk else [],
        }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)
