"""Whatever happens to payments, in whatever order: nothing earlier changes, and every total is a naive recount."""

import os
from contextlib import suppress

import pytest
from django.db.models import F
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conventions.domain import following
from conventions.domain.foundation.refusals import Refused
from conventions.domain.money import queries, steps, transitions
from conventions.enums import Role
from conventions.models import Convention, Funding, PaperRule, Payment, PaymentEvent, PaymentPosition
from conventions.money_enums import OPEN, SPENT, PaymentState
from conventions.tests import factories as f

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HISTORIES = int(os.environ.get("MONEY_HISTORIES", "25"))  # 500 before a landing, on both engines
DOES = [
    "prepare", "control", "send", "record", "record paid", "back", "take up", "reject", "cancel", "pay", "pay again",
    "note", "reverse",
]  # fmt: skip
STEPS = st.lists(
    st.tuples(st.sampled_from(DOES), st.integers(0, 5), st.integers(0, 2), st.integers(1, 700)),
    min_size=5,
    max_size=60,
)


class World:
    """A convention with a known, a capped and an unknown line, an instalment, and the verbs by name."""

    def __init__(self):
        self.officers = [f.UserFactory(role=Role.OFFICER) for _ in range(2)]
        self.accountant = f.UserFactory(role=Role.ACCOUNTANT)
        self.convention = f.ConventionFactory(
            act="signe",
            act__fundings=[
                {"amount": 1_000, "budget_year": 2026},
                {"status": "plafonne", "amount": 800, "budget_year": 2027},
                {"unknown": True, "budget_year": 2028},
            ],
            act__instalments=[{"label": "solde", "amount": None}],
        )
        act = self.convention.acts.get()
        self.lines = list(act.funding_set.order_by("position", "pk"))
        self.instalment = act.instalmentterm_set.get()
        self.day = timezone.localdate()
        f.account_of(self.convention)
        PaperRule.objects.all().delete()  # what a missing paper refuses is tried in test_files

    def payments(self):
        return list(Payment.objects.filter(convention=self.convention).order_by("pk"))

    def do(self, does, which, line, amount) -> None:
        first, second = self.officers
        if does in ("prepare", "record", "record paid"):
            given = {"amount": amount, "funding": self.lines[line]}
            if which == 0 and self.instalment.funding_line in (None, self.lines[line].line):
                given["instalment"] = self.instalment
            if does == "prepare":
                steps.prepare(self.convention, by=first, **given)
            else:
                on = {"sent_on": self.day} if does == "record" else {"paid_on": self.day}
                by = first if does == "record" else self.accountant
                following.record_payment(self.convention, by=by, **given, **on)
            return
        rows = self.payments()
        if not rows:
            return
        row, day, reason = rows[which % len(rows)], self.day, "Motif fictif."
        accountant = {"by": self.accountant}
        {
            "control": lambda: steps.control(row, by=second),
            "send": lambda: steps.send(row, sent_on=day, by=first),
            "back": lambda: following.send_back(row, reason=reason, **accountant),
            "take up": lambda: steps.take_up(row, by=second),
            "reject": lambda: steps.reject(row, rejected_on=day, reason=reason, **accountant),
            "cancel": lambda: steps.cancel(row, reason=reason, by=first),
            "pay": lambda: following.mark_paid(row, paid_on=day, amount=amount, **accountant),
            "pay again": lambda: steps.pay_again(row, paid_on=day, amount=amount, **accountant),
            "note": lambda: steps.note_overpayment(
                row, noted_on=day, amount=amount, reason=reason, **accountant
            ),
            "reverse": lambda: steps.reverse(
                row, reversed_on=day, amount=amount, reference="TR-1", **accountant
            ),
        }[does]()


def written() -> dict[str, list]:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in (PaymentEvent,)} | {
        "Payment": list(Payment._base_manager.order_by("pk").values())
    }


def check(world: World) -> None:
    """Positions are what events come to, totals what a loop over the rows counts, and money stands."""
    names = [field.attname for field in PaymentPosition._meta.concrete_fields]
    held, taken, paid, back, owed = [], 0, 0, 0, 0
    for row in world.payments():
        where = row.position
        again = transitions.position(row, row.events.all(), where.holds)
        assert {name: getattr(again, name) for name in names} == {
            name: getattr(where, name) for name in names
        }
        if where.holds:
            held.append(where.holds)
        assert 0 <= where.reversed_amount <= where.overpaid <= where.paid_amount
        assert where.net - where.to_reverse <= row.amount
        assert (where.to_reverse > 0) == (where.state == PaymentState.OVERPAID)
        assert (where.paid_on is not None) == (where.state in SPENT)
        paid, back, owed = paid + where.paid_amount, back + where.reversed_amount, owed + where.to_reverse
        taken += where.net if where.state in SPENT else row.amount * (where.state == PaymentState.SENT)
    assert len(held) == len(set(held))
    rows = Payment.objects.filter(convention=world.convention)
    assert queries.sums(rows) == {
        "count": len(world.payments()), "taken": taken, "paid": paid, "reversed": back, "overpaid": owed,
    }  # fmt: skip
    told = queries.with_sums(Convention.objects.filter(pk=world.convention.pk)).get()
    assert (told.taken, told.paid, told.reversed, told.overpaid) == (taken, paid, back, owed)


@settings(max_examples=HISTORIES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=STEPS)
def test_no_history_changes_what_was_written_and_every_total_is_a_recount(history):
    world = World()
    for does, which, line, amount in history:
        before = written()
        with suppress(Refused):
            world.do(does, which, line, amount)
            if does in ("prepare", "send", "record", "take up"):
                lefts = {
                    row.pk: queries.left_on(row) for row in Funding.objects.filter(pk=world.lines[line].pk)
                }
                if does in ("prepare", "record"):
                    assert all(left is None or left >= 0 for left in lefts.values())
        after = written()
        assert all(after[name][: len(rows)] == rows for name, rows in before.items())
    check(world)


def test_histories_reach_every_state_and_every_event():
    """The verbs above lead everywhere: none is refused by a mistake of this test."""
    world = World()
    for does, which, amount in (
        ("prepare", 1, 100), ("control", 0, 1), ("send", 0, 1), ("back", 0, 1), ("take up", 0, 1), ("send", 0, 1),
        ("pay", 0, 100), ("reject", 0, 1), ("take up", 0, 1), ("send", 0, 1), ("pay", 0, 90), ("note", 0, 40),
        ("reverse", 0, 30), ("pay again", 0, 60), ("reverse", 0, 60),
    ):  # fmt: skip
        world.do(does, which, 0, amount)
        check(world)
    where = world.payments()[0].position
    assert (where.state, where.paid_amount, where.overpaid, where.reversed_amount) == ("paye", 150, 90, 90)
    world.do("prepare", 1, 1, 10)
    world.do("cancel", 1, 1, 1)
    check(world)
    assert not Payment.objects.filter(position__state__in=OPEN).exists()
    assert not Payment.objects.filter(position__paid_amount__lt=F("position__reversed_amount")).exists()
