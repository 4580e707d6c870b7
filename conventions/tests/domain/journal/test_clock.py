"""A clock that jumps holds what cannot be undone, until an administrator says that the date is right."""

import datetime
import io
import time

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.utils import timezone

from conventions.domain import journal
from conventions.domain.acts import numbering
from conventions.domain.acts.lifecycle import apply
from conventions.domain.foundation.refusals import Refused
from conventions.domain.journal import clock, digests
from conventions.enums import ActState, Event, Role
from conventions.models import Act, ClockWatch, JournalDigest, JournalEntry, LoginCode, SignatureRequest
from conventions.tests import factories as f
from conventions.tests.signing import world as signing_world

pytestmark = pytest.mark.django_db
START = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)


class Machine:
    """A machine whose clock can be set, and that can be started again."""

    def __init__(self, patch, traveller, folder):
        self._patch, self._traveller, self._folder, self._starts = patch, traveller, folder, 0
        self._steady = 0.0
        patch.setattr(clock, "steady", lambda: self._steady)
        self.starts()

    def starts(self, after=datetime.timedelta(0)):
        """Switched off for so long, it starts again."""
        self._traveller.shift(after)
        self._starts, self._steady = self._starts + 1, 0.0
        (self._folder / "boot_id").write_text(f"start-{self._starts}")
        self._patch.setattr(clock, "_MACHINE", self._folder / "boot_id")
        clock.anchor()

    def passes(self, span):
        self._traveller.shift(span)
        self._steady += span.total_seconds()

    def jumps(self, span):
        self._traveller.shift(span)

    def new_process(self):
        clock.anchor()


@pytest.fixture
def machine(tmp_path):
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(START, tick=False) as traveller:
        yield Machine(patch, traveller, tmp_path)
    clock.anchor()


def hours(count):
    return datetime.timedelta(hours=count)


def days(count):
    return datetime.timedelta(days=count)


@pytest.mark.parametrize("span", [hours(2), hours(-2), days(400), days(-400)])
@pytest.mark.parametrize("is_new", [False, True], ids=["the same process", "a new process"])
def test_clock_set_while_the_machine_runs_is_held(machine, span, is_new):
    assert clock.observe() == ""
    machine.passes(hours(3))
    assert clock.observe() == ""
    machine.jumps(span)
    if is_new:  # the sweep of a timer is a new one each minute
        machine.new_process()
    assert clock.observe().startswith("L’horloge du serveur a ")
    row = ClockWatch.objects.get()
    assert (row.held_since, row.seen_at) == (timezone.now(), START + hours(3))
    with pytest.raises(clock.ClockHeld, match="« État du service »"):
        clock.require()
    assert JournalEntry.objects.get(event="horloge_retenue").actor is None


def test_process_that_runs_on_sees_the_jump_before_any_row(machine):
    machine.jumps(hours(2))
    assert clock.held().startswith("L’horloge du serveur a avancé d’un coup")


@pytest.mark.parametrize(
    ("off", "told"),
    [
        (hours(10), ""),
        (days(7), ""),
        (days(35), ""),
        (datetime.timedelta(minutes=-4), ""),
        (datetime.timedelta(minutes=-6), "a reculé"),
        (days(36), "plus de 35 jours après"),
        (days(-300), "a reculé"),
    ],
)
def test_machine_switched_off_is_asked_nothing_unless_its_date_is_strange(machine, off, told):
    clock.observe()
    machine.starts(after=off)
    found = clock.observe()
    assert (told in found, bool(found)) == (True, bool(told))


@pytest.mark.parametrize("span", [datetime.timedelta(minutes=59), datetime.timedelta(minutes=-4)])
def test_clock_put_right_by_less_than_an_hour_is_not_held(machine, span):
    clock.observe()
    machine.jumps(span)
    assert (clock.observe(), clock.held()) == ("", "")


def test_years_of_a_running_process_ask_nothing(machine):
    for _month in range(60):
        machine.passes(days(30))
        assert clock.observe() == ""


@pytest.fixture
def held(machine):
    """A clock that went one month on; an administrator."""
    clock.observe()
    machine.jumps(days(30))
    clock.observe()
    return f.UserFactory(superuser=True)


def test_administrator_confirms_and_everything_goes_on(machine, held):
    clock.confirm(by=held)
    assert (clock.held(), clock.observe()) == ("", "")
    line = JournalEntry.objects.get(event="horloge_confirmee")
    assert (line.actor, "a avancé d’un coup" in line.payload) == (held, True)
    machine.passes(hours(5))
    machine.new_process()
    assert clock.observe() == ""
    with pytest.raises(Refused, match="aucune confirmation"):
        clock.confirm(by=held)


def test_another_process_learns_of_the_confirmation_by_itself(machine):
    """The web server saw the jump too; somebody confirmed in another process."""
    clock.observe()
    machine.jumps(days(3))
    assert clock.held()
    ClockWatch.objects.update(held_since=None, reason="", confirmations=1, seen_at=timezone.now(), uptime=0)
    assert clock.held() == ""


@pytest.mark.parametrize("role", Role.values)
def test_nobody_but_an_administrator_confirms(held, role):
    with pytest.raises(PermissionDenied):
        clock.confirm(by=f.UserFactory(role=role))
    assert clock.held()


def test_clock_put_back_by_hand_still_waits_for_a_word(machine, held):
    """What happened meanwhile is unknown: somebody looks."""
    machine.jumps(days(-30))
    assert clock.held()


def test_numbers_texts_and_expiry_wait(machine, held):
    world = signing_world.drafted()
    act = apply(world.act, Event.SUBMIT, by=world.officer)
    act = apply(act, Event.APPROVE, by=world.lawyer)
    with pytest.raises(clock.ClockHeld):
        apply(act, Event.FREEZE, by=world.officer)
    with pytest.raises(clock.ClockHeld):
        numbering.give_number(act, by=world.officer)
    act = Act.objects.get(pk=act.pk)
    assert (act.state, act.number) == (ActState.APPROVED, None)
    clock.confirm(by=held)
    assert apply(act, Event.FREEZE, by=world.officer).state == ActState.TO_SIGN


def test_act_past_its_last_day_by_a_jump_does_not_expire(machine):
    """The jump ended ceremonies for good: put right, the act can still be signed."""
    world = signing_world.frozen()
    SignatureRequest.objects.update(expires_at=timezone.now() + days(20))
    clock.observe()
    f.LoginCodeFactory()
    machine.jumps(days(60))
    with pytest.raises(CommandError, match="a avancé d’un coup"):
        call_command("balayer", stdout=io.StringIO())
    assert (world.refreshed().state, LoginCode.objects.count()) == (ActState.TO_SIGN, 1)
    assert JournalDigest.objects.count() == 0
    machine.jumps(days(-60))
    clock.confirm(by=f.UserFactory(superuser=True))
    call_command("balayer", stdout=io.StringIO())
    assert world.refreshed().state == ActState.TO_SIGN


def test_days_missed_are_sealed_afterwards_each_once(machine):
    for rank in range(3):
        with journal_open():
            journal.record("essai", by=None, convention=f.ConventionFactory())
        if rank == 0:
            assert len(digests.seal_missed()) == 1
    machine.starts(after=days(4))
    assert [row.day.isoformat() for row in digests.seal_missed()] == [
        "2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05",
    ]  # fmt: skip
    assert (digests.seal_missed(), list(digests.problems())) == ([], [])


def test_day_sealed_in_advance_stops_none_of_those_that_come(machine):
    digests.seal_day(at=timezone.now() + days(900))
    assert [row.day.isoformat() for row in digests.seal_missed()] == ["2026-03-01"]
    assert list(digests.problems()) == []


def test_digest_waits_while_the_clock_is_held(held):
    with pytest.raises(clock.ClockHeld):
        digests.seal_missed()
    with pytest.raises(CommandError, match="a avancé d’un coup"):
        call_command("sceller_journal")
    assert JournalDigest.objects.count() == 0


def test_command_tells_and_confirms(held):
    with pytest.raises(CommandError, match="« État du service »"):
        call_command("horloge")
    with pytest.raises(CommandError, match="--par"):
        call_command("horloge", "--confirmer")
    with pytest.raises(CommandError, match="Seul un administrateur"):
        call_command("horloge", "--confirmer", "--par", f.UserFactory(role="juriste").username)
    call_command("horloge", "--confirmer", "--par", held.username, stdout=io.StringIO())
    said = io.StringIO()
    call_command("horloge", stdout=said)
    assert said.getvalue() == "L’horloge n’attend aucune confirmation.\n"


def journal_open():
    from django.db import transaction

    return transaction.atomic()


def test_steady_clock_of_this_machine_only_goes_on():
    first = time.clock_gettime(time.CLOCK_BOOTTIME)
    assert time.clock_gettime(time.CLOCK_BOOTTIME) >= first
