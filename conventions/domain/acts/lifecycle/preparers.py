"""Who prepared an act, for the rule of the four eyes: who began it, submitted it, wrote its terms or filed a paper that
became its annex, ever.

A colleague who submits in one's place frees nobody. Correcting an article or naming the délibération is also the work
of who approves; notes and the public page are no terms.
"""

import json
from collections import defaultdict

from conventions.domain.acts.drafting.saving import FILED_BY
from conventions.enums import Event
from conventions.models import Act, JournalEntry

BEGINNINGS = (
    "convention_creee",
    "avenant_commence",
    "resiliation_commencee",
    Event.SUBMIT.value,
    Event.RECORD_REPRISE.value,
)
REWRITINGS = (
    "convention_modifiee",
    "ligne_ajoutee",
    "ligne_modifiee",
    "ligne_remplacee",
    "ligne_reprise",
    "ligne_supprimee",
    "changement_annule",
    "signataire_remplace",
)
# Keys of the journal that tell no term, whole or by their beginning.
OPEN_TO_APPROVERS = ("act.path", "act.signing_order", "act.place", "act.board_decision", "act.ceremony")
NO_TERMS = ("clause", "attachment", "source", "photo")
CONVENTION_TERMS = ("title", "kind", "source_kind_wording", "purpose", "project", "renews", "edition")


def preparers_of(act: Act) -> frozenset[int]:
    """Ids of the users who may not approve or attest this act. One query."""
    return preparers_of_all([act])[act.pk]


def preparers_of_all(acts: list[Act]) -> dict[int, frozenset[int]]:
    """The same for several acts, {act: ids}; one query, none for no act."""
    found: dict[int, set[int]] = {
        act.pk: {act.prepared_by_id} if act.prepared_by_id else set() for act in acts
    }
    if not acts:
        return {}
    lines = JournalEntry.objects.filter(
        convention__in={act.convention_id for act in acts},
        event__in=(*BEGINNINGS, *REWRITINGS),
        actor__isnull=False,
    )
    of_convention = defaultdict(list)
    for convention, event, actor, payload in lines.values_list("convention", "event", "actor", "payload"):
        of_convention[convention].append((event, actor, json.loads(payload)))
    for act in acts:
        for event, actor, payload in of_convention[act.convention_id]:
            if event in BEGINNINGS or _rewrote(payload, act):
                found[act.pk].update((actor, *payload["details"].get(FILED_BY, ())))
    return {pk: frozenset(ids) for pk, ids in found.items()}


def _rewrote(payload: dict, act: Act) -> bool:
    """Whether a journal line tells of a term of this act; people's names are in its erasable side."""
    if payload["details"].get("acte") != act.pk:
        return False
    return bool(payload["personal"]) or any(_is_term(key) for key in payload["changes"])


def _is_term(key: str) -> bool:
    """Whether « funding.12.amount », « act.ends_on », « convention.title » names a term."""
    table, _dot, rest = key.partition(".")
    if table == "convention":
        return rest in CONVENTION_TERMS
    return table not in NO_TERMS and key not in OPEN_TO_APPROVERS
