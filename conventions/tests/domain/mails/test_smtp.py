"""Mails before a real SMTP server on this machine: what travels, what is refused, what is tried again."""

import asyncio
import os
import signal
import socket
import threading
from contextlib import contextmanager
from email import message_from_bytes, policy

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.core.mail.backends.smtp import EmailBackend
from django.db import connection, connections
from django.utils import timezone

from conventions.domain.mails import delivery
from conventions.enums import MailState
from conventions.models import Convention, OutgoingMail, User
from conventions.tests.domain.mails.test_delivery import queued, signed_up

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd"),
]
LONGEST_LINE = 998  # RFC 5322, without its end


class Keeper:
    """Keeps what it is given. As servers do, refuses one address, takes one later, hangs up on one.

    `at`: where it hangs up, « RCPT », « DATA » (before it keeps the message) or « QUIT ».
    """

    def __init__(self, refused="", later="", dropped="", at="DATA"):
        self.refused, self.later, self.dropped, self.at = refused, later, dropped, at
        self.received = []

    def hangs_up(self, server, step, addresses):
        if step != self.at or self.dropped not in addresses:
            return False
        server.transport.abort()
        return True

    async def handle_RCPT(self, server, session, envelope, address, options):
        await asyncio.sleep(0)
        if address == self.refused:
            return "550 5.1.1 unknown"
        if self.hangs_up(server, "RCPT", [address]):
            return "421 closing"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(0)
        if self.hangs_up(server, "DATA", envelope.rcpt_tos):
            return "421 closing"
        if self.later in envelope.rcpt_tos:
            return "451 4.3.0 later"
        self.received.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"

    async def handle_QUIT(self, server, session, envelope):
        await asyncio.sleep(0)
        self.hangs_up(server, "QUIT", [self.dropped])
        return "221 Bye"


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
    assert (mail.state, mail.attempts) == (MailState.PENDING, 0)
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


THREE = ("une@niaouli.invalid", "deux@niaouli.invalid", "trois@niaouli.invalid")
TROUBLES = {
    "refusée": {"refused": THREE[1]},
    "plus tard": {"later": THREE[1]},
    "coupure avant le message": {"dropped": THREE[1], "at": "RCPT"},
    "coupure dans le message": {"dropped": THREE[1], "at": "DATA"},
}


def receivers(keeper):
    return sorted(address for to, _content in keeper.received for address in to)


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
def test_trouble_with_one_of_three_is_its_own_and_is_over_once_it_ends(settings, trouble):
    mail = queued("convention_a_signer", act=signed_up(emails=THREE).pk)
    with server(settings, Keeper(**trouble)) as keeper:
        for _ in range(2):
            assert delivery.deliver(mail.pk).state == MailState.PENDING
        assert receivers(keeper) == sorted([THREE[0], THREE[2]])
        keeper.refused = keeper.later = keeper.dropped = ""
        assert delivery.deliver(mail.pk).state == MailState.SENT
    assert receivers(keeper) == sorted(THREE)


def test_server_that_hangs_up_after_taking_the_message_is_not_given_it_again(settings):
    mail = queued("convention_a_signer", act=signed_up(emails=THREE).pk)
    with server(settings, Keeper(at="QUIT")) as keeper:
        assert delivery.deliver(mail.pk).state == MailState.SENT
    assert receivers(keeper) == sorted(THREE)


def test_bad_address_among_good_ones_reaches_no_server_and_repeats_nothing(settings):
    act = signed_up(emails=THREE)
    User.objects.filter(email=THREE[1]).update(email="présidence@niaouli.invalid")
    mail = queued("convention_a_signer", act=act.pk)
    with server(settings, Keeper()) as keeper:
        assert delivery.deliver(mail.pk).state == MailState.FAILED
        assert [delivery.deliver(mail.pk) for _ in range(7)] == [None] * 7
    assert receivers(keeper) == sorted([THREE[0], THREE[2]])


def test_domain_with_accents_travels_encoded(settings):
    mail = queued("convention_a_signer", act=signed_up(emails=("a@école.invalid",)).pk)
    with server(settings, Keeper()) as keeper:
        assert delivery.deliver(mail.pk).state == MailState.SENT
    assert receivers(keeper) == ["a@xn--cole-9oa.invalid"]


class DiesOnTheWay(EmailBackend):
    """The second letter kills the process: before the server hears of it, or once it has taken it."""

    sent = 0
    dies = "before"

    def send_messages(self, messages):
        type(self).sent += 1
        if self.sent == 2 and self.dies == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        count = super().send_messages(messages)
        if self.sent == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return count


class DiesAfter(DiesOnTheWay):
    dies = "after"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("backend", "took"), [("DiesOnTheWay", 1), ("DiesAfter", 2)])
def test_process_killed_between_two_letters_sends_nothing_twice(settings, backend, took):
    """The one that was leaving is told to have left, perhaps; the third one leaves with the next sweep."""
    act = signed_up(emails=THREE)
    mail = OutgoingMail.objects.create(template="convention_a_signer", params={"act": act.pk})
    with server(settings, Keeper()) as keeper:
        settings.EMAIL_BACKEND = f"{__name__}.{backend}"
        connections.close_all()
        child = os.fork()
        if child == 0:
            delivery.deliver(mail.pk)
            os._exit(0)
        assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
        assert len(keeper.received) == took
        assert delivery.due() == []
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        with time_machine.travel(timezone.now() + 2 * delivery.LEASE):
            assert delivery.due() == [mail.pk]
            done = delivery.deliver(mail.pk)
    assert receivers(keeper) == sorted([*THREE[:took], THREE[2]])
    assert (done.state, "peut-être parti" in done.error) == (MailState.FAILED, True)
