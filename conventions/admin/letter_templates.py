"""Templates of formal letters, for lawyers: draft → in force → retired; the fields and a preview beside the editor."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from conventions.admin.versions import VersionedTemplateAdmin
from conventions.domain.acts.templates import letters
from conventions.domain.documents.rendering.text import paragraphs
from conventions.exchange import lists
from conventions.forms.letters import LetterTemplateForm
from conventions.models import LetterTemplate


@admin.register(LetterTemplate)
class LetterTemplateAdmin(VersionedTemplateAdmin):
    task_order = 15
    export_columns = lists.LETTER_TEMPLATE_COLUMNS
    verbs = {
        "version": (
            letters.new_version,
            _("Voici la nouvelle version. Corrigez-la, puis mettez-la en vigueur."),
        ),
        "vigueur": (
            letters.put_in_force,
            _("Ce texte est en vigueur. Les prochains courriers en partiront."),
        ),
        "retrait": (letters.retire, _("Ce texte est retiré. Les courriers déjà préparés gardent le leur.")),
    }
    form = LetterTemplateForm
    change_form_template = "admin/conventions/lettertemplate/change_form.html"
    list_display = ["name", "version", "state_badge", "updated_at"]
    list_filter = ["state", "code"]
    search_fields = ["heading", "body", "note"]
    fields = ["code", "heading", "body", "note", ("version", "state_badge")]

    def get_fields(self, request: HttpRequest, obj: LetterTemplate | None = None) -> Any:
        """Where the text is only read, its braces are shown as they are written."""
        if self.has_change_permission(request, obj) or (obj is None and self.has_add_permission(request)):
            return self.fields
        return ["code", "source", "note", ("version", "state_badge")]

    def get_readonly_fields(
        self, request: HttpRequest, obj: LetterTemplate | None = None
    ) -> list[str] | tuple[str, ...]:
        return [*(["code"] if obj is not None else []), "version", "state_badge", "source"]

    @admin.display(description=_("texte"))
    def source(self, row: LetterTemplate) -> SafeString:
        return format_html('<pre class="opt-source">{}\n\n{}</pre>', row.heading, row.body)

    @admin.display(description=_("courrier"), ordering="code")
    def name(self, row: LetterTemplate) -> str:
        return str(row.get_code_display()).capitalize()

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        *args: Any,
        obj: LetterTemplate | None = None,
        **kwargs: Any,
    ) -> HttpResponse:
        form = context["adminform"].form
        body = form.data.get("body") if form.is_bound else (obj.body if obj else "")
        context |= {
            "letter_fields": letters.FIELDS.values(),
            "preview_blocks": paragraphs(letters.preview(body or "")),
            "steps": self.steps(request, obj),
        }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)
