"""The documentation says what the code does: nothing is missing from the glossary, no link is broken."""

import inspect
import pkgutil
import re
from functools import cache
from pathlib import Path

import pytest
import states
from django.apps import apps
from django.conf import settings
from django.db.models import TextChoices

from conventions import enums, equipment_enums, money_enums
from conventions.formats import MONTHS

ROOT = Path(settings.BASE_DIR)
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
PICTURE_BYTES = 150_000
# A name in code style: of a file, or of a folder or module by its path. What begins with « / » is an address.
NAMED = re.compile(r"`(?:…/)?(\w[\w.-]*(?:/[\w.-]+)*/?)(?:…)?`")
# A path of ours in a block of commands.
FOLDERS = "conventions|docs|scripts|templates|static|opt_partners|benchmarks"
IN_BLOCK = re.compile(rf"(?<![\w/.:-])((?:{FOLDERS})/[\w./-]*\w)")
FILE = re.compile(r"\.(py|html|css|js|txt|md|svg|toml|ini|lock|json|ttf|woff2)$")
# Not ours, made on each machine, or an example that the page says to write.
ELSEWHERE = {"responsive.css", "boitier.py", "journal.json", "var/mails", "DATA_DIR/sceau"}
CHOICES = [
    choices
    for choices in (vars(enums) | vars(equipment_enums) | vars(money_enums)).values()
    if inspect.isclass(choices) and issubclass(choices, TextChoices) and choices is not TextChoices
]


def links(page: Path) -> list[str]:
    text = CODE.sub("", page.read_text())
    return [found[0] or found[1] for found in LINK.findall(text)]


def anchors(page: Path) -> set[str]:
    """Anchors of the headings, as forges make them: lower case, no punctuation, hyphens."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def glossary_section(title: str) -> str:
    text = (ROOT / "docs" / "glossary.md").read_text()
    _before, _title, after = text.partition(title)
    return after.partition("\n##")[0]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_and_pictures_exist(page):
    broken = []
    for link in links(page):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        name, _hash, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def names(text: str) -> set[str]:
    """Paths and file names that a text puts in code style."""
    blocks = " ".join(re.findall(r"```.*?```", text, re.DOTALL))
    found = set(IN_BLOCK.findall(blocks))
    found |= {name.rstrip("/") for name in NAMED.findall(re.sub(r"```.*?```", "", text, flags=re.DOTALL))}
    return {name for name in found if "/" in name or FILE.search(name)} - ELSEWHERE


@cache
def paths() -> str:
    """Every path of the project, one a line, between slashes, modules with and without « .py »."""
    folders = ["conventions", "opt_partners", "scripts", "benchmarks", "templates", "static", "docs", ".ci"]
    found = [
        path for folder in folders for path in (ROOT / folder).rglob("*") if "__pycache__" not in path.parts
    ]
    found += [path for path in ROOT.iterdir() if path.is_file()]
    plain = {path.relative_to(ROOT).as_posix() for path in found}
    return "".join(f"/{path}/\n" for path in plain | {path.removesuffix(".py") for path in plain})


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_files_and_modules_named_exist(page):
    """By their whole path, or by its end: « lifecycle/table.py »."""
    assert {name for name in names(page.read_text()) if f"/{name}/\n" not in paths()} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_dotted_names_of_modules_exist(page):
    """« conventions.domain.acts.lifecycle.TABLE » is found where it says."""
    dotted = re.findall(r"\bconventions(?:\.\w+)+", " ".join(CODE.findall(page.read_text())))
    assert [name for name in dotted if not _resolves(name)] == []


def _resolves(name: str) -> bool:
    try:
        pkgutil.resolve_name(name)
    except (ImportError, AttributeError):
        return False
    return True


def test_names_of_files_are_found_in_a_text():
    text = (
        "`a/b.py`, "
        "`table.py`, `/sante/`, `make run`, `x.y`, `domain/acts/`, `boitier.py`, "
        "`…/g/h.py`\n```\n`c/d.py` docs/e.md\n```"
    )
    assert names(text) == {"a/b.py", "table.py", "domain/acts", "g/h.py", "docs/e.md"}


def test_readme_links_are_found_at_all():
    """Guards the test above: a pattern that finds nothing would always pass."""
    assert "docs/operations.md" in links(ROOT / "README.md")


@pytest.mark.parametrize("picture", sorted((ROOT / "docs" / "img").glob("*.*")), ids=lambda path: path.name)
def test_picture_is_light_and_shown_somewhere(picture):
    shown = {(page.parent / link).resolve() for page in PAGES for link in links(page)}
    assert picture in shown
    assert picture.stat().st_size <= PICTURE_BYTES


def test_glossary_names_every_model_in_french():
    text = (ROOT / "docs" / "glossary.md").read_text()
    missing = [
        model.__name__
        for model in apps.get_app_config("conventions").get_models()
        if f"| `{model.__name__}` | {model._meta.verbose_name} |" not in text
    ]
    assert missing == []


@pytest.mark.parametrize("choices", CHOICES, ids=lambda choices: choices.__name__)
def test_glossary_lists_every_choice(choices):
    section = glossary_section(f"(`{choices.__name__}`)\n")
    rows = [row for row in section.splitlines() if row.startswith("| `")]
    values = [f"`{member.value}`" if member.value else "(vide)" for member in choices]
    assert rows == [
        f"| `{member.name}` | {value} | {member.label} |"
        for member, value in zip(choices, values, strict=True)
    ]


def test_decisions_are_told_the_most_recent_first():
    """In each part of the page, by the date of each paragraph."""
    months = {name: number for number, name in enumerate(MONTHS, 1)}
    for part in (ROOT / "docs" / "decisions.md").read_text().split("\n## ")[1:]:
        told = re.findall(r"^\*\*.+\*\* \((\d+)(?:er)? (\w+) (\d{4})\)", part, re.MULTILINE)
        dates = [(int(year), months[month], int(day)) for day, month, year in told]
        assert len(dates) == len(re.findall(r"^\*\*", part, re.MULTILINE)) > 0
        assert dates == sorted(dates, reverse=True), part.splitlines()[0]


def test_states_page_follows_the_table_of_transitions():
    """When it fails: .venv/bin/python scripts/states.py"""
    assert states.PAGE.read_text() == states.states_page()


def test_every_requirement_has_its_reason():
    """docs/architecture.md, « Parts », names every line of requirements.txt, and nothing else."""
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    required = {line.split("==")[0] for line in lines if "==" in line}
    section = (ROOT / "docs" / "architecture.md").read_text().partition("## Parts\n")[2].partition("\n## ")[0]
    explained = set(re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE))
    assert explained == required


def test_every_make_target_of_the_documentation_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {name for page in PAGES for name in re.findall(r"\bmake ([a-z]+)`", page.read_text())}
    assert named <= targets
    assert {"run", "test"} <= named
