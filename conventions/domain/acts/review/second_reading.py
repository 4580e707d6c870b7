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
from conventions.enums import AttachmentKind
from conventions.formats import Piece, word_differences
from conventions.models import Act, JournalEntry, Partner, Party

# Tables and columns that no lawyer reads: the public page, the classification, the notes of the office.
NOT_READ = frozenset(
    {f"convention.{name}" for name in (*CONVENTION_FILE, *CONVENTION_LINKS, *CONVENTION_PUBLIC)}
    | {"photo", "source", "état"}
)


FILED = "piece_jointe_ajoutee"
# Of a partner's row, what an act prints or reads; what stands beside (notes, mail, page) no lawyer reads here.
PARTNER_READ = frozenset({
    "name", "acronym", "nature", "gender", "designation", "legal_form", "founding_texts", "ridet", "rna", "siret",
    "receipt_number", "receipt_date", "jonc_number", "year_end_day", "year_end_month", "address", "postal_code",
    "commune", "country", "logo",
})  # fmt: skip


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
    """The difference since a lawyer last read this act, its papers and its parties; None when none has. Two queries."""
    if act.read_sequence is None:
        return None
    rows = JournalEntry.objects.filter(convention=act.convention_id, sequence__gte=act.read_sequence)
    reading, *later = rows.select_related("actor", "personal").order_by("sequence")
    merged: dict[str, list] = {}
    authors: dict[str, None] = {}
    for entry in later:
        told = _changes_of(entry, act)
        authors |= dict.fromkeys([_author(entry)] if told else [])
        for key, (before, after) in told.items():
            merged[key] = [merged[key][0] if key in merged else before, after]
    of_parties = _of_parties(act, reading.at)
    authors |= dict.fromkeys(author for author, _changed in of_parties)
    return Rereading(
        reader=_author(reading),
        read_at=reading.at,
        authors=tuple(authors),
        changes=(
            *(_changed(key, *pair) for key, pair in merged.items() if pair[0] != pair[1]),
            *(changed for _author, changed in of_parties),
        ),
        seen=later[-1].sequence if later else reading.sequence,
    )


def _author(entry: JournalEntry) -> str:
    return str(entry.actor or "l’application")


def _of_parties(act: Act, since: datetime.datetime) -> list[tuple[str, Changed]]:
    """(author, change) of what the rows of the parties said then and say no more: acts print them."""
    partners = Party.objects.filter(convention=act.convention_id).values("partner")
    rows = JournalEntry.objects.filter(partner__in=partners, convention=None, at__gt=since)
    authors: dict[tuple[str, str], str] = {}
    merged: dict[tuple[str, str], list] = {}
    for entry in rows.select_related("actor", "personal", "partner").order_by("at", "pk"):
        for column, (before, after) in _pairs_of(entry).items():
            if column in PARTNER_READ:
                key = (str(entry.partner), column)
                merged[key] = [merged[key][0] if key in merged else before, after]
                authors[key] = _author(entry)
    return [
        (authors[key], _changed(key[1], *pair, partner=key[0]))
        for key, pair in merged.items()
        if pair[0] != pair[1]
    ]


def _pairs_of(entry: JournalEntry) -> dict[str, list]:
    """{field: [before, after]} of a line, those that may be erased too."""
    side = getattr(entry, "personal", None)
    personal = {key: pair for key, pair in side.data.items() if isinstance(pair, list)} if side else {}
    return {**json.loads(entry.payload)["changes"], **personal}


def _paper_of(entry: JournalEntry) -> dict[str, list]:
    """A paper that was filed with the convention: an act may name it in its visas, or take it as an annex."""
    side = getattr(entry, "personal", None)
    named = (side.data.get("titre") or side.data.get("nom")) if side else ""
    kind = AttachmentKind(json.loads(entry.payload)["details"]["type"]).label
    return {f"attachment#{entry.sequence}": [None, f"{named} ({kind})" if named else str(kind)]}


def _changes_of(entry: JournalEntry, act: Act) -> dict[str, list]:
    """What a line tells of this act; a line about a whole row of an amendment stands for itself."""
    payload = json.loads(entry.payload)
    if payload["details"].get("acte", act.pk) != act.pk:
        return {}
    if entry.event == FILED:
        return _paper_of(entry)
    found = {key: pair for key, pair in _pairs_of(entry).items() if _is_read(key)}
    if "version" in payload["details"]:
        return found
    return {f"{key}#{entry.sequence}": pair for key, pair in found.items()}


def _is_read(key: str) -> bool:
    return key not in NOT_READ and key.partition(".")[0] not in NOT_READ


def _changed(key: str, before: Any, after: Any, *, partner: str = "") -> Changed:
    """`partner`: whose row it is, when it is that of a partner."""
    name = values.named(key.partition("#")[0], Partner if partner else None, {})
    texts = [
        "" if value in (None, "", []) else named_fields(values.shown(value, name.model, name.column))
        for value in (before, after)
    ]
    label = f"{partner}, {name.label[:1].lower()}{name.label[1:]}" if partner else name.label
    return Changed(label=label, pieces=word_differences(*texts))
