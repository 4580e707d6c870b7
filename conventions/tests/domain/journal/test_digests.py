"""The daily digest: once a day, only what moved, a mail to keep apart."""

import io
import json

import pytest
from django.core.management import call_command
from django.db import transaction

from conventions.domain import journal
from conventions.domain.journal import digests
from conventions.domain.mails import delivery
from conventions.models import JournalDigest, OutgoingMail
from conventions.tests.factories import ConventionFactory

pytestmark = pytest.mark.django_db


def write(convention) -> None:
    with transaction.atomic():
        journal.record("essai", by=None, convention=convention)


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
