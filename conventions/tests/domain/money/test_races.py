"""Many at once, and a machine that stops: one case an instalment, a whole event or none."""

import pytest

from conventions.domain import following
from conventions.domain.money import door, queries
from conventions.enums import Role
from conventions.models import JournalEntry, OutgoingMail, Payment, PaymentEvent, PaymentPosition
from conventions.tests import factories as f
from conventions.tests.domain.acts.test_numbering import at_once
from conventions.tests.domain.following.test_payments import day
from conventions.tests.signing.test_sealing import die, killed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
CROWD = 20
HELD = "Un versement de cette échéance est déjà en cours"


@pytest.fixture
def convention():
    made = f.ConventionFactory(
        act="signe", act__fundings=[{"amount": 1_000}], act__instalments=[{"label": "solde"}]
    )
    f.account_of(made)
    return made


def test_twenty_people_who_send_one_instalment_send_it_once(convention):
    officers = [f.UserFactory(role=Role.OFFICER) for _ in range(CROWD)]
    instalment = convention.acts.get().instalmentterm_set.get()

    def send(rank):
        following.record_payment(
            convention, amount=10, sent_on=day(0), instalment=instalment, by=officers[rank]
        )

    failures = at_once(CROWD, send)
    assert len(failures) == CROWD - 1
    assert all(HELD in failure for failure in failures), failures[:2]
    assert (Payment.objects.count(), PaymentEvent.objects.count()) == (1, 1)
    assert OutgoingMail.objects.filter(template="versement_transmis").count() == 1


def test_twenty_people_together_never_send_more_than_is_left(convention):
    officers = [f.UserFactory(role=Role.OFFICER) for _ in range(CROWD)]

    def send(rank):
        following.record_payment(convention, amount=300, sent_on=day(0), by=officers[rank])

    failures = at_once(CROWD, send)
    assert len(failures) == CROWD - 3
    assert queries.left_on(convention.acts.get().funding_set.get()) == 100


def test_one_payment_is_paid_once_by_twenty(convention):
    officer = f.UserFactory(role=Role.OFFICER)
    row = following.record_payment(convention, amount=10, sent_on=day(0), by=officer)
    accountants = [f.UserFactory(role=Role.ACCOUNTANT) for _ in range(CROWD)]
    failures = at_once(CROWD, lambda rank: following.mark_paid(row, paid_on=day(0), by=accountants[rank]))
    assert len(failures) == CROWD - 1
    assert Payment.objects.get().position.paid_amount == 10


# Where a machine stops, in the order in which things are written.
STOPS = {
    "before the event": lambda: setattr(PaymentEvent, "save", die),
    "before its words": lambda: setattr(door.PaymentEventText.objects, "create", die),
    "before the position": lambda: setattr(PaymentPosition, "save", die),
    "before the journal": lambda: setattr(door.journal, "record", die),
    "before the mail": lambda: setattr(door.outbox, "queue_once", die),
}


@pytest.mark.parametrize("stop", STOPS)
def test_machine_that_stops_leaves_a_whole_event_or_none(convention, stop):
    officer, accountant = f.UserFactory(role=Role.OFFICER), f.UserFactory(role=Role.ACCOUNTANT)
    row = following.record_payment(convention, amount=10, sent_on=day(0), by=officer)

    def rows():
        return [
            list(model._base_manager.order_by("pk").values())
            for model in (PaymentEvent, door.PaymentEventText, PaymentPosition, JournalEntry, OutgoingMail)
        ]

    before = rows()
    assert killed(lambda: following.send_back(row, reason="Fictif.", by=accountant), before=STOPS[stop])
    assert rows() == before
    following.send_back(row, reason="Fictif.", by=accountant)
    assert [len(now) - len(then) for now, then in zip(rows(), before, strict=True)][:4] == [1, 1, 0, 1]
