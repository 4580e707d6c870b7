import socket

import pytest
import run
from machine import Fault


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
