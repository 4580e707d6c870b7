"""A ceremony that stops: expired, declined, cancelled, taken back. Everyone who was told to sign hears of it."""

import datetime

import pytest
import time_machine
from django.core.management import call_command

from conventions.domain.acts import lifecycle, signing
from conventions.domain.acts.lifecycle import apply
from conventions.enums import ActState, Event
from conventions.models import Act, JournalEntry, SignatureAct, SignatureRequest
from conventions.tests.signing.people import (
    PRESIDENT,
    open_link,
    page_of,
    signs_with_account,
    signs_with_code,
)
from conventions.tests.signing.test_links import text_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.pdf]


def sweep_after(world, **delay) -> None:
    """The sweep, once the last day has passed."""
    last = (
        SignatureRequest.objects.filter(document=world.act.frozen_document_id).latest("expires_at").expires_at
    )
    with time_machine.travel(last + datetime.timedelta(**delay), tick=False):
        call_command("balayer")


def told(mailbox, subject: str) -> list[str]:
    """Who received the letter of this subject."""
    return sorted(mail.to[0] for mail in mailbox if mail.subject.startswith(subject))


def test_unsigned_act_expires_with_its_last_day_not_before(world, mailoutbox):
    sweep_after(world, seconds=-5)
    assert world.refreshed().state == ActState.TO_SIGN
    sweep_after(world, minutes=1)
    act = world.refreshed()
    assert (act.state, act.end_reason) == (ActState.EXPIRED, "Le délai pour signer est passé.")
    assert told(mailoutbox, "Signature arrêtée") == [PRESIDENT]
    assert world.officer.email in {address for mail in mailoutbox for address in mail.to}
    sweep_after(world, minutes=2)
    assert JournalEntry.objects.filter(event=Event.EXPIRE.value).count() == 1
    assert told(mailoutbox, "Signature arrêtée") == [PRESIDENT]


def test_expiry_is_told_to_who_signed_and_to_who_was_invited(world, mailoutbox, sign_in_staff):
    first, second = world.directors
    signs_with_code(world, mailoutbox)
    signs_with_account(sign_in_staff(first), world, first)
    sweep_after(world, minutes=1)
    assert world.refreshed().state == ActState.EXPIRED
    assert told(mailoutbox, "Signature arrêtée") == sorted([PRESIDENT, first.email, second.email])


@pytest.mark.parametrize("event", [Event.CANCEL, Event.DECLINE])
def test_stop_is_told_to_the_directors_who_signed(together, mailoutbox, sign_in_staff, event):
    first, second = together.directors
    signs_with_account(sign_in_staff(first), together, first)
    apply(together.refreshed(), event, by=together.officer, reason="Une raison interne.")
    letters = [mail for mail in mailoutbox if mail.subject.startswith("Signature arrêtée")]
    assert told(mailoutbox, "Signature arrêtée") == sorted([PRESIDENT, first.email, second.email])
    assert all("Une raison interne" not in mail.body for mail in letters)
    to_staff = next(mail for mail in letters if mail.to == [first.email])
    assert "vous signez pour l’OPT-NC" in to_staff.body
    assert "/signer/acte/" in to_staff.body


def test_correction_is_told_to_who_was_invited_and_to_who_signed(together, mailoutbox, sign_in_staff):
    first, second = together.directors
    signs_with_account(sign_in_staff(first), together, first)
    apply(
        together.refreshed(), Event.CORRECT_BEFORE_SIGNING, by=together.officer, reason="Une date est fausse."
    )
    assert told(mailoutbox, "Signature suspendue") == sorted([PRESIDENT, first.email, second.email])
    letter = next(mail for mail in mailoutbox if mail.subject.startswith("Signature suspendue"))
    assert "votre signature ne compte plus" in letter.body


def test_who_was_not_invited_yet_is_not_told(world, mailoutbox):
    apply(world.act, Event.CANCEL, by=world.officer, reason="Une raison.")
    assert told(mailoutbox, "Signature arrêtée") == [PRESIDENT]


def test_corrected_address_is_the_one_that_is_told(world, mailoutbox):
    signing.correct_address(world.request_of(world.president), "vraie@niaouli.invalid", by=world.officer)
    apply(world.refreshed(), Event.CANCEL, by=world.officer, reason="Une raison.")
    assert told(mailoutbox, "Signature arrêtée") == ["vraie@niaouli.invalid"]


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (Event.CANCEL, "La convention a été annulée : il n’y a plus rien à signer."),
        (Event.CORRECT_BEFORE_SIGNING, "Votre signature sur l’ancienne ne compte plus."),
    ],
)
def test_who_signed_reads_what_became_of_it(world, mailoutbox, event, sentence):
    signs_with_code(world, mailoutbox)
    url = page_of(world, world.president, "thanks")
    client = open_link(mailoutbox)
    state = apply(world.refreshed(), event, by=world.officer, reason="Une raison.").state
    page = text_of(client.get(url))
    assert (sentence in page, "Tout le monde a signé" in page, "vous recevrez un courriel. Le" in page) == (
        True,
        False,
        False,
    )
    assert (world.refreshed().state, SignatureAct.objects.count()) == (state, 1)


def test_president_declines_with_a_reason_and_everybody_is_told(world, mailoutbox):
    client = open_link(mailoutbox)
    url = page_of(world, world.president, "decline")
    empty = client.post(url, {"reason": "  "})
    assert (empty.status_code, world.refreshed().state) == (200, ActState.TO_SIGN)
    done = client.post(url, {"reason": "Le montant n’est pas le bon."})
    assert "C’est transmis" in text_of(done)
    act = world.refreshed()
    assert (act.state, act.end_reason) == (ActState.DECLINED, "Le montant n’est pas le bon.")
    assert told(mailoutbox, "Signature arrêtée") == [PRESIDENT]


def test_reason_of_a_signatory_is_read_by_every_party(together, mailoutbox, sign_in_staff):
    world = together
    signs_with_code(world, mailoutbox)
    client = sign_in_staff(world.directors[0])
    client.post(page_of(world, world.directors[0], "decline"), {"reason": "Le montant n’est pas le bon."})
    assert world.refreshed().state == ActState.DECLINED
    stopped = [mail for mail in mailoutbox if mail.subject.startswith("Signature arrêtée")]
    assert sorted(mail.to[0] for mail in stopped) == sorted(
        [PRESIDENT, *(user.email for user in world.directors)]
    )
    for mail in stopped:
        for text in (mail.body, mail.alternatives[0][0]):
            assert "Le motif donné par Alix KADDOUR" in text
            assert "Le montant n’est pas le bon." in text


def test_correction_asked_by_a_president_sends_the_text_back(world, mailoutbox):
    client = open_link(mailoutbox)
    client.post(page_of(world, world.president, "correct"), {"reason": "Article 3 : mon nom."})
    act = world.refreshed()
    assert (act.state, act.correction_note, act.frozen_document) == (
        ActState.TO_CORRECT,
        "Article 3 : mon nom.",
        None,
    )
    assert not SignatureRequest.objects.filter(revoked_at=None).exists()


def test_act_signed_by_all_never_expires(together, mailoutbox, sign_in_staff, settings):
    settings.SEAL_CERTIFICATE = "/nulle/part.pem"
    signs_with_code(together, mailoutbox)
    for user in together.directors:
        signs_with_account(sign_in_staff(user), together, user)
    sweep_after(together, days=3)
    assert together.refreshed().state == ActState.TO_SEAL
    assert lifecycle.expire_overdue() == 0
    assert Act.objects.filter(state=ActState.EXPIRED).count() == 0
