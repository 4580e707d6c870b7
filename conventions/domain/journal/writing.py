"""The journal: the one door through which every write leaves its line, in the writer's own transaction.

One chain per convention, per partner, and one for the site. Each entry's hash covers the previous hash, the chain,
the sequence and the canonical JSON payload, so that a changed, missing or added row is found (`broken_links`).
Personal details stand in an erasable side row of which the payload keeps only a salted hash.
"""

import datetime
import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from conventions.models import Convention, JournalEntry, JournalPersonal, Partner, User

SITE_CHAIN = "site"
ERASED = "details_personnels_effaces"


class OutsideTransaction(RuntimeError):
    """A journal line written outside the transaction of what it tells."""


def record(
    event: str,
    *,
    by: User | None,
    convention: Convention | None = None,
    partner: Partner | None = None,
    changes: dict[str, list] | None = None,
    details: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
    at: datetime.datetime | None = None,
    holds_chain: bool = False,
) -> JournalEntry:
    """Append one line. `changes` is {field: [before, after]}; `personal` may be erased later.

    `holds_chain`: the caller has locked the convention in this transaction.

    Order: lock the head of the chain, hash, insert the entry, insert its personal side row.
    Raises OutsideTransaction when no transaction is open: a line must live or die with its write.
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction(f"Le journal de « {event} » doit s’écrire dans une transaction.")
    chain = f"convention:{convention.pk}" if holds_chain and convention else _lock_chain(convention, partner)
    moment = at or timezone.now()
    head = JournalEntry.objects.filter(chain=chain).order_by("-sequence").first()
    salt = secrets.token_hex(16) if personal else ""
    payload = canonical(
        {
            "event": event,
            "at": moment.isoformat(),
            "actor": by.pk if by else None,
            "changes": changes or {},
            "details": details or {},
            "personal": personal_hash(personal, salt) if personal else "",
        }
    )
    sequence = head.sequence + 1 if head else 1
    previous = head.hash if head else ""
    entry = JournalEntry.objects.create(
        chain=chain,
        sequence=sequence,
        convention=convention,
        partner=partner,
        at=moment,
        actor=by,
        event=event,
        payload=payload,
        previous_hash=previous,
        hash=entry_hash(previous, chain, sequence, payload),
    )
    if personal:
        JournalPersonal.objects.create(entry=entry, data=_plain(personal), salt=salt)
    return entry


def hold(convention: Convention) -> None:
    """Lock a convention in this transaction, before any row under it; then `record(…, holds_chain=True)`.

    Whoever moves an act holds the convention first: taken after a row that it needs, each waits for the other.
    """
    _lock_chain(convention, None)


def chain_of(row: Convention | Partner) -> str:
    """The name of the chain of a convention or a partner."""
    return f"{row._meta.model_name}:{row.pk}"


def _lock_chain(convention: Convention | None, partner: Partner | None) -> str:
    owner = convention if convention is not None else partner
    if owner is not None:
        type(owner)._default_manager.select_for_update().only("pk").get(pk=owner.pk)
        return chain_of(owner)
    Partner.objects.select_for_update().only("pk").filter(is_opt=True).first()
    return SITE_CHAIN


def canonical(value: dict[str, Any]) -> str:
    """JSON text that is the same for equal values: sorted keys, no spaces, UTF-8."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool):
        return value if not isinstance(value, str) else str(value)
    return str(value)


def entry_hash(previous: str, chain: str, sequence: int, payload: str) -> str:
    """SHA-256 (hex) that links an entry to the one before it."""
    return hashlib.sha256("\n".join([previous, chain, str(sequence), payload]).encode()).hexdigest()


def personal_hash(data: dict[str, Any], salt: str) -> str:
    """SHA-256 (hex) of personal details under a salt: proves them while they exist, tells nothing after."""
    return hashlib.sha256(f"{salt}\n{canonical(data)}".encode()).hexdigest()


def field_values(instance: models.Model, fields: list[str]) -> dict[str, Any]:
    """Plain values of some fields, for `difference`: foreign keys by id and name, files by name."""
    values: dict[str, Any] = {}
    for name in fields:
        field = instance._meta.get_field(name)
        if field.many_to_many:
            values[name] = sorted(str(item) for item in getattr(instance, name).all()) if instance.pk else []
        elif field.is_relation:
            related = getattr(instance, name)
            values[name] = f"{related} (#{related.pk})" if related is not None else None
        else:
            values[name] = _plain(getattr(instance, name))
    return values


def difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list]:
    """{field: [before, after]} for what changed; a field absent on one side counts as None."""
    keys = [*before, *(key for key in after if key not in before)]
    return {key: [before.get(key), after.get(key)] for key in keys if before.get(key) != after.get(key)}


def record_erasure(
    entry: JournalEntry, sequences: list[int], *, by: User | None, reason: str = ""
) -> JournalEntry:
    """The line that tells which lines of the chain of `entry` lost their personal details, and why."""
    details: dict[str, Any] = {"sequences": sequences, "lignes_effacees": len(sequences)}
    if reason:
        details["motif"] = reason
    return record(
        "details_personnels_effaces",
        by=by,
        convention=entry.convention,
        partner=entry.partner,
        details=details,
    )


def erased_sequences(details: dict[str, Any]) -> list[int]:
    """Ranks of the lines that an erasure names."""
    return list(details.get("sequences") or [details.get("sequence")])


def broken_links(chain: str) -> list[str]:
    """What is wrong in a chain, in French, one sentence each; empty when it holds."""
    return list(
        _broken_in(chain, JournalEntry.objects.of_chain(chain).select_related("personal").iterator(500))
    )


def all_broken_links(progress: Callable[[int], None]) -> Iterator[str]:
    """What is wrong in any chain, by one ordered read; `progress` is told how many chains were begun."""
    lines = JournalEntry.objects.order_by("chain", "sequence").select_related("personal").iterator(500)
    for rank, (chain, entries) in enumerate(groupby(lines, key=attrgetter("chain")), start=1):
        progress(rank)
        yield from _broken_in(chain, entries)


def _broken_in(chain: str, entries: Iterable[JournalEntry]) -> Iterator[str]:
    previous, expected = "", 1
    for entry in entries:
        name = f"Journal {chain}, ligne {entry.sequence}"
        if entry.sequence != expected:
            yield f"{name} : la ligne {expected} manque."
        if entry.previous_hash != previous:
            yield f"{name} : elle ne suit pas la ligne précédente."
        if entry.hash != entry_hash(entry.previous_hash, chain, entry.sequence, entry.payload):
            yield f"{name} : son contenu a été modifié."
        yield from _personal_problems(entry, name)
        previous, expected = entry.hash, entry.sequence + 1


def _personal_problems(entry: JournalEntry, name: str) -> list[str]:
    try:
        told = json.loads(entry.payload)
        moment = datetime.datetime.fromisoformat(told["at"])
        author, event, personal = told["actor"], told["event"], told["personal"]
    except (ValueError, KeyError, TypeError):
        return [f"{name} : son contenu est illisible."]
    problems = []
    if moment != entry.at:
        problems.append(f"{name} : la date affichée diffère du contenu.")
    if (event, author) != (entry.event, entry.actor_id):
        problems.append(f"{name} : l’auteur ou l’événement affiché diffère du contenu.")
    side = getattr(entry, "personal", None)
    if side is not None and personal_hash(side.data, side.salt) != personal:
        problems.append(f"{name} : ses détails personnels ont été modifiés.")
    return problems
