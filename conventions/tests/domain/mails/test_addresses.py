"""Addresses that no server can read end their own letter, at once; corrected, it leaves for who has not received it."""

import pytest
from django.core import mail as django_mail

from conventions.domain.mails import delivery, mime
from conventions.domain.mails.builders import BUILDERS
from conventions.domain.mails.letter import BEFORE
from conventions.enums import MailState
from conventions.models import Representative, User
from conventions.tests import factories as f
from conventions.tests.domain.mails.test_delivery import queued, signed_up
from conventions.tests.domain.mails.test_leases import EVERYONE, FIRST, LAST, MIDDLE, served, to_three

UNREADABLE = [
    "sans-arobase",
    "a@b",
    "a@",
    "@niaouli.invalid",
    "@",
    "présidence@niaouli.invalid",
    "a b@niaouli.invalid",
    "a@niaouli .invalid",
    "a@@niaouli.invalid",
    "a..b@niaouli.invalid",
    ".a@niaouli.invalid",
    "a@niaouli..invalid",
    "a@-niaouli.invalid",
    "a@é..invalid",
    "a@" + "é" * 70 + ".invalid",
    "a@niaouli.invalid,b@niaouli.invalid",
    "a@niaouli.invalid; b@niaouli.invalid",
    "Léa <a@niaouli.invalid>",
    "<a@niaouli.invalid>",
    "a@niaouli.invalid\nBcc: voleur@ailleurs.invalid",
    "a@niaouli.invalid\r\nBcc: voleur@ailleurs.invalid",
    "a\nb@niaouli.invalid",
    '"a\x01"@niaouli.invalid',
    "a\u200b@niaouli.invalid",
    "a@niaouli\u200b.invalid\u200b é",
    "mailto:a @niaouli.invalid",
]


@pytest.mark.django_db
@pytest.mark.parametrize("address", UNREADABLE)
def test_unreadable_address_ends_its_own_letter_at_once(settings, mailoutbox, address):
    mail = to_three(address)
    done = delivery.deliver(mail.pk)
    assert (done.state, served(mailoutbox), delivery.due()) == (
        MailState.FAILED,
        sorted([FIRST, LAST]),
        [],
    )
    assert done.error == (
        "Pour 1\u00a0destinataire sur 3\u00a0: l’adresse est mal écrite, rien ne peut partir. Corrigez-la sur "
        "la fiche de la personne, puis envoyez ce courriel de nouveau."
    )


@pytest.mark.parametrize(
    ("typed", "travels"),
    [
        ("Presidence@Niaouli.invalid", "Presidence@Niaouli.invalid"),
        (" a@niaouli.invalid\n", "a@niaouli.invalid"),
        ("a@école.invalid", "a@xn--cole-9oa.invalid"),
        ("a@École.invalid", "a@xn--cole-9oa.invalid"),
        ("a+b@niaouli.invalid", "a+b@niaouli.invalid"),
        ("o'brien@niaouli.invalid", "o'brien@niaouli.invalid"),
        ("a@localhost", "a@localhost"),
        ("a@[127.0.0.1]", "a@[127.0.0.1]"),
        ('"a.b"@niaouli.invalid', '"a.b"@niaouli.invalid'),
    ],
)
def test_readable_address_travels_in_ascii(typed, travels):
    assert mime.readable_address(typed) == travels
    assert django_mail.message.sanitize_address(travels, "utf-8").isascii()


@pytest.mark.django_db
def test_address_corrected_then_sent_again_serves_only_who_received_nothing(mailoutbox):
    mail = to_three("a@b")
    delivery.deliver(mail.pk)
    User.objects.filter(email="a@b").update(email=MIDDLE)
    mail.refresh_from_db()
    again = delivery.send_again(mail, by=f.UserFactory(role="gestionnaire"))
    assert delivery.deliver(again.pk).state == MailState.SENT
    assert served(mailoutbox) == sorted(EVERYONE)
    assert len(again.params[BEFORE]) == 2


@pytest.mark.django_db
def test_mail_that_everybody_received_is_sent_again_to_everybody(mailoutbox):
    mail = to_three()
    delivery.deliver(mail.pk)
    mail.refresh_from_db()
    again = delivery.send_again(mail, by=f.UserFactory(role="gestionnaire"))
    delivery.deliver(again.pk)
    assert served(mailoutbox) == sorted(EVERYONE * 2)


@pytest.mark.django_db
def test_mail_sent_again_when_nobody_misses_it_any_more_says_so(mailoutbox):
    mail = to_three("a@b")
    delivery.deliver(mail.pk)
    User.objects.filter(email="a@b").update(email="")
    Representative.objects.filter(user__email="").update(email="")
    mail.refresh_from_db()
    again = delivery.deliver(delivery.send_again(mail, by=f.UserFactory(role="gestionnaire")).pk)
    assert (again.state, again.error) == (MailState.SET_ASIDE, delivery.ALL_HAVE_IT)
    assert served(mailoutbox) == sorted([FIRST, LAST])


@pytest.mark.django_db
def test_unreadable_address_to_answer_to_is_left_out(mailoutbox):
    act = signed_up(officer=f.UserFactory(role="gestionnaire", email="bureau@b"))
    assert delivery.deliver(queued("convention_a_signer", act=act.pk).pk).state == MailState.SENT
    assert mailoutbox[0].reply_to == []


@pytest.mark.django_db
@pytest.mark.parametrize("template", ["code_connexion", "code_adresse"])
def test_letter_that_nobody_sends_again_tells_to_ask_for_another(mailoutbox, monkeypatch, template):
    letter = delivery.Letter(
        key="adresse",
        to="a@b",
        subject="Essai",
        template="emails/code_connexion",
        context={"code": "000 000", "minutes": 10},
    )
    monkeypatch.setitem(BUILDERS, template, lambda params: [letter])
    done = delivery.deliver(queued(template, essai=1).pk)
    assert (done.state, done.error) == (
        MailState.FAILED,
        "L’adresse est mal écrite, rien ne peut partir. Corrigez-la, puis demandez un autre envoi.",
    )
