"""What has an id is its owner's: each address, with the ids of another association, for who signs in every day."""

import pytest
from django.urls import reverse

from conventions.models import JournalEntry
from conventions.tests.matrix import world as worlds
from conventions.tests.matrix.lines import Line
from conventions.tests.matrix.table import LINES
from conventions.tests.matrix.test_matrix import REFUSALS
from conventions.tests.matrix.visits import answer

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
WHO = ("president", "reader", "gestionnaire", "comptable")
BY_LINK = "token"  # who has the link may read: it is drawn at random, and known by nobody else
PUBLIC = ("public:", "demo:", "django.")
REFUSED = REFUSALS | {405}


def addresses(own: worlds.World, other: worlds.World) -> dict[tuple[str, str], str]:
    """{(name, the ids that are another's): address}: all of them, then each one alone."""
    found = {}
    for name, line in LINES.items():
        mine = line.arguments(own)
        if not mine or BY_LINK in mine or name.startswith(PUBLIC):
            continue
        theirs = line.arguments(other)
        foreign = [key for key, value in theirs.items() if value != mine[key]]
        if foreign:
            found[name, "all"] = reverse(name, kwargs=theirs) + line.query
        if len(foreign) > 1:
            found |= {
                (name, key): reverse(name, kwargs=mine | {key: theirs[key]}) + line.query for key in foreign
            }
    return found


def may_write(who: str, line: Line) -> bool:
    return line.answers[who] not in REFUSED if line.writers is None else who in line.writers


@pytest.mark.parametrize("who", WHO)
def test_ids_of_another_association_open_and_write_nothing(who):
    own, other = worlds.build(who, lines=3), worlds.build(lines=2)  # neither is the world of this folder
    client, wrong, tried = own.clients[who], {}, addresses(own, other)
    is_staff = who in ("gestionnaire", "comptable")
    assert len(tried) > 100
    for (name, which), url in tried.items():
        line = LINES[name]
        # Staff read every file: all the ids of another one are theirs too, one alone is not that file's.
        expected = {line.answers[who]} if is_staff and which == "all" else REFUSED | {302}
        refused = REFUSED | {302} | ({200} if is_staff else set())  # or the page again, with the reason
        for method in ("get", "post"):
            if method == "post" and which == "all" and may_write(who, line):
                continue
            with worlds.undone():
                before = JournalEntry.objects.count()
                found = answer(client, method, url).status
                wrote = JournalEntry.objects.count() > before
            if found not in (expected if method == "get" else refused) or wrote:
                wrong[f"{method} {name} ({which})"] = f"{found}, {'écrit' if wrote else 'rien écrit'}"
    assert wrong == {}
