"""Lists, details and exports: a budget with one row of each sort, another for each more, and none for the past.

They read the same with 20 past conventions and with 2,000.

What a page reads is counted by each engine in its own unit (`harness.rows_read`). On PostgreSQL a count reads its rows:
a list that says how many it has may read each row of its own table once, an export a given number of rows for each line
that it writes. Nothing else grows.
"""

import pytest
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection

from conventions.tests.factories.many import Many
from conventions.tests.harness import rows_read
from conventions.tests.matrix import world as worlds
from conventions.tests.matrix.visits import address
from conventions.tests.test_budgets import EXPORTS, PUBLIC_PAGES, SPACE_PAGES, STAFF_LISTS, grow

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
# What each past convention costs, at most: on SQLite tens of steps of its machine, on PostgreSQL rows read. A count and
# the sum of a selection read each of its rows; the figures of money and the public site read the past until their own
# orders come.
EACH = {
    # Of tables of a few thousand rows PostgreSQL still reads the whole here, to hash it once, rather than an index.
    "portal:home": (1, 6),
    "admin:index": (25, 18),
    "admin:figures": (40, 20),
    # What is charged, and what is not, is summed from the lines of money.
    "admin:conventions_envelope_changelist": (25, 20),
    "admin:conventions_envelope_export": (10, 10),
    "admin:conventions_convention_changelist": (14, 8),
    "admin:conventions_journalentry_changelist": (2, 4),
    "admin:conventions_partner_change": (2, 2),
    "admin:conventions_kind_changelist": (2, 2),
    # An export writes a line for each convention, for each line of its journal.
    "admin:conventions_convention_export": (40, 20),
    "admin:conventions_journalentry_export": (95, 40),
    "admin:conventions_partner_export": (6, 6),
    "admin:conventions_kind_export": (2, 2),
    "admin:conventions_pressrelease_export": (3, 3),
    "admin:conventions_publicsheet_export": (6, 6),
}
PUBLIC_EACH = (25, 14)
# With one row of each sort, at most; for each row more of each sort, at most. On SQLite, then on PostgreSQL, which has
# not counted its tables yet and looks through small ones again and again.
ONE = {
    "public": ((75, 25), (65, 32)),
    "space": ((1_300, 260), (200, 45)),
    "lists": ((620, 340), (130, 380)),
    "pages": ((1_300, 400), (160, 400)),
    "exports": ((450, 300), (140, 1_000)),
}
# Every article that is delivered.
LONG = {
    "admin:conventions_clausetemplate_changelist": (2_900, 600),
    "admin:conventions_clausetemplate_export": (2_400, 420),
}
# A payment comes with its convention, its line of funding and who may be paid.
MORE = {"admin:conventions_payment_export": (190, 1_000)}
COUNTED = (1, 2)  # a list says how many rows it has: its own, or those of one table beside


@pytest.fixture(autouse=True)
def _of_engine(db):
    """On PostgreSQL: keys that start again after a test that made many, and a path by index wherever there is one."""
    models = list(apps.get_app_config("conventions").get_models())
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(sql)
        if connection.vendor == "postgresql":  # of a table of 2,000 rows it rather reads all
            cursor.execute("SET LOCAL enable_seqscan = off")


def read_by(client, url: str) -> int:
    """What a page reads; its second time, since the first fills what a process keeps."""
    for _ in range(2):
        with rows_read() as read:
            response = client.get(url)
            assert response.status_code == 200, (url, response.status_code)
            if response.streaming:
                b"".join(response.streaming_content)
    return read.count


def measured(who: str, pages: list[str]) -> dict[str, tuple[int, int, int]]:
    """{page: (what it reads with one row of each sort, with few and few past conventions, with many of those)}."""
    world = worlds.build(who)
    client = world.clients[who]

    def read() -> dict[str, int]:
        return {name: read_by(client, address(name, world)) for name in pages}

    one = read()
    grow(world, FEW)
    many = Many()
    many.grow(1)
    few = read()
    many.grow(MANY)
    last = read()
    return {name: (one[name], few[name], last[name]) for name in pages}


@pytest.mark.parametrize(
    ("sort", "who", "pages"),
    [
        ("public", "anonymous", PUBLIC_PAGES),
        ("space", "president", SPACE_PAGES),
        ("lists", "gestionnaire", [name for name in STAFF_LISTS if "_user_" not in name]),
        ("pages", "gestionnaire", STAFF_PAGES),
        ("exports", "gestionnaire", [name for name in EXPORTS if "_user_" not in name]),
    ],
    ids=["public", "space", "lists", "pages", "exports"],
)
def test_what_a_page_reads_does_not_grow(sort, who, pages):
    found, engine = measured(who, pages), int(connection.vendor == "postgresql")
    grown, (least, more) = {}, ONE[sort]
    for name, (one, few, many) in found.items():
        if one > LONG.get(name, least)[engine] or few > one + MORE.get(name, more)[engine] * (FEW - 1):
            grown[f"{name}, d’abord"] = f"{one} lus, puis {few}"
        each = EACH.get(name, PUBLIC_EACH if who == "anonymous" else COUNTED)[engine]
        if many > MARGIN * few + each * MANY:
            grown[name] = f"{few} lus, puis {many}"
    assert grown == {}
