"""Each address, for each kind of visitor: what it answers, and nothing else."""

import pytest
from django.conf import settings
from django.urls import URLPattern, get_resolver, reverse

from conventions.tests.matrix import world as worlds
from conventions.tests.matrix.table import LINES, SIGN_IN

# Django's admin answers every other address below /admin/ itself: a 404, or the sign-in page.
UNNAMED = {"admin/(?P<url>.*)$"}


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
    assert unnamed == UNNAMED


def answer(response) -> int | str:
    if response.status_code == 302 and "next=" in response["Location"]:
        page = response["Location"].split("?")[0]
        if page in (reverse("admin:login"), reverse(settings.LOGIN_URL)):
            return SIGN_IN
    return response.status_code


def address(name, world) -> str:
    line = LINES[name]
    return reverse(name, kwargs=line.arguments(world)) + line.query


REFUSALS = {403, 404, SIGN_IN}


@pytest.mark.django_db
@pytest.mark.parametrize("who", worlds.VISITORS)
def test_visitor_gets_what_the_table_says(who):
    world = worlds.build(who)
    client, wrong = world.clients[who], {}
    for name, line in LINES.items():
        url, expected = address(name, world), line.answers[who]
        with worlds.undone():
            found = answer(client.get(url))
        if found != expected:
            wrong[name] = f"{found}, attendu {expected}"
    assert wrong == {}


@pytest.mark.django_db
@pytest.mark.parametrize("who", worlds.VISITORS)
def test_what_is_refused_to_read_is_refused_to_write(who):
    world = worlds.build(who)
    client, wrong = world.clients[who], {}
    for name in [name for name, line in LINES.items() if line.answers[who] in REFUSALS]:
        with worlds.undone():
            found = answer(client.post(address(name, world), {}))
        if found not in REFUSALS | {405}:
            wrong[name] = found
    assert wrong == {}
