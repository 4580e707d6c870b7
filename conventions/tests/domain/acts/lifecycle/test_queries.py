"""What a transition costs: at most 15 queries, besides reading and composing what is printed."""

import pytest

from conventions.domain.acts import lifecycle
from conventions.domain.acts.content import loading
from conventions.enums import Event
from conventions.tests.domain.acts.lifecycle.samples import an_act, by_of, details_of
from conventions.tests.factories import UserFactory
from conventions.tests.harness import captured_queries

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]
BUDGET = 17
# Validating reads all that is printed; these two begin an act: parties, signatories and articles are proposed; closing
# reads all the follow-up.
LARGER = {Event.APPROVE: 22, Event.START_AMENDMENT: 60, Event.START_TERMINATION: 60, Event.CLOSE: 30}


def cost(do) -> int:
    """Statements that read or write; the marks of transactions are no queries."""
    with captured_queries() as captured:
        do()
    marks = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
    told = [query["sql"] for query in captured if not query["sql"].startswith(marks)]
    print(*[f"{rank:>3}. {sql[:160]}" for rank, sql in enumerate(told, 1)], sep="\n")  # noqa: T201 - shown when it fails
    return len(told)


def staff():
    """A request has read the roles of its user before it comes to a transition."""
    user = UserFactory(superuser=True)
    assert user.roles == frozenset()
    return user


@pytest.mark.parametrize(
    "event", [event for event in Event if event != Event.FREEZE], ids=lambda event: event.value
)
def test_transition_costs_few_queries(event):
    act = an_act(event)
    by, details = by_of(event, act, staff()), details_of(event, act)
    found = cost(lambda: lifecycle.apply(act, event, by=by, **details))
    assert found <= LARGER.get(event, BUDGET)


def test_freezing_costs_few_queries_besides_the_render():
    """What is printed is read twice: to compose it, and under the lock to check that nothing changed."""
    act, user = an_act(Event.FREEZE), staff()
    reading = cost(lambda: loading.loaded(act))
    prepared = cost(lambda: lifecycle.effects.prepare(act, Event.FREEZE, by=user)) - reading
    assert (prepared <= BUDGET, reading <= BUDGET) == (True, True)
    found = cost(lambda: lifecycle.apply(act, Event.FREEZE, by=user))
    assert found - 2 * reading <= BUDGET
