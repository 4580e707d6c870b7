"""No rule of the style sheets waits for a class that no page bears."""

import re
from functools import cache
from pathlib import Path

import crispy_bootstrap5
import pytest
from django.conf import settings
from django.contrib import admin

ROOT = Path(settings.BASE_DIR)
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
# Names made while the page is made: by our templates, or by Django's admin from a model or a column.
MADE = ("is-", "span-", "model-", "column-", "field-", "select2-container--")


@cache
def words_of_pages() -> frozenset[str]:
    """Every word of our templates, scripts and code, and of the pages of Django's admin and of the forms' package."""
    folders = [ROOT / "templates", ROOT / "static" / "js", ROOT / "conventions", Path(admin.__file__).parent]
    folders.append(Path(crispy_bootstrap5.__file__).parent)
    return frozenset(
        word
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in {".html", ".js", ".py", ".svg"} and "tests" not in path.parts
        for word in re.findall(r"[\w-]+", path.read_text())
    )


def classes(sheet: str) -> set[str]:
    """Classes that the selectors of a sheet name."""
    bare = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    selectors = re.findall(r"([^{};]+)\{", bare)
    return {name for selector in selectors for name in re.findall(r"\.([a-zA-Z][\w-]*)", selector)}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.stem)
def test_every_class_of_a_sheet_is_borne_by_a_page(sheet):
    named = {name for name in classes(sheet.read_text()) if not name.startswith(MADE)}
    assert named - words_of_pages() == set()


def test_classes_of_a_sheet_are_found():
    sheet = "/* .no */ .a > .b-c:hover, p.d { width: 1.5rem } @media (min-width: 4.5rem) { .e .f { top: 0 } }"
    assert classes(sheet) == {"a", "b-c", "d", "e", "f"}


@pytest.mark.parametrize(
    ("sheet", "around"), [("site.css", ".agreement"), ("admin-amending.css", ".consolidated")]
)
def test_lines_of_a_cell_of_an_act_stand_apart_on_screens(sheet, around):
    """What a document prints below a cell's first line is on a line of its own on the pages that show its text."""
    rules = (Path(settings.BASE_DIR) / "static/css" / sheet).read_text()
    told = re.findall(rf"{re.escape(around)} \.second \{{([^}}]*)\}}", rules)
    assert any("display: block" in rule for rule in told)
