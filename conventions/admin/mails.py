"""The log of mails: which letter, to whom, whether it left. Neither texts, nor links, nor codes are kept."""

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from conventions import permissions
from conventions.admin.base import SEARCH_LENGTH, Task, badge
from conventions.admin.exports import ExportedList
from conventions.admin.lists import KeysFirst, YearMenu
from conventions.domain.foundation import mail_catalogue
from conventions.domain.mails import delivery, log
from conventions.domain.people.requests import SignedInRequest
from conventions.enums import MailState
from conventions.exchange.columns import MAIL_COLUMNS
from conventions.formats import show_date, typeset
from conventions.forms.refusals import told_on_page
from conventions.models import Convention, OutgoingMail

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TONES = {
    MailState.PENDING: "info",
    MailState.SENT: "ok",
    MailState.FAILED: "bad",
    MailState.SET_ASIDE: "neutral",
}


class LetterFilter(admin.SimpleListFilter):
    title = _("courriel")
    parameter_name = "courriel"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Iterable[tuple[str, "StrOrPromise"]]:
        return [(kind.code, kind.title) for kind in mail_catalogue.KINDS]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(template=self.value()) if self.value() else queryset


class AskedIn(YearMenu):
    field = "created_at"


class NamedRecipients(KeysFirst):
    """The names of a page of mails are read at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        told = log.recipients(self.result_list)
        for row in self.result_list:
            row.told = told[row.pk]


@admin.register(OutgoingMail)
class MailAdmin(ExportedList):
    """Nobody adds, changes or deletes one; « Envoyer de nouveau » makes another."""

    task, task_order, nav_label = Task.ACCOUNTS, 80, _("Courriels")
    view_rule = permissions.can_read_mails
    change_form_template = "admin/conventions/outgoingmail/change_form.html"
    list_display = ["letter", "whom", "about", "state_badge", "course", "asked", "left"]
    list_display_links = ["letter"]
    list_filter = ["state", LetterFilter, ("created_at", admin.DateFieldListFilter), AskedIn]
    list_select_related = ["convention"]
    search_fields = ["convention__title"]
    search_help_text = _("Par convention, partenaire ou numéro.")
    ordering = ["-created_at", "-pk"]
    fields = readonly_fields = (
        "letter",
        "whom",
        "about",
        "state_badge",
        "attempts",
        "error",
        "missed",
        "asked",
        "left",
        "repeats",
    )
    export_columns = MAIL_COLUMNS
    export_name = "courriels"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Letters of accounts tell who comes when: administrators only."""
        rows = super().get_queryset(request)
        if permissions.can_manage_users(request.user):
            return rows
        return rows.exclude(template__in=mail_catalogue.OF_ACCOUNTS)

    def get_fields(self, request: HttpRequest, obj: OutgoingMail | None = None) -> Any:
        """Who received nothing is asked only of a mail that says so."""
        told = obj is not None and log.missed(obj)
        return [name for name in self.fields if name != "missed" or told]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return NamedRecipients

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        if not search_term:
            return queryset, False
        found = Convention.objects.search(search_term[:SEARCH_LENGTH])
        return queryset.filter(convention__in=found.values("pk")), False

    def export_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset.select_related("convention")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.send_again)
        return [path("<int:pk>/envoyer-de-nouveau/", view, name="mail_again"), *super().get_urls()]

    def send_again(self, request: SignedInRequest, pk: int) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not permissions.can_send_mails_again(request.user):
            raise PermissionDenied
        mail = get_object_or_404(self.get_queryset(request), pk=pk)
        with told_on_page(request):
            mail = delivery.send_again(mail, by=request.user)
            messages.success(request, _("Le courriel part de nouveau, avec de nouveaux liens."))
        return HttpResponseRedirect(reverse("admin:conventions_outgoingmail_change", args=[mail.pk]))

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        *args: Any,
        obj: OutgoingMail | None = None,
        **kwargs: Any,
    ) -> HttpResponse:
        kind = mail_catalogue.BY_CODE.get(obj.template) if obj else None
        context["mail_title"] = kind.title if kind else str(obj)
        context["may_send_again"] = bool(
            obj
            and kind
            and kind.may_repeat
            and obj.state != MailState.PENDING
            and permissions.can_send_mails_again(request.user)
        )
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    @admin.display(description=_("courriel"), ordering="template")
    def letter(self, row: OutgoingMail) -> str:
        return mail_catalogue.title_of(row.template)

    @admin.display(description=_("à qui"))
    def whom(self, row: OutgoingMail) -> str:
        told = getattr(row, "told", None) or log.recipients([row])[row.pk]
        return capfirst(", ".join(told))

    @admin.display(description=_("convention"), ordering="convention__title")
    def about(self, row: OutgoingMail) -> SafeString | str:
        if row.convention is None:
            return ""
        url = reverse("admin:conventions_convention_change", args=[row.convention_id])
        return format_html('<a href="{}">{}</a>', url, row.convention)

    @admin.display(description=_("état"), ordering="state")
    def state_badge(self, row: OutgoingMail) -> str:
        return badge(TONES[MailState(row.state)], capfirst(row.get_state_display()))

    @admin.display(description=_("essais"), ordering="attempts")
    def course(self, row: OutgoingMail) -> int | SafeString:
        """How many attempts, and what went wrong."""
        if not row.error:
            return row.attempts
        return format_html('{}<span class="list-under">{}</span>', row.attempts, row.error)

    @admin.display(description=_("non reçu par"))
    def missed(self, row: OutgoingMail) -> SafeString:
        lines = (typeset(f"{capfirst(who)} : {why}") for who, why in log.missed(row))
        return format_html_join("", "<div>{}</div>", ((line,) for line in lines))

    @admin.display(description=_("demandé"), ordering="created_at")
    def asked(self, row: OutgoingMail) -> str:
        return _moment(row.created_at)

    @admin.display(description=_("parti"), ordering="sent_at")
    def left(self, row: OutgoingMail) -> str:
        return _moment(row.sent_at) if row.sent_at else ""

    @admin.display(description=_("envoyé de nouveau après"))
    def repeats(self, row: OutgoingMail) -> SafeString | str:
        if row.again_of is None:
            return ""
        url = reverse("admin:conventions_outgoingmail_change", args=[row.again_of_id])
        return format_html('<a href="{}">{}</a>', url, _moment(row.again_of.created_at))


def _moment(moment: datetime.datetime) -> str:
    local = timezone.localtime(moment)
    return f"{show_date(local.date())}, {local:%H:%M}"
