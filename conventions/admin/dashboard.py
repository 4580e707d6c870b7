"""The staff's first page: what waits for them this week, and the figures of the year."""

import datetime
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.contrib import admin, messages
from django.core.cache import cache
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conventions import permissions
from conventions.domain import worklist
from conventions.domain.mails import daily_reminders
from conventions.domain.money import declared
from conventions.domain.money import figures as money_figures
from conventions.domain.people.requests import SignedInRequest
from conventions.enums import AmountStatus, Role
from conventions.exchange.columns import FIGURE_COLUMNS, TODO_COLUMNS
from conventions.exchange.tables import csv_response, xlsx_response
from conventions.formats import NBSP, counted
from conventions.forms.refusals import told_on_page

SHOWN = 6
COUNT_SECONDS = 15 * 60
ROWS_PER_PAGE = 100
MINE, ALL = "miens", "tous"
SCOPES = ((MINE, _("Mes dossiers")), (ALL, _("Tous les dossiers")))


@dataclass(frozen=True, slots=True)
class Line:
    """A task as the page shows it."""

    task: worklist.Task
    url: str
    when: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A section of the page: the first lines, then the others under « et 12 autres »."""

    section: worklist.Section
    first: list[Line]
    others: list[Line]
    late: int

    @property
    def count(self) -> int:
        return len(self.first) + len(self.others)

    @property
    def more(self) -> str:
        return f"Et {counted(len(self.others), 'autre', 'autres')}"


def context(request: SignedInRequest) -> dict:
    """Everything the dashboard shows; the number of queries does not depend on the number of rows."""
    today = timezone.localdate()
    scope = _scope(request)
    found = worklist.sections(request.user, today=today, mine=scope == MINE)
    groups = [_group(section, today) for section in found]
    count = sum(group.count for group in groups if not group.section.others)
    if "dossiers" not in request.GET:
        cache.set(_count_key(request), count, COUNT_SECONDS)
    return {
        "today": today,
        "scope": scope,
        "scopes": [(code, label, code == scope) for code, label in SCOPES],
        "groups": groups,
        "task_count": count,
        "late_count": sum(group.late for group in groups if not group.section.others),
        "may_remind": permissions.can_edit_conventions(request.user),
        **_of_year(today.year),
        "may_create": permissions.can_edit_conventions(request.user),
    }


def _of_year(year: int) -> dict:
    """The figures of a year, what sources declare of it, and the years before."""
    found, evolution = money_figures.overview(year)
    return {"figures": found, "declared": declared.declarations(year), "evolution": evolution}


def _scope(request: SignedInRequest) -> str:
    """An officer starts with his or her own files; everyone else has none."""
    asked = request.GET.get("dossiers")
    if asked in (MINE, ALL):
        return asked
    return MINE if Role.OFFICER in request.user.roles and not request.user.is_superuser else ALL


def _group(section: worklist.Section, today: datetime.date) -> Group:
    lines = [_line(task, today) for task in section.tasks]
    late = sum(line.is_late for line in lines)
    return Group(section, lines[:SHOWN], lines[SHOWN:], late)


def _line(task: worklist.Task, today: datetime.date) -> Line:
    return Line(task, worklist.address_of(task), worklist.when(task, today), task.is_late(today))


def todo_count(request: HttpRequest) -> int | None:
    """How many things wait for the person, for the navigation: as the dashboard last counted them, else nothing.

    Counted anew on each page, it would cost ten queries to say what one click tells.
    """
    return cache.get(_count_key(request))


def _count_key(request: HttpRequest) -> str:
    return f"a-faire:{request.user.pk}:{timezone.localdate().isoformat()}"


def export(request: SignedInRequest) -> HttpResponseBase:
    """What the page shows, one line per task."""
    today = timezone.localdate()
    found = worklist.sections(request.user, today=today, mine=_scope(request) == MINE)
    rows = [(section, task, today) for section in found for task in section.tasks]
    return csv_response(TODO_COLUMNS, rows, name="a-faire")


def remind(request: SignedInRequest, code: str, key: str) -> HttpResponse:
    """« Relancer »: one mail to the partner, once a day for the same thing."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    with told_on_page(request):
        whom = daily_reminders.remind_partner(code, key, by=request.user)
        messages.success(request, f"Un rappel part vers {whom}.")
    return HttpResponseRedirect(f"{reverse('admin:index')}#{code}")


def figures(request: HttpRequest) -> HttpResponseBase:
    """The figures of one year; the rows they are made of, page by page (`?page-engage=2`)."""
    years = sorted({*money_figures.years(), *declared.years()}, reverse=True)
    year = _year(request, years)
    told = _of_year(year)
    blocks = _blocks(told["figures"])
    if request.GET.get("format") in ("csv", "xlsx"):
        return _export(request.GET["format"], year, blocks, told["declared"])
    page = {
        **admin.site.each_context(request),
        **told,
        "title": f"Chiffres {year}",
        "year": year,
        "years": sorted({*years, year}, reverse=True),
        **_rows(request, year, blocks, told["declared"]),
    }
    return TemplateResponse(request, "admin/figures.html", page)


def _rows(request: HttpRequest, year: int, blocks: list[tuple], told: list[declared.Declared]) -> dict:
    """The asked page of each table, and the bars."""
    recorded = money_figures.partnerships(year)
    return {
        "blocks": [
            (name, total, _page(request, rows, code, total.lines), code) for name, total, rows, code in blocks
        ],
        "recorded": _page(request, recorded, "declare", told[0].many) if told else None,
        "kinds": money_figures.by_kind(year),
        "provinces": money_figures.by_province(year),
    }


def _page(request: HttpRequest, rows: Any, code: str, count: int) -> Page:
    """The asked page of the rows of a figure, that counted them."""
    paginator = Paginator(rows, ROWS_PER_PAGE)
    paginator.__dict__["count"] = count
    return paginator.get_page(request.GET.get(f"page-{code}"))


def _blocks(found: money_figures.YearFigures) -> list[tuple]:
    """(title, total, rows, anchor); what no year counts, apart, when there is any."""
    year = found.year
    blocks = [
        (_("Engagé"), found.granted, money_figures.granted_rows(year), "engage"),
        (_("Versé"), found.paid, money_figures.paid_rows(year), "verse"),
        (_("En nature"), found.in_kind, money_figures.in_kind_rows(year), "nature"),
    ]
    undated = [
        (
            _("Engagé, sans exercice"),
            found.undated_granted,
            money_figures.granted_rows(None),
            "engage-sans-exercice",
        ),
        (_("Versé, sans exercice"), found.undated_paid, money_figures.paid_rows(None), "verse-sans-exercice"),
    ]
    return [*blocks, *(block for block in undated if block[1].lines)]


def _year(request: HttpRequest, years: list[int]) -> int:
    asked = request.GET.get("annee", "")
    if asked.isdecimal() and len(asked) == 4 and 1900 <= int(asked) <= 2999:
        return int(asked)
    this_year = timezone.localdate().year
    return this_year if this_year in years or not years else years[0]


def _as_row(one: declared.Declared) -> money_figures.Row:
    """A declaration as a line of the export: its source in the place of a convention."""
    row = one.row
    status = AmountStatus.UNKNOWN if row.amount is None else AmountStatus.KNOWN
    label = f"{one.declares} ; enregistré : {one.told}"
    return money_figures.Row(0, row.source, "", label, row.amount, status.value, row.year, False)


def _export(kind: str, year: int, blocks: list[tuple], told: list[declared.Declared]) -> HttpResponseBase:
    found = ((str(name), row) for name, _total, rows, _code in blocks for row in rows)
    rows = chain(found, (("Déclaré par une source", _as_row(one)) for one in told))
    name = f"chiffres-{year}"
    if kind == "csv":
        return csv_response(FIGURE_COLUMNS, rows, name=name)
    return xlsx_response(FIGURE_COLUMNS, rows, name=name, title=f"Chiffres{NBSP}{year}")
