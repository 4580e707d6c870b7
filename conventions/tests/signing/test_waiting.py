"""What waits while acts are signed online: tasks, reminders, seals to try again, a signing day."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conventions.domain import worklist
from conventions.domain.acts import batch
from conventions.domain.acts.lifecycle import apply
from conventions.domain.acts.requests import invitations
from conventions.domain.acts.signing import sealing
from conventions.domain.mails import daily_reminders, delivery
from conventions.enums import ActState, Event, MailState
from conventions.models import Act, Job, JournalEntry, OutgoingMail, SignatureRequest
from conventions.tests import factories as f
from conventions.tests.signing import people
from conventions.tests.signing import world as worlds

DOWN = "conventions.tests.domain.mails.test_delivery.Down"
pytestmark = [pytest.mark.pdf, pytest.mark.django_db(transaction=True)]


def tasks(user, code):
    found = worklist.sections(user, today=timezone.localdate(), mine=False)
    return [task for section in found if section.code == code for task in section.tasks]


def invited_days_ago(world, days):
    """The invitation of the president, sent that long ago."""
    row = world.request_of(world.president)
    sent = timezone.now() - datetime.timedelta(days=days)
    SignatureRequest.objects.filter(pk=row.pk).update(sent_at=sent)
    return row


def reminded(row):
    keys = OutgoingMail.objects.filter(dedupe_key__startswith=f"rappel:invitation:{row.pk}:")
    return sorted(keys.values_list("dedupe_key", flat=True))


def test_to_sign_is_the_task_of_the_signatory_alone(together):
    director, other = together.directors[0], f.UserFactory(role="direction")
    [task] = tasks(director, "a_signer")
    asked = together.request_of(director)
    assert worklist.address_of(task) == reverse("signing:read", args=[asked.pk])
    assert tasks(other, "a_signer") == []


def test_to_sign_waits_for_those_who_sign_before(world):
    assert tasks(world.directors[0], "a_signer") == []


@pytest.mark.parametrize(("days", "count"), [(6, 1), (8, 0)])
def test_invitation_near_its_end_is_told_to_the_officer(world, days, count):
    row = invited_days_ago(world, 20)
    end = timezone.now() + datetime.timedelta(days=days)
    SignatureRequest.objects.filter(pk=row.pk).update(expires_at=end)
    assert len(tasks(world.officer, "invitations")) == count


@pytest.mark.parametrize(("days", "count"), [(4, 0), (5, 1)])
def test_invitation_is_reminded_from_the_fifth_day(world, days, count):
    row = invited_days_ago(world, days)
    daily_reminders.ask_for_all(today=timezone.localdate())
    daily_reminders.ask_for_all(today=timezone.localdate())
    assert len(reminded(row)) == count


def test_three_reminders_leave_then_none(world):
    row = invited_days_ago(world, 0)
    for days in (5, 7, 8, 9):
        invited_days_ago(world, days)
        daily_reminders.ask_for_all(today=timezone.localdate())
    assert reminded(row) == [f"rappel:invitation:{row.pk}:{rank}" for rank in (1, 2, 3)]


def test_reminder_holds_a_new_link_and_says_that_it_replaces_the_other(world, mailoutbox):
    first = worlds.link_in(people.mail_to_sign(mailoutbox))
    invited_days_ago(world, 5)
    daily_reminders.ask_for_all(today=timezone.localdate())
    mail = people.mail_to_sign(mailoutbox)
    assert mail.subject.startswith("Rappel, à signer")
    assert "Ce message remplace le précédent" in mail.body
    assert worlds.link_in(mail) != first


class Killed(BaseEmailBackend):
    """The process ends while it speaks to the server."""

    def send_messages(self, messages):
        raise SystemExit


def reminder_of(row):
    return OutgoingMail.objects.get(dedupe_key=f"rappel:invitation:{row.pk}:1")


@pytest.mark.parametrize("backend", [f"{__name__}.Killed", DOWN])
def test_reminder_stopped_on_its_way_leaves_the_former_link_then_leaves_once(
    world, mailoutbox, settings, backend
):
    first = worlds.link_in(people.mail_to_sign(mailoutbox))
    row, settings.EMAIL_BACKEND = invited_days_ago(world, 5), backend
    daily_reminders.ask_for_all(today=timezone.localdate())
    assert (reminder_of(row).state, Client().get(first).status_code) == (MailState.PENDING, 200)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    for _ in range(2):
        daily_reminders.ask_for_all(today=timezone.localdate())
        with time_machine.travel(timezone.now() + datetime.timedelta(minutes=2)):
            call_command("balayer")
    links = [worlds.link_in(mail) for mail in mailoutbox if mail.to == [people.PRESIDENT]]
    assert (len(links), reminder_of(row).state) == (2, MailState.SENT)
    assert [Client().get(link).status_code for link in links] == [404, 200]


def test_invitation_whose_process_was_killed_leaves_again_with_a_link_that_opens(world, mailoutbox):
    """Whatever became of the first one: its link no longer opens, so that this is another letter."""
    row = invited_days_ago(world, 0)
    mail = OutgoingMail.objects.filter(template="invitation_a_signer", params__request=row.pk).get()
    params = {"request": row.pk, "en_cours": [f"signataire:{row.signatory_id}"]}
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=MailState.PENDING, sent_at=None, params=params, leased_until=timezone.now()
    )
    assert delivery.deliver(mail.pk).state == MailState.SENT
    first, second = (worlds.link_in(sent) for sent in mailoutbox if sent.to == [people.PRESIDENT])
    assert [Client().get(link).status_code for link in (first, second)] == [404, 200]


def test_link_of_a_mail_that_did_not_leave_stays_dead_once_the_address_is_corrected(world, mailoutbox):
    """The address is corrected while the server is being spoken to: what comes of that mail changes nothing."""
    row = invited_days_ago(world, 0)
    minted = invitations.mint_token(row.pk)
    invitations.correct_address(row, "autre@niaouli.invalid", by=world.officer)
    held = SignatureRequest.objects.values_list("token_hash", flat=True).get(pk=row.pk)
    invitations.recall(minted)
    assert SignatureRequest.objects.values_list("token_hash", flat=True).get(pk=row.pk) == held


@pytest.mark.parametrize("sent_before", [False, True])
def test_invitation_that_did_not_leave_is_not_said_to_have_left(world, settings, sent_before):
    row = world.request_of(world.president)
    before = ("a" * 64, timezone.now()) if sent_before else ("", None)
    SignatureRequest.objects.filter(pk=row.pk).update(token_hash=before[0], sent_at=before[1])
    settings.EMAIL_BACKEND = DOWN
    invitations.send_again(row, by=world.officer)
    assert SignatureRequest.objects.values_list("token_hash", "sent_at").get(pk=row.pk) == before


def _signed(world, mailbox):
    people.signs_with_code(world, mailbox)


def _declined(world, mailbox):
    client = people.open_link(mailbox)
    client.post(people.page_of(world, world.president, "decline"), {"reason": "Le montant est faux."})


def _mandate_over(world, mailbox):
    world.president.mandates.update(mandate_end=timezone.localdate() - datetime.timedelta(days=1))


def _taken_back(world, mailbox):
    apply(world.refreshed(), Event.TAKE_BACK, by=world.officer, reason="Une date est fausse.")


@pytest.mark.parametrize("before", [_signed, _declined, _mandate_over, _taken_back])
def test_who_has_nothing_left_to_sign_is_not_reminded(world, mailoutbox, before):
    row = invited_days_ago(world, 5)
    before(world, mailoutbox)
    SignatureRequest.objects.filter(pk=row.pk).update(sent_at=timezone.now() - datetime.timedelta(days=5))
    daily_reminders.ask_for_all(today=timezone.localdate())
    assert reminded(row) == []


@pytest.mark.parametrize("before", [_signed, _declined, _mandate_over, _taken_back])
def test_reminder_that_has_lost_its_point_does_not_leave(world, mailoutbox, settings, before):
    """Asked for while the server is down; then the person signs, declines, or can no longer sign."""
    row, backend = invited_days_ago(world, 5), settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = DOWN
    daily_reminders.ask_for_all(today=timezone.localdate())
    mail, settings.EMAIL_BACKEND = reminder_of(row), backend
    before(world, mailoutbox)
    sent = len(mailoutbox)
    assert delivery.deliver(mail.pk) is None
    assert (len(mailoutbox), OutgoingMail.objects.filter(pk=mail.pk).exists()) == (sent, False)


def test_later_turns_are_not_reminded(world):
    daily_reminders.ask_for_all(today=timezone.localdate() + datetime.timedelta(days=29))
    assert len(reminded(world.request_of(world.president))) == 1
    assert [reminded(world.request_of(director)) for director in world.directors] == [[], []]


def test_next_turn_has_its_own_delay(world, mailoutbox):
    """The president answers on the last day: the direction still has thirty days, and the act does not expire."""
    waiting, last = world.request_of(world.directors[0]), timezone.now() + datetime.timedelta(hours=1)
    SignatureRequest.objects.filter(document=waiting.document_id).update(expires_at=last)
    people.signs_with_code(world, mailoutbox)
    left = world.request_of(world.directors[0]).expires_at - timezone.now()
    assert left > datetime.timedelta(days=29)
    with time_machine.travel(last + datetime.timedelta(days=1)):
        call_command("balayer")
    assert world.refreshed().state == ActState.PARTLY_SIGNED


@pytest.fixture
def unsealed(world, mailoutbox, settings):
    """The president signed while the seal had no certificate."""
    settings.SEAL_CERTIFICATE = "/nulle/part.pem"
    people.signs_with_code(world, mailoutbox)
    settings.SEAL_CERTIFICATE = ""
    assert world.refreshed().seal_error != ""
    return world


def test_failed_seal_is_listed_and_tried_again_by_an_officer(unsealed, sign_in_staff):
    world = unsealed
    [task] = tasks(world.officer, "sceaux")
    assert (task.key, task.why, worklist.address_of(task)) == (
        str(world.act.pk),
        world.act.seal_error,
        reverse("admin:seals_waiting"),
    )
    client = sign_in_staff(world.officer)
    assert world.act.seal_error in client.get(reverse("admin:seals_waiting")).content.decode()
    told = sign_in_staff(f.UserFactory(role="juriste")).get(reverse("admin:seal")).content.decode()
    assert "1 acte attend un sceau." in told
    client.post(reverse("admin:seal_retry", args=[world.act.pk]))
    assert (world.refreshed().seal_error, tasks(world.officer, "sceaux")) == ("", [])
    assert JournalEntry.objects.filter(event="sceau_relance", convention=world.convention).count() == 1


def test_failed_seal_is_not_tried_again_by_a_reader(world):
    with pytest.raises(PermissionDenied):
        sealing.retry(world.act, by=f.UserFactory(role="lecture"))


def test_signing_day_freezes_the_approved_acts_of_the_ceremony(keys, sign_in_staff):
    world, ceremony = worlds.drafted(), f.CeremonyFactory()
    Act.objects.filter(pk=world.act.pk).update(ceremony=ceremony)
    act = apply(world.refreshed(), Event.SUBMIT, by=world.officer)
    client, url = (
        sign_in_staff(world.officer),
        reverse("admin:conventions_ceremony_prepare", args=[ceremony.pk]),
    )
    assert [row.allowed for row in batch.foresee_day(ceremony, user=world.officer)] == [False]
    apply(act, Event.APPROVE, by=world.lawyer)
    client.get(url)
    assert (world.refreshed().state, Job.objects.count()) == (ActState.APPROVED, 0)
    client.post(url)
    assert world.refreshed().state == ActState.TO_SIGN
    assert [row["done"] for row in Job.objects.get().result["rows"]] == [True]
