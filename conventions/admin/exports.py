"""« Exporter » above a list: what the search and the filters leave, as CSV or Excel."""

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse

from conventions.admin.base import PartnersModelAdmin
from conventions.domain.people.requests import SignedInRequest
from conventions.exchange.columns import Column
from conventions.exchange.tables import csv_response, xlsx_response


class ExportedList(PartnersModelAdmin):
    """`export_columns`, `export_name`; `export_queryset` loads what they read."""

    change_list_template = "admin/exported_list.html"
    export_columns: tuple[Column, ...] = ()
    export_name = ""

    def export_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.export_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export/<str:kind>/", view, name=name), *super().get_urls()]

    def export_view(self, request: SignedInRequest, kind: str) -> HttpResponseBase:
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            filtered = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(
                reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
            )
        rows = self.export_queryset(filtered).iterator(chunk_size=500)
        if kind == "csv":
            return csv_response(self.export_columns, rows, name=self.export_name)
        title = str(self.opts.verbose_name_plural).capitalize()
        return xlsx_response(self.export_columns, rows, name=self.export_name, title=title)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        query = request.GET.copy()
        query.pop(PAGE_VAR, None)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_export"
        links = [
            (label, f"{reverse(name, args=[kind])}?{query.urlencode()}")
            for kind, label in (("csv", "Exporter en CSV"), ("xlsx", "Exporter vers Excel"))
        ]
        return super().changelist_view(request, {"export_links": links, **(extra_context or {})})
