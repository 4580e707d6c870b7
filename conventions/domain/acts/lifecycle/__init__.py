"""The life of an act: `decide()` is pure, `apply()` is the sole writer of a state.

`apply` renders outside any transaction, then in one transaction: lock, decide, effect, journal line, conditional
update of the state, mails on commit. Killed between two steps, it leaves the state before or the state after.
"""

import contextlib
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from conventions.domain import journal
from conventions.domain.acts import amending
from conventions.domain.acts.content import loading
from conventions.domain.acts.lifecycle import approved, effects, expiry, mails, steps
from conventions.domain.acts.lifecycle.advice import Advice, advice_on
from conventions.domain.acts.lifecycle.checklist import missing_actions
from conventions.domain.acts.lifecycle.doubtful import Doubt, doubts_on, set_aside
from conventions.domain.acts.lifecycle.effects import ContentChanged
from conventions.domain.acts.lifecycle.preparers import preparers_of
from conventions.domain.acts.lifecycle.table import (
    TABLE,
    ActFacts,
    Actor,
    Decision,
    Effect,
    Missing,
    Transition,
    decide,
    missing_details,
)
from conventions.domain.acts.paper import signed_copy
from conventions.domain.acts.requests import invitations
from conventions.domain.documents import sealing
from conventions.domain.equipment import reserving
from conventions.domain.foundation.failures import Failures
from conventions.domain.foundation.refusals import Refused
from conventions.domain.journal import clock
from conventions.enums import ENDED_STATES, ActState, Event, PageSection
from conventions.models import Act, EquipmentTerm, JournalEntry, User

__all__ = [
    "TABLE",
    "ActFacts",
    "Actor",
    "Advice",
    "ContentChanged",
    "Decision",
    "Doubt",
    "EventChoice",
    "EventRefused",
    "Missing",
    "Signer",
    "Transition",
    "advice_on",
    "apply",
    "available_events",
    "choice_of",
    "decide",
    "doubts_on",
    "expire_overdue",
    "missing_actions",
    "set_aside",
]

# What they write holds a date for good, besides all that the application does of its own accord.
DATED = (Effect.FREEZE, Effect.SIGN)
DETAIL_MESSAGES = {
    "reason": "Indiquez le motif.",
    "scan": "Déposez l’exemplaire signé, numérisé en PDF.",
    "signed_on": "Donnez la date portée sur le papier.",
    "effective_on": "Donnez la date d’effet de la résiliation.",
    "closed_on": "Donnez la date de clôture.",
    "signature": "Signez sur la page de l’invitation.",
    "document": "Le document scellé manque.",
}


class EventRefused(Refused):
    """An event that is not allowed now; str() is the French reason, `decision` tells the rest."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.reason)
        self.decision = decision


@dataclass(frozen=True, kw_only=True)
class Signer:
    """The person asked to sign this document, as `by` of an event: known by the link or, `user`, by the account."""

    signatory_id: int
    document_id: int
    user: User | None = None


class Incomplete(EventRefused):
    """Allowed, but for a detail that was not given: nothing to tell in the journal."""


@dataclass(frozen=True, kw_only=True)
class EventChoice:
    """An event as offered on the page: its button, and why it is disabled.

    `relevant` False: it has no place in the state of the act, so no button.
    """

    event: Event
    label: str
    relevant: bool
    allowed: bool
    reason: str
    missing: tuple[Missing, ...]
    destructive: bool
    needs: tuple[str, ...]
    accepts: tuple[str, ...]

    @property
    def takes(self) -> tuple[str, ...]:
        """Every detail it may receive."""
        return (*self.needs, *self.accepts)


def apply(act: Act, event: Event, *, by: User | Signer | None, **details: Any) -> Act:
    """Do this to the act; return it fresh, or the act that the event began.

    `by` is a user, a Signer (who was invited to sign), or None: the application itself.

    Details are those that TABLE names: `reason` (str), `corrections` ((section, note), …), `scan` (PDF bytes),
    `signed_on`, `ends_on`, `effective_on`, `closed_on` (plain dates in Nouméa), `confirmed` (bool); with a scan, those
    of `inking.file_signed_copy`.
    Raises clock.ClockHeld, EventRefused, ContentChanged, Refused (a detail that will not do), and for a Signer whose
    invitation is over signing.SigningRefused: in French, nothing written. A refusal by a right, or of a sensitive
    event, leaves its line in the journal.
    """
    event = Event(event)
    if isinstance(by, Signer):
        details["signer"] = by
    if TABLE[event].by_system or TABLE[event].effect in DATED:
        clock.require()
    try:
        prepared = _prepare(act, event, by=by)
        if TABLE[event].effect == Effect.FILE_SCAN and details.get("scan"):
            details["scan"] = effects.inspected(act, details["scan"])
        with transaction.atomic():
            done = _do(act, event, by=by, prepared=prepared, details=details)
            steps.passed("written")
    except Incomplete:
        raise
    except EventRefused as refusal:
        _tell_refusal(act, event, refusal.decision, by=by)
        raise
    steps.passed("committed")
    return done


def _prepare(act: Act, event: Event, *, by: User | Signer | None) -> effects.Prepared | None:
    """Check before the slow part: a number is given and a document rendered only for what is allowed."""
    if not effects.needs_preparation(event):
        return None
    row = loading.loaded(act)
    _check(row, event, by=by, row=row)
    return effects.prepare(act, event, by=_author(by), row=row)


def _do(
    act: Act,
    event: Event,
    *,
    by: User | Signer | None,
    prepared: effects.Prepared | None,
    details: dict[str, Any],
) -> Act:
    """In the transaction: lock, decide, effect, journal, state, mails."""
    locked = loading.locked(act)
    row = locked if _reads_content(locked, event) else None
    if row is not None:
        loading.load(row, printed=TABLE[event].effect in (Effect.APPROVE, Effect.FREEZE))
    _check(locked, event, by=by, row=row)
    _require_details(event, details)
    if isinstance(by, Signer):
        invitations.require_turn(locked, by.signatory_id, document_id=by.document_id)
    author = _author(by)
    outcome = effects.run(locked, event, by=author, prepared=prepared, details=details, row=row)
    columns, target = dict(outcome.columns), TABLE[event].target or locked.state
    if not outcome.told:
        line = _write_journal(locked, event, target, by=author, details={**details, **outcome.kept})
        columns |= {"read_sequence": line.sequence} if outcome.was_read else {}
    if columns or target != locked.state:
        changed = Act.objects.filter(pk=locked.pk, state=locked.state).update(state=target, **columns)
        if changed != 1:
            raise EventRefused(
                Decision(allowed=False, reason="Quelqu’un vient d’agir sur cet acte. Rechargez la page.")
            )
    if target in ENDED_STATES:
        reserving.release_lines(
            EquipmentTerm.objects.filter(act=locked), by=author, words=reserving.ACT_ENDED
        )
    elif target == ActState.SIGNED and locked.rank:
        reserving.release_ended(locked, by=author)
    signatory = by.signatory_id if isinstance(by, Signer) else None
    mails.queue_for(locked, event, by=author, signatory=signatory)
    return outcome.began or _as_written(locked, {"state": target, **columns})


def expire_overdue(failures: Failures | None = None) -> int:
    """End the acts whose last link to sign has lapsed; how many. The sweep may call it at any time."""
    failures, ended = failures or Failures(), 0
    for act in expiry.overdue_acts():
        with (
            failures.of(f"Expiration de l’acte {act.pk}"),
            contextlib.suppress(EventRefused),
        ):  # somebody was quicker
            apply(act, Event.EXPIRE, by=None, reason="Le délai pour signer est passé.")
            ended += 1
    return ended


def _as_written(act: Act, columns: dict[str, Any]) -> Act:
    """The act as it now stands, without the lines that were read to decide."""
    for name, value in columns.items():
        setattr(act, name, value)
    for row in (act, act.convention):
        row.__dict__.pop("_prefetched_objects_cache", None)
    return act


def _reads_content(act: Act, event: Event) -> bool:
    return TABLE[event].checks_content and act.state in TABLE[event].sources


def _require_details(event: Event, details: dict[str, Any]) -> None:
    absent = missing_details(event, details)
    if absent:
        reason = " ".join(DETAIL_MESSAGES[name] for name in absent)
        raise Incomplete(Decision(allowed=False, reason=reason))


def _check(act: Act, event: Event, *, by: User | Signer | None, row: Act | None) -> None:
    actor = actor_of(by)
    decision = decide(read_facts(act, event, row=row, actor=actor), event, actor)
    if not decision.allowed:
        raise EventRefused(decision)


def _tell_refusal(act: Act, event: Event, decision: Decision, *, by: User | Signer | None) -> None:
    if not (decision.refused_by_rule or TABLE[event].sensitive):
        return
    details = {"evenement": event.value, "acte": act.pk, "motif": decision.reason}
    with transaction.atomic():
        journal.record("action_refusee", by=_author(by), convention=act.convention, details=details)


def read_facts(act: Act, event: Event, *, actor: Actor, row: Act | None = None) -> ActFacts:
    """The facts `decide` needs, read from the database (or from `row`, the act already loaded)."""
    rule = TABLE[event]
    here = act.state in rule.sources
    return ActFacts(
        state=act.state,
        origin=act.origin,
        path=act.path,
        kind=act.kind,
        attested=act.attested_at is not None,
        closed=act.convention.closed_on is not None,
        terminated=here and rule.opens_act and amending.is_terminated(act.convention),
        due=here and rule.by_system and actor.is_system and _is_due(act, rule),
        awaited=invitations.awaited(act) if here and rule.last is not None else 0,
        preparers=preparers_of(act) if here and rule.four_eyes else frozenset(),
        missing=tuple(missing_actions(act, event, row=row)) if here else (),
    )


def _is_due(act: Act, rule: Transition) -> bool:
    """Whether the moment has come for what the application does of its own accord."""
    if rule.effect == Effect.SEAL:
        return act.frozen_document is not None and sealing.is_complete(act.frozen_document)
    return expiry.is_overdue(act)


def _author(by: User | Signer | None) -> User | None:
    """The account behind an event, if there is one."""
    return by.user if isinstance(by, Signer) else by


def actor_of(user: User | Signer | None) -> Actor:
    if user is None:
        return Actor(id=None, is_system=True)
    if isinstance(user, Signer):
        return Actor(id=user.user.pk if user.user else None, signs=True)
    if not (user.is_active and user.is_staff):
        return Actor(id=user.pk)
    return Actor(id=user.pk, roles=user.roles, is_superuser=user.is_superuser)


def available_events(act: Act, *, user: User | Signer | None, row: Act | None = None) -> list[EventChoice]:
    """The events that have a place in the act's state, for the buttons of the page; `row` is the act already loaded."""
    rules = {event: rule for event, rule in TABLE.items() if act.state in rule.sources}
    if row is None and any(rule.checks_content for rule in rules.values()):
        row = loading.loaded(act)
    choices = [choice_of(act, event, user=user, row=row) for event in rules]
    return [choice for choice in choices if choice.relevant]


def choice_of(act: Act, event: Event, *, user: User | Signer | None, row: Act | None = None) -> EventChoice:
    """One event as it would be offered to this user; `row` is the act already loaded."""
    rule, actor = TABLE[event], actor_of(user)
    decision = decide(read_facts(act, event, row=row, actor=actor), event, actor)
    if decision.allowed and rule.effect == Effect.FREEZE:  # told here, rather than after the button
        changed = approved.changed_since(row or loading.loaded(act))
        decision = replace(decision, allowed=not changed, reason=changed)
    return EventChoice(
        event=event,
        label=str(event.label),
        relevant=decision.relevant and bool(rule.roles),  # staff never sign nor seal from the act's page
        allowed=decision.allowed,
        reason=decision.reason,
        missing=decision.missing,
        destructive=rule.destructive,
        needs=rule.needs,
        accepts=rule.accepts,
    )


def _write_journal(
    act: Act, event: Event, target: str, *, by: User | None, details: dict[str, Any]
) -> JournalEntry:
    told, personal = signed_copy.told(details)
    told, personal = _told_of_signer(told, personal)
    if "corrections" in told:
        told["corrections"] = {str(PageSection(name).label): note for name, note in told["corrections"]}
    return journal.record(
        event.value,
        by=by,
        convention=act.convention,
        changes={"état": [act.state, str(target)]} if target != act.state else {},
        details={"acte": act.pk, "reference": act.reference, **told},
        personal=personal,
        holds_chain=True,
    )


def _told_of_signer(told: dict[str, Any], personal: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Which signatory acted, and how: the typed name can be erased, the method and the hash cannot."""
    kept = {name: value for name, value in told.items() if name not in ("signer", "signature", "document")}
    if signer := told.get("signer"):
        kept["signataire"] = signer.signatory_id
    if signature := told.get("signature"):
        kept |= {"methode": str(signature.method), "empreinte": signature.request.document.sha256}
        personal = {**personal, "nom saisi": signature.typed_name}
    return kept, personal
