"""Erase personal details from the journal, as the law allows anyone to ask: searched, shown, erased, told.

The entry keeps its salted hash, so that the chain still holds; what was erased cannot be found again.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from conventions import permissions
from conventions.domain import journal
from conventions.domain.foundation.refusals import Refused
from conventions.formats import search_key
from conventions.models import JournalEntry, JournalPersonal, User

SHORTEST = 3  # letters: two would name half of the journal
MOST = 500  # lines at once: beyond, the words are too common to be one person's


@dataclass(frozen=True, slots=True)
class Found:
    """A line that holds the words, and how many details would go with it."""

    entry: JournalEntry
    details: int


def search(words: str, *, by: User) -> list[Found]:
    """Lines whose personal details hold every word, accents and case apart; newest first, at most MOST.

    Raises PermissionDenied, or Refused when the words are too short.
    """
    _require(by)
    wanted = [search_key(word) for word in words.split()]
    if not any(len(word) >= SHORTEST for word in wanted):
        raise Refused(f"Cherchez un nom, une adresse ou un numéro d’au moins {SHORTEST} caractères.")
    found = []
    rows = JournalPersonal.objects.select_related("entry__convention", "entry__partner", "entry__actor")
    for row in rows.order_by("-pk").iterator(chunk_size=500):
        texts = list(_texts(row.data))
        key = search_key(" ".join(texts))
        if all(word in key for word in wanted):
            found.append(Found(row.entry, len(texts)))
        if len(found) > MOST:
            raise Refused(f"Plus de {MOST} lignes portent ces mots. Précisez la recherche.")
    return found


def _texts(value: Any) -> Iterator[str]:
    """Every text of the details, one by one."""
    if isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif value not in (None, ""):
        yield str(value)


def erase(keys: list[int], *, reason: str, by: User) -> int:
    """Erase the personal details of these lines; return how many had some. One line per chain tells it, without them.

    Raises PermissionDenied, or Refused without a reason or without a line.
    """
    _require(by)
    if not reason.strip():
        raise Refused("Donnez le motif : il reste au journal.")
    with transaction.atomic():
        rows = JournalPersonal.objects.select_for_update(of=("self",)).filter(entry__in=keys)
        entries = [
            row.entry
            for row in rows.select_related("entry__convention", "entry__partner").order_by(
                "entry__chain", "entry__sequence"
            )
        ]
        if not entries:
            raise Refused("Choisissez au moins une ligne qui porte encore des détails.")
        JournalPersonal.objects.filter(entry__in=entries).delete()
        chains: dict[str, list[JournalEntry]] = defaultdict(list)
        for entry in entries:
            chains[entry.chain].append(entry)
        for chain in sorted(chains):
            lines = chains[chain]
            journal.record_erasure(lines[0], [line.sequence for line in lines], by=by, reason=reason.strip())
    return len(entries)


def _require(by: User) -> None:
    permissions.require(permissions.can_erase_personal_details, by)
