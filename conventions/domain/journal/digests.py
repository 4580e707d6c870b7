"""The daily digest: one line that seals the heads of every chain and the rows that are only ever added.

A chain rewritten whole has hashes that agree with one another; it no longer agrees with a digest made before, and
even less with the line that somebody keeps apart (JOURNAL_DIGEST_EMAIL, or the output of `manage.py sceller_journal`).
Each digest holds only what moved since the one before it, and the hash of all heads. They follow one another as they
were made: a day sealed in advance, by a clock that had jumped, stops none of those that come.
"""

import datetime
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from conventions.domain import journal
from conventions.domain.foundation import outbox
from conventions.domain.journal import clock
from conventions.formats import long_date
from conventions.models import HandoverSignature, JournalDigest, JournalEntry, SignatureAct

CATCH_UP = clock.AFTER  # longer, the clock was confirmed by hand
# Rows that are only ever added and that no other hash covers.
JOURNAL = "journalentry"
SEALED_ROWS = ("document", "sealedrevision", "signatureact", "handoversignature")
UNSEALED_COLUMNS = (
    "snapshot",
    "tool_versions",
)  # covered by context_sha256; JSON is not told the same by both engines


@dataclass
class Sealed:
    """What the digests seal so far: {chain: (sequence, hash)}, {table: {key: hash}}."""

    heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    latest: list[dict[str, int]] = field(default_factory=list)  # of the last two: the last key of each table

    def read_from(self) -> dict[str, int]:
        """{table: the key after which rows are read again}; empty: all.

        Since the digest before the last one: a transaction begun before the last may have ended after it.
        """
        return self.latest[-2] if len(self.latest) > 1 else {}

    def add(self, told: dict[str, Any]) -> None:
        self.latest = [*self.latest[-1:], told.get("latest", {})]
        self.heads |= {chain: (sequence, digest) for chain, (sequence, digest) in told["heads"].items()}
        for table, added in told["rows"].items():
            self.rows.setdefault(table, {}).update(added["hashes"])


def seal_missed(*, at: datetime.datetime | None = None) -> list[JournalDigest]:
    """Seal the day before `at` and each of those before it that nobody sealed, at most CATCH_UP; those made, in order.

    The first one made holds all that came meanwhile. Raises clock.ClockHeld.
    """
    yesterday = timezone.localdate(at or timezone.now()) - datetime.timedelta(days=1)
    last = JournalDigest.objects.filter(day__lte=yesterday).aggregate(last=Max("day"))["last"]
    missed = min((yesterday - last).days, CATCH_UP.days) if last else 1
    days = [yesterday - datetime.timedelta(days=before) for before in reversed(range(missed))]
    return [made for day in days if (made := _seal(day)) is not None]


def seal_day(*, at: datetime.datetime | None = None) -> JournalDigest | None:
    """Seal the day before `at` (in Nouméa), once; None when it is already sealed. A mail leaves if one is asked for.

    Raises clock.ClockHeld.
    """
    return _seal(timezone.localdate(at or timezone.now()) - datetime.timedelta(days=1))


def _seal(day: datetime.date) -> JournalDigest | None:
    if JournalDigest.objects.filter(day=day).exists():
        return None
    clock.require()
    with transaction.atomic():
        last = JournalDigest.objects.select_for_update().order_by("-pk").first()
        sealed = so_far()
        start, latest = sealed.read_from(), _latest()
        told = {
            "heads": _moved_heads(sealed, start.get(JOURNAL, 0)),
            "rows": _added_rows(sealed, start),
            "latest": latest,
        }
        sealed.add(told)
        row = JournalDigest(
            day=day,
            heads_count=len(sealed.heads),
            entries_count=sum(sequence for sequence, _hash in sealed.heads.values()),
            heads_sha256=heads_hash(sealed.heads),
            sealed=journal.canonical(told),
            previous_hash=last.hash if last is not None else "",
        )
        row.hash = digest_hash(row)
        row.save(force_insert=True)  # two at once: the day is unique, the second one gives up
        if settings.JOURNAL_DIGEST_EMAIL:
            outbox.queue("empreinte_du_journal", params={"digest": row.pk})
    return row


def so_far() -> Sealed:
    """What all digests seal together."""
    sealed = Sealed()
    for text in JournalDigest.objects.order_by("pk").values_list("sealed", flat=True).iterator():
        sealed.add(json.loads(text))
    return sealed


def _latest() -> dict[str, int]:
    """{table: the greatest key that is there}, read before the rows themselves."""
    return {table: _rows(table).aggregate(last=Max("pk"))["last"] or 0 for table in (JOURNAL, *SEALED_ROWS)}


def _rows(table: str) -> QuerySet:
    return apps.get_model("conventions", table)._default_manager.all()


def _moved_heads(sealed: Sealed, after: int) -> dict[str, list]:
    """Of the chains that have lines beyond this key."""
    lines = JournalEntry.objects.filter(pk__gt=after).order_by("chain", "sequence")
    heads = {
        chain: (sequence, digest)
        for chain, sequence, digest in lines.values_list("chain", "sequence", "hash").iterator(chunk_size=500)
    }
    return {chain: list(head) for chain, head in heads.items() if sealed.heads.get(chain) != head}


def _added_rows(sealed: Sealed, after: dict[str, int]) -> dict[str, dict[str, Any]]:
    """{table: its columns today, the hash of each row beyond these keys that no digest holds}."""
    found = {}
    for table in SEALED_ROWS:
        known = sealed.rows.get(table, {})
        columns = _columns(table)
        rows = _rows(table).filter(pk__gt=after.get(table, 0)).order_by("pk").values(*columns)
        hashes = {
            str(row["id"]): row_hash(row)
            for row in rows.iterator(chunk_size=500)
            if str(row["id"]) not in known
        }
        if hashes:
            found[table] = {"columns": columns, "hashes": hashes}
    return found


def _columns(table: str) -> list[str]:
    fields = apps.get_model("conventions", table)._meta.concrete_fields
    return [column.attname for column in fields if column.name not in UNSEALED_COLUMNS]


def row_hash(row: dict[str, Any]) -> str:
    """SHA-256 (hex) of the columns of a row; moments in UTC."""
    plain = {
        name: value.astimezone(datetime.UTC) if isinstance(value, datetime.datetime) else value
        for name, value in row.items()
    }
    return hashlib.sha256(journal.canonical(plain).encode()).hexdigest()


def heads_hash(heads: dict[str, tuple[int, str]]) -> str:
    """SHA-256 (hex) of the sorted heads, one « chain rank hash » a line."""
    lines = [f"{chain} {sequence} {digest}" for chain, (sequence, digest) in sorted(heads.items())]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def digest_hash(row: JournalDigest) -> str:
    """SHA-256 (hex) that links a digest to the one before it."""
    parts = [
        row.previous_hash,
        row.day.isoformat(),
        str(row.heads_count),
        str(row.entries_count),
        row.heads_sha256,
        hashlib.sha256(row.sealed.encode()).hexdigest(),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def problems() -> Iterator[str]:
    """What no longer agrees with the digests, in French, one sentence each."""
    sealed, previous = Sealed(), ""
    told: set[str] = set()
    for row in JournalDigest.objects.order_by("pk").iterator(chunk_size=50):
        name = f"Empreinte du {long_date(row.day)}"
        if row.previous_hash != previous:
            yield f"{name} : elle ne suit pas l’empreinte précédente."
        if row.hash != digest_hash(row):
            yield f"{name} : elle a été modifiée."
        previous = row.hash
        try:
            contents = json.loads(row.sealed)
            sealed.add(contents)
        except (ValueError, KeyError, TypeError, AttributeError):
            yield f"{name} : son contenu est illisible."
            continue
        if heads_hash(sealed.heads) != row.heads_sha256:
            yield f"{name} : son contenu ne donne plus la même empreinte."
        yield from _head_problems(contents["heads"], row.day, told)
        yield from _row_problems(contents["rows"], row.day)


def _head_problems(heads: dict[str, list], day: datetime.date, told: set[str]) -> Iterator[str]:
    names = list(heads)
    for start in range(0, len(names), 500):
        rows = JournalEntry.objects.filter(chain__in=names[start : start + 500])
        wanted = {(chain, heads[chain][0]) for chain in names[start : start + 500]}
        rows = rows.filter(sequence__in={sequence for _chain, sequence in wanted})
        found = {
            (chain, sequence): value
            for chain, sequence, value in rows.values_list("chain", "sequence", "hash")
        }
        for chain, sequence in sorted(wanted):
            if chain in told or found.get((chain, sequence)) == heads[chain][1]:
                continue
            told.add(chain)
            what = "a été réécrit" if (chain, sequence) in found else "a été raccourci"
            yield (
                f"Journal {chain} : il {what}. La ligne {sequence}, scellée par l’empreinte du {long_date(day)}, "
                f"{'n’est plus la même' if (chain, sequence) in found else 'a disparu'}."
            )


def _row_problems(tables: dict[str, dict[str, Any]], day: datetime.date) -> Iterator[str]:
    for table, added in tables.items():
        model = apps.get_model("conventions", table)
        columns = [name for name in added["columns"] if name in _columns(table)]
        if columns != added["columns"]:
            continue  # a column is gone since: these rows can no longer be compared
        keys = list(added["hashes"])
        for start in range(0, len(keys), 500):
            rows = model._default_manager.filter(pk__in=keys[start : start + 500]).values(*columns)
            found = {str(row["id"]): row_hash(row) for row in rows}
            for key in keys[start : start + 500]:
                if found.get(key) != added["hashes"][key]:
                    what = "a été modifiée" if key in found else "a disparu"
                    yield (
                        f"{str(model._meta.verbose_name).capitalize()} {key} : sa ligne, scellée par l’empreinte du "
                        f"{long_date(day)}, {what}."
                    )


def signature_problems() -> Iterator[str]:
    """Signatures that no longer name the bytes of their document."""
    rows = SignatureAct.objects.select_related("document").order_by("pk")
    for row in rows.only("pk", "document_sha256", "document__sha256").iterator(chunk_size=500):
        if row.document_sha256 != row.document.sha256:
            yield f"Signature {row.pk} : l’empreinte lue n’est pas celle du document {row.document_id}."
    papers = HandoverSignature.objects.select_related("handover__document").order_by("pk")
    for paper in papers.iterator(chunk_size=500):
        read = paper.handover.document
        if read is None or paper.document_sha256 != read.sha256:
            yield f"Signature de la remise {paper.handover_id} : l’empreinte lue n’est pas celle du procès-verbal."
