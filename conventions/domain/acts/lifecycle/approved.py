"""The text that was validated is the text that is frozen, whatever it reads: rows of the act, papers of the file, the
partner's own, the settings.

Validating writes in the journal a digest of each part of what the act prints. What is chosen after validation (number,
place, decision, ceremony, way of signing: the part of the page that stays open) is left out on both sides.
"""

import copy
import hashlib
import json
from dataclasses import replace
from typing import Any, cast

from conventions.domain.acts.content import assembling
from conventions.domain.documents.context import to_snapshot
from conventions.enums import Event, SigningPath
from conventions.formats import join_list
from conventions.models import Act, JournalEntry

DETAIL = "texte"  # of the line of the journal
# As `drafting.scope` leaves it open until freezing; the number is given by freezing itself.
OPEN = {
    "number": None,
    "old_reference": "",
    "path": SigningPath.INK,
    "place": "",
    "board_decision": None,
    "ceremony": None,
}
PARTS = {
    "parties": "les parties",
    "visas": "les visas",
    "recitals": "le préambule",
    "clauses": "les articles",
    "changes": "ce que l’avenant change",
    "amends": "la convention visée",
    "term": "la durée",
    "files": "les annexes",
}


def digests(row: Act) -> dict[str, str]:
    """{part of the context: digest} of what a `loaded` act prints; a part without anything is not told."""
    twin = copy.copy(row)
    twin.__dict__.pop("_read_once", None)
    for name, value in OPEN.items():
        setattr(twin, name, value)
    context = assembling.agreement_context(twin, row=twin)
    # Read by a visa alone, or for the public: not printed by themselves.
    context = replace(context, has_request=False, sources=())
    data = cast(dict[str, Any], to_snapshot(context)["data"])
    return {name: _digest(value) for name, value in data.items() if value}


def _digest(value: Any) -> str:
    plain = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def read_now(row: Act) -> dict[str, dict[str, str]]:
    """What the line of the journal keeps of the text of a `loaded` act that is being validated."""
    return {DETAIL: digests(row)}


def changed_since(row: Act) -> str:
    """« Le texte a changé depuis sa validation : … » for a `loaded` act; empty when it is the text that was read.

    Also empty for an act validated before the journal kept it.
    """
    read = _read(row)
    if read is None:
        return ""
    now = digests(row)
    differing = [name for name in {**read, **now} if read.get(name) != now.get(name)]
    if not differing:
        return ""
    parts = dict.fromkeys(PARTS.get(name, "les termes") for name in differing)
    return (
        f"Le texte a changé depuis sa validation : {join_list(parts)}. Une pièce, une fiche de partenaire ou un "
        "texte qu’il cite n’est plus le même. Reprenez l’acte, puis faites-le relire."
    )


def _read(row: Act) -> dict[str, str] | None:
    lines = JournalEntry.objects.filter(convention=row.convention_id, event=Event.APPROVE.value)
    for payload in lines.order_by("-sequence").values_list("payload", flat=True):
        details = json.loads(payload)["details"]
        if details.get("acte") == row.pk:
            return details.get(DETAIL)
    return None
