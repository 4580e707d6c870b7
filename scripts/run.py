"""Run the demonstration: prepare the start, then the site and its worker together until Ctrl-C.

Meanwhile a third process loads the invented conventions; the sweep takes its place.

Usage: python3 scripts/run.py        PORT=8001 chooses another port, DATA_DIR another folder for the data
"""

import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import cast

import bootstrap
from machine import ROOT, VENV_PYTHON, Fault, die_with_parent, leave_on_signals, say, stop

HOST = "127.0.0.1"
READY_WITHIN = 60  # seconds
TASKS = {
    "Le service des tâches (codes, signatures, courriels)": ("codes", "signatures", "courriels"),
    "Le service des longs travaux": ("travaux",),
}
LOAD = "Le chargement des conventions fictives"


def chosen_port() -> int:
    typed = os.environ.get("PORT") or "8000"
    if not typed.isdecimal() or not 1 <= int(typed) <= 65535:
        raise Fault(f"PORT={typed} n’est pas un numéro de port (de 1 à 65535). Exemple : PORT=8001 make run")
    port = int(typed)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise Fault(f"Le port {port} est réservé au système. Exemple : PORT=8001 make run") from None
        except OSError:
            other = port + 1 if port < 65535 else 8001
            raise Fault(
                f"Le port {port} est déjà pris, peut-être par un autre « make run ».\n"
                f"    Choisissez-en un autre : PORT={other} make run"
            ) from None
    return port


def stamping_socket(port: int) -> socket.socket:
    """Where the demonstration's own time-stamping authority listens, before anybody asks: on this machine alone.

    What it stamps names this address: the same one each time, unless another program has it.
    """
    wanted = port + 10_000 if port < 55_000 else port - 10_000
    try:
        return socket.create_server((HOST, wanted))
    except OSError:
        return socket.create_server((HOST, 0))


def address_of(listening: socket.socket) -> str:
    return f"http://{HOST}:{listening.getsockname()[1]}/"


def start_stamper(listening: socket.socket, env: dict[str, str]) -> subprocess.Popen:
    folder = Path(env.get("DATA_DIR") or ROOT / "var").resolve() / "horodatage"
    command = [
        VENV_PYTHON,
        ROOT / "scripts" / "stamper.py",
        folder,
        listening.fileno(),
        address_of(listening),
    ]
    with listening:  # the child has its own
        return start(command, env, told=False, pass_fds=(listening.fileno(),))


def environment(port: int) -> dict[str, str]:
    """Return the children's environment: the demonstration, never DEBUG."""
    return {
        "LOG_LEVEL": "WARNING",
        "MALLOC_ARENA_MAX": "2",  # threads share their memory pools: less of it stays unused
        "PYTHONUNBUFFERED": "1",
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "opt_partners.settings",
        "DEMO": "1",
        "DEBUG": "0",
        "PORT": str(port),
        "BIND": f"{HOST}:{port}",
    }


def start(
    command: list, env: dict[str, str], *, told: bool = True, pass_fds: tuple[int, ...] = ()
) -> subprocess.Popen:
    """Start a child in its own group: Ctrl-C reaches only us, and we stop it and all it started.

    Of a child that is not told, only failures (its error output) reach the screen: the addresses stay on it.
    """
    return subprocess.Popen(
        [str(word) for word in command],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=None if told else subprocess.DEVNULL,
        start_new_session=True,
        pass_fds=pass_fds,
        preexec_fn=die_with_parent,
    )


def prepare(env: dict[str, str]) -> None:
    process = start([VENV_PYTHON, ROOT / "scripts" / "prepare.py"], env)
    try:
        if process.wait():
            raise Fault("La préparation a échoué : le message d’erreur est juste au-dessus.")
    finally:
        stop(process)


def answers(url: str) -> bool:
    """Return whether the health page says the site is in order."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def dead(children: dict[str, subprocess.Popen]) -> str | None:
    return next((name for name, process in children.items() if process.poll() is not None), None)


def wait_until_ready(url: str, children: dict[str, subprocess.Popen]) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while not answers(url):
        if name := dead(children):
            raise Fault(f"{name} s’est arrêté au démarrage : voyez son message juste au-dessus.")
        if time.monotonic() > deadline:
            raise Fault(f"Le site ne répond pas sur {url} après {READY_WITHIN} secondes.")
        time.sleep(0.2)


def follow(children: dict[str, subprocess.Popen], load: str, then: Callable[[], None]) -> str:
    """Wait until a child dies, and name it. The load alone may end: `then` follows, whether it went well or not."""
    while True:
        if (name := dead(children)) is None:
            time.sleep(0.5)
            continue
        if name != load:
            return name
        if code := children.pop(load).returncode:
            say(
                f"\n✗ {load} s’est arrêté (code {code}). Le site continue avec ce qui est là ;\n"
                "  Ctrl-C, puis « make run » : le chargement reprend où il s’est arrêté."
            )
        then()


def supervise(port: int, env: dict[str, str]) -> None:
    """Run the children until one dies (Fault) or somebody interrupts us; leave none behind.

    The sweep comes after the load: its reminders are asked for once a day, of conventions that are there. Nothing is
    stamped before the load: our authority starts once the site answers, unless TSA_URL names another one.
    """
    listening = None if env.get("TSA_URL") else stamping_socket(port)
    if listening:
        env = {**env, "TSA_URL": address_of(listening)}
    site = f"http://{HOST}:{port}"
    manage = [VENV_PYTHON, ROOT / "manage.py"]
    children: dict[str, subprocess.Popen] = {}

    def sweep() -> None:
        children["Le balayage (courriels et travaux à reprendre)"] = start(
            [*manage, "balayer", "--toutes-les", "60"], env, told=False
        )

    try:
        children["Le serveur web"] = start([VENV_PYTHON, "-m", "gunicorn"], env)
        wait_until_ready(f"{site}/sante/", children)
        if listening:
            children["L’autorité d’horodatage fictive"] = start_stamper(listening, env)
        for name, queues in TASKS.items():
            children[name] = start([*manage, "taches", *queues], env, told=False)
        say("\n✓ OPT Partners est prêt. Ctrl-C arrête tout ; les données restent pour la suite.")
        accounts = subprocess.run([*manage, "comptes_demo"], cwd=ROOT, env=env, check=False)
        if accounts.returncode:
            raise Fault("Les comptes de démonstration n’ont pas pu être lus.")
        children[LOAD] = start([*manage, "charger_demo", "--fictives"], env, told=False)
        name = follow(children, LOAD, sweep)
        process = children[name]
        raise Fault(
            f"{name} s’est arrêté (code {process.returncode}) : {shlex.join(cast(list[str], process.args))}"
        )
    finally:
        # A second Ctrl-C must not leave one of them behind.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for process in children.values():
            process.terminate()
        for process in children.values():
            stop(process)


def main() -> int:
    leave_on_signals()
    started = time.monotonic()
    try:
        port = chosen_port()
        bootstrap.prepare()
        env = environment(port)
        prepare(env)
        say(f"→ Site et service des tâches ({time.monotonic() - started:.0f} s)")
        supervise(port, env)
    except Fault as fault:
        say(f"\n✗ {fault}")
        return 1
    except KeyboardInterrupt:
        say("\nArrêté.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
