"""Each address, for each kind of visitor: what it answers, and nothing else."""

import re

import pytest
from django.conf import settings
from django.urls import URLPattern, get_resolver, reverse

from conventions.models import JournalEntry
from conventions.tests.harness import PageFault
from conventions.tests.matrix import world as worlds
from conventions.tests.matrix.table import LINES, SIGN_IN

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


def answer(client, method: str, url: str) -> int | str:
    """The status of a page, read to its end; SIGN_IN for a redirection to where one signs in; else what broke."""
    try:
        response = getattr(client, method)(url)
    except PageFault as fault:
        return str(fault)
    if response.streaming:
        for _ in response.streaming_content:
            pass  # read to its end, a file is closed
    if response.status_code == 500:
        return f"500 : {response.exc_info[1]!r}"
    if response.status_code == 302 and "next=" in response["Location"]:
        page = response["Location"].split("?")[0]
        if page in (reverse("admin:login"), reverse(settings.LOGIN_URL)):
            return SIGN_IN
    return response.status_code


def address(name, world) -> str:
    line = LINES[name]
    return reverse(name, kwargs=line.arguments(world)) + line.query


REFUSALS = {403, 404, SIGN_IN}


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("who", worlds.VISITORS)
def test_visitor_gets_what_the_table_says(who):
    world = worlds.build(who)
    client, wrong = world.clients[who], {}
    for name, line in LINES.items():
        url, expected = address(name, world), line.answers[who]
        with worlds.undone():
            found = answer(client, "get", url)
        if found != expected:
            wrong[name] = f"{found}, attendu {expected}"
    assert wrong == {}


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("who", worlds.VISITORS)
def test_visitor_writes_only_where_the_table_says(who):
    """An empty POST is refused wherever reading is, and to whoever is not among the writers."""
    world = worlds.build(who)
    client, wrong = world.clients[who], {}
    for name, line in LINES.items():
        closed = line.answers[who] in REFUSALS if line.writers is None else who not in line.writers
        if not closed and line.writers is None:
            continue
        url = address(name, world)
        with worlds.undone():
            before = JournalEntry.objects.count()
            found = answer(client, "post", url)
            wrote = JournalEntry.objects.count() > before
        refused = found in REFUSALS | {405}
        # A refusal may also be the page again, with the reason: nothing is written.
        if wrote if closed else refused:
            wrong[name] = f"{found}, {'écrit' if wrote else 'rien écrit'}"
    assert wrong == {}
