"""How often a network may try: one count for every thread and process, and no address left behind."""

import datetime
import os
import subprocess
import sys

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from conventions.domain.foundation import throttling
from conventions.domain.foundation.throttling import LIMITS, TooManyTries
from conventions.enums import TryKind
from conventions.models import NetworkTries
from conventions.tests.domain.acts.test_numbering import at_once
from conventions.tests.factories import NetworkTriesFactory

NETWORK = "192.0.2.1"
CODE, FILE = TryKind.VERIFY_CODE, TryKind.VERIFY_FILE
TRIES = LIMITS[CODE].tries
# Takes as many tries as told and prints how many were allowed.
PROGRAM = """
import sys, django
django.setup()
from django.db import connections
connections.databases["default"]["NAME"] = sys.argv[1]
from conventions.domain.foundation import throttling
allowed = 0
for _ in range(int(sys.argv[3])):
    try:
        throttling.take("code_a_verifier", sys.argv[2])
    except throttling.TooManyTries:
        continue
    allowed += 1
print(allowed)
"""


def take(count: int, kind: TryKind = CODE, network: str = NETWORK) -> None:
    for _ in range(count):
        throttling.take(kind, network)


def refusal(kind: TryKind = CODE, network: str = NETWORK) -> str:
    """What one more try is told; empty when it is allowed."""
    try:
        throttling.take(kind, network)
    except TooManyTries as refused:
        return str(refused).replace("\u00a0", " ")
    return ""


@pytest.fixture
def clock():
    with time_machine.travel("2026-03-02T00:00:00Z", tick=False) as clock:
        yield clock


def test_thirty_first_try_is_refused_and_says_how_long_to_wait(db, clock):
    take(1)
    clock.shift(datetime.timedelta(minutes=3))
    take(TRIES - 1)
    assert refusal() == "Trop d’essais depuis votre connexion. Réessayez dans 7 minutes."
    clock.shift(datetime.timedelta(minutes=6, seconds=30))
    assert refusal() == "Trop d’essais depuis votre connexion. Réessayez dans 1 minute."
    clock.shift(datetime.timedelta(seconds=30))
    assert refusal() == ""
    assert NetworkTries.objects.get().count == 1


def test_refused_tries_do_not_push_the_end_away(db, clock):
    take(TRIES)
    ends_at = NetworkTries.objects.get().ends_at
    for _ in range(5):
        clock.shift(datetime.timedelta(minutes=1))
        assert refusal() != ""
    assert (NetworkTries.objects.get().count, NetworkTries.objects.get().ends_at) == (TRIES, ends_at)


def test_each_network_and_each_kind_has_its_own_count(db):
    take(TRIES)
    assert [refusal(FILE), refusal(CODE, "192.0.2.2")] == ["", ""]
    assert refusal() != ""


def test_check_counts_nothing(db):
    take(TRIES - 1)
    for _ in range(3):
        throttling.check(CODE, NETWORK)
    take(1)
    with pytest.raises(TooManyTries):
        throttling.check(CODE, NETWORK)


def test_address_is_kept_only_as_a_keyed_hash(db, settings):
    take(1)
    kept = NetworkTries.objects.get().network_key
    assert (len(kept), NETWORK in kept) == (64, False)
    settings.SECRET_KEY = "another key of the same length, for another site, 0123456789"
    assert throttling.network_key(NETWORK) != kept


def test_sweep_forgets_a_network_once_its_window_ended(db, clock):
    take(1)
    throttling.take(TryKind.SIGN_IN, NETWORK)
    clock.shift(datetime.timedelta(minutes=10))
    call_command("balayer")
    assert list(NetworkTries.objects.values_list("kind", flat=True)) == [TryKind.SIGN_IN]


def test_table_stays_bounded_when_many_networks_try(db, monkeypatch):
    monkeypatch.setattr(throttling, "MAX_ROWS", 5)
    monkeypatch.setattr(throttling, "ROOM", 2)
    now = timezone.now()
    for minutes in range(1, 6):
        NetworkTriesFactory(ends_at=now + datetime.timedelta(minutes=minutes))
    take(1)
    kept = [round((row.ends_at - now).total_seconds() / 60) for row in NetworkTries.objects.all()]
    assert kept == [3, 4, 5, 10]


def test_room_is_made_first_of_windows_that_ended(db, monkeypatch):
    monkeypatch.setattr(throttling, "MAX_ROWS", 2)
    now = timezone.now()
    NetworkTriesFactory(ends_at=now - datetime.timedelta(seconds=1))
    NetworkTriesFactory(ends_at=now + datetime.timedelta(minutes=1))
    take(1)
    assert NetworkTries.objects.filter(ends_at__gt=now).count() == NetworkTries.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_threads_at_once_take_no_more_than_the_limit():
    take(TRIES - 4)
    failures = at_once(10, lambda rank: throttling.take(CODE, NETWORK))
    assert [failure.partition("(")[0] for failure in failures] == ["TooManyTries"] * 6
    assert NetworkTries.objects.get().count == TRIES


@pytest.mark.django_db(transaction=True)
def test_threads_at_once_open_one_window():
    assert at_once(8, lambda rank: throttling.take(CODE, NETWORK)) == []
    assert NetworkTries.objects.get().count == 8


@pytest.mark.django_db(transaction=True)
def test_threads_at_once_open_the_next_window_once():
    NetworkTriesFactory(network_key=throttling.network_key(NETWORK), count=TRIES, ends_at=timezone.now())
    assert at_once(8, lambda rank: throttling.take(CODE, NETWORK)) == []
    assert NetworkTries.objects.get().count == 8


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_processes_share_the_count():
    name = str(connection.settings_dict["NAME"])
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "opt_partners.settings",
        "SECRET_KEY": settings.SECRET_KEY,
        "DEBUG": "1",
    }
    command = [sys.executable, "-c", PROGRAM, name, NETWORK, "20"]
    processes = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env, cwd=settings.BASE_DIR)
        for _ in range(2)
    ]
    allowed = [int(process.communicate()[0]) for process in processes]
    assert sum(allowed) == TRIES
    assert refusal() != ""
