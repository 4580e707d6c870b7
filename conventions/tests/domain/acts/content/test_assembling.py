"""The last read of live rows: complete, and the same number of queries for 1 line and 30."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conventions.domain.acts.content import assembling
from conventions.domain.documents.context import context_hash
from conventions.enums import PartnerNature
from conventions.tests.factories import (
    AnnexFactory,
    AttachmentFactory,
    BoardDecisionFactory,
    ConventionFactory,
    PartnerFactory,
    PartyFactory,
)

pytestmark = pytest.mark.django_db


def act_with(lines: int):
    return ConventionFactory(
        act__fundings=[{"amount": 100_000, "budget_year": 2000 + n} for n in range(lines)],
        act__equipment=[{"nature": "ordinateur", "serial": f"S{n}"} for n in range(lines)],
        act__clauses=[{"heading": f"Article {n}", "body": "{{ objet }}"} for n in range(lines)],
        act__obligations=[{"text": f"Engagement {n}"} for n in range(lines)],
        act__in_kind=[{"description": f"Prêt {n}"} for n in range(lines)],
        act__instalments=[{"label": f"Versement {n}"} for n in range(lines)],
    ).acts.get()


def queries(act) -> int:
    with CaptureQueriesContext(connection) as captured:
        assembling.agreement_context(act)
    return len(captured)


def test_context_costs_the_same_for_one_line_and_thirty():
    assert queries(act_with(1)) == queries(act_with(30)) <= 15


def test_context_is_equal_for_equal_rows():
    act = act_with(2)
    assert context_hash(assembling.agreement_context(act)) == context_hash(assembling.agreement_context(act))


def test_context_shows_a_missing_value_as_to_be_filled_in():
    act = ConventionFactory(act__clauses=[{"body": "Autorisé par {{ deliberation }}."}]).acts.get()
    assert assembling.agreement_context(act).clauses[0].body == "Autorisé par [à compléter : Délibération]."


def test_context_leaves_removed_lines_out():
    act = act_with(1)
    row = act.funding_set.get()
    row.pk, row.replaces_id, row.removed = None, row.pk, True
    row.line = uuid.uuid4()
    row.save()
    assert len(assembling.agreement_context(act).fundings) == 1


@pytest.mark.parametrize(
    ("nature", "expected"),
    [
        (PartnerNature.ASSOCIATION, ("l’Association", "f")),
        (PartnerNature.OTHER, ("le Partenaire", "m")),
        (PartnerNature.STATE, ("l’État", "m")),
    ],
)
def test_designation_agrees_with_the_nature(nature, expected):
    assert assembling.designation(PartnerFactory(nature=nature)) == expected


def test_two_associations_are_called_by_their_own_names():
    convention = ConventionFactory(partner=PartnerFactory(name="Les Amis", acronym="LA"))
    PartyFactory(convention=convention, partner=PartnerFactory(name="Le Faré"), position=2)
    names = [party.short_name for party in assembling.agreement_context(convention.acts.get()).parties]
    assert names == ["l’OPT-NC", "LA", "Le Faré"]


def test_context_names_the_decision_and_the_annexes_chosen():
    decision = BoardDecisionFactory(number="12", decided_on=datetime.date(2026, 3, 3))
    convention = ConventionFactory(act__board_decision=decision)
    AttachmentFactory(convention=convention, kind="projet")
    act = convention.acts.get()
    for rank, title in ((2, "Budget"), (1, "Plan")):
        AnnexFactory(act=act, title=title, position=rank)
    context = assembling.agreement_context(act)
    assert [(annex.number, annex.title, annex.page_count) for annex in context.files] == [
        (1, "Plan", 1),
        (2, "Budget", 1),
    ]
    assert context.visas[-1] == "vu la délibération n° 12 du conseil d’administration du 3 mars 2026 ;"
