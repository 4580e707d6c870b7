"""The staff's first page: what waits for them this week, and the figures of the year."""

import datetime
from dataclasses import dataclass

from django.contrib import admin
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conventions import permissions
from conventions.domain import statistics, todo
from conventions.enums import Role
from conventions.exchange.columns import FIGURE_COLUMNS
from conventions.exchange.tables import csv_response, xlsx_response
from conventions.formats import NBSP, counted, long_date

SHOWN = 6
MINE, ALL = "miens", "tous"


@dataclass(frozen=True, slots=True)
class Line:
    """A task as the page shows it."""

    task: todo.Task
    url: str
    when: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A section of the page: the first lines, then the others under « et 12 autres »."""

    section: todo.Section
    first: list[Line]
    others: list[Line]
    late: int

    @property
    def count(self) -> int:
        return len(self.first) + len(self.others)

    @property
    def more(self) -> str:
        return f"Et {counted(len(self.others), 'autre', 'autres')}"


def context(request) -> dict:
    """Everything the dashboard shows; the number of queries does not depend on the number of rows."""
    today = timezone.localdate()
    scope = _scope(request)
    groups = [
        _group(section, today) for section in todo.sections(request.user, today=today, mine=scope == MINE)
    ]
    figures = statistics.year_figures(today.year)
    return {
        "today": today,
        "scope": scope,
        "scopes": [(MINE, _("Mes dossiers"), scope == MINE), (ALL, _("Tous les dossiers"), scope == ALL)],
        "groups": groups,
        "task_count": sum(group.count for group in groups),
        "late_count": sum(group.late for group in groups),
        "figures": figures,
        "evolution": statistics.evolution(today.year),
        "may_create": permissions.can_edit_conventions(request.user),
    }


def _scope(request) -> str:
    """An officer starts with his or her own files; everyone else has none."""
    asked = request.GET.get("dossiers")
    if asked in (MINE, ALL):
        return asked
    return MINE if Role.OFFICER in request.user.roles and not request.user.is_superuser else ALL


def _group(section: todo.Section, today: datetime.date) -> Group:
    lines = [_line(task, today) for task in section.tasks]
    late = sum(line.is_late for line in lines)
    return Group(section, lines[:SHOWN], lines[SHOWN:], late)


def _line(task: todo.Task, today: datetime.date) -> Line:
    name = "convention_follow" if task.page == "suivi" else f"{task.page}_change"
    url = reverse(f"admin:conventions_{name}", args=[task.pk])
    anchor = f"#{task.anchor}" if task.anchor else ""
    return Line(task, url + anchor, _when(task, today), bool(task.due and task.due < today))


def _when(task: todo.Task, today: datetime.date) -> str:
    """« depuis 12 jours », « échéance le 30 juin 2026 (dans 3 jours) »."""
    if task.due is not None:
        days = (task.due - today).days
        if days < 0:
            return f"{counted(-days, 'jour')} de retard"
        return "aujourd’hui" if days == 0 else f"{long_date(task.due)} (dans {counted(days, 'jour')})"
    if task.since is None:
        return ""
    days = (today - task.since).days
    return "depuis aujourd’hui" if days <= 0 else f"depuis {counted(days, 'jour')}"


def figures(request):
    """The figures of one year with the rows they are made of."""
    years = statistics.years()
    year = _year(request, years)
    found = statistics.year_figures(year)
    if request.GET.get("format") in ("csv", "xlsx"):
        return _export(request.GET["format"], found)
    blocks = [
        (_("Engagé"), found.granted, found.granted_rows, "engage"),
        (_("Versé"), found.paid, found.paid_rows, "verse"),
        (_("En nature"), found.in_kind, found.in_kind_rows, "nature"),
    ]
    page = {
        **admin.site.each_context(request),
        "title": f"Chiffres {year}",
        "year": year,
        "years": sorted({*years, year}, reverse=True),
        "figures": found,
        "blocks": blocks,
        "kinds": statistics.by_kind(found.granted_rows),
        "provinces": statistics.by_province(found.granted_rows),
        "evolution": statistics.evolution(year),
    }
    return TemplateResponse(request, "admin/figures.html", page)


def _year(request, years: list[int]) -> int:
    asked = request.GET.get("annee", "")
    if asked.isdecimal() and len(asked) == 4 and 1900 <= int(asked) <= 2999:
        return int(asked)
    this_year = timezone.localdate().year
    return this_year if this_year in years or not years else years[0]


def _export(kind: str, found: statistics.YearFigures):
    rows = [("Engagé", row) for row in found.granted_rows]
    rows += [("Versé", row) for row in found.paid_rows]
    rows += [("En nature", row) for row in found.in_kind_rows]
    name = f"chiffres-{found.year}"
    if kind == "csv":
        return csv_response(FIGURE_COLUMNS, rows, name=name)
    return xlsx_response(FIGURE_COLUMNS, rows, name=name, title=f"Chiffres{NBSP}{found.year}")
