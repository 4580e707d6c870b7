"""« de » is joined to a name by the grammar alone: « d’Ida », « du Comité ». Nobody writes the join by hand."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# What never begins with a vowel, an h or an article: numbers, quoted names, dates.
_SAFE = re.compile(
    r"counted\(|show_xpf\(|show_date\(|len\(|_named\(|[A-Z_]+\}|\d"
    r"|(?:before|first|ordinal|expected|documents|pages|found\.text)\}"
)
_IN_PYTHON = re.compile(r"\b[dD]e \{(?P<value>[^{}]+\}?)")
_IN_TEMPLATES = re.compile(r"\b[dD]e \{\{ (?P<value>[^}]+) \}\}")
_SAFE_IN_TEMPLATES = re.compile(r"\|(?:date|xpf|number|length|long_date)|^(?:item|code|count)$")


def joined_in(text: str) -> list[str]:
    """The values that a module puts after « de » by hand."""
    lines = (line for line in text.splitlines() if "raise ValueError" not in line)
    found = (match["value"] for line in lines for match in _IN_PYTHON.finditer(line))
    return [value for value in found if not _SAFE.match(value)]


def product_modules() -> list[Path]:
    found = (ROOT / "conventions").rglob("*.py")
    return sorted(path for path in found if not {"tests", "migrations", "reference"} & set(path.parts))


def test_no_module_joins_de_to_a_value():
    found = {str(path.relative_to(ROOT)): joined_in(path.read_text()) for path in product_modules()}
    assert {path: values for path, values in found.items() if values} == {}


def test_no_template_joins_de_to_a_value():
    found = {}
    for path in sorted((ROOT / "templates").rglob("*.html")):
        values = [match["value"] for match in _IN_TEMPLATES.finditer(path.read_text())]
        if wrong := [value for value in values if not _SAFE_IN_TEMPLATES.search(value)]:
            found[str(path.relative_to(ROOT))] = wrong
    assert found == {}


@pytest.mark.parametrize("line", ['f"Signature de {who}."', 'f"Adresse de {str(person)}"'])
def test_a_join_by_hand_is_seen(line):
    assert joined_in(line) != []
