"""The line of the journal tells all that a save changed, and nothing else: as if the whole file were read twice."""

import json

import pytest

from conventions.domain.acts import drafting
from conventions.enums import InstalmentCondition, PartyRole
from conventions.models import Act, Convention, JournalEntry
from conventions.tests.admin.conventions.browser_post import add_line, form_data
from conventions.tests.admin.conventions.test_events import complete
from conventions.tests.admin.conventions.test_page_queries import more_lines
from conventions.tests.factories import (
    AreaFactory,
    BudgetLineFactory,
    EquipmentTermFactory,
    InstalmentTermFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.django_db


def told_by_last_line() -> dict[str, list]:
    line = JournalEntry.objects.select_related("personal").order_by("-pk").first()
    assert line.event == "convention_modifiee"
    side = getattr(line, "personal", None)
    told = json.loads(line.payload)["changes"] | (side.data if side else {})
    return {key: pair for key, pair in told.items() if isinstance(pair, list)}


def whole(act: Act) -> dict:
    return drafting.read_content(Convention.objects.get(pk=act.convention_id), Act.objects.get(pk=act.pk))


def change(data, _act):
    """A column of each kind, links, a line changed, one added, one removed."""
    data |= {"title": ["Dojo, deux (fictif)"], "notes": ["Une note"], "place": ["Koné"]}
    data |= {"purpose": ["Un autre objet (fictif)"], "themes": [str(ThemeFactory().pk)]}
    data |= {"funding-0-label": ["Achat de tatamis (fictif)"], "inkind-0-DELETE": ["on"]}
    add_line(data, "source", title="Une dépêche (fictif)", url="https://exemple.nc/", publishable="")


def change_party(data, _act):
    """Lines of other tables name it: their words change with it."""
    rank = next(n for n in range(3) if data[f"party-{n}-role"] != [PartyRole.OPT])
    data[f"party-{rank}-role"] = [PartyRole.PARTY]


def change_duty(data, _act):
    data["obligation-0-text"] = ["Un autre engagement (fictif)"]
    data["signatory-0-last_name"] = ["AUTRE (fictif)"]


def change_paper(data, act):
    """Its annex names it."""
    rank = data_rank(data, "attachment", act.annexes.get().attachment_id)
    data[f"attachment-{rank}-title"] = ["Un autre nom (fictif)"]


def change_links(data, _act):
    data.pop("themes", None)
    data |= {"areas": [str(AreaFactory().pk)], "new_beneficiaries": ["Bénéficiaire neuf (fictif)"]}


def change_kind_of_support(data, _act):
    """Articles that nobody touched follow."""
    data["equipmentterm-0-transfer"] = ["pret"]
    data |= {"path": ["en_ligne"], "new_project": ["Projet neuf (fictif)"]}


def add_by_paste(data, _act):
    add_line(data, "budgetline", side="depense", heading="Cordes (fictif)", status="connu", amount="12 000")
    data["instalmentterm-0-label"] = ["Premier versement (fictif)"]


def data_rank(data, key: str, pk: int) -> int:
    return next(n for n in range(100) if data[f"{key}-{n}-id"] == [str(pk)])


@pytest.mark.parametrize(
    "typed",
    [
        change,
        change_party,
        change_duty,
        change_paper,
        change_links,
        change_kind_of_support,
        add_by_paste,
    ],
)
def test_line_tells_what_two_whole_readings_would(as_role, officer, draft, page_of, the_act, typed):
    complete(draft, the_act)
    more_lines(the_act, 1)
    EquipmentTermFactory(act=the_act)
    BudgetLineFactory(act=the_act)
    InstalmentTermFactory(
        act=the_act, condition_kind=InstalmentCondition.REPORT, obligation=the_act.obligation_set.first()
    )
    draft.themes.add(ThemeFactory())
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    typed(data, the_act)
    before = whole(the_act)
    assert client.post(page_of(draft), data).status_code == 302
    expected = drafting.differences(before, whole(the_act))
    assert expected
    assert told_by_last_line() == json.loads(json.dumps(expected, default=str))
    draft.refresh_from_db()
    assert draft.version == 2


def test_save_that_changes_nothing_tells_nothing(as_role, officer, draft, page_of, the_act):
    complete(draft, the_act)
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    lines = JournalEntry.objects.count()
    assert client.post(page_of(draft), data).status_code == 302
    draft.refresh_from_db()
    assert (JournalEntry.objects.count(), draft.version) == (lines, 1)
