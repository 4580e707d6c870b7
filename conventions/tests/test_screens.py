"""The administration is made of screens: it asks the domain and calls its verbs; no rule, no row of its own."""

import ast

import pytest

from conventions.tests import imports

NOT_A_SCREEN = {
    **dict.fromkeys(("Sum", "Count", "Avg", "Min", "Max", "Subquery", "aggregate", "annotate"), "computes"),
    **dict.fromkeys(("save", "delete", "update", "create", "get_or_create", "update_or_create"), "writes"),
    **dict.fromkeys(("bulk_create", "bulk_update", "select_for_update", "record"), "writes"),
    "storages": "opens a file",
}
# What reads like one of these and is not, or is for a reason. Each goes when it no longer serves.
ALLOWED = {
    ("base", "get_queryset"): "a list says with `counts` what it counts beside each row",
    ("base", "save_related"): "`update` of a dict of changes",
    ("base", "write_journal"): "Django saves the form of a list: its line is written with it",
    ("conventions.listing", "add_view"): "`views.create`, a view",
    ("conventions.views", "_save"): "`drafting.save`, a verb",
}


def beyond(part: ast.AST) -> list[str]:
    """« computes with Sum », « writes with save »: what it imports, loads, or asks of an object."""
    names = {node.id for node in ast.walk(part) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(part) if isinstance(node, ast.Attribute)}
    names |= {node.name for node in ast.walk(part) if isinstance(node, ast.alias)}
    return [f"{NOT_A_SCREEN[name]} with {name}" for name in sorted(names & set(NOT_A_SCREEN))]


def test_the_administration_only_shows():
    home = "conventions.admin."
    found = [
        (name.removeprefix(home), getattr(part, "name", "imports"), told)
        for name, path in imports.modules().items()
        if name.startswith(home)
        for part in ast.walk(ast.parse(path.read_text()))
        if isinstance(part, ast.FunctionDef | ast.ImportFrom) and (told := beyond(part))
    ]
    assert [row for row in found if row[:2] not in ALLOWED] == []
    assert set(ALLOWED) - {row[:2] for row in found} == set()


@pytest.mark.parametrize(
    "source",
    [
        "rows.annotate(n=F('pk'))",
        "total = Sum('amount')",
        "from django.db.models import Sum",
        "row.save()",
        "Row.objects.create()",
        "Row.objects.filter().delete()",
        "journal.record('x', by=request.user)",
        "storages['private'].open(name)",
    ],
)
def test_what_is_more_than_a_screen_is_seen(source):
    assert beyond(ast.parse(f"def page(request):\n    {source}")) != []
