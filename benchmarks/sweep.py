"""The reminders of a day, asked for and sent, in a base as large as one likes.

    DATA_DIR=/tmp/large DEBUG=1 python -m benchmarks.generate 100000
    DATA_DIR=/tmp/large DEBUG=1 python -m benchmarks.sweep [reminders]

Processor time of asking, of sending (to memory, not to a server) and of a pass of the sweep that has nothing to do.
Aims at 100,000 conventions: 120 reminders in 5 s, 500 in 20 s. The base keeps what was made: use one to throw away.
"""

import datetime
import io
import os
import sys
import time
from collections.abc import Callable
from typing import Any, TypeVar

from benchmarks._ground import ROOT, machine

REMINDERS = 500
Found = TypeVar("Found")


def set_up() -> None:
    os.environ.setdefault("DATA_DIR", str(ROOT / "var" / "benchmarks-scale"))
    os.environ.setdefault("SECRET_KEY", "measures-only-" + "0123456789abcdef" * 4)
    os.environ.setdefault("FIELD_ENCRYPTION_KEYS", "bWVhc3VyZXMgb25seSwgbm90IGEgcmVhbCBrZXkgISE=")
    os.environ.update(DEBUG="0", LOG_LEVEL="ERROR", EMAIL_URL="memorymail://")
    os.environ["DJANGO_SETTINGS_MODULE"] = "opt_partners.settings"
    import django

    django.setup()


def texts_to_read(count: int) -> None:
    """Conventions that wait for a lawyer since a month: a reminder each."""
    from django.utils import timezone

    from conventions.models import Act
    from conventions.tests import factories as f

    for name in dir(f):  # beyond what the base was filled with
        if name.endswith("Factory"):
            getattr(f, name).reset_sequence(100_000 + int(time.time()) % 10**5, force=True)
    lawyer, officer, kind = f.UserFactory(role="juriste"), f.UserFactory(role="gestionnaire"), f.KindFactory()
    partner = f.PartnerFactory(name="Association des rappels (fictif)")
    made: list[Any] = [
        f.ConventionFactory(act="en_relecture", officer=officer, kind=kind, partner=partner)
        for _rank in range(count)
    ]
    month = timezone.now() - datetime.timedelta(days=30)
    Act.objects.filter(convention__in=made).update(submitted_at=month, approved_by=None)
    print(f"{count} textes à relire par {lawyer}.")


def spent(work: Callable[[], Found]) -> tuple[float, Found]:
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else REMINDERS
    set_up()
    from django.core.management import call_command
    from django.utils import timezone

    from conventions.domain.foundation.failures import Failures
    from conventions.domain.mails import daily_reminders, delivery
    from conventions.models import Convention

    texts_to_read(count)
    today = timezone.localdate()
    asking, asked = spent(lambda: daily_reminders.ask_for_all(today=today))
    sending, mails = spent(lambda: delivery.send_due(Failures()))
    idle, _said = spent(lambda: call_command("balayer", stdout=io.StringIO()))
    print(machine())
    print(
        f"{Convention.objects.count()} conventions : {len(asked)} rappels demandés en {asking:.1f} s, {len(mails)} "
        f"courriels partis en {sending:.1f} s ; un balayage sans rien à faire, {idle:.1f} s."
    )


if __name__ == "__main__":
    main()
