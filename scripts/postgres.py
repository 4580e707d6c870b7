"""A throw-away PostgreSQL server for tests: private socket, nothing on the network, gone at the end.

Usage: python scripts/postgres.py <command> [argument…]     runs the command with DATABASE_URL set
"""

import contextlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from machine import Fault, die_with_parent, leave_on_signals, say, stop

USER = "opt_partners"
SETTINGS = {
    # Lost with the machine, so nothing needs to reach the disk.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    # Two test processes, a little memory, no network.
    "listen_addresses": "",
    "max_connections": "40",
    "shared_buffers": "64MB",
    "dynamic_shared_memory_type": "mmap",
    "max_parallel_workers_per_gather": "0",
    "log_min_messages": "fatal",
}


def binaries() -> Path | None:
    """Return the folder of the newest server's programs, or None. Debian keeps them out of PATH."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if folders:
        return max(folders, key=lambda path: [int(n) for n in re.findall(r"\d+", path.parent.name)])
    # Elsewhere initdb may be in PATH; a wrapper there does not always stand beside the server.
    found = shutil.which("initdb")
    folder = Path(found).resolve().parent if found else None
    return folder if folder and (folder / "postgres").exists() else None


def unprivileged() -> dict:
    """Return Popen's arguments that leave root behind: the server refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            account = pwd.getpwnam(name)
            return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    raise Fault(
        "Ni le compte « postgres » ni le compte « nobody » n’existe : PostgreSQL refuse d’être lancé par root."
    )


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Start a server of our own and yield its DATABASE_URL; stop it and remove its files in every case."""
    folder = binaries()
    if folder is None:
        raise Fault("PostgreSQL n’est pas installé.")
    account = unprivileged()
    # A socket's address is limited to 107 characters: never below a long TMPDIR.
    home = Path(tempfile.mkdtemp(prefix="opt-pg-", dir="/tmp"))
    process = None
    try:
        if account:
            os.chown(home, account["user"], account["group"])
        _initialise(folder, home, account)
        process = _start(folder, home, account)
        _wait(folder, home, process)
        yield f"postgres://{USER}@/{home}/postgres"
    finally:
        if process is not None:
            stop(process, signal.SIGINT)  # SIGINT asks for a fast shutdown
        shutil.rmtree(home, ignore_errors=True)


def _initialise(folder: Path, home: Path, account: dict) -> None:
    command: list[str | Path] = [folder / "initdb", "-D", home / "data", "-U", USER, "-A", "trust"]
    made = subprocess.run(
        [*command, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        **account,
    )
    if made.returncode:
        raise Fault(f"PostgreSQL n’a pas pu préparer ses fichiers :\n{made.stderr}")


def _start(folder: Path, home: Path, account: dict) -> subprocess.Popen:
    settings = {**SETTINGS, "unix_socket_directories": str(home)}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with open(home / "log", "w") as log:
        return subprocess.Popen(
            [folder / "postgres", "-D", home / "data", *options],
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,
            **account,
        )


def _wait(folder: Path, home: Path, process: subprocess.Popen, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    ready: list[str | Path] = [folder / "pg_isready", "-q", "-h", home, "-U", USER]
    while time.monotonic() < deadline and process.poll() is None:
        if subprocess.run(ready, check=False).returncode == 0:
            return
        time.sleep(0.1)
    raise Fault(f"PostgreSQL ne démarre pas :\n{(home / 'log').read_text()}")


def main() -> int:
    leave_on_signals()
    if len(sys.argv) < 2:
        say(__doc__.strip())
        return 2
    try:
        with server() as url:
            return subprocess.run(
                sys.argv[1:], env={**os.environ, "DATABASE_URL": url}, check=False
            ).returncode
    except Fault as fault:
        say(f"✗ {fault}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
