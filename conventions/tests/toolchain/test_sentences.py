"""docs/sentences.md quotes the product: each sentence is still said, each test that holds it is there."""

import re
from functools import cache

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
ROW = re.compile(r"^\| « (?P<said>.+) » \|[^|]+\| `(?P<test>[^`]+)` \|$", re.MULTILINE)
ROWS = [match.groupdict() for match in ROW.finditer((ROOT / "docs" / "sentences.md").read_text())]


@cache
def product() -> str:
    """All that is said, one string: literals that Python joins are joined, spaces are plain."""
    pages = "\n".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    files = [path for path in (ROOT / "conventions").rglob("*.py") if "tests" not in path.parts]
    code = re.sub(r'"\n\s*f?"', "", "\n".join(path.read_text() for path in files))
    text = re.sub(r"<[^>]+>", "", pages.replace("&nbsp;", " ")) + code
    return re.sub(r"[\u00a0\u202f]", " ", text)


def test_table_is_read_whole():
    text = (ROOT / "docs" / "sentences.md").read_text()
    assert len(ROWS) == sum(line.startswith("| «") for line in text.splitlines()) > 20


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["said"][:40])
def test_sentence_is_said_and_tried(row):
    assert re.sub(r"[\u00a0\u202f]", " ", row["said"]) in product()
    assert (ROOT / "conventions" / "tests" / row["test"]).is_file()
