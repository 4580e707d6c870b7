"""Two people on the same page: the second sees, beside what was typed, what the first saved; nothing is lost."""

import pytest

from conventions.models import Convention
from conventions.tests.admin.conventions.browser_post import add_line, form_data
from conventions.tests.factories import EquipmentTermFactory, FundingFactory, UserFactory


@pytest.fixture
def both(as_role, officer, draft, page_of, the_act):
    """Two officers with the page open: (client, data) of the first to save, then of the second."""
    FundingFactory(act=the_act, amount=2_000_000, budget_year=2027)
    EquipmentTermFactory(act=the_act, serial="SN1")
    colleague = UserFactory(role="gestionnaire", first_name="Noé", last_name="COLLÈGUE (fictif)")
    first, second = as_role(colleague), as_role(officer)
    return (first, form_data(first.get(page_of(draft)))), (second, form_data(second.get(page_of(draft))))


def meetings_of(page):
    return {
        meeting.label: (meeting.yours, meeting.theirs, meeting.outcome)
        for meeting in page.context["meetings"]
    }


def test_same_field_keeps_what_was_typed_and_shows_the_other(both, draft, page_of):
    (first, his), (second, hers) = both
    first.post(page_of(draft), his | {"title": ["Titre de Noé"]})
    page = second.post(page_of(draft), hers | {"title": ["Titre de Léa"], "purpose": ["Objet de Léa"]})
    assert page.status_code == 409
    assert page.context["authors"] == ["Noé COLLÈGUE (fictif)"]
    assert meetings_of(page) == {"Titre": ("Titre de Léa", "Titre de Noé", "Votre saisie est gardée.")}
    assert Convention.objects.get().title == "Titre de Noé"
    again = form_data(page)
    assert (again["title"], again["purpose"], again["version"]) == (["Titre de Léa"], ["Objet de Léa"], ["2"])
    assert second.post(page_of(draft), again).status_code == 302
    saved = Convention.objects.get()
    assert (saved.title, saved.purpose, saved.version) == ("Titre de Léa", "Objet de Léa", 3)


def test_field_only_the_other_changed_is_taken_up(both, draft, page_of, the_act):
    (first, his), (second, hers) = both
    first.post(
        page_of(draft), his | {"notes": ["Vu"], "funding-0-amount": ["3 M"], "funding-0-publishable": []}
    )
    page = second.post(page_of(draft), hers | {"purpose": ["Objet de Léa"]})
    taken = "Repris dans votre page."
    shown = {label: outcome for label, (_yours, _theirs, outcome) in meetings_of(page).items()}
    assert shown == {
        "Notes internes": taken,
        "Financement\u00a0: montant (F CFP)": taken,
        "Financement\u00a0: publiable": taken,
    }
    second.post(page_of(draft), form_data(page))
    saved, funding = Convention.objects.get(), the_act.funding_set.get()
    assert (saved.notes, saved.purpose) == ("Vu", "Objet de Léa")
    assert (funding.amount, funding.publishable) == (3_000_000, False)


def test_line_the_other_added_stays(both, draft, page_of, the_act):
    (first, his), (second, hers) = both
    add_line(his, "inkind", kind="don", description="Ballons", status="inconnu", quantity=3)
    first.post(page_of(draft), his)
    page = second.post(page_of(draft), hers | {"purpose": ["Objet"]})
    assert list(meetings_of(page)) == ["Soutien en nature «\u00a0Ballons\u00a0»"]
    second.post(page_of(draft), form_data(page))
    assert the_act.inkind_set.get().description == "Ballons"


def test_line_the_other_removed_comes_back_with_what_was_typed(both, draft, page_of, the_act):
    (first, his), (second, hers) = both
    first.post(page_of(draft), his | {"equipmentterm-0-DELETE": ["on"]})
    assert the_act.equipmentterm_set.count() == 0
    page = second.post(page_of(draft), hers | {"equipmentterm-0-brand": ["Marque de Léa"]})
    assert page.status_code == 409
    again = form_data(page)
    assert (again["equipmentterm-INITIAL_FORMS"], again["equipmentterm-0-brand"]) == (
        ["0"],
        ["Marque de Léa"],
    )
    assert second.post(page_of(draft), again).status_code == 302
    row = the_act.equipmentterm_set.get()
    assert (row.serial, row.brand) == ("SN1", "Marque de Léa")


def test_third_editor_meets_both(both, draft, page_of, as_role):
    (first, his), (second, hers) = both
    first.post(page_of(draft), his | {"title": ["Un"]})
    page = second.post(page_of(draft), hers | {"title": ["Deux"]})
    first.post(page_of(draft), form_data(first.get(page_of(draft))) | {"edition": ["12e"]})
    again = second.post(page_of(draft), form_data(page))
    assert again.status_code == 409
    assert list(meetings_of(again)) == ["Édition"]
