"""The contexts that tests of documents read are those that the product assembles today from rows."""

import pytest

from conventions.tests.files import kept
from conventions.tests.pdf import samples

pytestmark = [pytest.mark.django_db, pytest.mark.pdf, pytest.mark.slow]
COMMAND = "python -m conventions.tests.files.kept"


def test_kept_contexts_are_what_rows_give_today():
    found = {f"{name}.json": kept.written(context) for name, context in kept.assembled().items()}
    there = {path.name: path.read_text() for path in kept.FOLDER.glob("*.json")}
    changed = {name for name in found | there if found.get(name) != there.get(name)}
    assert changed == set(), f"Read what changed, then run: {COMMAND}"


def test_articles_proposed_from_a_kept_context_are_those_of_its_rows():
    for name in ("convention", "avenant", "resiliation"):
        context = samples.kept(name)
        assert samples.with_clauses(context) == context, name
