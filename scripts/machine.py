"""What the scripts need from the machine: where the project is, system packages, child processes.

Standard library only: this runs before the virtual environment exists.
"""

import ctypes
import os
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn, cast

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
PR_SET_PDEATHSIG = 1


class Fault(Exception):
    """A fault told to the person at the keyboard, in French, with what to do next."""


def say(text: str = "") -> None:
    """Print a line at once: output often goes through a pipe."""
    print(text, flush=True)


def in_ci() -> bool:
    """Return whether nothing may be skipped (CI=true)."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def apt_command(packages: list[str]) -> str:
    """Return the command a person types to install Debian packages."""
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends {' '.join(packages)}"


def apt_install(packages: list[str]) -> bool:
    """Install Debian packages when we may (root, or sudo without a password). Return whether it was done."""
    if not shutil.which("apt-get"):
        return False
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if prefix and not _succeeds([*prefix, "true"]):
        return False
    say(f"   Installation des paquets du système : {' '.join(packages)}")
    env_words = ["env", "DEBIAN_FRONTEND=noninteractive"]
    update = [*prefix, *env_words, "apt-get", "update", "-qq"]
    install = [*prefix, *env_words, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    # The lists may be fresh enough to install from even where the update fails for one source.
    return any((_succeeds(update), _succeeds(install))[1] for _ in range(2))


def _succeeds(command: list[str]) -> bool:
    if not shutil.which(command[0]):
        return False
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0


def die_with_parent() -> None:
    """Ask the kernel to end this child when its parent ends, even killed by force (Linux; else nothing)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def stop(process: subprocess.Popen, first: signal.Signals = signal.SIGTERM, patience: float = 15) -> None:
    """Stop a child that leads its own process group, and all it started; by force after `patience` seconds."""
    if process.poll() is None:
        _signal_group(process, first)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            say(f"   {shlex.join(map(str, cast(list, process.args)[:3]))} … ne répond pas : arrêt forcé.")
    _signal_group(process, signal.SIGKILL)
    process.wait()


def _signal_group(process: subprocess.Popen, number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return


def leave_on_signals() -> None:
    """Turn Ctrl-C, TERM and a closed terminal into KeyboardInterrupt, so that every `finally` runs."""

    def interrupt(number: int, frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
