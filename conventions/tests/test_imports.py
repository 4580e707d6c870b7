"""The order of the house: imports go down, in no circle, and every module can be the first to load."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from conventions.tests import imports
from conventions.tests.imports import AREAS, LAYERS, OUTSIDE, ROOMS_OF_ACTS, Import
from conventions.tests.prepared import SOURCES

D = "conventions.domain"
# One wrong import of each kind that was tempting, or stood here before.
WRONG = [
    ("conventions.formats.money", "conventions.enums"),
    ("conventions.models.acts", f"{D}.journal"),
    (f"{D}.foundation.outbox", f"{D}.mails.builders"),
    (f"{D}.foundation.work", f"{D}.acts.signing.sealing"),
    (f"{D}.journal.story.values", f"{D}.acts.drafting.page_content"),
    (f"{D}.documents.sealing.revisions", f"{D}.acts.content.assembling"),
    (f"{D}.following.overview", f"{D}.worklist"),
    (f"{D}.publication.sheets", f"{D}.acts.lifecycle"),
    (f"{D}.acts.content.loading", f"{D}.acts.drafting.saving"),
    (f"{D}.acts.drafting.clauses", f"{D}.acts.lifecycle.table"),
    ("conventions.exchange.tables", "conventions.admin.exports"),
    ("conventions.forms.fields", "conventions.views.pages"),
    (f"{D}.mails.delivery", "conventions.demonstration"),
]
# A module loads where what it imports stands, and nothing else: its process forks from that of its greatest import.
FIRST = """
import gc, importlib, json, os, sys
import conventions.admin.apps, conventions.apps
for config in (conventions.apps.ConventionsConfig, conventions.admin.apps.PartnersAdminConfig):
    config.ready = lambda self: None
import django
django.setup()
gc.disable()
gc.freeze()
after = json.load(sys.stdin)
def load(names):
    for name in names:
        child = os.fork()
        if child == 0:
            try:
                importlib.import_module(name)
                print(name, flush=True)
            except BaseException as error:
                print(f"{name}: {error!r}", flush=True)
            load(after.get(name, ()))
            os._exit(0)
        os.waitpid(child, 0)
load(after[""])
"""


def test_imports_go_down_in_no_circle():
    assert imports.faults(imports.imports()) == []


@pytest.mark.parametrize(("importer", "imported"), WRONG)
def test_a_wrong_import_is_seen(importer, imported):
    assert imports.faults((*imports.imports(), Import(importer, imported))) != []


def test_an_import_in_a_function_needs_a_reason():
    here = Import(f"{D}.mails.delivery", f"{D}.journal", line=7, late=True, comment="late: it is faster")
    assert imports.faults((here,)) == [f"{here} : dans une fonction, sans raison"]
    there = Import(
        f"{D}.mails.delivery", f"{D}.journal", line=7, late=True, comment="late: the models load first"
    )
    assert imports.faults((there,)) == []


@pytest.mark.parametrize(
    ("graph", "found"),
    [
        ({"a": {"b"}, "b": {"c"}}, []),
        ({"a": {"b"}, "b": {"a"}}, [["a", "b"]]),
        ({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}, [["a", "b", "c"]]),
        ({"a": {"b", "c"}, "b": {"d"}, "c": {"d"}, "d": {"e"}, "e": {"d"}}, [["d", "e"]]),
    ],
)
def test_circles_are_found(graph, found):
    assert imports.circles(graph) == found


def test_everything_has_its_place():
    """Each part of the app, area of the domain and room of the acts stands in one row of its list, and is there."""
    parts = {name.split(".")[1] for name in imports.modules() if "." in name} - OUTSIDE
    areas = _below("domain")
    assert parts <= set().union(*LAYERS)
    assert areas == set().union(*AREAS)
    assert _below("domain", "acts") == set().union(*ROOMS_OF_ACTS)


def _below(*folder: str) -> set[str]:
    return {
        names[len(folder)]
        for module in imports.modules()
        if (names := module.split(".")[1:])[: len(folder)] == list(folder) and len(names) > len(folder)
    }


@pytest.mark.slow
def test_every_module_can_be_the_first_to_load():
    names = sorted(name for name in imports.modules() if name != "conventions")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "opt_partners.settings",
        "SECRET_KEY": settings.SECRET_KEY,
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FIRST],
        input=json.dumps(_after(names)),
        capture_output=True, text=True, check=True, env=environment | {"DEBUG": "1"}, cwd=settings.BASE_DIR,
    )  # fmt: skip
    assert (sorted(done.stdout.splitlines()), len(names) > 300) == (names, True)


def _after(names: list[str]) -> dict[str, list[str]]:
    """{module: those whose greatest import it is}; below "", those that import nothing of the product."""
    graph = imports.files(tuple(one for one in imports.imports() if not one.late))
    reached = imports.reached(graph)
    after: dict[str, list[str]] = {}
    for name in names:
        imported = sorted(graph.get(name, ()))
        greatest = max(imported, key=lambda each: len(reached.get(each, ())), default="")
        after.setdefault(greatest, []).append(name)
    return after


def test_all_that_migrating_loads_is_in_the_fingerprint_of_the_prepared_database():
    paths = (imports.APP / "migrations").glob("*.py")
    starts = {
        f"{D}.foundation.triggers",
        *(name for name in imports.modules() if name.startswith("conventions.models")),
        *(each for path in paths for each in _imported(path)),
    }
    graph = imports.files(imports.imports()) | {"": starts}
    reached = imports.reached(graph)[""] - {"", "conventions", D}
    files = {str(imports.modules()[name].relative_to(imports.ROOT)) for name in reached}
    missing = {file for file in files if not any(f"{file}/".startswith(f"{one}/") for one in SOURCES)}
    assert (missing, len(reached) > 30) == (set(), True)


def _imported(path: Path) -> list[str]:
    nodes = ast.walk(ast.parse(path.read_text()))
    found = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    return [
        each for node in found for each in imports.names(node, f"conventions.migrations.{path.stem}", path)
    ]
