"""Nobody approves or attests what he or she wrote, whoever created the file and whoever submits it."""

import pytest

from conventions.domain import journal
from conventions.domain.acts import lifecycle
from conventions.enums import ActState, Event
from conventions.tests.factories import BoardDecisionFactory, ConventionFactory, UserFactory

pytestmark = pytest.mark.django_db


def told(event, *, by, act, changes=None, personal=None):
    details = {"acte": act.pk, "version": 2}
    journal.record(
        event, by=by, convention=act.convention, changes=changes, details=details, personal=personal
    )


def may_approve(act, user) -> bool:
    choices = lifecycle.available_events(act, user=user)
    return next(choice.allowed for choice in choices if choice.event == Event.APPROVE)


@pytest.fixture
def act():
    clause = {"code": "objet", "heading": "Objet", "body": "L’OPT-NC soutient l’association."}
    fundings = [{"amount": 500_000, "budget_year": 2026}]
    convention = ConventionFactory(
        act=ActState.IN_REVIEW,
        act__clauses=[clause],
        act__fundings=fundings,
        act__board_decision=BoardDecisionFactory(),
    )
    return convention.acts.get()


@pytest.mark.parametrize(
    ("changes", "personal"),
    [
        ({"funding.1.amount": [500_000, 900_000]}, None),
        ({"funding.2": [None, "900 000 F CFP"]}, None),
        ({"act.ends_on": ["2026-12-31", "2027-12-31"]}, None),
        ({"convention.purpose": ["Dojo", "Piscine"]}, None),
        (None, {"signatory.1.last_name": ["A", "B"]}),
    ],
)
def test_who_rewrote_the_terms_does_not_approve_them(act, changes, personal):
    writer = UserFactory(superuser=True)
    assert may_approve(act, writer) is True
    told("convention_modifiee", by=writer, act=act, changes=changes, personal=personal)
    assert may_approve(act, writer) is False


@pytest.mark.parametrize(
    "changes",
    [
        {"clause.1.body": ["ancien", "nouveau"]},
        {"act.board_decision": [None, "n° 12"]},
        {"convention.notes": ["", "Vu."]},
        {"convention.public_summary": ["", "Un dojo."]},
    ],
)
def test_who_only_corrected_an_article_or_a_note_still_approves(act, changes):
    reader = UserFactory(superuser=True)
    told("convention_modifiee", by=reader, act=act, changes=changes)
    assert may_approve(act, reader) is True


@pytest.mark.parametrize("event", ["avenant_commence", "resiliation_commencee", "enregistrer_reprise"])
def test_who_began_an_act_does_not_approve_it(act, event):
    writer = UserFactory(superuser=True)
    told(event, by=writer, act=act)
    assert may_approve(act, writer) is False
