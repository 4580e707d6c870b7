"""Each address, for each kind of visitor: what it answers, and nothing else."""

import re

import pytest
from django.urls import URLPattern, get_resolver

from conventions.models import JournalEntry
from conventions.tests.matrix import world as worlds
from conventions.tests.matrix.table import LINES, SIGN_IN
from conventions.tests.matrix.visits import OUTSIDERS, address, answer

# Django's admin answers these itself: a 404 or the sign-in page, and old addresses of a row.
UNNAMED = re.compile(r"admin/\(\?P<url>\.\*\)\$|admin/\w+/\w+/<path:object_id>/")


def named_patterns(resolver=None, namespaces=(), route="") -> tuple[set[str], set[str]]:
    """(names of all addresses, routes of those without a name)."""
    names, unnamed = set(), set()
    for pattern in (resolver or get_resolver()).url_patterns:
        path = route + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            if pattern.name:
                names.add(":".join([*namespaces, pattern.name]))
            else:
                unnamed.add(path)
            continue
        inner = namespaces + ((pattern.namespace,) if pattern.namespace else ())
        more_names, more_unnamed = named_patterns(pattern, inner, path)
        names |= more_names
        unnamed |= more_unnamed
    return names, unnamed


def test_every_address_has_its_line():
    names, unnamed = named_patterns()
    assert names - set(LINES) == set(), "Ajoutez ces adresses à conventions/tests/matrix/table.py."
    assert set(LINES) - names == set(), "Ces adresses n’existent plus."
    assert [route for route in unnamed if not UNNAMED.fullmatch(route)] == []


REFUSALS = {403, 404, SIGN_IN}


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("who", worlds.VISITORS)
def test_visitor_gets_what_the_table_says(visits, who):
    expected = {name: line.answers[who] for name, line in LINES.items()}
    found = {name: answer.status for name, answer in visits(who).items()}
    wrong = {
        name: f"{found[name]}, attendu {status}" for name, status in expected.items() if found[name] != status
    }
    assert wrong == {}


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("who", worlds.VISITORS)
def test_reading_writes_nothing_and_shows_outsiders_nothing_private(visits, who):
    answers = visits(who)
    assert {name: found.tables for name, found in answers.items() if found.tables} == {}
    assert (
        who not in OUTSIDERS
        or {name: found.private for name, found in answers.items() if found.private} == {}
    )


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("who", worlds.VISITORS)
def test_visitor_writes_only_where_the_table_says(world, who):
    """An empty POST is refused wherever reading is, and to whoever is not among the writers."""
    client, wrong = world.clients[who], {}
    for name, line in LINES.items():
        closed = line.answers[who] in REFUSALS if line.writers is None else who not in line.writers
        if not closed and line.writers is None:
            continue
        url = address(name, world)
        with worlds.undone():
            before = JournalEntry.objects.count()
            found = answer(client, "post", url).status
            wrote = JournalEntry.objects.count() > before
        refused = found in REFUSALS | {405}
        # A refusal may also be the page again, with the reason: nothing is written.
        if wrote if closed else refused:
            wrong[name] = f"{found}, {'écrit' if wrote else 'rien écrit'}"
    assert wrong == {}
