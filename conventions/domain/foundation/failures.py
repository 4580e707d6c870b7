"""A batch whose items fail alone: each failure is logged and told at the end, and the rest goes on."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from conventions.formats import counted, typeset

SHOWN = 5
logger = logging.getLogger(__name__)


class Failures:
    """What failed in a batch, in French: `with failures.of("Rappel n° 12"): …` keeps it and goes on."""

    def __init__(self) -> None:
        self.told: list[str] = []

    @property
    def summary(self) -> str:
        """« 2 échecs : rappel n° 12 (OSError) ; … »; empty when nothing failed."""
        if not self.told:
            return ""
        shown = " ; ".join(self.told[:SHOWN]) + (" ; …" if len(self.told) > SHOWN else "")
        return typeset(f"{counted(len(self.told), 'échec')} : {shown}. Le reste est fait.")

    @contextmanager
    def of(self, what: str) -> Iterator[None]:
        """Whatever the block raises ends the block alone."""
        try:
            yield
        except Exception as error:
            logger.exception("%s : arrêté par une erreur", what)
            self.told.append(f"{what} ({type(error).__name__})")
            if not connection.in_atomic_block:  # one that the server closed would fail for all the rest
                connection.close_if_unusable_or_obsolete()
