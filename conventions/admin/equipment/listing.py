"""The list of the stock: what each device is, where it stands, whether its data let it leave, who has it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypedDict, cast

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from conventions import permissions
from conventions.admin.base import Task
from conventions.admin.conventions.filters import MenuFilter
from conventions.admin.equipment import pages, scanning, sheets, together, tones
from conventions.admin.exports import ExportedList
from conventions.admin.lists import KeysFirst, YearMenu
from conventions.domain.equipment import choosing, gestures, queries
from conventions.domain.people.requests import SignedInRequest, signed_in
from conventions.equipment_enums import DeviceState, MediaState
from conventions.exchange import workbooks
from conventions.exchange.stock import DEVICE_COLUMNS
from conventions.models import Device

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise, WithAnnotations

    class Held(TypedDict):
        held_by: choosing.Chosen

    ListedDevice = WithAnnotations[Device, Held]

TITLE = _("Stock de matériel")
READY, BLOCKED = "pret", "bloque"


class StateFilter(MenuFilter):
    title = _("où il en est")
    parameter_name = "etat"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Iterable[tuple[str, "StrOrPromise"]]:
        return [(code, capfirst(label)) for code, label in DeviceState.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value() or ""
        return queries.in_state(queryset, value) if value in DeviceState.values else queryset


class DataFilter(MenuFilter):
    title = _("données")
    parameter_name = "donnees"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Iterable[tuple[str, "StrOrPromise"]]:
        known = [(code, capfirst(label)) for code, label in MediaState.choices]
        return [(READY, _("Prêt à remettre")), (BLOCKED, _("Bloqué par ses données")), *known]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queries.by_data(queryset, self.value() or "")


class WordsFilter(MenuFilter):
    """The words typed in a column, as they are typed; those without one, and those that the figures add up."""

    column = ""
    may_be_empty = False

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Iterable[tuple[str, "StrOrPromise"]]:
        words = [(word, capfirst(word)) for word in queries.words_of(self.column)]
        others = (
            [(queries.OTHERS, _("Les autres, hors des plus fréquents"))] if len(words) > queries.MOST else []
        )
        without = [(queries.NOT_SAID, capfirst(queries.WITHOUT[self.column]))] if self.may_be_empty else []
        return [*words, *without, *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queries.by_word(queryset, self.column, self.value() or "")


class NatureFilter(WordsFilter):
    title = _("nature")
    parameter_name = "nature"
    column = "nature"


class PlaceFilter(WordsFilter):
    title = _("lieu")
    parameter_name = "lieu"
    column = "place"
    may_be_empty = True


class WeightFilter(MenuFilter):
    title = _("poids")
    parameter_name = "poids"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Iterable[tuple[str, "StrOrPromise"]]:
        return [("connu", _("Poids connu")), (queries.NOT_SAID, _("Poids inconnu"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queries.by_weight(queryset, self.value() or "")


class BoughtFilter(YearMenu, MenuFilter):
    title = _("année d’achat")
    parameter_name = "achat"
    field = "purchased_on"


class LeftFilter(YearMenu, MenuFilter):
    title = _("année de sortie")
    parameter_name = "sortie"
    field = "written_off_on"


class DevicesOfPage(KeysFirst):
    def of_page(self, keys: list) -> dict:
        return {row.device.pk: _shown(row) for row in choosing.chosen(keys)}


def _shown(row: choosing.Chosen) -> Device:
    device = row.device
    cast("ListedDevice", device).held_by = row
    return device


@admin.register(Device)
class DeviceAdmin(ExportedList):
    task, task_order, nav_label = Task.EQUIPMENT, 10, TITLE
    view_rule = permissions.can_read_conventions
    add_rule = change_rule = permissions.can_edit_equipment
    change_list_template = "admin/conventions/device/change_list.html"
    list_display = ("what", "marks", "state_badge", "data_badge", "holder", "place_told")
    list_display_links = None
    list_filter = (StateFilter, DataFilter, NatureFilter, PlaceFilter, WeightFilter, BoughtFilter, LeftFilter)
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("search_key",)
    search_help_text = _(
        "Numéro de série ou d’inventaire (comme vous voulez), marque, modèle, convention, partenaire."
    )
    ordering = ("nature", "pk")
    export_columns = DEVICE_COLUMNS
    export_name = "stock-de-materiel"

    def __init__(self, model: type[Device], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        workbooks.register(sheets.WRITE_OFFS, sheets.written_off)

    # -- rows ---------------------------------------------------------------------------------------------
    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return DevicesOfPage

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        return queries.search(queryset, search_term[:200]), False

    def export_queryset(self, queryset: QuerySet) -> QuerySet:
        return queries.told(queryset)

    # -- what is done to many -----------------------------------------------------------------------------
    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """One for each gesture, and the labels; each leads to its page, with the devices that were ticked."""
        found = super().get_actions(request)
        if permissions.can_edit_equipment(request.user):
            for gesture in gestures.GESTURES.values():
                found[gesture.code] = (_leads_to(gesture.code), gesture.code, gesture.title)
        found["etiquettes"] = (_leads_to("etiquettes"), "etiquettes", _("Imprimer les étiquettes"))
        return found

    # -- pages --------------------------------------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        views = [
            ("lot/<slug:code>/", together.page, "together"),
            ("scanner/", scanning.page, "scan"),
            ("scanner/lire/", scanning.read_one, "scan_read"),
            ("etiquettes/", scanning.labels, "labels"),
            ("etiquettes.pdf", scanning.labels_pdf, "labels_pdf"),
            ("sorties/", sheets.write_offs, "write_offs"),
            ("sorties/<int:year>.pdf", sheets.write_offs_pdf, "write_offs_pdf"),
            ("sorties/export/<str:kind>/", sheets.write_offs_export, "write_offs_export"),
            ("prets/", sheets.loans_out, "loans"),
            ("chiffres/", sheets.figures, "figures"),
            ("<int:pk>/corriger/", pages.correct, "correct"),
            ("<int:pk>/photo/", pages.photograph, "photo"),
            ("<int:pk>/photo.jpg", pages.picture, "picture"),
            ("<int:pk>/pieces/<int:file>/", pages.paper, "paper"),
            ("<int:pk>/supports/", pages.list_medium, "media"),
            ("<int:pk>/supports/<int:medium>/<slug:fate>/", pages.medium_left, "medium_left"),
        ]
        own = [
            path(
                address,
                self.admin_site.admin_view(_with_page(self, view), cacheable=address.endswith(".jpg")),
                name=f"conventions_device_{name}",
            )
            for address, view, name in views
        ]
        return [*own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        more = {
            "title": TITLE,
            "counts": queries.counts(),
            "may_edit": permissions.can_edit_equipment(request.user),
        }
        return super().changelist_view(request, {**more, **(extra_context or {})})

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return pages.enter(self, signed_in(request))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return pages.show(self, signed_in(request), object_id)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A device is never deleted: it leaves the inventory."""
        return False

    # -- columns ------------------------------------------------------------------------------------------
    @admin.display(description=_("appareil"), ordering="nature")
    def what(self, row: Device) -> SafeString:
        link = '<a href="{}">{}</a><span class="list-under">{}</span>'
        address = reverse("admin:conventions_device_change", args=[row.pk])
        made = " ".join(part for part in (row.maker, row.model) if part) or _("marque et modèle non précisés")
        return format_html(link, address, capfirst(row.nature), made)

    @admin.display(description=_("série, inventaire"), ordering="serial_key")
    def marks(self, row: Device) -> SafeString:
        serial = row.serial or format_html('<span class="unknown">{}</span>', _("série non relevée"))
        return format_html('{}<span class="list-under">{}</span>', serial, row.inventory_tag)

    @admin.display(description=_("où il en est"))
    def state_badge(self, row: Device) -> str:
        return tones.state_badge(row.state)

    @admin.display(description=_("données"))
    def data_badge(self, row: Device) -> str:
        return tones.media_badge(row.media_state)

    @admin.display(description=_("convention"))
    def holder(self, row: Device) -> SafeString | str:
        convention = cast("ListedDevice", row).held_by.convention
        if convention is None:
            return ""
        address = reverse("admin:conventions_convention_follow", args=[convention.pk])
        return format_html('<a href="{}#materiel">{}</a>', address, convention.title)

    @admin.display(description=_("lieu"), ordering="place")
    def place_told(self, row: Device) -> str:
        return row.place


def _leads_to(code: str) -> Any:
    def go(page: DeviceAdmin, request: HttpRequest, queryset: QuerySet[Device]) -> HttpResponse | None:
        keys = list(queryset.values_list("pk", flat=True)[: choosing.MOST + 1])
        if len(keys) > choosing.MOST:
            messages.error(request, choosing.TOO_MANY)
            return None
        name = "labels" if code == "etiquettes" else "together"
        address = reverse(f"admin:conventions_device_{name}", args=[] if name == "labels" else [code])
        return HttpResponseRedirect(f"{address}?appareils={choosing.written(keys)}")

    return go


def _with_page(model_admin: DeviceAdmin, view: Any) -> Any:
    def shown(request: SignedInRequest, **kwargs: Any) -> HttpResponse:
        return view(model_admin, request, **kwargs)

    return shown
