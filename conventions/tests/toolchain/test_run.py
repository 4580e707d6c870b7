import os
import socket
import sys

import machine
import pytest
import run
from asn1crypto.tsp import TimeStampReq, TimeStampResp
from machine import Fault

from conventions.domain.documents.sealing import timestamping

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("typed", ["0", "65536", "abc", "-1", "80 80"])
def test_port_that_is_no_port_is_refused(monkeypatch, typed):
    monkeypatch.setenv("PORT", typed)
    with pytest.raises(Fault, match="n’est pas un numéro de port"):
        run.chosen_port()


def test_port_already_taken_names_another(monkeypatch):
    with socket.socket() as taken:
        taken.bind((run.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(Fault, match=f"Le port {port} est déjà pris"):
            run.chosen_port()


def test_environment_is_the_demonstration_and_never_debug(monkeypatch):
    monkeypatch.setenv("DEBUG", "1")
    env = run.environment(8123)
    assert {name: env[name] for name in ("DEMO", "DEBUG", "PORT", "BIND")} == {
        "DEMO": "1",
        "DEBUG": "0",
        "PORT": "8123",
        "BIND": "127.0.0.1:8123",
    }


@pytest.fixture
def child():
    """Start a child that does as this Python says; none outlives the test."""
    started = []

    def start(code, **options):
        process = run.start([sys.executable, "-c", code], dict(os.environ), **options)
        started.append(process)
        return process

    yield start
    for process in started:
        machine.stop(process)


@pytest.mark.parametrize(
    ("code", "heard"),
    [(0, ""), (3, "Le chargement s’est arrêté (code 3). Le site continue")],
)
def test_the_end_of_the_load_stops_nothing_and_the_sweep_follows(child, capsys, code, heard):
    children = {"le site": child("import time; time.sleep(60)"), "Le chargement": child(f"exit({code})")}

    def sweep():
        assert children["le site"].poll() is None
        children["le balayage"] = child("exit(1)")

    assert run.follow(children, "Le chargement", sweep) == "le balayage"
    assert sorted(children) == ["le balayage", "le site"]
    told = capsys.readouterr().out
    assert (heard in told, bool(told)) == (True, bool(heard))


def test_the_death_of_any_other_child_is_a_fault(child):
    children = {"le site": child("exit(0)"), "Le chargement": child("import time; time.sleep(60)")}
    assert run.follow(children, "Le chargement", pytest.fail) == "le site"


def test_only_failures_of_a_quiet_child_reach_the_screen(child, capfd):
    child("import sys; print('fait'); print('faute', file=sys.stderr)", told=False).wait()
    assert capfd.readouterr() == ("", "faute\n")


@pytest.fixture
def stamping(tmp_path):
    """Start the demonstration's authority on a free port; (its address, what it stamped by)."""

    def start(listening):
        address = run.address_of(listening)
        process = run.start_stamper(listening, {**os.environ, "DATA_DIR": str(tmp_path)})
        try:
            query = TimeStampReq(
                {
                    "version": 1,
                    "message_imprint": {
                        "hash_algorithm": {"algorithm": "sha256"},
                        "hashed_message": bytes(32),
                    },
                    "cert_req": True,
                }
            )
            answer = TimeStampResp.load(timestamping.ask(address, query.dump()))
        finally:
            machine.stop(process)
        certificates = answer["time_stamp_token"]["content"]["certificates"]
        return {row.chosen.subject.native["common_name"].rstrip("0123456789 ") for row in certificates}, {
            row.chosen.public_key.sha1 for row in certificates
        }

    return start


def test_authority_of_the_demonstration_answers_this_machine_alone_and_keeps_its_keys(stamping, settings):
    settings.TSA_TIMEOUT = 30
    with socket.create_server((run.HOST, 0)) as taken:
        wanted = taken.getsockname()[1]
    listening = run.stamping_socket(wanted - 10_000)
    assert listening.getsockname() == (run.HOST, wanted)
    names, keys = stamping(listening)
    assert names == {"Autorité d’horodatage fictive", "Unité d’horodatage fictive"}
    assert stamping(run.stamping_socket(wanted - 10_000))[1] == keys


def test_authority_of_the_demonstration_takes_another_port_when_its_own_is_taken():
    with socket.create_server((run.HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with run.stamping_socket(port - 10_000) as other:
            assert other.getsockname()[1] != port
