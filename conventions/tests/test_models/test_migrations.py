"""Migrations say all that the models say; the French catalogue knows every plural."""

import ast
import io
import re

import pytest
from django.core.management import call_command
from django.utils import translation
from django.utils.translation.template import templatize

from conventions.tests.test_architecture import own_code, templates, tree

PLURAL_CALL = re.compile(r"""ngettext\(u?(['"])(?P<one>.*?)\1, ?u?(['"])(?P<many>.*?)\3,""", re.DOTALL)


@pytest.mark.django_db
def test_migrations_are_complete():
    said = io.StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=said)
    assert said.getvalue().strip() == "No changes detected"


def plurals_of_code() -> set[tuple[str, str]]:
    return {
        (node.args[0].value, node.args[1].value)
        for path in own_code()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).split(".")[-1] in {"ngettext", "ngettext_lazy"}
        and all(isinstance(argument, ast.Constant) for argument in node.args[:2])
    }


def plurals_of_templates() -> set[tuple[str, str]]:
    texts = [templatize(path.read_text()) for path in templates().values() if path.suffix == ".html"]
    return {(found["one"], found["many"]) for text in texts for found in PLURAL_CALL.finditer(text)}


def test_the_plurals_of_a_template_are_found():
    text = (
        "{% blocktranslate count n=n %}{{ n }} appareil{% plural %}{{ n }} appareils{% endblocktranslate %}"
    )
    found = PLURAL_CALL.search(templatize(text))
    assert (found["one"], found["many"]) == ("%(n)s appareil", "%(n)s appareils")


def test_nothing_is_singular_in_french():
    """« 0 convention »: without an entry of the catalogue, « 0 conventions » is printed."""
    with translation.override("fr"):
        wrong = [
            one
            for one, many in sorted(plurals_of_code() | plurals_of_templates())
            if translation.ngettext(one, many, 0) != one
        ]
    assert wrong == []
