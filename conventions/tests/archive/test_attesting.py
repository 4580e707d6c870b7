"""Recording the papers of a cupboard: one letter a day to those who attest, nothing old that claims anything."""

import datetime

import pytest
from django.utils import timezone

from conventions.domain import worklist
from conventions.domain.acts import lifecycle
from conventions.domain.mails import delivery
from conventions.enums import ActState, Event, MailState, Role
from conventions.models import OutgoingMail
from conventions.tests import factories as f

pytestmark = pytest.mark.django_db
DAY = datetime.date
PAPERS = 10


def _recorded(by):
    """A paper of 2015, recorded from the screens' verb, which asks for the letter."""
    convention = f.ConventionFactory(act=None)
    act = f.ActFactory(convention=convention, origin="reprise", starts_on=None, ends_on=None)
    act.signed_on = DAY(2015, 1, 10)
    act.save()
    f.SourceFactory(convention=convention)
    lifecycle.apply(act, Event.RECORD_REPRISE, by=by)
    return act


def _tasks(role: Role, code: str) -> list[worklist.Task]:
    found = worklist.sections(f.UserFactory(role=role), today=timezone.localdate(), mine=False)
    return [task for section in found if section.code == code for task in section.tasks]


def test_ten_papers_are_one_letter_a_day_to_each_who_attests(at, mailoutbox):
    by = f.UserFactory(role="gestionnaire")
    readers = [f.UserFactory(role="juriste"), f.UserFactory(role="direction")]
    with at(2026, 3, 2, 7):
        acts = [_recorded(by) for _ in range(PAPERS)]
        asked = OutgoingMail.objects.filter(template="reprise_a_attester")
        assert asked.count() == PAPERS
        assert {delivery.deliver(mail.pk).state for mail in asked} == {MailState.SET_ASIDE}
        assert mailoutbox == []
    with at(2026, 3, 2, 9):
        assert delivery.queue_summaries() == len(readers)
        for mail in OutgoingMail.objects.filter(template="resume_quotidien"):
            delivery.deliver(mail.pk)
        assert delivery.queue_summaries() == 0
    assert sorted(mail.to for mail in mailoutbox) == sorted([reader.email] for reader in readers)
    for mail in mailoutbox:
        assert [str(act.convention) for act in acts if str(act.convention) not in mail.body] == []


def test_paper_attested_meanwhile_is_not_in_the_letter(at, mailoutbox):
    lawyer = f.UserFactory(role="juriste")
    by = f.UserFactory(role="gestionnaire")
    with at(2026, 3, 2, 7):
        act = _recorded(by)
        delivery.deliver(OutgoingMail.objects.get(template="reprise_a_attester").pk)
        lifecycle.apply(act, Event.ATTEST_REPRISE, by=lawyer)
    with at(2026, 3, 2, 9):
        delivery.queue_summaries()
        for mail in OutgoingMail.objects.filter(template="resume_quotidien"):
            delivery.deliver(mail.pk)
    assert mailoutbox == []


def test_paper_of_2015_waits_to_be_published_since_it_was_attested(at):
    by, lawyer = f.UserFactory(role="gestionnaire"), f.UserFactory(role="juriste")
    with at(2026, 3, 2, 9):
        act = _recorded(by)
        (waiting,) = _tasks(Role.COMMUNICATION, "publier")
        assert (waiting.pk, waiting.since) == (act.convention_id, DAY(2026, 3, 2))
    with at(2026, 3, 5, 9):
        lifecycle.apply(act, Event.ATTEST_REPRISE, by=lawyer)
        (waiting,) = _tasks(Role.COMMUNICATION, "publier")
        assert waiting.since == DAY(2026, 3, 5)


def test_act_made_here_waits_since_its_signature():
    signed_on = timezone.localdate() - datetime.timedelta(days=12)
    f.ConventionFactory(act=ActState.SIGNED, act__signed_on=signed_on)
    (waiting,) = _tasks(Role.COMMUNICATION, "publier")
    assert waiting.since == signed_on


@pytest.mark.parametrize(
    ("origin", "claimed"), [("reprise", []), ("nouveau", ["comptes_rendus", "versements"])]
)
def test_what_an_old_paper_wanted_claims_nothing_today(origin, claimed):
    long_ago = DAY(2016, 6, 30)
    f.ConventionFactory(
        reprise=origin == "reprise",
        act=ActState.SIGNED,
        act__signed_on=DAY(2015, 1, 10),
        act__fundings=[{"amount": 1_000, "budget_year": 2015}],
        act__instalments=[{"amount": 1_000, "due_on": long_ago}],
        act__obligations=[{"due_on": long_ago}],
    )
    codes = ("comptes_rendus", "versements", "prets")
    assert [
        code for code in codes if worklist.tasks_of(worklist.RULES_BY_CODE[code], today=timezone.localdate())
    ] == claimed
