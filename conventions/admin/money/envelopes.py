"""The list of envelopes, year by year: what was voted, engaged, reserved, sent, paid, and what is left."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypedDict, cast

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from conventions import permissions
from conventions.admin.base import Task
from conventions.admin.conventions.filters import MenuFilter
from conventions.admin.exports import ExportedList
from conventions.admin.lists import KeysFirst
from conventions.admin.money import pages
from conventions.domain.money import budgets, years
from conventions.domain.people.requests import SignedInRequest, signed_in
from conventions.exchange.money import ENVELOPE_COLUMNS
from conventions.formats import show_xpf, whole_number
from conventions.models import Envelope

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise, WithAnnotations

    class Told(TypedDict):
        told: budgets.Standing

    ToldEnvelope = WithAnnotations[Envelope, Told]

SCOPES = ("theme", "kind", "province", "project")


class YearFilter(MenuFilter):
    title = _("exercice")
    parameter_name = "annee"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Iterable[tuple[str, "StrOrPromise"]]:
        found = Envelope.objects.order_by("-year").values_list("year", flat=True).distinct()
        return [(str(year), str(year)) for year in found]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        year = whole_number(self.value() or "")
        return queryset.filter(year=year) if year is not None and 1990 <= year <= 2100 else queryset


class EnvelopesOfPage(KeysFirst):
    def of_page(self, keys: list) -> dict:
        rows = Envelope.objects.select_related(*SCOPES).filter(pk__in=keys)
        found = {}
        for told in budgets.standings(rows):
            cast("ToldEnvelope", told.envelope).told = told
            found[told.envelope.pk] = told.envelope
        return found


@admin.register(Envelope)
class EnvelopeAdmin(ExportedList):
    task, task_order, nav_label = Task.MONEY, 10, _("Enveloppes")
    view_rule = permissions.can_read_conventions
    add_rule = change_rule = permissions.can_edit_envelopes
    change_list_template = "admin/money/envelopes.html"
    list_display = ("what", "voted", "committed", "reserved", "sent", "paid", "left")
    list_display_links = None
    list_filter = (YearFilter,)
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    ordering = ("-year", "label")
    export_columns = ENVELOPE_COLUMNS
    export_name = "enveloppes"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return EnvelopesOfPage

    def export_rows(self, queryset: QuerySet) -> Iterable[Any]:
        return budgets.standings(queryset.select_related(*SCOPES))

    def get_urls(self) -> list[URLPattern]:
        views = [
            ("imputer/", pages.charge, "charge"),
            ("exercices/<int:year>/clore/", pages.close_year, "close_year"),
            ("<int:pk>/mouvement/", pages.move, "move"),
            ("<int:pk>/transfert/", pages.transfer, "transfer"),
            ("<int:pk>/retirer/<uuid:line>/", pages.take_out, "take_out"),
            ("<int:pk>/lignes/<str:kind>/", pages.rows_export, "rows"),
        ]
        own = [
            path(
                address,
                self.admin_site.admin_view(_with_page(self, view)),
                name=f"conventions_envelope_{name}",
            )
            for address, view, name in views
        ]
        return [*own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        more = {
            "title": _("Enveloppes"),
            "without": budgets.without_envelope(),
            "closed": years.closed(),
            "may_edit": permissions.can_edit_envelopes(request.user),
        }
        return super().changelist_view(request, {**more, **(extra_context or {})})

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return pages.add(self, signed_in(request))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return pages.show(self, signed_in(request), object_id)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An envelope is never deleted: what it may spend is cut."""
        return False

    @admin.display(description=_("enveloppe"), ordering="label")
    def what(self, row: Envelope) -> SafeString:
        address = reverse("admin:conventions_envelope_change", args=[row.pk])
        link = '<a href="{}">{}</a><span class="list-under">{}, {}</span>'
        return format_html(link, address, row.label, row.year, row.scope)

    @admin.display(description=_("voté"))
    def voted(self, row: Envelope) -> str:
        return show_xpf(_told(row).voted)

    @admin.display(description=_("engagé"))
    def committed(self, row: Envelope) -> str:
        return _told(row).committed.text or show_xpf(0)

    @admin.display(description=_("réservé"))
    def reserved(self, row: Envelope) -> str:
        return show_xpf(_told(row).reserved_sum)

    @admin.display(description=_("transmis"))
    def sent(self, row: Envelope) -> str:
        return show_xpf(_told(row).sent)

    @admin.display(description=_("versé"))
    def paid(self, row: Envelope) -> str:
        return show_xpf(_told(row).paid)

    @admin.display(description=_("reste"))
    def left(self, row: Envelope) -> SafeString:
        told = _told(row)
        note = _("dépassée") if told.is_beyond else pages.not_counted(told.left_out)
        return format_html('{}<span class="list-under">{}</span>', show_xpf(told.left), note)


def _told(row: Envelope) -> budgets.Standing:
    return cast("ToldEnvelope", row).told


def _with_page(model_admin: EnvelopeAdmin, view: Any) -> Any:
    def shown(request: SignedInRequest, **kwargs: Any) -> HttpResponse:
        return view(model_admin, request, **kwargs)

    return shown
