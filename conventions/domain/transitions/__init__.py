"""The life of an act: `decide()` is pure, `apply()` is the sole writer of a state.

`apply` renders outside any transaction, then in one transaction: lock, decide again, effect, conditional update of
the state, journal line, mails on commit. Killed between two steps, it leaves the state before or the state after.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from conventions.domain import inking, journal, notifications, reading
from conventions.domain.transitions import effects
from conventions.domain.transitions.advice import Advice, advice_on
from conventions.domain.transitions.checklist import missing_actions
from conventions.domain.transitions.effects import ContentChanged
from conventions.domain.transitions.preparers import preparers_of
from conventions.domain.transitions.table import (
    TABLE,
    ActFacts,
    Actor,
    Decision,
    Missing,
    Transition,
    decide,
    missing_details,
)
from conventions.enums import Event
from conventions.models import Act

__all__ = [
    "TABLE",
    "ActFacts",
    "Actor",
    "Advice",
    "ContentChanged",
    "Decision",
    "EventChoice",
    "Missing",
    "Refused",
    "Transition",
    "advice_on",
    "apply",
    "available_events",
    "decide",
    "missing_actions",
]

DETAIL_MESSAGES = {
    "reason": "Indiquez le motif.",
    "scan": "Déposez l’exemplaire signé, numérisé en PDF.",
    "signed_on": "Donnez la date portée sur le papier.",
}
# Who waits for what comes next is told by mail.
MAILS = {
    Event.SUBMIT: "acte_a_relire",
    Event.REQUEST_CORRECTION: "correction_demandee",
    Event.APPROVE: "acte_valide",
    Event.FREEZE: "convention_a_signer",
    Event.FILE_SCAN: "convention_signee",
}


class Refused(Exception):
    """An event that is not allowed now; str() is the French reason, `decision` tells the rest."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.reason)
        self.decision = decision


@dataclass(frozen=True, kw_only=True)
class EventChoice:
    """An event as offered on the page: its button, and why it is disabled."""

    event: Event
    label: str
    allowed: bool
    reason: str
    missing: tuple[Missing, ...]
    destructive: bool
    needs: tuple[str, ...]


def apply(act: Act, event: Event, *, by, **details: Any) -> Act:
    """Do this to the act; return it fresh. `by` None is the system itself (expiry).

    Details: `reason` (str), `scan` (PDF bytes), `signed_on` (plain date in Nouméa), as TABLE says; with a scan, those
    of `inking.file_signed_copy`.
    Raises Refused, ContentChanged, ValueError (a detail that will not do): in French, nothing written.
    """
    event = Event(event)
    _require_details(event, details)
    _check(act, event, by=by)
    prepared = effects.prepare(act, event, by=by)
    with transaction.atomic():
        locked = Act.objects.select_for_update(of=("self",)).select_related("convention__kind").get(pk=act.pk)
        _check(locked, event, by=by)
        columns = effects.run(locked, event, by=by, prepared=prepared, details=details)
        target = TABLE[event].target or locked.state
        changed = Act.objects.filter(pk=locked.pk, state=locked.state).update(state=target, **columns)
        if changed != 1:
            raise Refused(
                Decision(allowed=False, reason="Quelqu’un vient d’agir sur cet acte. Rechargez la page.")
            )
        _write_journal(locked, event, target, by=by, details=details)
        locked.convention.save(update_fields=["search_key"])
        _queue_mails(locked, event)
    return Act.objects.get(pk=act.pk)


def _require_details(event: Event, details: dict[str, Any]) -> None:
    absent = missing_details(event, details)
    if absent:
        reason = " ".join(DETAIL_MESSAGES[name] for name in absent)
        raise Refused(Decision(allowed=False, reason=reason))


def _check(act: Act, event: Event, *, by) -> None:
    decision = decide(read_facts(act, event), event, actor_of(by))
    if decision.allowed:
        return
    if decision.refused_by_rule and not transaction.get_connection().in_atomic_block:
        with transaction.atomic():
            details = {"evenement": event.value, "acte": act.pk, "motif": decision.reason}
            journal.record("action_refusee", by=by, convention=act.convention, details=details)
    raise Refused(decision)


def read_facts(act: Act, event: Event, *, row: Act | None = None) -> ActFacts:
    """The facts `decide` needs, read from the database (or from `row`, the act already loaded)."""
    return ActFacts(
        state=act.state,
        origin=act.origin,
        path=act.path,
        attested=act.attested_at is not None,
        preparers=preparers_of(act) if TABLE[event].four_eyes else frozenset(),
        missing=tuple(missing_actions(act, event, row=row)) if act.state in TABLE[event].sources else (),
    )


def actor_of(user) -> Actor:
    if user is None:
        return Actor(id=None, is_system=True)
    if not (user.is_active and user.is_staff):
        return Actor(id=user.pk)
    return Actor(id=user.pk, roles=user.roles, is_superuser=user.is_superuser)


def available_events(act: Act, *, user) -> list[EventChoice]:
    """The events that have a place in the act's state, for the buttons of the page."""
    actor = actor_of(user)
    rules = {event: rule for event, rule in TABLE.items() if act.state in rule.sources}
    row = reading.loaded(act) if any(rule.checks_content for rule in rules.values()) else None
    choices = []
    for event, rule in rules.items():
        decision = decide(read_facts(act, event, row=row), event, actor)
        if decision.relevant:
            choices.append(
                EventChoice(
                    event=event,
                    label=str(event.label),
                    allowed=decision.allowed,
                    reason=decision.reason,
                    missing=decision.missing,
                    destructive=rule.destructive,
                    needs=rule.needs,
                )
            )
    return choices


def _write_journal(act: Act, event: Event, target: str, *, by, details: dict[str, Any]) -> None:
    told, personal = inking.told(details)
    journal.record(
        event.value,
        by=by,
        convention=act.convention,
        changes={"état": [act.state, str(target)]} if target != act.state else {},
        details={"acte": act.pk, "reference": Act.objects.get(pk=act.pk).reference, **told},
        personal=personal,
    )


def _queue_mails(act: Act, event: Event) -> None:
    """Mails of the event, sent once the transaction commits."""
    if event in MAILS:
        notifications.queue(MAILS[event], params={"act": act.pk}, convention=act.convention)
