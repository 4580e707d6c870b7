"""Mails before a real SMTP server on this machine: what travels, what is refused, what is tried again."""

import asyncio
import socket
import threading
from contextlib import contextmanager
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from django.db import connection

from conventions.domain.mails import delivery
from conventions.enums import MailState
from conventions.models import Convention, OutgoingMail
from conventions.tests.domain.mails.test_delivery import queued, signed_up

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd"),
]
LONGEST_LINE = 998  # RFC 5322, without its end


class Keeper:
    """Keeps what it is given; refuses one address, as servers do."""

    def __init__(self, refused=""):
        self.refused, self.received = refused, []

    async def handle_RCPT(self, server, session, envelope, address, options):
        await asyncio.sleep(0)
        if address == self.refused:
            return "550 5.1.1 unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(0)
        self.received.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def server(settings, keeper, port=None):
    port = port or free_port()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    controller = Controller(keeper, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield keeper
    finally:
        controller.stop()


def letter_lines(content: bytes) -> list[bytes]:
    return content.split(b"\r\n")


def test_mail_travels_in_seven_bits_with_short_lines(settings):
    act = signed_up()
    Convention.objects.filter(pk=act.convention_id).update(title="L’été à Ouvéa, « œuvre » ; " + "très " * 30)
    with server(settings, Keeper()) as keeper:
        assert delivery.deliver(queued("convention_a_signer", act=act.pk).pk).state == MailState.SENT
    ((_to, content),) = keeper.received
    assert content.isascii()
    assert max(map(len, letter_lines(content))) <= LONGEST_LINE
    parsed = message_from_bytes(content, policy=policy.default)
    assert "L’été à Ouvéa, « œuvre »" in parsed["Subject"].replace("\u00a0", " ").replace("\u202f", " ")
    assert "prête à signer" in parsed.get_body(("plain",)).get_content()
    assert [part.get_content_charset() for part in parsed.iter_parts()] == ["utf-8", "utf-8"]


def test_refused_recipient_is_tried_again_and_the_others_are_served(settings):
    act = signed_up(emails=("une@niaouli.invalid", "refusee@niaouli.invalid"))
    with server(settings, Keeper(refused="refusee@niaouli.invalid")) as keeper:
        mail = delivery.deliver(queued("convention_a_signer", act=act.pk).pk)
        assert (mail.state, mail.error) == (
            MailState.PENDING,
            "Le serveur de courriel n’a pas pris le message (SMTPRecipientsRefused).",
        )
        delivery.deliver(mail.pk)
    assert [to for to, _content in keeper.received] == [["une@niaouli.invalid"]]


def test_server_down_then_up_sends_once(settings):
    port, keeper = free_port(), Keeper()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    mail = delivery.deliver(queued("convention_a_signer", act=signed_up().pk).pk)
    assert (mail.state, mail.attempts) == (MailState.PENDING, 1)
    with server(settings, keeper, port):
        assert delivery.deliver(mail.pk).state == MailState.SENT
        assert delivery.deliver(mail.pk) is None
    assert len(keeper.received) == 1


@pytest.mark.parametrize("field", ["title", "name"])
def test_line_break_opens_no_header(settings, field):
    act = signed_up()
    if field == "title":
        Convention.objects.filter(pk=act.convention_id).update(
            title="Atelier\r\nBcc: voleur@ailleurs.invalid"
        )
    else:
        party = act.convention.parties.last()
        type(party.partner).objects.filter(pk=party.partner_id).update(
            name="Niaouli\nBcc: voleur@ailleurs.invalid"
        )
    with server(settings, Keeper()) as keeper:
        delivery.deliver(queued("convention_a_signer", act=act.pk).pk)
    ((to, content),) = keeper.received
    assert (to, message_from_bytes(content, policy=policy.default)["Bcc"]) == (
        ["presidence@niaouli.invalid"],
        None,
    )


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail(settings):
    mail = OutgoingMail.objects.create(template="convention_a_signer", params={"act": signed_up().pk})
    barrier = threading.Barrier(2)

    def work():
        barrier.wait(timeout=10)
        delivery.deliver(mail.pk)
        connection.close()

    with server(settings, Keeper()) as keeper:
        workers = [threading.Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=60)
    assert len(keeper.received) == 1
    mail.refresh_from_db()
    assert mail.state == MailState.SENT
