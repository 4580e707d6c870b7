"""« Exporter » above a list: what the search and the filters leave, as CSV or Excel."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import slugify

from conventions.admin.base import PartnersModelAdmin
from conventions.domain.people.requests import SignedInRequest
from conventions.exchange import workbooks
from conventions.exchange.columns import Column
from conventions.exchange.tables import csv_response, xlsx_response
from conventions.exchange.workbooks import Listing
from conventions.formats import NBSP, counted, show_number
from conventions.models import User


def exported(request: SignedInRequest, listing: Listing, kind: str, *, of: str) -> HttpResponseBase:
    """The CSV or the workbook of a list; a workbook too long for one request is offered, then made by the worker.

    `of`: the name under which the worker reads this list.
    """
    if kind == "csv":
        return csv_response(listing.columns, listing.rows, name=listing.name)
    if listing.count <= workbooks.MOST_AT_ONCE:
        return xlsx_response(listing.columns, listing.rows, name=listing.name, title=listing.title)
    if request.method == "POST":
        row = workbooks.ask(of, request.GET.urlencode(), title=listing.title, by=request.user)
        return HttpResponseRedirect(reverse("jobs:detail", args=[row.pk]))
    context = {
        **admin.site.each_context(request),
        "title": f"Exporter vers Excel{NBSP}: {listing.title}",
        "count": counted(listing.count, "ligne"),
        "most": show_number(workbooks.MOST_AT_ONCE),
    }
    return TemplateResponse(request, "admin/exports/long.html", context)


def asked_by(user: User, query: str) -> HttpRequest:
    """The request of a list, as the worker makes it again."""
    request = HttpRequest()
    request.method, request.user, request.GET = "GET", user, QueryDict(query)
    return request


class ExportedList(PartnersModelAdmin):
    """`export_columns`; `export_queryset` loads what they read, `export_rows` reads it.

    `export_name`: of the file; without it, the name of the rows.
    """

    change_list_template = "admin/exported_list.html"
    export_columns: tuple[Column, ...] = ()
    export_name = ""

    def export_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset

    def export_rows(self, queryset: QuerySet) -> Iterable[Any]:
        return self.export_queryset(queryset).iterator(chunk_size=500)

    def __init__(self, model: type[Model], admin_site: AdminSite) -> None:
        super().__init__(model, admin_site)
        workbooks.register(self.opts.label_lower, lambda user, query: self.listing(asked_by(user, query)))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.export_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export/<str:kind>/", view, name=name), *super().get_urls()]

    def export_view(self, request: SignedInRequest, kind: str) -> HttpResponseBase:
        try:
            listing = self.listing(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(
                reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
            )
        return exported(request, listing, kind, of=self.opts.label_lower)

    def listing(self, request: HttpRequest) -> Listing:
        """What the search and the filters leave. Raises PermissionDenied, IncorrectLookupParameters."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        page = self.get_changelist_instance(request)
        return Listing(
            columns=self.export_columns,
            rows=self.export_rows(page.get_queryset(request)),
            count=page.result_count,
            name=self.export_name or slugify(str(self.opts.verbose_name_plural)),
            title=str(self.opts.verbose_name_plural).capitalize(),
        )

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
