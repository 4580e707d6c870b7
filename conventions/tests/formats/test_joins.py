"""A word that changes before a name is joined to it by the grammar alone: « d’Ida », « au Comité », « qu’elle ».

Nobody writes « de », « à », « que », « le », « du » before a value, unless it is a number, an hour or a date.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# What never begins with a vowel, an h or an article: numbers, quoted names, dates.
_SAFE = re.compile(
    r"counted\(|show_number\(|show_xpf\(|show_date\(|len\(|_named\(|[A-Z_]+(?:\.days)?\}|\d"
    r"|(?:before|first|ordinal|expected|documents|pages|found\.text)\}"
    # « la délibération », « l’annexe », « le valider », « que la convention », an amount, the moment of a link.
    r"|(?:decision|promised|verb|w\.the|after|row\.link_opened)\}"
)
_CHANGING = r"(?:[dD]e|[dD]u|[àÀ]|[aA]u|[lL]e|[lL]a|[qQ]ue|[jJ]usque|[lL]orsque|[pP]uisque|[nN]e|[sS]e)"
_IN_PYTHON = re.compile(rf"\b{_CHANGING} \{{(?P<value>[^{{}}]+\}}?)")
_IN_TEMPLATES = re.compile(rf"\b{_CHANGING} \{{\{{ (?P<value>[^}}]+) \}}\}}")
# Of a date, « le 1er », « du 8 », « au 11 » change nothing, nor do an hour and a price.
_DATED = re.compile(
    r"(?:\w+\.)*_?(?:long_date|short_date|show_date|show_moment|weekday_date|day_and_month|show_partial|show_size|day"
    r"|_day|day_of|_day_and_hour|_moment)\(|(?:\w+\.)*(?:\w+_(?:on|at|end|shown)|local|now|hour|at\.hour|day|moment|end|start|shown|on|when"
    r"|first|last|until|by|price)(?:[}:.(]|$)|timezone\.localtime\(|words_for_count\(|join_list\(titles\)"
)
_SAFE_IN_TEMPLATES = re.compile(
    r"\|(?:date|xpf|number|length|long_date)"
    r"|^(?:item|code|count|most|row\.source|row\.newer|mail\.to|person\.signed)$"
)


def joined_in(text: str) -> list[str]:
    """The values that a module puts by hand after a word that changes."""
    lines = (line for line in text.splitlines() if "raise ValueError" not in line)
    found = (match["value"] for line in lines for match in _IN_PYTHON.finditer(line))
    return [value for value in found if not (_SAFE.match(value) or _DATED.match(value))]


def product_modules() -> list[Path]:
    found = (ROOT / "conventions").rglob("*.py")
    return sorted(path for path in found if not {"tests", "migrations", "reference"} & set(path.parts))


def test_no_module_joins_a_word_that_changes_to_a_value():
    found = {str(path.relative_to(ROOT)): joined_in(path.read_text()) for path in product_modules()}
    assert {path: values for path, values in found.items() if values} == {}


def test_no_template_joins_a_word_that_changes_to_a_value():
    found = {}
    for path in sorted((ROOT / "templates").rglob("*.html")):
        values = [match["value"] for match in _IN_TEMPLATES.finditer(path.read_text())]
        if wrong := [one for one in values if not (_SAFE_IN_TEMPLATES.search(one) or _DATED.match(one))]:
            found[str(path.relative_to(ROOT))] = wrong
    assert found == {}


@pytest.mark.parametrize("line", [
        'f"Signature de {who}."', 'f"Adresse de {str(person)}"', 'f"Confié à {colleague}."', 'f"Fait au {place}"',
        'f"Il faut que {who} signe"', 'f"C’est le {noun}"', 'f"Avis du {body}"',
    ],
)  # fmt: skip
def test_a_join_by_hand_is_seen(line):
    assert joined_in(line) != []
