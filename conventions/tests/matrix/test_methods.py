"""No address does anything for another verb than POST, and no private page stays in a shared cache."""

import pytest

from conventions.models import JournalEntry
from conventions.tests.matrix import world as worlds
from conventions.tests.matrix.table import LINES, SIGN_IN
from conventions.tests.matrix.visits import address, answer

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
WHO = ("superuser", "president")
PRIVATE = ("portal:", "admin:", "signing:", "jobs:")
SAME_FOR_ALL = ("admin:jsi18n",)  # words of Django's own scripts


@pytest.mark.parametrize("method", ["head", "delete"])
@pytest.mark.parametrize("who", WHO)
def test_other_verbs_write_nothing(world, who, method):
    client, wrong = world.clients[who], {}
    for name in LINES:
        url = address(name, world)
        with worlds.undone():
            before = JournalEntry.objects.count()
            found = answer(client, method, url).status
            wrote = JournalEntry.objects.count() > before
        if wrote or not (isinstance(found, int) or found == SIGN_IN):
            wrong[name] = f"{found}, {'écrit' if wrote else 'rien écrit'}"
    assert wrong == {}


@pytest.mark.parametrize("who", WHO)
def test_private_pages_stay_out_of_shared_caches(visits, who):
    kept = {
        name: answer.kept
        for name, answer in visits(who).items()
        if LINES[name].answers[who] == 200 and name.startswith(PRIVATE) and name not in SAME_FOR_ALL
        if "private" not in answer.kept and "no-store" not in answer.kept
    }
    assert kept == {}


@pytest.mark.parametrize("who", ["anonymous", "president"])
def test_only_the_public_site_is_kept_by_others_and_only_for_who_has_no_session(visits, who):
    kept = {name for name, answer in visits(who).items() if "public" in answer.kept}
    if who == "anonymous":
        assert {
            "public:home",
            "public:convention_list",
            "public:convention_detail",
            "public:press_list",
        } <= kept
        assert not [name for name in kept if not name.startswith("public:")]
    else:
        assert not kept
