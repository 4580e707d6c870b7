"""The steps of the sweep: each fails alone; when it ran, for how long and how much it did stay written."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable

from django.utils import timezone

from conventions.domain.foundation.failures import Failures
from conventions.formats import typeset
from conventions.models import SweepStep

WHOLE = "Balayage"  # the name of the pass as a whole


class Sweep:
    """One pass. `held`: why the clock waits to be confirmed; what depends on the date then waits too."""

    def __init__(self, failures: Failures, *, held: str = "") -> None:
        self.failures, self.held = failures, held
        self._began = time.monotonic()

    def step(self, name: str, work: Callable[[], object], *, dated: bool = False) -> int:
        """Do one step; what it counts, 0 when it fails, counts nothing, or is `dated` while the clock is held."""
        if dated and self.held:
            return 0
        began, before, done = time.monotonic(), len(self.failures.told), 0
        with self.failures.of(name):
            found = work()
            done = found if isinstance(found, int) else 0
        self._note(name, began, done, self.failures.told[before:])
        return done

    def ends(self) -> None:
        """The pass is over: note it as a whole."""
        self._note(WHOLE, self._began, 0, self.failures.told)

    def _note(self, name: str, began: float, done: int, told: list[str]) -> None:
        """Nothing that goes wrong here stops the sweep: a locked database is told, and written the next time."""
        with self.failures.of(f"Mémoire de l’étape « {name} »"):
            now, row = timezone.now(), SweepStep.objects.filter(name=name).first() or SweepStep(name=name)
            row.ran_at, row.seconds, row.counted = now, round(time.monotonic() - began, 3), done
            row.went_well_at = row.went_well_at if told else now
            row.failed_in_a_row = row.failed_in_a_row + 1 if told else 0
            row.error = typeset(told[0])[:255] if told else ""
            row.save()


def steps() -> list[SweepStep]:
    """Every step that was ever done, as it last went; those that fail first."""
    return list(SweepStep.objects.order_by("-failed_in_a_row", "name"))


def last_pass() -> datetime.datetime | None:
    """When the sweep last ended."""
    return SweepStep.objects.filter(name=WHOLE).values_list("ran_at", flat=True).first()


def failing(times: int) -> list[SweepStep]:
    """The steps that failed so many times in a row, or more."""
    return list(SweepStep.objects.filter(failed_in_a_row__gte=times).exclude(name=WHOLE).order_by("name"))
