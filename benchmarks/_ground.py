"""What the benchmarks share: the machine in words, a copy of the demonstration's data, medians.

Data stand in var/benchmarks (DATA_DIR chooses another folder) and are loaded once.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from django.test import Client

    from conventions.models import User

ROOT = Path(__file__).resolve().parent.parent
T = TypeVar("T")


def set_up() -> None:
    """Django with the demonstration's settings; tables, static files and data as `make run` prepares them."""
    sys.path.insert(0, str(ROOT / "scripts"))
    os.environ.setdefault("DATA_DIR", str(ROOT / "var" / "benchmarks"))
    os.environ.update(DEMO="1", DEBUG="0", LOG_LEVEL="ERROR", DJANGO_SETTINGS_MODULE="opt_partners.settings")
    Path(os.environ["DATA_DIR"]).mkdir(parents=True, exist_ok=True)
    import prepare
    from django.core.management import call_command

    prepare.main()
    call_command("charger_demo", "--fictives")


def machine() -> str:
    """« 24/11/2026, 2 cœurs, 24 Gio, Debian GNU/Linux 12, Python 3.11.7, charge 0,3 ».

    Above the number of cores, other programs were at work too.
    """
    load = f"{os.getloadavg()[0]:.1f}".replace(".", ",")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = platform.freedesktop_os_release()
    return (
        f"{date.today():%d/%m/%Y}, {os.cpu_count()} cœurs, {memory:.0f} Gio, "  # noqa: DTZ011
        f"{system['NAME']} {system.get('VERSION_ID', '')}, Python {platform.python_version()}, "
        f"charge {load}"
    )


def cpu_ms(call: Callable[[], object]) -> float:
    """Processor time of one call, in milliseconds.

    Nothing measured here waits for anything, so on a quiet machine it is the time that passes; on a busy one it
    leaves out what others take.
    """
    start = time.process_time()
    call()
    return (time.process_time() - start) * 1000


def median_ms(call: Callable[[], object], rounds: int) -> float:
    """Median of `cpu_ms`; a first call is not counted."""
    call()
    return statistics.median(cpu_ms(call) for _ in range(rounds))


def there(row: T | None, what: str) -> T:
    """A row of the demonstration; without it nothing is measured."""
    if row is None:
        raise SystemExit(f"La démonstration n’a pas {what} : rien n’est mesuré.")
    return row


def staff_member(role: str) -> User:
    """A demonstration account that has this role."""
    from conventions.models import User

    users = User.objects.filter(is_active=True, is_staff=True, groups__name=role)
    return there(users.order_by("pk").first(), f"de compte du rôle « {role} »")


def client_of(user: User) -> Client:
    """A test client signed in as this person."""
    from django.test import Client

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def staff_client(role: str) -> Client:
    """A signed-in test client of a demonstration account that has this role."""
    return client_of(staff_member(role))
