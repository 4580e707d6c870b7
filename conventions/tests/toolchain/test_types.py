"""Types are checked over the whole product: a new package is in without a word, an exception gives its reason."""

import configparser
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
NOT_SHIPPED = ("conventions/tests/", "conventions/migrations/")
STRICT = ("disallow_untyped_defs", "disallow_incomplete_defs", "check_untyped_defs", "warn_unused_ignores")
IGNORED = re.compile(r"# type: ignore(?!\[[a-z, -]+\]  # \w)")


@pytest.fixture(scope="module")
def mypy():
    parser = configparser.ConfigParser()
    parser.read(ROOT / "mypy.ini")
    return parser


def modules():
    """{path from the root: source} of every Python file of the site and of its tools."""
    paths = [
        path
        for package in ("benchmarks", "conventions", "opt_partners", "scripts")
        for path in (ROOT / package).rglob("*.py")
    ]
    return {path.relative_to(ROOT).as_posix(): path.read_text() for path in paths}


def test_the_whole_product_is_checked(mypy):
    roots = [name.strip() for name in mypy["mypy"]["files"].split(",")]
    excluded = re.compile(mypy["mypy"]["exclude"])
    unchecked = {
        path
        for path in modules()
        if not any(f"{path}/".startswith(f"{root}/") for root in roots) or excluded.search(path)
    }
    assert unchecked == {path for path in modules() if path.startswith(NOT_SHIPPED)}


def test_every_function_says_what_it_takes_and_gives(mypy):
    assert all(mypy["mypy"].getboolean(flag) for flag in STRICT)
    own = [name for name in mypy.sections() if re.match(r"mypy-(conventions|opt_partners)", name)]
    assert own == [], "no package has rules of its own"


def test_what_is_ignored_has_its_code_and_its_reason():
    shipped = {path: text for path, text in modules().items() if not path.startswith(NOT_SHIPPED)}
    assert {path for path, text in shipped.items() if IGNORED.search(text)} == set()
