"""An id under the address of another parent does not exist: each nested address, with the parent of somebody else."""

import pytest
from django.urls import reverse

from conventions.models import JournalEntry
from conventions.tests import factories as f
from conventions.tests.matrix import world as worlds
from conventions.tests.matrix.table import LINES
from conventions.tests.matrix.visits import answer

# What stands beside the parent in an address: ids, for the words (an event, a kind of file) name no row.
IDS = {
    "pk",
    "row",
    "document",
    "file",
    "thread",
    "message",
    "correction",
    "account",
    "part",
    "page",
    "signatory",
}

REFUSED = (404, 302)  # not found, or back to the parent's page with the reason


def nested(world) -> dict[str, str]:
    """{address: the key of the parent}"""
    found = {}
    for name, line in LINES.items():
        keys = set(line.arguments(world))
        parent = "slug" if "slug" in keys else "pk"
        if parent in keys and (keys - {parent}) & IDS:
            found[name] = parent
    return found


def other_parent(name: str, world):
    """A parent of the same sort, as complete, of the same association: the visitor may read it."""
    if name.startswith("admin:partner_"):
        return f.PartnerFactory()
    if name.startswith("admin:scan_"):
        return f.ScanBatchFactory()
    return f.ConventionFactory(
        partner=world.partner, act="signe", act__fundings=[{}], act__obligations=[{}], act__equipment=[{}]
    )


@pytest.mark.slow
@pytest.mark.django_db
def test_child_of_another_parent_does_not_exist(world):
    wrong, known = {}, nested(world)
    assert {"portal:thread", "admin:partner_bank_use", "admin:scan_part"} < set(known)
    for name, parent in known.items():
        line, who = LINES[name], "president" if name.startswith("portal:") else "superuser"
        other = other_parent(name, world)
        arguments = line.arguments(world) | {parent: getattr(other, parent)}
        url = reverse(name, kwargs=arguments)
        for method in ("get", "post") if line.answers[who] == 200 else ("post",):
            with worlds.undone():
                before = JournalEntry.objects.count()
                found = answer(world.clients[who], method, url).status
                wrote = JournalEntry.objects.count() > before
            if found not in REFUSED or wrote:
                wrong[f"{method} {name}"] = f"{found}, {'écrit' if wrote else 'rien écrit'}"
    assert wrong == {}
