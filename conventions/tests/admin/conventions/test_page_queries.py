"""What the page of a convention asks the database: the same whatever its lines, for 120 devices and 60 articles too."""

import pytest

from conventions.domain.acts import drafting
from conventions.tests.admin.conventions.browser_post import form_data
from conventions.tests.admin.conventions.test_events import complete
from conventions.tests.factories import (
    AnnexFactory,
    AttachmentFactory,
    AttendeeFactory,
    ClauseFactory,
    EquipmentTermFactory,
    FundingFactory,
    IndicatorFactory,
    InKindFactory,
    ObligationFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db
BUDGET = 60
SAVING = 40  # each table is read once, for the form; under the lock those that are written, before and after
FOLLOWING = 68  # a status replaces articles, and duties follow: each of their tables is read before and after


def more_lines(act, many: int) -> None:
    of_act = (FundingFactory, InKindFactory, ObligationFactory, IndicatorFactory, AttendeeFactory)
    for factory in of_act:
        factory.create_batch(many, act=act)
    for factory in (SourceFactory, AttachmentFactory):
        factory.create_batch(many, convention=act.convention)
    for rank in range(many):
        paper = AttachmentFactory(convention=act.convention)
        AnnexFactory(act=act, attachment=paper, position=100 + rank, title=f"Annexe {rank} (fictif)")


@pytest.mark.parametrize(("many", "devices", "articles"), [(1, 1, 1), (30, 120, 60)])
def test_page_and_its_saving_keep_within_their_budgets(
    as_role, officer, draft, page_of, the_act, query_budget, many, devices, articles
):
    complete(draft, the_act)
    more_lines(the_act, many)
    EquipmentTermFactory.create_batch(devices, act=the_act)
    ClauseFactory.create_batch(articles, act=the_act)
    client = as_role(officer)
    client.get(page_of(draft))
    with query_budget(BUDGET):
        page = client.get(page_of(draft))
    data = form_data(page) | {"notes": ["Une note (fictif)"]}
    with query_budget(SAVING):
        assert client.post(page_of(draft), data).status_code == 302
    draft.refresh_from_db()
    assert (draft.notes, draft.version) == ("Une note (fictif)", 2)


@pytest.mark.parametrize(("many", "devices"), [(1, 1), (30, 120)])
def test_term_is_saved_within_its_budget(
    as_role, officer, draft, page_of, the_act, query_budget, many, devices
):
    complete(draft, the_act)
    more_lines(the_act, many)
    EquipmentTermFactory.create_batch(devices, act=the_act)
    drafting.refresh_clauses(the_act, by=officer)
    client = as_role(officer)
    data = form_data(client.get(page_of(draft))) | {"funding-0-amount": ["700 000"], "place": ["Koné"]}
    with query_budget(SAVING):
        assert client.post(page_of(draft), data).status_code == 302
    assert the_act.funding_set.filter(amount=700_000).exists()
    data = form_data(client.get(page_of(draft))) | {"funding-0-status": ["plafonne"]}
    with query_budget(FOLLOWING):
        assert client.post(page_of(draft), data).status_code == 302
    assert the_act.funding_set.filter(status="plafonne").exists()
