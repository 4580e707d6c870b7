"""Run as a program: someone at work on a site of its own, without pause, until stopped.

    python -m conventions.tests.continuity.writers draft|file|sign|freeze_together <number> <log> [how often]

Each piece of work that is done leaves a line in the log. Everything goes through the verbs of the product.
"""

from __future__ import annotations

import fcntl
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.conf import settings

if TYPE_CHECKING:
    from conventions.tests.signing.world import World


def draft(number: int) -> World:
    """One at a time: each draft is signed for OPT-NC by its own people, the usual ones as it is made."""
    from conventions.tests.signing import world

    with open(settings.DATA_DIR / "turn", "w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        return world.drafted(email=f"presidence{number}@niaouli.invalid")


def file(number: int) -> None:
    """On paper: frozen, printed, signed, its scan filed."""
    from django.utils import timezone

    from conventions.domain.acts.lifecycle import apply
    from conventions.enums import Event, SigningPath
    from conventions.models import Act
    from conventions.tests.factories.documents import small_pdf
    from conventions.tests.signing import world

    frozen = draft(number)
    Act.objects.filter(pk=frozen.act.pk).update(path=SigningPath.INK)
    world.freeze(frozen)
    scan = {
        "scan": small_pdf(f"Exemplaire {number}"),
        "signed_on": timezone.localdate(),
        "confirmed_pages": 1,
    }
    apply(frozen.refreshed(), Event.FILE_SCAN, by=frozen.officer, **scan)


def sign(number: int) -> None:
    """Online, by three people; the service of tasks seals meanwhile."""
    from conventions.domain.acts import requests, signing
    from conventions.tests.signing import world

    frozen = world.freeze(draft(number))
    for user in (frozen.president, *frozen.directors):
        asked = frozen.request_of(user)
        signing.open_request(asked)
        signing.mark_read(asked)
        entry = signing.Entry(
            typed_name=str(asked.signatory), consents=True, shown_sha256=asked.document.sha256
        )
        if user != frozen.president:
            signing.sign_with_account(asked, entry, by=user, second_factor=True)
            continue
        code = requests.codes.ask(asked, shown_sha256=asked.document.sha256)
        signing.sign_with_code(asked, entry, digits=requests.codes.mint(code.pk))


def freeze_together(number: int) -> None:
    """A batch that the service of tasks does: enough acts for its second process."""
    from conventions.domain.acts import batch
    from conventions.domain.acts.lifecycle import apply
    from conventions.domain.foundation.second_process import WORTH
    from conventions.enums import Event

    worlds = [draft(number + rank) for rank in range(WORTH + 1)]
    for one in worlds:
        apply(apply(one.act, Event.SUBMIT, by=one.officer), Event.APPROVE, by=one.lawyer)
    officer = worlds[0].officer
    rows = batch.foresee([one.convention for one in worlds], Event.FREEZE, user=officer)
    assert all(row.allowed for row in rows), [row.reason for row in rows]
    batch.start(rows, Event.FREEZE, by=officer)


WORK: dict[str, Callable[[int], object]] = {"draft": draft, "file": file, "sign": sign}
ONCE: dict[str, Callable[[int], object]] = {"freeze_together": freeze_together}


def main(work: str, first: int, log: Path, times: int = 100_000) -> None:
    django.setup()
    from conventions.tests import factories

    for name in dir(factories):
        if name.endswith("Factory"):
            getattr(factories, name).reset_sequence(first, force=True)
    for number in range(first, first + times):
        (WORK | ONCE)[work](number)
        with open(log, "a") as lines:
            lines.write(f"{number}\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), *map(int, sys.argv[4:]))
