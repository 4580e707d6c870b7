"""Who may change which part of the page, in which state of the act; whatever is posted."""

import pytest

from conventions.enums import ActState
from conventions.models import Act, Convention
from conventions.reference.clauses import CLOSING
from conventions.tests.admin.conventions.browser_post import add_line, form_data
from conventions.tests.admin.conventions.test_page import FUNDING
from conventions.tests.factories import ConventionFactory
from conventions.tests.factories.acts import settle


def test_frozen_act_keeps_its_terms_whatever_is_posted(as_role, officer, page_of):
    convention = ConventionFactory(act=ActState.TO_SIGN, act__fundings=[{"amount": 500_000}])
    client = as_role(officer)
    page = client.get(page_of(convention))
    data = form_data(page)
    assert set(page.context["sheet"].formsets) == {"source", "photo", "attachment"}
    data |= {"title": ["Autre titre"], "place": ["Ailleurs"], "public_story": ["Un récit."]}
    add_line(data | {"funding-TOTAL_FORMS": ["0"]}, "funding", **FUNDING | {"amount": "9 M"})
    assert client.post(page_of(convention), data).status_code == 302
    fresh = Convention.objects.get(pk=convention.pk)
    act = fresh.acts.get()
    assert (fresh.title, act.place, fresh.public_story) == (convention.title, "Nouméa", "Un récit.")
    assert [row.amount for row in act.funding_set.all()] == [500_000]


def test_page_open_while_the_act_was_frozen_keeps_what_was_typed(as_role, officer, draft, page_of, the_act):
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    data["public_story"] = ["Récit écrit entre-temps."]
    settle(the_act, ActState.IN_REVIEW)
    shown = client.post(page_of(draft), data)  # a part was closed: one looks before one saves
    draft.refresh_from_db()
    assert (shown.status_code, draft.public_story) == (200, "")
    response = client.post(page_of(draft), form_data(shown))
    draft.refresh_from_db()
    assert (response.status_code, draft.public_story) == (302, "Récit écrit entre-temps.")
    assert draft.title == "Dojo (fictif)"


OPEN_BY_ROLE = {
    "gestionnaire": {"party", "funding", "equipmentterm", "clause", "source", "photo", "attachment"},
    "juriste": {"clause"},
    "logistique": {"equipmentterm"},
    "communication": {"photo"},
    "direction": set(),
    "comptable": set(),
    "lecture": set(),
}


@pytest.mark.parametrize(("role", "expected"), OPEN_BY_ROLE.items())
def test_each_role_opens_its_own_part_of_a_draft(as_role, draft, page_of, role, expected):
    page = as_role(role).get(page_of(draft))
    assert set(page.context["sheet"].formsets) & OPEN_BY_ROLE["gestionnaire"] == expected


def test_reader_cannot_post(as_role, draft, page_of):
    assert as_role("lecture").post(page_of(draft), {"version": "1", "title": "x"}).status_code == 403


def test_lawyer_edits_articles_under_review(as_role, draft, page_of, the_act):
    settle(the_act, ActState.IN_REVIEW)
    client = as_role("juriste")
    data = form_data(client.get(page_of(draft)))
    data["clause-0-body"] = ["Relu."]
    client.post(page_of(draft), data)
    assert the_act.clause_set.first().body == "Relu."


@pytest.mark.parametrize("state", [ActState.IN_REVIEW, ActState.APPROVED])
def test_decision_and_way_of_signing_may_still_be_given_before_freezing(
    as_role, officer, draft, page_of, the_act, state
):
    settle(the_act, state)
    Act.objects.filter(pk=the_act.pk).update(path="")
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    data |= {"path": ["papier"], "place": ["Koné"], "new_decision_date": ["2026-11-10"]}
    data |= {"new_decision_number": ["2026-77"], "preamble": ["Ajouté trop tard."]}
    assert client.post(page_of(draft), data).status_code == 302
    the_act.refresh_from_db()
    assert (the_act.path, the_act.place, the_act.board_decision.number) == ("papier", "Koné", "2026-77")
    assert the_act.preamble != "Ajouté trop tard."
    assert [row.body[:6] for row in the_act.clause_set.filter(code=CLOSING)] == ["Fait à"]


def test_way_of_signing_closes_with_the_freeze_and_to_lawyers(as_role, draft, page_of, the_act):
    settle(the_act, ActState.APPROVED)
    page = as_role("juriste").get(page_of(draft))
    assert "path" not in page.context["sheet"].act_form.fields
    frozen = ConventionFactory(act=ActState.TO_SIGN)
    page = as_role("gestionnaire").get(page_of(frozen))
    assert "path" not in page.context["sheet"].act_form.fields


@pytest.mark.parametrize("who", ["president", "anonymous"])
def test_page_is_closed_outside_staff(as_role, draft, page_of, who):
    assert as_role(who).get(page_of(draft)).status_code == 302
