"""Pages cost the same number of queries for 1 row and for 30, within a budget.

Public pages 8, pages of the space 12, lists of staff 20.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conventions.tests import factories as f
from conventions.tests.matrix import world as worlds
from conventions.tests.matrix.table import LINES, MODELS
from conventions.tests.matrix.test_matrix import address

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MANY = 30
PUBLIC, SPACE, LIST, STAFF_PAGE = 8, 12, 20, 100
# One query per kind of thing: all that a convention holds, all that waits for somebody.
LARGER = {"admin:index": 25, "portal:convention": 18, "portal:text_in_force": 41}
PUBLIC_PAGES = sorted(
    name for name, line in LINES.items() if name.startswith("public:") and line.answers["anonymous"] == 200
)
SPACE_PAGES = sorted(
    name for name, line in LINES.items() if name.startswith("portal:") and line.answers["president"] == 200
)
STAFF_LISTS = ["admin:index", *sorted(f"admin:{model.replace('.', '_')}_changelist" for model in MODELS)]
EXPORTS = [
    "admin:conventions_clausetemplate_export",
    "admin:conventions_convention_export",
    "admin:conventions_journalentry_export",
    "admin:conventions_partner_export",
]
# Rows of these come with the conventions of the world, or are no more than a handful by nature.
GROWN_ALREADY = {"convention", "partner", "publicsheet", "pressrelease", "journalentry", "clausetemplate"}


def grow(world, count: int) -> None:
    """`count` signed and published conventions of the same association in all, each with `count` lines."""
    sheet, original = world.sheet, world.row("convention")
    for _ in range(count - 1):
        convention = f.ConventionFactory(
            partner=world.partner, act="signe", act__fundings=[{}], act__equipment=[{"lot": True}]
        )
        copy = f.PublicSheetFactory(convention=convention, data=sheet.data, document=sheet.document)
        for partner in sheet.partners.all():
            partner.pk, partner.sheet = None, copy
            partner.save()
        for funding in sheet.fundings.all():
            funding.pk, funding.sheet = None, copy
            funding.save()
        f.PressReleaseFactory(convention=convention, published=True, document=world.release.document)
        f.AttachmentFactory(convention=original)
        f.PresidentFactory(partner=world.partner)
        f.UserFactory(role="lecture")
    for model in MODELS:
        name = model.split(".")[1]
        if name not in GROWN_ALREADY:
            _more_rows(name, count - 1)


def _more_rows(name: str, count: int) -> None:
    factory = worlds.FACTORIES[name]
    for rank in range(count):
        by_slug = {"slug": f"{name}-{rank}"} if "slug" in factory._meta.django_get_or_create else {}
        factory(**by_slug)


def counted(client, url: str) -> tuple[int, list[str]]:
    """Queries of a page already read once: what Django keeps for the process is not counted."""
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            response = client.get(url)
            assert response.status_code == 200, (url, response.status_code)
            if response.streaming:
                b"".join(response.streaming_content)
    return len(captured), [query["sql"][:240] for query in captured]


def faults(world, who: str, pages: list[str], budget: int) -> dict[str, str]:
    """{page: what is wrong} once measured with one row, then with MANY."""
    client = world.clients[who]
    client.raise_request_exception = True
    one = {name: counted(client, address(name, world)) for name in pages}
    grow(world, MANY)
    found = {}
    for name in pages:
        (few, _), (many, queries) = one[name], counted(client, address(name, world))
        if few != many or many > LARGER.get(name, budget):
            print(f"\n{name}", *queries, sep="\n    ")  # noqa: T201 - shown by pytest with the failure
            found[name] = f"{few} requêtes pour 1 ligne, {many} pour {MANY}, budget {budget}"
    return found


@pytest.mark.parametrize(
    ("who", "pages", "budget"),
    [
        pytest.param("anonymous", PUBLIC_PAGES, PUBLIC, id="public"),
        pytest.param("president", SPACE_PAGES, SPACE, id="space"),
        pytest.param(
            "gestionnaire", [name for name in STAFF_LISTS if "_user_" not in name], LIST, id="lists"
        ),
        pytest.param("superuser", ["admin:conventions_user_changelist"], LIST, id="users"),
        pytest.param("gestionnaire", EXPORTS, LIST, id="exports"),
    ],
)
def test_queries_do_not_grow(who, pages, budget):
    assert faults(worlds.build(who), who, pages, budget) == {}


@pytest.mark.parametrize(
    ("who", "pages", "budget"),
    [
        pytest.param("anonymous", ["public:convention_detail", "public:press_detail"], PUBLIC, id="public"),
        pytest.param("president", SPACE_PAGES, SPACE, id="space"),
        pytest.param("gestionnaire", ["admin:conventions_convention_change"], STAFF_PAGE, id="staff"),
    ],
)
def test_queries_do_not_grow_with_the_lines_of_a_convention(who, pages, budget):
    small = worlds.build(who)
    few = {name: counted(small.clients[who], address(name, small))[0] for name in pages}
    large = worlds.build(who, lines=MANY)
    many = {name: counted(large.clients[who], address(name, large))[0] for name in pages}
    assert many == few
    assert {name: count for name, count in many.items() if count > LARGER.get(name, budget)} == {}
