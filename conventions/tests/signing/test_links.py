"""A link of an invitation: looking changes nothing, it opens what it was sent for, and it dies when it should."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from conventions.domain.acts import signing
from conventions.domain.acts.lifecycle import apply
from conventions.enums import ActState, Event
from conventions.models import JournalEntry, SignatureAct, SignatureRequest
from conventions.tests.signing.people import (
    PRESIDENT,
    ask_code,
    entry_of,
    mail_to_sign,
    minutes,
    open_link,
    page_of,
    signs_with_code,
)
from conventions.tests.signing.world import freeze, link_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.pdf]
GONE = 410


def text_of(response) -> str:
    return response.content.decode().replace("\u202f", " ").replace("\u00a0", " ")


def refrozen(world):
    """A correction was made: version 2 waits for signatures."""
    apply(world.refreshed(), Event.TAKE_BACK, by=world.officer, reason="Une date est fausse.")
    return freeze(world)


def test_fifty_looks_change_nothing_and_the_link_still_opens(world, mailoutbox):
    link, client = link_in(mail_to_sign(mailoutbox)), Client()
    before = list(SignatureRequest.objects.order_by("pk").values()), JournalEntry.objects.count()
    answers = {client.get(link).status_code for _ in range(25)}
    answers |= {client.head(link).status_code for _ in range(25)}
    after = list(SignatureRequest.objects.order_by("pk").values()), JournalEntry.objects.count()
    assert (answers, after, "sessionid" in client.cookies) == ({200}, before, False)
    assert client.post(link, follow=True).status_code == 200
    assert world.request_of(world.president).opened_at is not None


def test_link_opened_twice_is_told_once(world, mailoutbox):
    open_link(mailoutbox)
    open_link(mailoutbox)
    assert JournalEntry.objects.filter(event="convention_consultee").count() == 1


@pytest.mark.parametrize("name", ["invitation", "read", "sign", "correct", "decline", "thanks", "document"])
def test_page_leaves_no_trace_elsewhere(world, mailoutbox, name):
    client = open_link(mailoutbox)
    if name == "thanks":
        signs_with_code(world, mailoutbox)
    url = link_in(mail_to_sign(mailoutbox)) if name == "invitation" else page_of(world, world.president, name)
    response = client.get(url)
    assert response.status_code == 200
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]
    if response.streaming:
        b"".join(response.streaming_content)


def test_link_followed_after_signing_says_so(world, mailoutbox):
    signs_with_code(world, mailoutbox)
    page = text_of(Client().get(link_in(mail_to_sign(mailoutbox))))
    assert "Vous avez déjà signé" in page
    assert "est prête à signer" not in page
    assert "À signer avant le" not in page


def test_link_opened_on_two_devices_signs_once(world, mailoutbox):
    telephone, computer = open_link(mailoutbox), open_link(mailoutbox)
    url = page_of(world, world.president)
    signs_with_code(world, mailoutbox)
    assert SignatureAct.objects.count() == 1
    for client in (telephone, computer):
        late = client.post(url, entry_of(world.request_of(world.president)) | {"code": "123456"}, follow=True)
        assert "Votre signature est enregistrée" in text_of(late)
    assert SignatureAct.objects.count() == 1


def test_forwarded_link_opens_and_the_page_says_where_the_code_goes(world, mailoutbox):
    elsewhere = open_link(mailoutbox, Client(HTTP_USER_AGENT="un autre navigateur"))
    page = text_of(elsewhere.get(page_of(world, world.president)))
    assert "Il part à l’adresse p…e@niaouli.invalid." in page


@pytest.mark.parametrize(
    ("event", "by", "sentence"),
    [
        (Event.TAKE_BACK, "officer", "Le texte a été remplacé depuis"),
        (Event.CORRECT_BEFORE_SIGNING, "lawyer", "Le texte a été remplacé depuis"),
        (Event.CANCEL, "officer", "La convention a été annulée"),
        (Event.DECLINE, "officer", "Une partie a refusé de signer"),
    ],
)
def test_act_stopped_while_the_page_is_open_says_so_and_signs_nothing(world, mailoutbox, event, by, sentence):
    client, asked = open_link(mailoutbox), world.request_of(world.president)
    url, link = page_of(world, world.president), link_in(mail_to_sign(mailoutbox))
    client.post(url, entry_of(asked) | {"_code": "1"})
    state = apply(world.act, event, by=getattr(world, by), reason="Une raison.").state
    for response in (
        client.post(url, entry_of(asked) | {"code": "123456"}),
        client.post(url, entry_of(asked) | {"_code": "1"}),
        client.post(url.replace("signature", "refus"), {"reason": "Non."}),
        client.post(url.replace("signature", "correction"), {"reason": "Non."}),
        client.get(url.replace("signature/", "")),
        Client().get(link),
        Client().post(link),
    ):
        assert (response.status_code, sentence in text_of(response)) == (GONE, True)
    assert (SignatureAct.objects.count(), world.refreshed().state) == (0, state)


def test_link_of_the_former_version_says_that_the_text_was_replaced(world, mailoutbox):
    former, client = link_in(mail_to_sign(mailoutbox)), open_link(mailoutbox)
    url = page_of(world, world.president)
    refrozen(world)
    for response in (Client().get(former), client.get(url), client.post(url, {"code": "123456"})):
        assert (response.status_code, "Le texte a été remplacé" in text_of(response)) == (GONE, True)
    assert link_in(mail_to_sign(mailoutbox)) != former
    assert signs_with_code(world, mailoutbox).status_code == 200
    assert SignatureAct.objects.get().document.version == 2


def test_link_of_a_replaced_version_tells_once_the_new_one_is_ready(world, mailoutbox):
    former = link_in(mail_to_sign(mailoutbox))
    refrozen(world)
    assert "Ouvrez le dernier courriel reçu" in text_of(Client().get(former))


def test_link_after_its_last_day_is_refused(world, mailoutbox):
    link, client = link_in(mail_to_sign(mailoutbox)), open_link(mailoutbox)
    url, asked = page_of(world, world.president), world.request_of(world.president)
    with time_machine.travel(asked.expires_at + minutes(1), tick=False):
        for response in (Client().get(link), Client().post(link)):
            assert (response.status_code, "Le délai pour signer est passé" in text_of(response)) == (
                GONE,
                True,
            )
    with pytest.raises(signing.LinkRefused), time_machine.travel(asked.expires_at, tick=False):
        signing.refuse_if_over(asked)
    assert client.get(url).status_code == 200


def test_unknown_link_says_what_to_do(world):
    response = Client().get(reverse("signing:invitation", args=["a" * 43]))
    assert (response.status_code, "Ouvrez le dernier courriel reçu" in text_of(response)) == (404, True)


def test_sending_again_mints_a_new_link_and_closes_the_browser_of_the_former(world, mailoutbox):
    former, client = link_in(mail_to_sign(mailoutbox)), open_link(mailoutbox)
    url = page_of(world, world.president)
    signing.send_again(world.request_of(world.president), by=world.officer)
    told = ["Ce message remplace le précédent" in mail.body for mail in mailoutbox if mail.to == [PRESIDENT]]
    assert told == [False, True]
    latest = link_in(mail_to_sign(mailoutbox))
    assert latest != former
    assert (Client().get(former).status_code, client.get(url).status_code) == (404, 404)
    assert (Client().get(latest).status_code, open_link(mailoutbox).get(url).status_code) == (200, 200)


def test_corrected_address_closes_the_link_and_the_session_of_the_wrong_person(world, mailoutbox):
    former, stranger = link_in(mail_to_sign(mailoutbox)), open_link(mailoutbox)
    url = page_of(world, world.president)
    stranger.post(url, entry_of(world.request_of(world.president)) | {"_code": "1"})
    signing.correct_address(world.request_of(world.president), "vraie@niaouli.invalid", by=world.officer)
    assert (Client().get(former).status_code, Client().post(former).status_code) == (404, 404)
    assert (stranger.get(url).status_code, stranger.post(url, {"code": "123456"}).status_code) == (404, 404)
    last = mailoutbox[-1]
    assert last.to == ["vraie@niaouli.invalid"]
    assert "Ce message remplace le précédent" not in last.body  # this reader had none before
    right = Client()
    right.post(link_in(last))
    assert right.get(url).status_code == 200


def test_link_of_who_signed_opens_until_its_last_day(world, mailoutbox, as_role):
    signs_with_code(world, mailoutbox)
    asked, client = world.request_of(world.president), open_link(mailoutbox)
    link, url = link_in(mail_to_sign(mailoutbox)), page_of(world, world.president, "document")
    assert (client.get(link).status_code, client.get(url).status_code) == (200, 200)
    with time_machine.travel(asked.expires_at + minutes(1), tick=False):
        over = Client().get(link)
        assert (over.status_code, Client().post(link).status_code) == (GONE, GONE)
        assert "Le document est dans votre espace" in text_of(over)
        later = open_link(mailoutbox)
        assert (later.get(url).status_code, as_role(world.president).get(url).status_code) == (404, 200)


def test_corrected_address_kills_the_code_sent_to_the_former(world, mailoutbox, as_role):
    """Else the act of signature would say that the code went where it never did."""
    client, url = as_role(world.president), page_of(world, world.president)
    entry = entry_of(world.request_of(world.president))
    code = ask_code(client, url, entry, mailoutbox)
    signing.correct_address(world.request_of(world.president), "vraie@niaouli.invalid", by=world.officer)
    assert "Ce code a expiré. Demandez un nouveau code." in text_of(client.post(url, entry | {"code": code}))
    assert not SignatureAct.objects.exists()
    again = ask_code(client, url, entry, mailoutbox)
    assert client.post(url, entry | {"code": again}).status_code == 302
    assert SignatureAct.objects.get().identity_check == "code envoyé à l’adresse v…e@niaouli.invalid"


def test_sending_again_after_the_last_day_is_refused_and_told_to_nobody(world, mailoutbox):
    asked, sent = world.request_of(world.president), len(mailoutbox)
    with (
        time_machine.travel(asked.expires_at + minutes(1), tick=False),
        pytest.raises(signing.SigningRefused, match="Le délai pour signer est passé"),
    ):
        signing.send_again(asked, by=world.officer)
    assert (len(mailoutbox), JournalEntry.objects.filter(event="invitation_renvoyee").count()) == (sent, 0)


def test_mandate_ended_since_the_invitation_refuses_clearly(world, mailoutbox):
    client, url = open_link(mailoutbox), page_of(world, world.president)
    mandate = world.request_of(world.president).signatory.representative
    mandate.mandate_end = mandate.mandate_start + datetime.timedelta(days=1)
    mandate.save()
    response = client.post(url, {"code": "123456"}, follow=True)
    assert "Votre mandat a pris fin le" in text_of(response)
    assert (SignatureAct.objects.count(), world.refreshed().state) == (0, ActState.TO_SIGN)


def test_link_seen_after_signing_is_no_new_reading(world, mailoutbox):
    asked = world.request_of(world.president)
    SignatureRequest.objects.filter(pk=asked.pk).update(opened_at=None)
    signs_with_code(world, mailoutbox)
    SignatureRequest.objects.filter(pk=asked.pk).update(opened_at=None)
    lines = JournalEntry.objects.count()
    open_link(mailoutbox)
    assert JournalEntry.objects.count() == lines


def test_clock_set_back_an_hour_keeps_states_true(world, mailoutbox, sign_in_staff):
    with time_machine.travel(world.act.frozen_at - datetime.timedelta(hours=1)):
        assert "Votre signature est enregistrée" in text_of(signs_with_code(world, mailoutbox))
    assert (world.refreshed().state, world.act.frozen_document.revisions.count()) == (
        ActState.PARTLY_SIGNED,
        2,
    )
