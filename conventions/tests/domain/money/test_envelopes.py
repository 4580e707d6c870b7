"""Envelopes: what was voted is the sum of the moves, what is left is what is neither committed nor reserved."""

import datetime
import random

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Sum

from conventions.domain.foundation.refusals import Refused
from conventions.domain.money import budgets, envelopes, years
from conventions.enums import ActState, AmountStatus, Role
from conventions.models import Charge, EnvelopeMove, EnvelopeMoveText, Funding, JournalEntry
from conventions.money_enums import MoveKind
from conventions.tests.factories import (
    ActFactory,
    AreaFactory,
    ClosedYearFactory,
    ConventionFactory,
    EnvelopeFactory,
    FundingFactory,
    KindFactory,
    PaymentFactory,
    ProjectFactory,
    ThemeFactory,
    UserFactory,
    settle,
)

pytestmark = pytest.mark.django_db
YEAR = 2026
DAY = datetime.date(2026, 1, 15)


@pytest.fixture
def officer():
    return UserFactory(role=Role.OFFICER)


@pytest.fixture
def accountant():
    return UserFactory(role=Role.ACCOUNTANT)


def lines_of(*amounts, state="signe", **values):
    """Lines of one convention; None: an unknown amount."""
    rows = [
        {"budget_year": YEAR, **({"unknown": True} if amount is None else {"amount": amount})} | values
        for amount in amounts
    ]
    return list(ConventionFactory(act=state, act__fundings=rows).acts.get().funding_set.order_by("pk"))


def charged(envelope, lines, by):
    return envelopes.charge({line.line: envelope for line in lines}, by=by)


def standing(envelope):
    (found,) = budgets.standings([envelope])
    return found


def vote(envelope, amount, by, kind=MoveKind.VOTED, reason="motif fictif"):
    return envelopes.move(envelope, kind, amount, decided_on=DAY, decision="12", reason=reason, by=by)


def test_what_was_voted_is_the_sum_of_the_moves(officer):
    row, other = EnvelopeFactory(year=YEAR), EnvelopeFactory(year=YEAR)
    vote(row, 10_000_000, officer)
    vote(row, 500_000, officer, MoveKind.ADDED)
    vote(row, 200_000, officer, MoveKind.CUT)
    envelopes.transfer(row, other, 300_000, decided_on=DAY, reason="virement fictif", by=officer)
    assert standing(row).voted == 10_000_000 + 500_000 - 200_000 - 300_000
    assert standing(other).voted == 300_000
    assert row.moves.aggregate(found=Sum("amount"))["found"] == standing(row).voted


def test_a_transfer_is_two_legs_of_one_decision_and_adds_nothing(officer):
    row, other = EnvelopeFactory(year=YEAR), EnvelopeFactory(year=YEAR + 1)
    out, into = envelopes.transfer(row, other, 300_000, decided_on=DAY, reason="report fictif", by=officer)
    assert (out.kind, into.kind) == (MoveKind.CARRY_OVER, MoveKind.CARRY_OVER)
    assert (out.other, into.other) == (other, row)
    assert EnvelopeMove.objects.aggregate(found=Sum("amount"))["found"] == 0
    assert list(EnvelopeMoveText.objects.values_list("reason", flat=True)) == ["report fictif"] * 2
    assert JournalEntry.objects.filter(event="enveloppe_mouvement").count() == 2


@pytest.mark.parametrize(
    ("kind", "amount", "reason", "day", "field"),
    [
        (MoveKind.VOTED, 0, "", DAY, "amount"),
        (MoveKind.VOTED, 10**13, "", DAY, "amount"),
        (MoveKind.CUT, 5, " ", DAY, "reason"),
        (MoveKind.ADDED, 5, "", DAY, "reason"),
        (MoveKind.VOTED, 5, "", datetime.date(2999, 1, 1), "decided_on"),
    ],
)
def test_a_move_that_says_nothing_certain_is_refused(officer, kind, amount, reason, day, field):
    with pytest.raises(Refused) as refusal:
        envelopes.move(EnvelopeFactory(), kind, amount, decided_on=day, reason=reason, by=officer)
    assert list(refusal.value.faults) == [field]
    assert not EnvelopeMove.objects.exists()


def test_money_never_goes_back_in_time_nor_to_itself(officer):
    row, before = EnvelopeFactory(year=YEAR), EnvelopeFactory(year=YEAR - 1)
    for target in (row, before):
        with pytest.raises(Refused):
            envelopes.transfer(row, target, 5, decided_on=DAY, reason="fictif", by=officer)
    assert not EnvelopeMove.objects.exists()


def test_signed_is_committed_and_not_signed_is_reserved(officer):
    row = EnvelopeFactory(year=YEAR)
    vote(row, 5_000_000, officer)
    charged(row, lines_of(1_000_000, 400_000), officer)
    charged(row, lines_of(700_000, state=ActState.DRAFT), officer)
    found = standing(row)
    assert (found.committed_sum, found.reserved_sum, found.left) == (1_400_000, 700_000, 2_900_000)


def test_beyond_what_was_voted_one_is_told_and_not_stopped(officer):
    row = EnvelopeFactory(year=YEAR)
    vote(row, 100_000, officer)
    charged(row, lines_of(150_000), officer)
    assert (standing(row).left, standing(row).is_beyond) == (-50_000, True)


def test_amounts_that_are_not_certain_are_counted_apart(officer):
    row = EnvelopeFactory(year=YEAR)
    lines = lines_of(500_000, None)
    lines += lines_of(900_000, status=AmountStatus.CAPPED)
    charged(row, lines, officer)
    found = standing(row)
    assert (found.committed_sum, found.committed.unknown, found.committed.capped) == (500_000, 1, 1)
    assert (found.committed.ceiling, found.left_out) == (900_000, 2)


def test_the_last_charge_counts_and_none_takes_the_line_out(officer):
    first, second = EnvelopeFactory(year=YEAR), EnvelopeFactory(year=YEAR)
    lines = lines_of(1_000_000)
    assert charged(first, lines, officer) == 1
    assert charged(first, lines, officer) == 0
    charged(second, lines, officer)
    assert (standing(first).committed_sum, standing(second).committed_sum) == (0, 1_000_000)
    charged(None, lines, officer)
    assert (standing(second).committed_sum, Charge.objects.count()) == (0, 3)
    assert [without.total.total for without in budgets.without_envelope()] == [1_000_000]


def test_a_line_that_is_not_ours_is_not_charged(officer):
    other = lines_of(5, figure="collecte")
    with pytest.raises(Refused):
        charged(EnvelopeFactory(), [*lines_of(5), *other], officer)
    with pytest.raises(Refused):
        envelopes.charge({}, by=officer)
    assert not Charge.objects.exists()


def test_an_amendment_counts_the_last_wording_and_reserves_what_it_would_add(officer):
    row = EnvelopeFactory(year=YEAR)
    (line,) = lines_of(1_000_000)
    charged(row, [line], officer)
    taking = {"amount": 1_300_000, "budget_year": YEAR, "line": line.line, "replaces": line}
    act = ActFactory(convention=line.act.convention, amendment=True, fundings=[taking])
    assert (standing(row).committed_sum, standing(row).reserved_sum) == (1_000_000, 300_000)
    settle(act, ActState.SIGNED)
    assert (standing(row).committed_sum, standing(row).reserved_sum) == (1_300_000, 0)


def test_two_amendments_that_lower_reserve_nothing(officer):
    row = EnvelopeFactory(year=YEAR)
    (line,) = lines_of(1_000_000)
    charged(row, [line], officer)
    for rank, amount in ((1, 900_000), (2, 800_000)):
        taking = {"amount": amount, "line": line.line, "replaces": line}
        ActFactory(convention=line.act.convention, amendment=True, rank=rank, fundings=[taking])
    assert (standing(row).reserved_sum, standing(row).committed_sum) == (0, 1_000_000)


def test_a_support_of_several_years_is_committed_whole_in_the_first_and_paid_by_year(officer):
    row = EnvelopeFactory(year=YEAR)
    rows = [{"amount": 100 + step, "budget_year": YEAR + step} for step in range(3)]
    act = ConventionFactory(act="signe", act__fundings=rows).acts.get()
    assert {line.commit_year for line in budgets.uncharged(YEAR)} == {YEAR}
    assert [without.year for without in budgets.without_envelope()] == [YEAR]
    charged(row, act.funding_set.all(), officer)
    assert standing(row).committed_sum == 303
    by_year = [(found.year, found.total.total) for found in budgets.to_pay_by_year(row)]
    assert by_year == [(YEAR, 100), (YEAR + 1, 101), (YEAR + 2, 102)]


def test_sent_and_paid_follow_the_line(officer):
    row = EnvelopeFactory(year=YEAR)
    (line,) = lines_of(1_000_000)
    charged(row, [line], officer)
    PaymentFactory(funding=line, amount=400_000)
    PaymentFactory(funding=line, amount=250_000, paid_on=datetime.date(2026, 5, 4))
    assert (standing(row).sent, standing(row).paid) == (650_000, 250_000)
    assert [(found.sent, found.paid) for found in budgets.rows_of(row)] == [(650_000, 250_000)]


def test_the_narrowest_envelope_is_proposed_and_two_as_narrow_are_not():
    theme, project, area = ThemeFactory(), ProjectFactory(), AreaFactory()
    convention = ConventionFactory(project=project, kind=KindFactory())
    convention.themes.add(theme)
    convention.areas.add(area)
    FundingFactory(act=convention.acts.get(), amount=5, budget_year=YEAR)
    made = {
        "all": EnvelopeFactory(year=YEAR, label="e"),
        "province": EnvelopeFactory(year=YEAR, label="d", province=area),
        "kind": EnvelopeFactory(year=YEAR, label="c", kind=convention.kind),
        "theme": EnvelopeFactory(year=YEAR, label="b", theme=theme),
        "project": EnvelopeFactory(year=YEAR, label="a", project=project),
        "other": EnvelopeFactory(year=YEAR, label="z", theme=ThemeFactory(slug="autre", name="Autre")),
    }
    lines = list(budgets.uncharged(YEAR))
    (found,) = budgets.proposals(lines, list(made.values()))
    assert found.fitting == [made[name] for name in ("project", "theme", "kind", "province", "all")]
    assert found.proposed == made["project"]
    (twice,) = budgets.proposals(lines, [made["all"], EnvelopeFactory(year=YEAR, label="f")])
    assert (len(twice.fitting), twice.proposed) == (2, None)
    (none,) = budgets.proposals(lines, [made["other"]])
    assert (none.fitting, none.proposed) == ([], None)


def test_any_history_of_moves_and_charges_equals_a_naive_recount(officer):
    draw = random.Random(17)
    rows = [EnvelopeFactory(year=YEAR) for _ in range(3)]
    lines = lines_of(*(draw.choice([None, 1, 10, 100, 1000]) for _ in range(8)))
    lines += lines_of(*(draw.choice([None, 5, 50]) for _ in range(4)), state=ActState.DRAFT)
    voted, where = dict.fromkeys(rows, 0), {}
    for _ in range(60):
        row, amount = draw.choice(rows), draw.randint(1, 10_000)
        match draw.randint(0, 3):
            case 0:
                vote(row, amount, officer)
                voted[row] += amount
            case 1:
                vote(row, amount, officer, MoveKind.CUT)
                voted[row] -= amount
            case 2:
                other = draw.choice([one for one in rows if one != row])
                envelopes.transfer(row, other, amount, decided_on=DAY, reason="fictif", by=officer)
                voted[row], voted[other] = voted[row] - amount, voted[other] + amount
            case _:
                line = draw.choice(lines)
                where[line] = draw.choice([*rows, None])
                charged(where[line], [line], officer)
    for found in budgets.standings(rows):
        mine = [line for line, row in where.items() if row == found.envelope]
        signed = sum(line.amount or 0 for line in mine if line.act.state == ActState.SIGNED)
        drafts = sum(line.amount or 0 for line in mine if line.act.state != ActState.SIGNED)
        assert found.voted == voted[found.envelope]
        assert (found.committed_sum, found.reserved_sum) == (signed, drafts)
        assert found.left == voted[found.envelope] - signed - drafts
        assert found.left_out == sum(line.amount is None for line in mine)


def test_standings_cost_the_same_for_one_or_ten(officer, django_assert_num_queries):
    rows = [EnvelopeFactory(year=YEAR) for _ in range(10)]
    charged(rows[0], lines_of(5, 6), officer)
    for part in (rows[:1], rows):
        with django_assert_num_queries(4):
            budgets.standings(part)


@pytest.mark.parametrize(
    "role", [Role.LAWYER, Role.DIRECTOR, Role.LOGISTICS, Role.COMMUNICATION, Role.READER]
)
def test_others_only_read(role):
    by, row = UserFactory(role=role), EnvelopeFactory()
    (line,) = lines_of(5)
    for verb in (
        lambda: envelopes.open_envelope(YEAR, "Fictive", by=by),
        lambda: vote(row, 5, by),
        lambda: envelopes.transfer(row, EnvelopeFactory(), 5, decided_on=DAY, reason="x", by=by),
        lambda: charged(row, [line], by),
        lambda: years.close(YEAR - 1, on=DAY, by=by),
    ):
        with pytest.raises(PermissionDenied):
            verb()


def test_an_envelope_is_of_one_thing_and_named_once(officer):
    row = envelopes.open_envelope(YEAR, " Solidarité ", theme=ThemeFactory(), by=officer)
    assert (row.label, row.scope.startswith("thème")) == ("Solidarité", True)
    with pytest.raises(Refused):
        envelopes.open_envelope(YEAR, "Solidarité", by=officer)
    with pytest.raises(Refused):
        envelopes.open_envelope(YEAR, "Deux", theme=ThemeFactory(), kind=KindFactory(), by=officer)
    with pytest.raises(Refused):
        envelopes.open_envelope(12, "Trop tôt", by=officer)


def test_a_closed_year_takes_a_reason_and_its_role(officer, accountant):
    row = EnvelopeFactory(year=2024)
    years.close(2024, on=datetime.date(2025, 2, 1), by=accountant)
    with pytest.raises(PermissionDenied):
        vote(row, 5, officer)
    with pytest.raises(Refused) as refusal:
        vote(row, 5, accountant, reason="")
    assert list(refusal.value.faults) == ["reason"]
    vote(row, 5, accountant, reason="régularisation fictive")
    assert JournalEntry.objects.filter(event="exercice_clos_ecrit").count() == 1
    assert standing(row).voted == 5


@pytest.mark.parametrize(
    ("year", "day"), [(2024, "2024-12-31"), (2026, "2026-06-01"), (2024, "2999-01-01"), (12, "2025-01-01")]
)
def test_a_year_that_is_not_over_is_not_closed(accountant, year, day):
    with pytest.raises(Refused):
        years.close(year, on=datetime.date.fromisoformat(day), by=accountant)


def test_a_year_closes_once(accountant):
    ClosedYearFactory(year=2023)
    with pytest.raises(Refused):
        years.close(2023, on=datetime.date(2024, 3, 1), by=accountant)
    assert years.closed() == {2023}
    assert not years.is_closed(None)


def test_what_an_amendment_removes_is_no_longer_committed(officer):
    row = EnvelopeFactory(year=YEAR)
    (line,) = lines_of(1_000_000)
    charged(row, [line], officer)
    gone = {"amount": 1_000_000, "line": line.line, "replaces": line, "removed": True}
    ActFactory(convention=line.act.convention, amendment=True, state=ActState.SIGNED, fundings=[gone])
    assert standing(row).committed_sum == 0
    assert Funding.objects.filter(line=line.line).count() == 2
