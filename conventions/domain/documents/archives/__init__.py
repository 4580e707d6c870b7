"""Are the archives whole? Stored bytes, journal chains, daily digests, signatures, locks, renders of a sample.

Each check yields French sentences that say what differs and where; nothing is loaded whole. `CHECKS` is what
`manage.py verifier_archives` runs, `NOTES` what it only tells.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from conventions.domain.documents.archives.chains import (
    broken_chains,
    erased_without_trace,
    texts_erased_without_trace,
)
from conventions.domain.documents.archives.files import damaged_files, file_count, orphans
from conventions.domain.documents.archives.kept import wrong_bounds
from conventions.domain.documents.archives.locks import missing_locks
from conventions.domain.documents.archives.renders import changed_renders
from conventions.domain.documents.archives.signatures import (
    damaged_drawings,
    untold_signatures,
    wrong_revisions,
)
from conventions.domain.journal import digests

__all__ = ["CHECKS", "Check", "Progress", "changed_renders", "file_count", "orphans"]

Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Check:
    """`name`: what `--seulement` takes; `run` yields what differs, and says how far it is."""

    name: str
    title: str
    run: Callable[[Progress, int], Iterator[str]]


def _journal(progress: Progress, sample: int) -> Iterator[str]:
    yield from broken_chains(progress)
    yield from erased_without_trace()
    yield from texts_erased_without_trace()


def _signatures(progress: Progress, sample: int) -> Iterator[str]:
    yield from digests.signature_problems()
    yield from untold_signatures()
    yield from wrong_revisions()
    yield from damaged_drawings()


CHECKS = (
    Check("fichiers", "Fichiers", lambda progress, sample: damaged_files(progress)),
    Check("journal", "Journal", _journal),
    Check("empreintes", "Empreintes du jour", lambda progress, sample: digests.problems()),
    Check("signatures", "Signatures", _signatures),
    Check("verrous", "Verrous de la base", lambda progress, sample: missing_locks()),
    Check("bornes", "Dates des listes", lambda progress, sample: wrong_bounds()),
    Check("rendus", "Rendus", lambda progress, sample: changed_renders(sample, progress)),
)
