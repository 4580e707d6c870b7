"""A large base in the database of the settings: past conventions as many as asked, and sixty that live.

    DATA_DIR=/tmp/large DEBUG=1 python -m benchmarks.generate 20000

On SQLite in DATA_DIR, or on the PostgreSQL server of DATABASE_URL, in an empty base: what stands there is never
touched. `conventions/tests/factories/many.py` says what each past convention has of its own and what they share.
"""

import base64
import os
import sys
import time
from dataclasses import dataclass
from typing import Any

from benchmarks._ground import ROOT

LIVING = 60
STATES = ("brouillon", "en_relecture", "valide", "a_signer", "a_corriger", "signe", "signe", "signe")
OF_ONE = 10  # conventions of the association whose space is measured


def set_up() -> None:
    """Django with tables made; nothing else. The files of documents go to DATA_DIR."""
    os.environ.setdefault("DATA_DIR", str(ROOT / "var" / "benchmarks-scale"))
    os.environ.setdefault("SECRET_KEY", "measures-only-" + "0123456789abcdef" * 4)
    os.environ.setdefault("FIELD_ENCRYPTION_KEYS", base64.urlsafe_b64encode(os.urandom(32)).decode())
    os.environ.setdefault("HTTPS", "0")
    os.environ.update(DEBUG="0", LOG_LEVEL="ERROR", DJANGO_SETTINGS_MODULE="opt_partners.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


@dataclass
class Living:
    """Who looks, and at what."""

    officer: Any
    superuser: Any
    president: Any
    convention: Any
    followed: Any


def living() -> Living:
    """Conventions in every state, whatever the past: what waits for somebody does not grow with it."""
    from conventions.tests import factories as f

    partner = f.PartnerFactory(name="Association des mesures (fictif)", slug="association-des-mesures")
    officer, lawyer = f.UserFactory(role="gestionnaire"), f.UserFactory(role="juriste")
    kind = f.KindFactory()
    made: list[Any] = []
    for rank in range(LIVING):
        owner = {"partner": partner} if rank < OF_ONE else {}
        made.append(
            f.ConventionFactory(
                **owner,
                kind=kind,
                officer=officer,
                act=STATES[rank % len(STATES)],
                act__number=f"V-{rank:05d}",
                act__prepared_by=officer,
                act__approved_by=lawyer,
                act__fundings=[{"amount": 200_000 + rank}],
                act__instalments=[{}],
                act__clauses=[{}] * 12,
                act__obligations=[{}],
            )
        )
    signed = next(row for row in made if row.acts.get().state == "signe")
    return Living(
        officer,
        f.UserFactory(superuser=True),
        f.PresidentFactory(partner=partner),
        made[0],
        signed,
    )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    set_up()
    from conventions.models import Convention
    from conventions.tests.factories.many import Many

    if Convention.objects.exists():
        raise SystemExit("Cette base a déjà des conventions : donnez-en une vide (DATA_DIR ou DATABASE_URL).")
    start = time.perf_counter()
    living()
    many = Many()
    many.grow(count)
    print(f"{Convention.objects.count()} conventions en {time.perf_counter() - start:.0f} s.")


if __name__ == "__main__":
    main()
