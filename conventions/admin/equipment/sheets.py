"""What is read of the stock as a whole: what left the inventory, what is lent and when it comes back, figures."""

import datetime
from datetime import MAXYEAR, MINYEAR
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone

from conventions import permissions
from conventions.admin.exports import exported
from conventions.domain.equipment import accounting, loans
from conventions.domain.equipment import figures as stock_figures
from conventions.domain.people.requests import SignedInRequest
from conventions.exchange.stock import WRITE_OFF_COLUMNS
from conventions.exchange.workbooks import Listing
from conventions.models import EquipmentItem, User

if TYPE_CHECKING:
    from conventions.admin.equipment.listing import DeviceAdmin

PER_PAGE = 100
WRITE_OFFS = "sorties d’inventaire"  # under which the worker reads this list


def write_offs(model_admin: "DeviceAdmin", request: SignedInRequest) -> HttpResponse:
    """What left the inventory in a year (`?annee=`), the latest first."""
    _require(request)
    years = accounting.years()
    asked = _year(request.GET)
    year = next((row.year for row in years if row.year == asked), years[0].year if years else None)
    rows = accounting.left_in(year) if year else None
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page")) if rows is not None else None
    told = [(row, accounting.why(row), accounting.bought(row)) for row in page] if page else []
    context = {"years": years, "year": year, "page": page, "rows": told}
    return _answer(model_admin, request, "write_offs", "Sorties de l’inventaire", **context)


def write_offs_pdf(model_admin: "DeviceAdmin", request: SignedInRequest, year: int) -> HttpResponse:
    """The list of a year, for accounting."""
    _require(request)
    if not MINYEAR <= year <= MAXYEAR:
        raise Http404("Cette année n’existe pas.")
    made = accounting.printed_list(year, by=request.user)
    name = f"sorties-inventaire-{year}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


def write_offs_export(model_admin: "DeviceAdmin", request: SignedInRequest, kind: str) -> HttpResponseBase:
    """The same (`?annee=`), as CSV or as a workbook."""
    return exported(request, written_off(request.user, request.GET.urlencode()), kind, of=WRITE_OFFS)


def written_off(user: User, query: str) -> Listing:
    """What left in the year that the address asks, to be written. Raises PermissionDenied."""
    if not permissions.can_read_conventions(user):
        raise PermissionDenied
    year = _year(QueryDict(query)) or timezone.localdate().year
    rows = accounting.left_in(year)
    return Listing(
        columns=WRITE_OFF_COLUMNS,
        rows=rows.iterator(chunk_size=500),
        count=rows.count(),
        name=f"sorties-inventaire-{year}",
        title=f"Sorties de l’inventaire {year}",
    )


def _year(query: QueryDict) -> int | None:
    asked = query.get("annee", "")
    return (
        int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 and asked > "0000" else None
    )


def loans_out(model_admin: "DeviceAdmin", request: SignedInRequest) -> HttpResponse:
    """Devices lent and not yet back, the most urgent first."""
    _require(request)
    today = timezone.localdate()
    page = Paginator(loans.out(), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(row, _is_late(row, today)) for row in page]
    context = {"page": page, "rows": rows, "late": loans.late(today).count()}
    may_edit = permissions.can_edit_equipment(request.user)
    return _answer(model_admin, request, "loans", "Prêts en cours", may_edit=may_edit, **context)


def _is_late(row: EquipmentItem, today: datetime.date) -> bool:
    due = row.equipment.return_on
    return due is not None and due < today and row.device.lost_on is None


def figures(model_admin: "DeviceAdmin", request: SignedInRequest) -> HttpResponse:
    """Each figure opens its rows in the list."""
    _require(request)
    return _answer(model_admin, request, "figures", "Chiffres du matériel", figures=stock_figures.figures())


def _require(request: SignedInRequest) -> None:
    if not permissions.can_read_conventions(request.user):
        raise PermissionDenied


def _answer(
    model_admin: "DeviceAdmin", request: SignedInRequest, template: str, title: str, **context: Any
) -> TemplateResponse:
    shared = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts, "title": title}
    return TemplateResponse(request, f"admin/conventions/device/{template}.html", shared | context)
