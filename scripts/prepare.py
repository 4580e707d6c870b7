"""Bring the data of a copy up to date, in one Python process: tables, static files, demonstration.

Run by scripts/run.py with the Python of .venv, DEMO=1 set. Everything here may be run again without harm.
"""

import hashlib
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opt_partners.settings")

import django  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402


def collect_static_files() -> None:
    """Collect and compress the static files, unless the very same ones are already there."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    digest = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    for path in sorted(path for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(digest.hexdigest())


def main() -> None:
    """The start only: scripts/run.py has the invented conventions loaded while the site runs."""
    django.setup()
    print("→ Base de données, fichiers statiques", flush=True)
    with ThreadPoolExecutor(1) as beside:
        files = beside.submit(collect_static_files)
        call_command("migrate", interactive=False, verbosity=0)
        files.result()
    print("→ Données de démonstration", flush=True)
    call_command("charger_demo", "--si-vide", "--sans-fictives")


if __name__ == "__main__":
    main()
