"""Make the virtual environment and check the system libraries. Quick when there is nothing to do.

Usage: python3 scripts/bootstrap.py [--dev]
"""

import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
import time

from machine import ROOT, VENV, VENV_PYTHON, Fault, apt_command, apt_install, say

PIP_ATTEMPTS = 3
# Only wheels: building a source archive fetches tools that no hash covers. docopt (for num2words) has no wheel.
LOCKED = ["--require-hashes", "--only-binary", ":all:", "--no-binary", "docopt"]
# What WeasyPrint opens; gobject comes with pango.
PDF_PACKAGES = [
    "libpango-1.0-0",
    "libpangoft2-1.0-0",
    "libharfbuzz0b",
    "libharfbuzz-subset0",
    "libfontconfig1",
]
# harfbuzz-subset may be absent without an error, but fonts are then cut another way: other bytes, a warning.
PDF_CHECK = "from weasyprint.text import ffi; raise SystemExit(ffi.harfbuzz_subset is None)"


def prepare(dev: bool = False) -> None:
    """Leave a working .venv with the locked libraries (those of developers too if `dev`)."""
    make_venv()
    install_locked("requirements-dev.lock" if dev else "requirements.lock")
    check_pdf_libraries()


def make_venv() -> None:
    if _works([VENV_PYTHON, "-m", "pip", "--version"]):
        return
    if importlib.util.find_spec("ensurepip") is None:
        packages = ["python3-venv", f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"]
        if not any(apt_install([package]) for package in packages):
            raise Fault(
                "Python ne sait pas encore créer d’environnement virtuel. Tapez, puis recommencez :\n"
                f"    {apt_command(packages[:1])}"
            )
    say("→ Environnement virtuel (.venv)")
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True, check=False)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise Fault(
            f"L’environnement virtuel n’a pas pu être créé :\n{made.stdout}{made.stderr}\n"
            f"Souvent, ceci suffit :\n    {apt_command(['python3-venv'])}"
        )


def _works(command: list) -> bool:
    """Return whether a command runs; false when its program does not exist."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def fingerprint(name: str) -> str:
    """Return the SHA-256 of Python's version and of a lock, which is complete by itself."""
    return hashlib.sha256(sys.version.encode() + (ROOT / name).read_bytes()).hexdigest()


def install_locked(name: str) -> None:
    """Install a lock unless a stamp in .venv says this very content is already there.

    Raise Fault when the libraries cannot be had, or one has none of the lock's hashes.
    """
    stamp = VENV / f".{name}.sha256"
    wanted = fingerprint(name)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say(f"→ Bibliothèques Python ({name}) : une minute environ la première fois")
    for attempt in range(1, PIP_ATTEMPTS + 1):
        done = subprocess.run(
            [str(VENV_PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input"]
            + ["--retries", "5", "--timeout", "30", *LOCKED, "-r", str(ROOT / name)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            stamp.write_text(wanted)
            return
        if attempt < PIP_ATTEMPTS:
            say(f"   Essai {attempt} sans succès (réseau ?), nouvel essai…")
            time.sleep(3 * attempt)
    raise Fault(
        f"Les bibliothèques de {name} n’ont pas pu être installées. Vérifiez le réseau, puis recommencez.\n"
        + _errors_only(done.stderr)
    )


def _errors_only(text: str) -> str:
    """Keep pip's errors, without the addresses of the servers it asked."""
    lines = [line for line in text.splitlines() if line.lstrip().lower().startswith("error")]
    return re.sub(r"https?://\S+", "<serveur de paquets>", "\n".join(lines))


def check_pdf_libraries() -> None:
    """Import WeasyPrint for real: it opens pango, harfbuzz and fontconfig. Install them when they are missing."""
    check = [VENV_PYTHON, "-c", PDF_CHECK]
    if _works(check):
        return
    say("→ Bibliothèques du système pour les PDF (WeasyPrint)")
    if apt_install(PDF_PACKAGES) and _works(check):
        return
    raise Fault(
        "Il manque les bibliothèques du système qui composent les PDF. Tapez, puis recommencez :\n"
        f"    {apt_command(PDF_PACKAGES)}"
    )


def main() -> int:
    try:
        prepare(dev="--dev" in sys.argv[1:])
    except Fault as fault:
        say(f"✗ {fault}")
        return 1
    except KeyboardInterrupt:
        say("Interrompu.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
