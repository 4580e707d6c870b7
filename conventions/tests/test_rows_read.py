"""Lists, details and exports read the same with 20 past conventions and with 2,000.

What a page reads is counted by each engine in its own unit (`harness.rows_read`). On PostgreSQL a count reads its rows:
a list that says how many it has may read each row of its own table once, an export a given number of rows for each line
that it writes. Nothing else grows.
"""

import pytest
from django.db import connection

from conventions.models import Convention
from conventions.tests.factories.many import Many
from conventions.tests.harness import rows_read
from conventions.tests.matrix import world as worlds
from conventions.tests.matrix.test_matrix import address
from conventions.tests.test_budgets import PUBLIC_PAGES, SPACE_PAGES, STAFF_LISTS, grow

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FEW, MANY = 30, 2_000
MARGIN = 1.3  # a page that was not full yet, a plan that the engine changes
# Pages of staff that are no list.
STAFF_PAGES = [
    "admin:conventions_convention_change",
    "admin:conventions_convention_follow",
    "admin:conventions_convention_history",
    "admin:conventions_partner_change",
]
# What reads the past until its own order comes: the figures of money, the public site.
LATER = {
    "admin:index": "the figures of the year are read from their rows",
    "admin:figures": "the figures of the year are read from their rows",
}


def read_by(client, url: str) -> int:
    """What a page reads; its second time, since the first fills what a process keeps."""
    for _ in range(2):
        with rows_read() as read:
            response = client.get(url)
            assert response.status_code == 200, (url, response.status_code)
            if response.streaming:
                b"".join(response.streaming_content)
    return read.count


def measured(who: str, pages: list[str]) -> dict[str, tuple[int, int]]:
    """{page: (what it reads with few past conventions, with many)}."""
    world = worlds.build(who)
    grow(world, FEW)
    many, client = Many(), world.clients[who]
    many.grow(1)
    few = {name: read_by(client, address(name, world)) for name in pages}
    many.grow(MANY)
    return {name: (few[name], read_by(client, address(name, world))) for name in pages}


@pytest.mark.parametrize(
    ("who", "pages"),
    [
        pytest.param("anonymous", PUBLIC_PAGES, id="public"),
        pytest.param("president", SPACE_PAGES, id="space"),
        pytest.param("gestionnaire", [name for name in STAFF_LISTS if "_user_" not in name], id="lists"),
        pytest.param("gestionnaire", STAFF_PAGES, id="pages"),
    ],
)
def test_what_a_page_reads_does_not_grow(who, pages):
    found = measured(who, pages)
    counted = Convention.objects.count() * 8 if connection.vendor == "postgresql" else 0
    grown = {
        name: f"{few} lus, puis {many}"
        for name, (few, many) in found.items()
        if name not in LATER and many > MARGIN * few + counted
    }
    assert grown == {}
