"""The daily digest: once a day, only what moved, a mail to keep apart."""

import contextlib
import io
import json

import pytest
from django.core.management import call_command
from django.db import transaction

from conventions.domain import journal
from conventions.domain.foundation import triggers
from conventions.domain.journal import digests
from conventions.domain.mails import delivery
from conventions.models import JournalDigest, JournalEntry, OutgoingMail
from conventions.tests.factories import ConventionFactory
from conventions.tests.harness import rows_read

pytestmark = pytest.mark.django_db


def write(convention) -> None:
    with transaction.atomic():
        journal.record("essai", by=None, convention=convention)


@contextlib.contextmanager
def unlocked():
    """Without the locks of the tables, as somebody with the keys of the database."""
    triggers.remove()
    yield
    triggers.install()


def test_day_is_sealed_once(at):
    write(ConventionFactory())
    with at(2026, 11, 25, 0, 5):
        first, second = digests.seal_day(), digests.seal_day()
    assert (first.day.isoformat(), first.heads_count, first.entries_count, second) == (
        "2026-11-24",
        1,
        1,
        None,
    )


def test_digest_holds_what_moved_and_follows_the_one_before(at):
    quiet, busy = ConventionFactory(), ConventionFactory()
    write(quiet)
    write(busy)
    with at(2026, 11, 25, 1):
        first = digests.seal_day()
    write(busy)
    with at(2026, 11, 26, 1):
        second = digests.seal_day()
    assert list(json.loads(second.sealed)["heads"]) == [journal.chain_of(busy)]
    assert (second.previous_hash, second.heads_count, second.entries_count) == (first.hash, 2, 3)
    assert list(digests.problems()) == []


def test_command_prints_the_line_of_the_day():
    write(ConventionFactory())
    said, again = io.StringIO(), io.StringIO()
    call_command("sceller_journal", stdout=said)
    call_command("sceller_journal", stdout=again)
    line = JournalDigest.objects.get().line
    assert said.getvalue() == f"{line}\n"
    assert again.getvalue() == f"Le journal de la veille est déjà scellé :\n{line}\n"


def test_sweep_seals_the_day_before():
    call_command("balayer", stdout=io.StringIO())
    assert JournalDigest.objects.count() == 1


def test_mail_leaves_to_the_address_that_keeps_the_lines(settings, mailoutbox):
    settings.JOURNAL_DIGEST_EMAIL = "archives@exemple.invalid"
    digest = digests.seal_day()
    delivery.deliver(OutgoingMail.objects.get().pk)
    assert [mail.to for mail in mailoutbox] == [["archives@exemple.invalid"]]
    assert digest.line in mailoutbox[0].body


def test_days_after_the_second_read_what_came_since_and_hold_everything(at, django_assert_num_queries):
    """Thirty chains for seven days: the last digest reads only the last lines, and all digests hold all heads."""
    for _rank in range(30):
        write(ConventionFactory())
    busy = ConventionFactory()
    read = []
    for day in range(1, 8):
        write(busy)
        with at(2026, 12, day, 1), rows_read() as found:
            digests.seal_day()
        read.append(found.count)
    assert read[-1] <= read[2] * 1.5 + 5
    sealed = digests.so_far()
    assert (len(sealed.heads), sealed.heads[journal.chain_of(busy)][0]) == (31, 7)
    assert list(digests.problems()) == []


def test_line_of_a_transaction_that_ended_late_is_sealed_the_next_day(at):
    """Its key is lower than one already sealed: the read begins one digest earlier."""
    for day in (1, 2, 3):
        write(ConventionFactory())
        with at(2026, 12, day, 1):
            digests.seal_day()
    late, seen = ConventionFactory(), ConventionFactory()
    write(late)
    write(seen)
    told = JournalEntry.objects.get(convention=late)
    waits = [
        JournalEntry(**{f.attname: getattr(told, f.attname) for f in JournalEntry._meta.concrete_fields})
    ]
    with unlocked():
        told.delete()
    with at(2026, 12, 4, 1):
        assert list(json.loads(digests.seal_day().sealed)["heads"]) == [journal.chain_of(seen)]
    JournalEntry.objects.bulk_create(waits)
    with at(2026, 12, 5, 1):
        assert list(json.loads(digests.seal_day().sealed)["heads"]) == [journal.chain_of(late)]
    assert list(digests.problems()) == []


def test_digests_of_before_are_followed_by_one_that_reads_everything(at):
    """They do not say how far they read."""
    for day in (1, 2):
        write(ConventionFactory())
        with at(2026, 12, day, 1):
            row = digests.seal_day()
        told = json.loads(row.sealed)
        del told["latest"]
        row.sealed = journal.canonical(told)
        row.previous_hash = (
            JournalDigest.objects.exclude(pk=row.pk).values_list("hash", flat=True).first() or ""
        )
        row.hash = digests.digest_hash(row)
        with unlocked():
            row.save()
    write(ConventionFactory())
    with at(2026, 12, 3, 1):
        digests.seal_day()
    assert list(digests.problems()) == []
    assert len(digests.so_far().heads) == 3
