"""Erase personal details from the journal and from what happened to devices, as the law allows anyone to ask.

Searched, shown, erased, told. The entry keeps its salted hash, so that the chain still holds; what was erased cannot be
found again.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from conventions import permissions
from conventions.domain import journal
from conventions.domain.foundation.refusals import Refused
from conventions.formats import search_key
from conventions.models import DeviceEvent, DeviceEventText, JournalEntry, JournalPersonal, User

SHORTEST = 3  # letters: two would name half of the journal
EVENT = "appareil-"  # begins the key of an event of a device
MOST = 500  # lines at once: beyond, the words are too common to be one person's


@dataclass(frozen=True, slots=True)
class Found:
    """A line of the journal, or an event of a device, that holds the words; how many details would go with it."""

    entry: JournalEntry | DeviceEvent
    details: int

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{EVENT if isinstance(self.entry, DeviceEvent) else ''}{self.entry.pk}"


def search(words: str, *, by: User) -> list[Found]:
    """Lines, then events of devices, whose personal details hold every word, accents and case apart; newest first, at
    most MOST.

    Raises PermissionDenied, or Refused when the words are too short.
    """
    _require(by)
    wanted = [search_key(word) for word in words.split()]
    if not any(len(word) >= SHORTEST for word in wanted):
        raise Refused(f"Cherchez un nom, une adresse ou un numéro d’au moins {SHORTEST} caractères.")
    found = []
    for entry, data in _kept():
        texts = list(_texts(data))
        key = search_key(" ".join(texts))
        if all(word in key for word in wanted):
            found.append(Found(entry, len(texts)))
        if len(found) > MOST:
            raise Refused(f"Plus de {MOST} lignes portent ces mots. Précisez la recherche.")
    return found


def _kept() -> Iterator[tuple[JournalEntry | DeviceEvent, Any]]:
    """Everything that may be erased, with what it is about."""
    rows = JournalPersonal.objects.select_related("entry__convention", "entry__partner", "entry__actor")
    for row in rows.order_by("-pk").iterator(chunk_size=500):
        yield row.entry, row.data
    texts = DeviceEventText.objects.select_related("event__device", "event__convention", "event__recorded_by")
    for text in texts.order_by("-pk").iterator(chunk_size=500):
        yield text.event, text.data


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


def erase(keys: Sequence[int | str], *, reason: str, by: User) -> int:
    """Erase the personal details of these lines and events (`Found.key`); return how many had some.

    One line per chain tells it, without them.

    Raises PermissionDenied, or Refused without a reason or without a line.
    """
    _require(by)
    if not reason.strip():
        raise Refused("Donnez le motif : il reste au journal.")
    with transaction.atomic():
        lines_of, events_of = _sorted(keys)
        events = _erase_texts(events_of, reason=reason.strip(), by=by)
        rows = JournalPersonal.objects.select_for_update(of=("self",)).filter(entry__in=lines_of)
        entries = [
            row.entry
            for row in rows.select_related("entry__convention", "entry__partner").order_by(
                "entry__chain", "entry__sequence"
            )
        ]
        if not entries and not events:
            raise Refused("Choisissez au moins une ligne qui porte encore des détails.")
        JournalPersonal.objects.filter(entry__in=entries).delete()
        chains: dict[str, list[JournalEntry]] = defaultdict(list)
        for entry in entries:
            chains[entry.chain].append(entry)
        for chain in sorted(chains):
            lines = chains[chain]
            journal.record_erasure(lines[0], [line.sequence for line in lines], by=by, reason=reason.strip())
    return len(entries) + events


def _sorted(keys: Sequence[int | str]) -> tuple[list[int], list[int]]:
    """(lines of the journal, events of devices)."""
    texts = [str(key) for key in keys]
    events = [int(text.removeprefix(EVENT)) for text in texts if text.startswith(EVENT)]
    return [int(text) for text in texts if not text.startswith(EVENT)], events


def _erase_texts(keys: list[int], *, reason: str, by: User) -> int:
    """Erase the texts of these events of devices; the journal of each convention, or of the site, says which."""
    rows = DeviceEventText.objects.select_for_update(of=("self",)).filter(event__in=keys)
    chains: dict[int, list[DeviceEvent]] = defaultdict(list)
    for row in rows.select_related("event__convention").order_by("event"):
        chains[row.event.convention_id or 0].append(row.event)
    count = sum(len(events) for events in chains.values())
    DeviceEventText.objects.filter(
        event__in=[event.pk for events in chains.values() for event in events]
    ).delete()
    for key in sorted(chains):
        told = {"evenements": [event.pk for event in chains[key]], "lignes_effacees": len(chains[key])}
        journal.record(
            "details_personnels_effaces",
            by=by,
            convention=chains[key][0].convention,
            details=told | {"motif": reason},
        )
    return count


def _require(by: User) -> None:
    permissions.require(permissions.can_erase_personal_details, by)
