"""Editable lists, and what several conventions share: places, kinds, plans, thresholds, decisions, ceremonies."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from conventions import permissions
from conventions.admin.base import JournalledForm, Task, badge, marked
from conventions.admin.conventions.access import page_url
from conventions.admin.exports import ExportedList
from conventions.domain.acts import batch
from conventions.domain.people.partners import free_address
from conventions.domain.people.requests import SignedInRequest
from conventions.enums import Event
from conventions.exchange import lists
from conventions.exchange.tables import Column
from conventions.formats import long_date, show_xpf
from conventions.forms.choosing import FoundBoxes, FoundChoiceField, FoundMultipleChoiceField
from conventions.models import (
    Area,
    BoardDecision,
    Ceremony,
    DeclaredYear,
    Kind,
    LegalThreshold,
    PaperRule,
    Partner,
    Plan,
    PressContact,
    Project,
    SupportKind,
    Theme,
    Value,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise, WithAnnotations

    class Used(TypedDict):
        use_count: int

    ListedDecision = WithAnnotations[BoardDecision, Used]
    ListedCeremony = WithAnnotations[Ceremony, Used]


class ListAdmin(ExportedList):
    """An editable list: what is in use is retired (« proposé à la saisie »), what never served may be deleted."""

    task = Task.LISTS
    view_rule = permissions.can_read_conventions
    add_rule = change_rule = delete_rule = permissions.can_edit_reference_data


class NamedListAdmin(ListAdmin):
    list_display = ["name", "position", "is_proposed", "used"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    fields = ["name", "description", ("position", "active"), "slug"]
    counts = {"use_count": "conventions"}
    export_columns: tuple[Column, ...] = lists.NAMED_COLUMNS

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Sequence[str]]:
        return self.prepopulated_fields if obj is None and self.has_add_permission(request) else {}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str] | tuple[str, ...]:
        return ["slug"] if obj is not None else []

    @admin.display(description=_("proposé"), ordering="active")
    def is_proposed(self, row: Any) -> str:
        tone, label = ("ok", _("proposé")) if row.active else ("done", _("retiré"))
        return badge(tone, label)

    @admin.display(description=_("conventions"), ordering="use_count")
    def used(self, row: Any) -> int:
        return row.use_count


@admin.register(Kind)
class KindAdmin(NamedListAdmin):
    task_order = 20
    export_columns = lists.KIND_COLUMNS
    list_display = ["name", "agreement_title", "legal_basis", "position", "is_proposed", "used"]
    fields = ["name", "agreement_title", "legal_basis", "description", ("position", "active"), "slug"]


@admin.register(SupportKind)
class SupportKindAdmin(NamedListAdmin):
    task_order = 25
    list_display = ["name", "behaviour", "position", "is_proposed", "used"]
    fields = ["name", "behaviour", "description", ("position", "active"), "slug"]
    counts = {"use_count": "supports"}
    export_columns = lists.SUPPORT_KIND_COLUMNS

    @admin.display(description=_("soutiens"), ordering="use_count")
    def used(self, row: Any) -> int:
        return row.use_count


@admin.register(Theme)
class ThemeAdmin(NamedListAdmin):
    task_order = 30


@admin.register(Value)
class ValueAdmin(NamedListAdmin):
    task_order = 40


@admin.register(Plan)
class PlanAdmin(NamedListAdmin):
    task_order = 50
    export_columns = lists.PLAN_COLUMNS
    list_display = ["name", "starts_on", "ends_on", "is_proposed", "used"]
    fields = ["name", "description", ("starts_on", "ends_on"), "values", ("position", "active"), "slug"]
    filter_horizontal = []

    def export_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset.prefetch_related("values")

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelMultipleChoiceField | None:
        from django.forms import CheckboxSelectMultiple

        return super().formfield_for_manytomany(
            db_field, request, **{"widget": CheckboxSelectMultiple, **kwargs}
        )


class InProvinceFilter(admin.SimpleListFilter):
    title = _("province")
    parameter_name = "province"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Iterable[tuple[str, "StrOrPromise"]]:
        return [(area.slug, area.name) for area in Area.objects.provinces()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(provinces__slug=self.value()) if self.value() else queryset


@admin.register(Area)
class AreaAdmin(ListAdmin):
    task_order = 60
    export_columns = lists.AREA_COLUMNS
    list_display = ["name", "level", "in_provinces", "insee_code", "postal_code"]
    list_filter = ["level", InProvinceFilter]
    search_fields = ["name", "insee_code", "postal_code"]
    prepopulated_fields = {"slug": ["name"]}
    fields = ["name", "level", ("insee_code", "postal_code"), "provinces", "position", "slug"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("provinces")

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Area | None = None
    ) -> dict[str, Sequence[str]]:
        return self.prepopulated_fields if obj is None and self.has_add_permission(request) else {}

    def get_readonly_fields(
        self, request: HttpRequest, obj: Area | None = None
    ) -> list[str] | tuple[str, ...]:
        return ["slug"] if obj is not None else []

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelMultipleChoiceField | None:
        from django.forms import CheckboxSelectMultiple

        kwargs["queryset"] = Area.objects.provinces()
        return super().formfield_for_manytomany(
            db_field, request, **{"widget": CheckboxSelectMultiple, **kwargs}
        )

    @admin.display(description=_("provinces"))
    def in_provinces(self, row: Area) -> str:
        return ", ".join(area.name for area in row.provinces.all())


def to_confirm(waits: bool) -> str:
    tone, label = ("warn", _("à confirmer")) if waits else ("ok", _("confirmé"))
    return badge(tone, label)


@admin.register(LegalThreshold)
class LegalThresholdAdmin(ListAdmin):
    """A threshold warns, it never blocks; a new amount is a new row with its date of effect."""

    task_order = 70
    export_columns = lists.THRESHOLD_COLUMNS
    list_display = ["label", "amount_told", "effective_from", "confirmed"]
    list_filter = ["code", "to_confirm"]
    fields = ["label", "code", ("amount", "effective_from"), "source", "to_confirm"]
    add_rule = change_rule = delete_rule = permissions.can_edit_clauses

    @admin.display(description=_("montant"), ordering="amount")
    def amount_told(self, row: LegalThreshold) -> str:
        return show_xpf(row.amount)

    @admin.display(description=_("vérifié"), ordering="to_confirm")
    def confirmed(self, row: LegalThreshold) -> str:
        return to_confirm(row.to_confirm)


@admin.register(PaperRule)
class PaperRuleAdmin(ListAdmin):
    """Papers to enclose with a payment; what is no longer asked ends on a day, and stays in the list."""

    task_order = 75
    export_columns = lists.PAPER_RULE_COLUMNS
    list_display = ["paper", "of_kind", "rank", "effective_from", "ends_on", "confirmed"]
    list_filter = ["paper", "to_confirm"]
    fields = [("paper", "rank"), "kind", ("effective_from", "ends_on"), "source", "to_confirm"]
    add_rule = change_rule = delete_rule = permissions.can_edit_paper_rules

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("kind")

    @admin.display(description=_("type de soutien"), ordering="kind__name")
    def of_kind(self, row: PaperRule) -> str:
        return str(row.kind or _("tous"))

    @admin.display(description=_("vérifié"), ordering="to_confirm")
    def confirmed(self, row: PaperRule) -> str:
        return to_confirm(row.to_confirm)


@admin.register(DeclaredYear)
class DeclaredYearAdmin(ListAdmin):
    """What a source says of a whole year; the figures say how much of it is recorded here."""

    task_order = 80
    export_columns = lists.DECLARED_YEAR_COLUMNS
    list_display = ["year", "partnerships", "amount_told", "source", "publishable"]
    list_filter = ["publishable"]
    search_fields = ["source"]
    fields = ["year", ("partnerships", "amount"), "source", ("published_on", "url"), "publishable"]

    @admin.display(description=_("montant"), ordering="amount")
    def amount_told(self, row: DeclaredYear) -> str:
        return "" if row.amount is None else show_xpf(row.amount)


@admin.register(PressContact)
class PressContactAdmin(ListAdmin):
    task, task_order = Task.PUBLICATION, 40
    export_columns = lists.PRESS_CONTACT_COLUMNS
    list_display = ["__str__", "title", "phones", "email", "active"]
    list_filter = ["active"]
    search_fields = ["first_name", "last_name"]
    fields = [("first_name", "last_name"), "title", "phones", "email", "active"]
    personal_fields = ("first_name", "last_name", "phones", "email")


@admin.register(BoardDecision)
class BoardDecisionAdmin(ListAdmin):
    task, task_order = Task.CONVENTIONS, 30
    list_display = ["decision", "decided_on", "title", "body", "used"]
    search_fields = ["number", "title"]
    date_hierarchy = "decided_on"
    fields = [("number", "decided_on"), "title", "body"]
    counts = {"use_count": "acts"}
    export_columns = lists.DECISION_COLUMNS

    @admin.display(description=_("délibération"), ordering="number")
    def decision(self, row: BoardDecision) -> str:
        return marked(f"n° {row.number}" if row.number else _("sans numéro"), row)

    @admin.display(description=_("actes autorisés"), ordering="use_count")
    def used(self, row: "ListedDecision") -> int:
        return row.use_count


@admin.register(Ceremony)
class CeremonyAdmin(ListAdmin):
    task, task_order = Task.CONVENTIONS, 40
    change_form_template = "admin/conventions/ceremony/change_form.html"
    list_display = ["name", "date_told", "place", "used"]
    search_fields = ["title", "place"]
    fields = ["title", ("held_on", "place"), "public_summary"]
    counts = {"use_count": "acts__convention"}
    export_columns = lists.CEREMONY_COLUMNS

    def save_model(self, request: HttpRequest, obj: Ceremony, form: JournalledForm, change: bool) -> None:
        if not change:
            obj.slug = free_address(Ceremony, obj.title, limit=110)
        super().save_model(request, obj, form, change)

    @admin.display(description=_("cérémonie"), ordering="title")
    def name(self, row: Ceremony) -> str:
        return marked(row.title, row)

    @admin.display(description=_("date"), ordering="held_on")
    def date_told(self, row: Ceremony) -> "StrOrPromise":
        return long_date(row.held_on) if row.held_on else _("non communiquée")

    @admin.display(description=_("conventions"), ordering="use_count")
    def used(self, row: "ListedCeremony") -> int:
        return row.use_count

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.prepare)
        return [path("<int:pk>/preparer/", view, name="conventions_ceremony_prepare"), *super().get_urls()]

    def prepare(self, request: SignedInRequest, pk: int) -> HttpResponse:
        """« Préparer la journée »: what will be frozen, act by act, then one job with its report."""
        if not permissions.can_edit_conventions(request.user):
            raise PermissionDenied
        ceremony = get_object_or_404(Ceremony, pk=pk)
        rows = batch.foresee_day(ceremony, user=request.user)
        ready = sum(row.allowed for row in rows)
        if request.method == "POST" and ready:
            with transaction.atomic():
                job = batch.start(rows, Event.FREEZE, by=request.user)
            return HttpResponseRedirect(reverse("jobs:detail", args=[job.pk]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Préparer la journée"),
            "ceremony": ceremony,
            "rows": [(row, page_url(row.convention, row.act)) for row in rows],
            "ready": ready,
        }
        return TemplateResponse(request, "admin/conventions/ceremony/prepare.html", context)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        *args: Any,
        obj: Ceremony | None = None,
        **kwargs: Any,
    ) -> HttpResponse:
        context["ceremony_acts"] = []
        context["may_prepare"] = permissions.can_edit_conventions(request.user)
        context["may_publish"] = permissions.can_publish(request.user)
        if obj is not None:
            acts = obj.acts.select_related("convention").order_by("convention__title", "rank")
            context["ceremony_acts"] = [(act, page_url(act.convention, act)) for act in acts]
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)


@admin.register(Project)
class ProjectAdmin(ListAdmin):
    task, task_order = Task.CONVENTIONS, 50
    list_display = ["title", "holder", "place", "area"]
    list_select_related = ["holder", "area"]
    search_fields = ["name", "place", "holder__name"]
    fields = ["name", "holder", "description", ("place", "area"), "cofunders"]
    add_rule = change_rule = delete_rule = permissions.can_edit_partners
    export_columns = lists.PROJECT_COLUMNS

    def export_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset.prefetch_related("cofunders")

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name == "holder":
            kwargs |= {"form_class": FoundChoiceField, "queryset": Partner.objects.active()}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelMultipleChoiceField | None:
        return super().formfield_for_manytomany(
            db_field,
            request,
            form_class=FoundMultipleChoiceField,
            queryset=Partner.objects.active(),
            widget=FoundBoxes,
            **kwargs,
        )

    @admin.display(description=_("projet"), ordering="name")
    def title(self, row: Project) -> str:
        return marked(row.name, row)
