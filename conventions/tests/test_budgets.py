"""Pages cost the same number of queries for 1 row and for 30, within a budget.

Public pages 8, pages of the space 12, lists of staff 20.
"""

import pytest

from conventions.tests import factories as f
from conventions.tests.harness import captured_queries
from conventions.tests.matrix import world as worlds
from conventions.tests.matrix.table import LINES, MODELS
from conventions.tests.matrix.visits import address

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
EXPORTS = sorted(f"admin:{model.replace('.', '_')}_export" for model in MODELS)
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
        with captured_queries() as captured:
            response = client.get(url)
            assert response.status_code == 200, (url, response.status_code)
            if response.streaming:
                b"".join(response.streaming_content)
    return len(captured), [query["sql"][:240] for query in captured]


def measured(world, asked) -> dict[tuple[str, str], tuple[int, list[str]]]:
    """Each page asked for, by each of its readers: its queries."""
    for who, _pages, _budget in asked:
        world.clients[who].raise_request_exception = True
    return {
        (who, name): counted(world.clients[who], address(name, world))
        for who, pages, _budget in asked
        for name in pages
    }


def faults(asked, one, more) -> dict[tuple[str, str], str]:
    """{reader and page: what is wrong} of pages measured with one row, then with MANY."""
    budgets, found = {(who, name): budget for who, pages, budget in asked for name in pages}, {}
    for page, budget in budgets.items():
        (few, _), (many, queries) = one[page], more[page]
        if few != many or many > LARGER.get(page[1], budget):
            print(f"\n{page}", *queries, sep="\n    ")  # noqa: T201 - shown by pytest with the failure
            found[page] = f"{few} requêtes pour 1 ligne, {many} pour {MANY}, budget {budget}"
    return found


PAGES = (
    ("anonymous", PUBLIC_PAGES, PUBLIC),
    ("president", SPACE_PAGES, SPACE),
    ("gestionnaire", [name for name in STAFF_LISTS if "_user_" not in name], LIST),
    ("superuser", ["admin:conventions_user_changelist", "admin:conventions_user_export"], LIST),
    ("gestionnaire", [name for name in EXPORTS if "_user_" not in name], LIST),
)
OF_LINES = (
    ("anonymous", ["public:convention_detail", "public:press_detail"], PUBLIC),
    ("president", SPACE_PAGES, SPACE),
    ("gestionnaire", ["admin:conventions_convention_change"], STAFF_PAGE),
)


def test_queries_do_not_grow():
    world = worlds.build(*{who for who, _pages, _budget in PAGES})
    for model in MODELS:
        world.row(model.split(".")[1])
    one = measured(world, PAGES)
    grow(world, MANY)
    assert faults(PAGES, one, measured(world, PAGES)) == {}


def test_queries_do_not_grow_with_the_lines_of_a_convention():
    readers = [who for who, _pages, _budget in OF_LINES]
    one = measured(worlds.build(*readers), OF_LINES)
    assert faults(OF_LINES, one, measured(worlds.build(*readers, lines=MANY), OF_LINES)) == {}
