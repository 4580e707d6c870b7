"""Do the stored texts of frozen acts hold what their rows promise? Read on the real base, act by act.

What is lost is one of three. A layout older than the one that prints it explains it: told apart, by number. Somebody
has read it and said why (`note_known`, a line of the journal): known. Anything else is new.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db import transaction

from conventions import permissions
from conventions.domain import journal
from conventions.domain.acts.content import loading
from conventions.domain.acts.coverage.promises import lost
from conventions.domain.acts.coverage.shapes import Case, Promise
from conventions.domain.documents import storage
from conventions.domain.documents.context import AgreementContext, SnapshotError, from_snapshot
from conventions.domain.documents.reading import Words
from conventions.domain.foundation.refusals import Refused
from conventions.models import Act, JournalEntry, User

KNOWN = "promesses_connues"
_CHUNK = 50  # acts read at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One frozen act. `unread`: why its text could not be read, in French; empty when it was."""

    act: Act
    layout: int
    new: tuple[Promise, ...] = ()
    known: tuple[Promise, ...] = ()
    of_layout: tuple[Promise, ...] = ()
    unread: str = ""

    @property
    def is_sound(self) -> bool:
        return not (self.new or self.unread)


def check(references: Iterable[str] = ()) -> Iterator[Finding]:
    """Every frozen act, or those that bear these numbers; 8 queries for 50 acts or so. Raises Refused for a number that
    no frozen act bears."""
    acts = Act.objects.exclude(frozen_document=None).order_by("pk")
    wanted = list(references)
    if wanted:
        acts = acts.filter(number__in=wanted)
        missing = sorted(set(wanted) - set(acts.values_list("number", flat=True)))
        if missing:
            raise Refused(f"Aucun acte figé ne porte le numéro {missing[0]}. Vérifiez-le, puis recommencez.")
    keys = iter(list(acts.values_list("pk", flat=True)))
    while chunk := list(islice(keys, _CHUNK)):
        rows = loading.loaded_several(chunk)
        noted = _noted(rows)
        for row in rows:
            yield _finding(row, noted)


def _finding(row: Act, noted: set[tuple[int, str]]) -> Finding:
    document = row.frozen_document
    assert document is not None  # of a frozen act
    layout = int(document.tool_versions.get("layout", "0"))
    try:
        context = from_snapshot(document.snapshot or {})
        words = Words.of_act(storage.read_bytes(document), document.code)
    except storage.DamagedDocument as damage:
        return Finding(act=row, layout=layout, unread=str(damage))
    except SnapshotError:
        return Finding(act=row, layout=layout, unread="son contenu figé est illisible")
    if not isinstance(context, AgreementContext):
        return Finding(act=row, layout=layout, unread="son contenu figé n’est pas celui d’un acte")
    found = lost(Case(act=row, context=context), words)
    of_layout = tuple(one for one in found if layout < one.since)
    rest = [one for one in found if layout >= one.since]
    known = tuple(one for one in rest if (document.pk, _mark(one)) in noted)
    new = tuple(one for one in rest if (document.pk, _mark(one)) not in noted)
    return Finding(act=row, layout=layout, new=new, known=known, of_layout=of_layout)


def _mark(promise: Promise) -> str:
    """What a journal line keeps of a promise."""
    return f"{promise.key} : {promise.words}"


def _noted(rows: Iterable[Act]) -> set[tuple[int, str]]:
    """(document, mark) of the promises that people have said they know."""
    entries = JournalEntry.objects.filter(event=KNOWN, convention__in={row.convention_id for row in rows})
    found = [json.loads(payload)["details"] for payload in entries.values_list("payload", flat=True)]
    return {(details["document"], mark) for details in found for mark in details["promesses"]}


@transaction.atomic
def note_known(finding: Finding, *, by: User, reason: str) -> None:
    """Keep in the journal that somebody has read what the text of an act does not hold, and why it stays so.

    Raises PermissionDenied; Refused without a reason, or with nothing new to note.
    """
    permissions.require(permissions.can_move_acts, by)
    if not reason.strip():
        raise Refused("Écrivez pourquoi le texte reste ainsi : le journal le garde.")
    if not finding.new:
        raise Refused(f"Rien de nouveau à noter pour {finding.act.number}.")
    journal.record(
        KNOWN,
        by=by,
        convention=finding.act.convention,
        details={
            "acte": finding.act.pk,
            "document": finding.act.frozen_document_id,
            "promesses": [_mark(one) for one in finding.new],
            "motif": reason.strip(),
        },
    )
