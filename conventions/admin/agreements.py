"""Templates of acts, for lawyers: which articles, in what order, which are mandatory; versions compared and printed."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from conventions import permissions
from conventions.admin.base import PartnersStackedInline
from conventions.admin.versions import VersionedTemplateAdmin
from conventions.domain.acts.templates import agreements, reading
from conventions.domain.documents.rendering import render_template_copy
from conventions.domain.people.requests import SignedInRequest
from conventions.enums import TemplateState
from conventions.exchange import lists
from conventions.formats import counted
from conventions.forms.agreements import AgreementLineForm
from conventions.models import AgreementLine, AgreementTemplate, ClauseTemplate

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class AgreementLineInline(PartnersStackedInline):
    model = AgreementLine
    form = AgreementLineForm
    view_rule = permissions.can_read_conventions
    add_rule = change_rule = delete_rule = permissions.can_edit_clauses
    ordering = ("position", "code")
    fields = [("position", "code", "mandatory", "condition")]

    def is_open(self, obj: AgreementTemplate) -> bool:
        return obj.state == TemplateState.DRAFT

    def has_add_permission(self, request: HttpRequest, obj: AgreementTemplate | None = None) -> bool:
        return super().has_add_permission(request, obj) and (obj is None or self.is_open(obj))

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """The articles in force or in preparation are offered by name, read once for all the lines."""
        if db_field.name != "code":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        written = [TemplateState.IN_FORCE, TemplateState.DRAFT]
        found = ClauseTemplate.objects.filter(state__in=written).order_by("position", "code", "-variant")
        names = {text.code: f"{text.heading or 'Formule de clôture'} ({text.code})" for text in found}
        return forms.ChoiceField(label=_("Article"), choices=[("", "—"), *names.items()])


@admin.register(AgreementTemplate)
class AgreementTemplateAdmin(VersionedTemplateAdmin):
    task_order = 5
    verbs = {
        "version": (
            agreements.new_version,
            _("Voici la nouvelle version. Modifiez-la, puis mettez-la en vigueur."),
        ),
        "vigueur": (
            agreements.put_in_force,
            _("Cette version est en vigueur. Les nouveaux actes en partiront."),
        ),
        "ensemble": (
            agreements.put_in_force_with_texts,
            _("Cette version et ses textes sont en vigueur. Les nouveaux actes en partiront."),
        ),
        "retrait": (
            agreements.retire,
            _("Cette version est retirée. Les actes déjà préparés gardent leurs articles."),
        ),
    }
    change_form_template = "admin/conventions/agreementtemplate/change_form.html"
    list_display = ["name", "act_kind", "for_kinds", "version_of", "used_by", "state_badge"]
    list_filter = ["state", "act_kind", "kinds"]
    search_fields = ["name", "code", "note"]
    inlines = [AgreementLineInline]
    counts = {"act_count": "acts"}
    export_columns = lists.AGREEMENT_TEMPLATE_COLUMNS
    fields = ["name", ("code", "act_kind"), "kinds", "note", ("version", "state_badge", "since", "used_by")]

    def get_readonly_fields(
        self, request: HttpRequest, obj: AgreementTemplate | None = None
    ) -> list[str] | tuple[str, ...]:
        fixed = ["code", "act_kind"] if obj is not None else []
        return [*fixed, "version", "state_badge", "since", "used_by"]

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelMultipleChoiceField | None:
        kwargs["widget"] = forms.CheckboxSelectMultiple()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("kinds")

    # -- columns ------------------------------------------------------------------------------------------
    @admin.display(description=_("version"), ordering="version")
    def version_of(self, row: AgreementTemplate) -> int:
        return row.version

    @admin.display(description=_("utilisé par"))
    def used_by(self, row: AgreementTemplate) -> "StrOrPromise":
        count = getattr(row, "act_count", 0)
        return counted(count, "acte") if count else _("aucun acte")

    @admin.display(description=_("depuis"))
    def since(self, row: AgreementTemplate) -> str:
        return reading.since(row)

    def steps(
        self, request: HttpRequest, row: AgreementTemplate | None
    ) -> list[tuple[str, "StrOrPromise", str]]:
        """With texts in preparation, the whole version comes into force at once."""
        found = super().steps(request, row)
        if row is None or not found or not agreements.prepared_texts(row).exists():
            return found
        whole = reverse("admin:agreementtemplate_verb", args=[row.pk, "ensemble"])
        return [(whole, _("Mettre en vigueur avec ses textes"), "btn-primary"), *found[1:]]

    # -- pages --------------------------------------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/comparer/", view(self.compare_view), name="agreementtemplate_compare"),
            path("<int:pk>/lecture.pdf", view(self.pdf_view), name="agreementtemplate_pdf"),
            *super().get_urls(),
        ]

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        *args: Any,
        obj: AgreementTemplate | None = None,
        **kwargs: Any,
    ) -> HttpResponse:
        context["steps"] = self.steps(request, obj)
        context["prepared_texts"] = agreements.prepared_texts(obj) if obj is not None and obj.pk else []
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def compare_view(self, request: SignedInRequest, pk: int) -> TemplateResponse:
        """From another version (« avec », else the one before) to this one."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = get_object_or_404(AgreementTemplate, pk=pk)
        others = (
            AgreementTemplate.objects.filter(act_kind=row.act_kind)
            .exclude(pk=pk)
            .order_by("code", "-version")
        )
        other = _chosen(row, list(others), request.GET.get("avec", ""))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Comparer deux versions"),
            "original": row,
            "row": row,
            "other": other,
            "others": others,
            "found": agreements.compare(other, row) if other else None,
        }
        return TemplateResponse(request, "admin/conventions/agreementtemplate/compare.html", context)

    def pdf_view(self, request: SignedInRequest, pk: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = get_object_or_404(AgreementTemplate, pk=pk)
        pdf = render_template_copy(reading.copy_of(row))
        name = f"modele-{row.code}-version-{row.version}.pdf"
        return HttpResponse(
            pdf.content,
            content_type="application/pdf",
            headers={
                "Content-Disposition": f'inline; filename="{name}"',
                "Cache-Control": "private, no-store",
            },
        )


def _chosen(row: AgreementTemplate, others: list[AgreementTemplate], asked: str) -> AgreementTemplate | None:
    """The template asked for, else the latest version before this one, else any other."""
    named = [other for other in others if str(other.pk) == asked]
    before = [other for other in others if other.code == row.code and other.version < row.version]
    return next(iter([*named, *before, *others]), None)
