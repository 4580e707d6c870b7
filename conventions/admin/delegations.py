"""Absences of those who sign for OPT-NC: who, when, who signs instead, under which title."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from conventions import permissions
from conventions.admin.base import JournalledForm, Task, badge, marked
from conventions.admin.exports import ExportedList
from conventions.domain.documents import attachments
from conventions.domain.people.requests import signed_in
from conventions.domain.people.security import proofs
from conventions.enums import AttachmentKind
from conventions.exchange.columns import DELEGATION_COLUMNS
from conventions.forms.delegations import DelegationForm
from conventions.models import Delegation, Partner
from conventions.models.delegations import DelegationQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class WhenFilter(admin.SimpleListFilter):
    title = _("période")
    parameter_name = "periode"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Iterable[tuple[str, "StrOrPromise"]]:
        return [("en-cours", _("en cours")), ("a-venir", _("à venir")), ("passees", _("passées"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        today = timezone.localdate()
        if self.value() == "en-cours":
            return cast(DelegationQuerySet, queryset).on(today)
        if self.value() == "a-venir":
            return queryset.filter(starts_on__gt=today)
        return queryset.filter(ends_on__lt=today) if self.value() == "passees" else queryset


class DeputyFilter(admin.SimpleListFilter):
    title = _("remplacement")
    parameter_name = "remplacement"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Iterable[tuple[str, "StrOrPromise"]]:
        return [("non", _("personne n’est désigné"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return cast(DelegationQuerySet, queryset).without_deputy() if self.value() == "non" else queryset


@admin.register(Delegation)
class DelegationAdmin(ExportedList):
    task, task_order, nav_label = Task.CONVENTIONS, 60, _("Absences et intérims")
    view_rule = permissions.can_read_conventions
    add_rule = change_rule = delete_rule = permissions.can_edit_delegations
    asks_proof = True
    form = DelegationForm
    fields = ["absent", ("starts_on", "ends_on"), "deputy", "kind", "printed_title", "basis", "file", "proof"]
    readonly_fields = ["proof"]
    personal_fields = ("absent", "deputy", "printed_title", "basis")
    list_display = ["person", "starts_on", "ends_on", "instead", "kind", "state"]
    list_filter = [WhenFilter, DeputyFilter, "kind"]
    list_select_related = ["absent", "deputy"]
    search_fields = [
        "absent__last_name",
        "absent__first_name",
        "deputy__last_name",
        "deputy__first_name",
        "printed_title",
    ]
    search_help_text = _("Par nom ou par titre.")
    date_hierarchy = "starts_on"
    export_columns = DELEGATION_COLUMNS
    export_name = "absences-et-interims"

    def get_fields(self, request: HttpRequest, obj: Delegation | None = None) -> Any:
        """Who only reads has no file to give; a new row has none to show."""
        names = list(super().get_fields(request, obj))
        if not self.has_change_permission(request, obj):
            names.remove("file")
        return names if obj is not None and obj.attachment_id else [name for name in names if name != "proof"]

    def save_model(self, request: HttpRequest, obj: Delegation, form: JournalledForm, change: bool) -> None:
        upload = form.cleaned_data.get("file")
        proofs.require(signed_in(request).user)  # before the file is filed
        if upload:
            obj.attachment = attachments.file_upload(
                upload,
                kind=AttachmentKind.MANDATE,
                by=signed_in(request).user,
                title=str(obj)[:200],
                partner=Partner.objects.opt(),
            )
        super().save_model(request, obj, form, change)

    @admin.display(description=_("personne absente"), ordering="absent__last_name")
    def person(self, row: Delegation) -> str:
        return marked(str(row.absent), row)

    @admin.display(description=_("à sa place"), ordering="deputy__last_name")
    def instead(self, row: Delegation) -> str:
        return f"{row.deputy}, {row.printed_title}" if row.deputy else badge("warn", _("personne"))

    @admin.display(description=_("période"), ordering="ends_on")
    def state(self, row: Delegation) -> str:
        today = timezone.localdate()
        if row.starts_on > today:
            return badge("info", _("à venir"))
        if row.ends_on is not None and row.ends_on < today:
            return badge("done", _("passée"))
        return badge("ok", _("en cours"))

    @admin.display(description=_("pièce classée"))
    def proof(self, row: Delegation) -> str:
        if row.attachment is None:
            return ""
        url = reverse("admin:partner_file", args=[row.attachment.partner_id, row.attachment_id])
        return format_html('<a href="{}">{}</a>', url, row.attachment)
