"""What changed in an act since a lawyer last read it: exactly that is read again, and approved.

The act remembers the line of the journal that its last reading wrote; what was recorded after it is the difference.
"""

import datetime
import json
from dataclasses import dataclass
from typing import Any

from conventions.domain.acts.drafting.page_content import CONVENTION_FILE, CONVENTION_LINKS, CONVENTION_PUBLIC
from conventions.domain.acts.templates.versions import named_fields
from conventions.domain.journal.story import values
from conventions.formats import Piece, word_differences
from conventions.models import Act, JournalEntry

# Tables and columns that no lawyer reads: the public page, the classification, the notes of the office.
NOT_READ = frozenset(
    {f"convention.{name}" for name in (*CONVENTION_FILE, *CONVENTION_LINKS, *CONVENTION_PUBLIC)}
    | {"photo", "source", "état"}
)


@dataclass(frozen=True, kw_only=True)
class Changed:
    """One thing that changed: its name, and its text from before to after."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, kw_only=True)
class Rereading:
    """`seen` is the last line of the journal that the difference covers."""

    reader: str
    read_at: datetime.datetime
    authors: tuple[str, ...]
    changes: tuple[Changed, ...]
    seen: int


def since_last_reading(act: Act) -> Rereading | None:
    """The difference since a lawyer last read this act; None when none has. One query."""
    if act.read_sequence is None:
        return None
    rows = JournalEntry.objects.filter(convention=act.convention_id, sequence__gte=act.read_sequence)
    reading, *later = rows.select_related("actor", "personal").order_by("sequence")
    merged: dict[str, list] = {}
    authors: dict[str, None] = {}
    for entry in later:
        told = _changes_of(entry, act)
        authors |= dict.fromkeys([str(entry.actor or "l’application")] if told else [])
        for key, (before, after) in told.items():
            merged[key] = [merged[key][0] if key in merged else before, after]
    return Rereading(
        reader=str(reading.actor or "l’application"),
        read_at=reading.at,
        authors=tuple(authors),
        changes=tuple(_changed(key, *pair) for key, pair in merged.items() if pair[0] != pair[1]),
        seen=later[-1].sequence if later else reading.sequence,
    )


def _changes_of(entry: JournalEntry, act: Act) -> dict[str, list]:
    """What a line tells of this act; a line about a whole row of an amendment stands for itself."""
    payload = json.loads(entry.payload)
    if payload["details"].get("acte", act.pk) != act.pk:
        return {}
    side = getattr(entry, "personal", None)
    personal = {key: pair for key, pair in side.data.items() if isinstance(pair, list)} if side else {}
    found = {key: pair for key, pair in {**payload["changes"], **personal}.items() if _is_read(key)}
    if "version" in payload["details"]:
        return found
    return {f"{key}#{entry.sequence}": pair for key, pair in found.items()}


def _is_read(key: str) -> bool:
    return key not in NOT_READ and key.partition(".")[0] not in NOT_READ


def _changed(key: str, before: Any, after: Any) -> Changed:
    name = values.named(key.partition("#")[0], None, {})
    texts = [
        "" if value in (None, "", []) else named_fields(values.shown(value, name.model, name.column))
        for value in (before, after)
    ]
    return Changed(label=name.label, pieces=word_differences(*texts))
