"""An hour of trouble with a real mail server, with the site under use: no page breaks, no letter is lost or doubled."""

import datetime
import threading
import time

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conventions.domain.foundation.failures import Failures
from conventions.domain.mails import delivery
from conventions.enums import MailState
from conventions.models import OutgoingMail
from conventions.tests import factories as f
from conventions.tests.domain.mails.hostile import running
from conventions.tests.domain.mails.test_delivery import queued, signed_up

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
THREE = ("une@niaouli.invalid", "deux@niaouli.invalid", "trois@niaouli.invalid")
VISITORS = tuple(f"presidence-{rank}@banian.invalid" for rank in range(3))
PASSES = (0, 1, 2, 5, 10, 30, 59)  # minutes of the trouble at which the sweep is played


def in_use(address: str, answers: list[int]) -> None:
    """A visitor reads the site, then asks for a code: each page is a request of its own, some write."""
    client = Client(raise_request_exception=False)
    try:
        for _ in range(3):
            answers.append(client.get(reverse("public:home")).status_code)
            answers.append(client.get(reverse("public:convention_list")).status_code)
        answers.append(client.post(reverse("portal:sign_in"), {"email": address}).status_code)
        answers.append(client.get(reverse("public:home")).status_code)
    finally:
        connection.close()


def sweep() -> tuple[list[str], float]:
    """What a pass says, and how long it takes."""
    failures, start = Failures(), time.perf_counter()
    delivery.send_due(failures)
    return failures.told, time.perf_counter() - start


def asked_for() -> list[OutgoingMail]:
    act = signed_up(emails=THREE)
    for address in VISITORS:
        f.PresidentFactory(email=address)
    return [queued("convention_a_signer", act=act.pk) for _ in range(2)]


def an_hour_of(server, mood: str) -> tuple[list[int], list[list[str]], float]:
    """Statuses of the pages read meanwhile, what each pass said, the longest pass."""
    server.becomes(mood)
    asked_for()
    answers, said, longest, start = [], [], 0.0, timezone.now()
    visitors = [threading.Thread(target=in_use, args=(address, answers)) for address in VISITORS]
    for visitor in visitors:
        visitor.start()
    for minute in PASSES:
        with time_machine.travel(start + datetime.timedelta(minutes=minute)):
            told, seconds = sweep()
            said, longest = [*said, told], max(longest, seconds)
        if minute == 0:
            for visitor in visitors:
                visitor.join(timeout=60)
    return answers, said, longest


def ten_minutes_later(server, start) -> None:
    server.becomes("well")
    for minute in range(60, 71):
        with time_machine.travel(start + datetime.timedelta(minutes=minute)):
            sweep()


MOODS = ["refuses", "hangs", "drops", "slow", "later"]


@pytest.mark.parametrize("mood", MOODS)
def test_hour_of_trouble_loses_and_doubles_nothing(settings, mood):
    cache.clear()
    with running(settings, delay=1) as server:
        start = timezone.now()
        answers, said, longest = an_hour_of(server, mood)
        ten_minutes_later(server, start)
    assert [status for status in answers if status >= 500] == []
    assert (len(answers), longest < 60) == (8 * len(VISITORS), True)
    received = server.received
    assert set(received.values()) == {1}, "une lettre est arrivée deux fois"
    assert sorted(address for address, _id in received) == sorted([*THREE * 2, *VISITORS])
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {MailState.SENT}
    if mood == "hangs":
        assert any("ne répond pas" in line for told in said for line in told)


def test_server_that_hangs_lets_a_pass_wait_for_one_letter_alone(settings):
    with running(settings) as server:
        server.becomes("hangs")
        asked_for()  # the first one waits in vain, and the other is left to the sweep
        told, seconds = sweep()
    assert (told, seconds < 1) == (
        ["Le serveur de courriel ne répond pas. 1\u00a0courriel attend le prochain passage"],
        True,
    )
    assert delivery.is_silent()


def test_server_that_takes_and_never_answers_is_not_given_the_letter_again(settings):
    with running(settings) as server:
        start = timezone.now()
        server.becomes("mute")
        mail = queued("convention_a_signer", act=signed_up(emails=THREE).pk)
        ten_minutes_later(server, start)
    mail.refresh_from_db()
    assert set(server.received.values()) == {1}
    assert (mail.state, "peut-être parti" in mail.error) == (MailState.FAILED, True)
    assert sorted(address for address, _id in server.received) == sorted(THREE)
