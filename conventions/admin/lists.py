"""How a list that grows for ever is read."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.admin import ListFilter, ModelAdmin, SimpleListFilter
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from conventions.models.search import years_between

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class KeysFirst(ChangeList):
    """The keys of the page first: what is told of a row, joined or counted, is read of the rows of the page alone.

    An action and an export build the filters again for their rows: their menus are read once. They show no page:
    its rows are read when they are shown.
    """

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        page = self.result_list.values_list("pk", flat=True)
        self.result_list = SimpleLazyObject(lambda: self._read(list(page)))

    def _read(self, keys: list) -> list:
        rows = self.of_page(keys)
        return [rows[key] for key in keys if key in rows]

    def of_page(self, keys: list) -> dict:
        """{key: row}, with all that the list shows of it."""
        rows = self.root_queryset
        return (rows if rows.query.select_related else self.apply_select_related(rows)).in_bulk(keys)

    def get_filters(
        self, request: HttpRequest
    ) -> tuple[list[ListFilter], bool, dict[str, bool | str], bool, bool]:
        if not hasattr(self, "_filters"):
            self._filters = super().get_filters(request)
        return self._filters


class YearMenu(SimpleListFilter):
    """The years of a column, from its bounds; `lookup` compares it with one of them."""

    title = _("année")
    parameter_name = "annee"
    field = ""
    lookup = "year"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Iterable[tuple[str, "StrOrPromise"]]:
        rows = model_admin.model._default_manager.all()
        return [(str(year), str(year)) for year in years_between((rows, self.field))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value() or ""
        is_year = value.isascii() and value.isdigit() and len(value) == 4 and value > "0000"
        return queryset.filter(**{f"{self.field}__{self.lookup}": int(value)}) if is_year else queryset
