"""Clause templates, for lawyers: draft → in force → retired; the fields and a preview beside the editor."""

from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from conventions.admin.exports import ExportedList
from conventions.admin.versions import VersionedTemplateAdmin
from conventions.domain.acts.templates import clauses
from conventions.domain.documents import merge_fields
from conventions.domain.documents.rendering.text import compose, paragraphs
from conventions.exchange.columns import CLAUSE_TEMPLATE_COLUMNS
from conventions.formats import counted
from conventions.forms.clauses import CONDITIONS, ClauseTemplateForm
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
class ClauseTemplateAdmin(ExportedList, VersionedTemplateAdmin):
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
        acts = Count("clauses__act", filter=Q(clauses__removed=False), distinct=True)
        return super().get_queryset(request).prefetch_related("kinds").annotate(act_count=acts)

    # -- columns ------------------------------------------------------------------------------------------
    @admin.display(description=_("article"), ordering="code")
    def code_and_variant(self, row: ClauseTemplate) -> "StrOrPromise":
        return f"{row.code} · {row.variant}" if row.variant else row.code

    @admin.display(description=_("retenu d’office"), ordering="condition")
    def condition_told(self, row: ClauseTemplate) -> "StrOrPromise":
        return dict(CONDITIONS).get(row.condition, row.condition)

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
            "preview_blocks": preview_blocks(body or ""),
            "steps": self.steps(request, obj),
            "variants": variants_told(obj) if obj and obj.pk else [],
        }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)


def preview_blocks(body: str) -> list:
    """The text as it is printed, with the example of each field; « [montan ?] » where it is unknown."""
    known = merge_fields.FIELD.sub(
        lambda found: found[0] if found[1] in merge_fields.REGISTRY else f"[{found[1]} ?]", body
    )
    return paragraphs(compose(merge_fields.preview(known)))


def variants_told(row: ClauseTemplate) -> list[tuple[str, str]]:
    """(name, when it is chosen) of the texts in force of one article, the one that wins first."""
    family = ClauseTemplate.objects.in_force().filter(act_kind=row.act_kind, code=row.code)
    texts = family.prefetch_related("kinds").order_by("variant")
    ranked = sorted(texts, key=lambda text: (not text.kinds.all(), not text.condition))
    return [(text.variant or "texte ordinaire", when_chosen(text)) for text in ranked]


def when_chosen(row: ClauseTemplate) -> str:
    """« pour : mécénat ; si le montant est connu », « quand aucun autre ne convient »."""
    kinds = ", ".join(str(kind) for kind in row.kinds.all())
    parts = [f"pour : {kinds}" if kinds else "", str(dict(CONDITIONS).get(row.condition, row.condition))]
    if not row.condition:
        parts[1] = "" if kinds else "quand aucun autre texte ne convient mieux"
    return " ; ".join(part for part in parts if part)
