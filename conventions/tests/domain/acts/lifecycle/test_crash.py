"""A process killed between any two steps of a transition leaves the act as it was, or as it must become.

Each case is a child of this process, forked without a connection, that kills itself (SIGKILL): before its first write,
its second, and so on; in the transaction, before it commits; once committed, before the mails are handed over.
"""

import itertools
import os
import signal
import traceback

import pytest
from django.core.management import call_command
from django.db import connection, connections

from conventions.domain import journal
from conventions.domain.acts import lifecycle
from conventions.domain.acts.lifecycle import steps
from conventions.domain.foundation import work
from conventions.enums import Event, MailState
from conventions.models import Act, Document, JournalEntry, NumberCounter, OutgoingMail, SignatureAct, User
from conventions.tests.domain.acts.lifecycle.samples import an_act, by_of, details_of
from conventions.tests.factories import UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.pdf]
WRITES = ("INSERT", "UPDATE", "DELETE")


def die(*_args, **_named) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def before_write(number: int):
    """Arm the death of this process just before its nth write."""
    count = itertools.count(1)

    def watch(execute, sql, params, many, context):
        if sql.startswith(WRITES) and next(count) == number:
            die()
        return execute(sql, params, many, context)

    return lambda: connection.execute_wrappers.append(watch)


def at_step(name: str):
    """Arm the death of this process when it passes a step."""

    def passed(step: str) -> None:
        if step == name:
            die()

    def arm() -> None:
        steps.passed = passed

    return arm


def before_mails() -> None:
    """Arm the death of this process once it has committed, before a worker is told of its mails."""
    work.enqueue = die


def _again(by):
    """The user read again by the child's own connection; a signatory is no row."""
    return User.objects.get(pk=by.pk) if isinstance(by, User) else by


def survives(act: Act, event: Event, user: User, arm) -> bool:
    """Whether the transition ended before the child died."""
    details, by = details_of(event, act), by_of(event, act, user)
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            arm()
            lifecycle.apply(Act.objects.get(pk=act.pk), event, by=by and _again(by), **details)
        except BaseException:  # noqa: BLE001 - a child never goes back to the tests
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0
    return not os.WIFSIGNALED(status)


def facts_of(act: Act) -> tuple:
    """All that a transition writes, save the number, which is given first and kept."""
    row = Act.objects.filter(pk=act.pk).values().get()
    own = {name: value for name, value in row.items() if name != "number"}
    lines = JournalEntry.objects.filter(convention=act.convention_id).exclude(event="numero_attribue")
    return (
        own,
        lines.count(),
        Document.objects.count(),
        SignatureAct.objects.count(),
        OutgoingMail.objects.count(),
        Act.objects.count(),
    )


def numbers_have_no_gap() -> bool:
    """As many acts have a number of this year as the counter has given."""
    counter = NumberCounter.objects.first()
    given = Act.objects.filter(number__startswith=f"{counter.year}-").count() if counter else 0
    return given == (counter.last if counter else 0)


def chain_holds(act: Act) -> bool:
    return journal.broken_links(f"convention:{act.convention_id}") == []


STEPS = {
    Event.FREEZE: ("number", "bytes", "written"),
    Event.FILE_SCAN: ("written",),
    Event.TAKE_BACK: ("written",),
    Event.SIGN_LAST: ("written",),
    Event.SEAL: ("written",),
}


OTHERS = [event for event in Event if event not in STEPS]


@pytest.mark.parametrize("event", STEPS, ids=lambda event: event.value)
def test_killed_at_any_step_leaves_all_as_it_was_or_as_it_must_be(event):
    act, user = an_act(event), UserFactory(superuser=True)
    before, deaths = facts_of(act), 0
    moments = itertools.chain(map(at_step, STEPS[event]), map(before_write, itertools.count(1)))
    for moment in moments:
        if survives(act, event, user, moment):
            break
        if Act.objects.get(pk=act.pk).state == lifecycle.TABLE[event].target:
            break  # it had committed: what was left was to tell the worker of its mails
        deaths += 1
        assert (facts_of(act), chain_holds(act), numbers_have_no_gap()) == (before, True, True), deaths
    after = Act.objects.get(pk=act.pk)
    assert (deaths > len(STEPS[event]) + 2, after.state) == (True, lifecycle.TABLE[event].target)
    assert (chain_holds(act), numbers_have_no_gap()) == (True, True)


def test_killed_in_the_transaction_of_any_other_event_writes_nothing():
    user, wrong = UserFactory(superuser=True), []
    for event in OTHERS:
        act = an_act(event)
        before = facts_of(act)
        died = not survives(act, event, user, at_step("written"))
        if not died or facts_of(act) != before or not chain_holds(act):
            wrong.append(event.value)
    assert wrong == []


def test_killed_before_its_mails_leave_the_sweep_sends_them(mailoutbox):
    user, act = UserFactory(superuser=True), an_act(Event.FREEZE)
    act.signatories.update(email="signataire@exemple.invalid")
    assert survives(act, Event.FREEZE, user, before_mails) is False
    after = Act.objects.get(pk=act.pk)
    waiting = list(OutgoingMail.objects.values_list("template", "state"))
    assert (after.state, waiting) == ("a_signer", [("convention_a_signer", MailState.PENDING)])
    call_command("balayer")
    assert OutgoingMail.objects.get().state == MailState.SENT
    assert [mail.to for mail in mailoutbox] == [["signataire@exemple.invalid"]]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL attend toujours le disque.")
def test_signature_is_confirmed_once_it_is_on_the_disk(monkeypatch):
    """2 is FULL: read on the connection of the verb, in its transaction, where it could no longer be set."""
    act, read = an_act(Event.SIGN_LAST), []

    def passed(step: str) -> None:
        with connection.cursor() as cursor:
            read.append((step, connection.in_atomic_block, *cursor.execute("PRAGMA synchronous").fetchone()))

    monkeypatch.setattr(steps, "passed", passed)
    details, by = details_of(Event.SIGN_LAST, act), by_of(Event.SIGN_LAST, act, UserFactory(superuser=True))
    lifecycle.apply(act, Event.SIGN_LAST, by=by, **details)
    assert (read[0], {level for *_where, level in read}) == (("written", True, 2), {2})
