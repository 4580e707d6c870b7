"""What a transition costs: at most 15 queries, besides reading and composing what is printed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conventions.domain import loading, transitions
from conventions.enums import ActState, Event
from conventions.models import Act
from conventions.tests.factories import (
    ActFactory,
    BoardDecisionFactory,
    ConventionFactory,
    SignatureRequestFactory,
    SourceFactory,
    UserFactory,
    small_pdf,
)

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]
BUDGET = 15
# These two begin an act: parties, signatories and articles are proposed; closing reads all the follow-up.
LARGER = {Event.START_AMENDMENT: 60, Event.START_TERMINATION: 60, Event.CLOSE: 30}
CLAUSES = [
    {"code": "objet", "heading": "Objet", "body": "L’OPT-NC soutient {{ du_beneficiaire }} : {{ objet }}"},
    {"code": "cloture", "heading": "", "body": "Fait à {{ lieu }}, {{ date_a_completer }}."},
]
STATES = {
    Event.SUBMIT: ActState.DRAFT,
    Event.REQUEST_CORRECTION: ActState.APPROVED,
    Event.APPROVE: ActState.IN_REVIEW,
    Event.FREEZE: ActState.APPROVED,
    Event.TAKE_BACK: ActState.TO_SIGN,
    Event.CORRECT_BEFORE_SIGNING: ActState.PARTLY_SIGNED,
    Event.FILE_SCAN: ActState.TO_SIGN,
    Event.START_AMENDMENT: ActState.SIGNED,
    Event.START_TERMINATION: ActState.SIGNED,
    Event.CLOSE: ActState.SIGNED,
    Event.DECLINE: ActState.TO_SIGN,
    Event.CANCEL: ActState.TO_SIGN,
    Event.EXPIRE: ActState.TO_SIGN,
    Event.ABANDON: ActState.IN_REVIEW,
}
REPRISES = {Event.RECORD_REPRISE: ActState.DRAFT, Event.ATTEST_REPRISE: ActState.SIGNED}


def an_act(event: Event) -> Act:
    if event in REPRISES:
        convention = ConventionFactory(act=None)
        SourceFactory(convention=convention)
        act = ActFactory(
            convention=convention, reprise=True, state=REPRISES[event], signed_on_wording="courant 2021"
        )
    else:
        convention = ConventionFactory(
            act=STATES[event],
            act__clauses=CLAUSES,
            act__fundings=[{"amount": 500_000, "budget_year": 2026}] * 3,
            act__board_decision=BoardDecisionFactory(),
            act__path="papier",
        )
        act = convention.acts.get()
    if act.frozen_document_id:
        SignatureRequestFactory(document=act.frozen_document, signatory=act.signatories.first())
    return act


def details_of(event: Event) -> dict:
    today = timezone.localdate()
    known = {
        "reason": "Une date est fausse.",
        "corrections": (("duree", "Fin au 31 décembre."), ("soutien", "En deux fois.")),
        "scan": small_pdf("signé"),
        "signed_on": today,
        "effective_on": today,
        "closed_on": today,
        "confirmed": True,
    }
    rule = transitions.TABLE[event]
    return {name: known[name] for name in (*rule.needs, *rule.accepts) if name in known}


def cost(do) -> int:
    """Statements that read or write; the marks of transactions are no queries."""
    with CaptureQueriesContext(connection) as captured:
        do()
    marks = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
    told = [query["sql"] for query in captured if not query["sql"].startswith(marks)]
    print(*[f"{rank:>3}. {sql[:160]}" for rank, sql in enumerate(told, 1)], sep="\n")  # noqa: T201 - shown when it fails
    return len(told)


@pytest.mark.parametrize(
    "event", [event for event in Event if event != Event.FREEZE], ids=lambda event: event.value
)
def test_transition_costs_few_queries(event):
    act, user = an_act(event), UserFactory(superuser=True)
    found = cost(lambda: transitions.apply(act, event, by=user, **details_of(event)))
    assert found <= LARGER.get(event, BUDGET)


def test_freezing_costs_few_queries_besides_the_render():
    """What is printed is read twice: to compose it, and under the lock to check that nothing changed."""
    act, user = an_act(Event.FREEZE), UserFactory(superuser=True)
    reading = cost(lambda: loading.loaded(act))
    prepared = cost(lambda: transitions.effects.prepare(act, Event.FREEZE, by=user)) - reading
    assert (prepared <= BUDGET, reading <= BUDGET) == (True, True)
    found = cost(lambda: transitions.apply(act, Event.FREEZE, by=user))
    assert found - 2 * reading <= BUDGET
