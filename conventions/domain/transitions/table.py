"""The life of an act as one table: state × event × role × guard. Pure: no database, no clock.

Screens, guards, tests and documentation all read `TABLE`; `decide` is its only interpreter.
"""

from dataclasses import dataclass
from typing import Any

from conventions.enums import ActOrigin, ActState, Event, Role, SigningPath

S, R = ActState, Role


@dataclass(frozen=True, kw_only=True)
class Transition:
    """One event: where from, where to, who may, what it needs.

    `target` None keeps the state. `four_eyes`: never by someone who prepared the file, superuser included.
    `needs` names details that `apply` must receive (« reason », « scan », « signed_on »).
    """

    event: Event
    sources: tuple[ActState, ...]
    target: ActState | None
    roles: frozenset[Role]
    origin: ActOrigin | None = ActOrigin.NEW
    path: SigningPath | None = None
    four_eyes: bool = False
    needs: tuple[str, ...] = ()
    checks_content: bool = False
    destructive: bool = False


@dataclass(frozen=True, kw_only=True)
class Missing:
    """Something to fill in before an event: a sentence for people, the page's section that holds it."""

    code: str
    label: str
    anchor: str = ""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who asks. `roles` are group names; a superuser holds every role but not other people's eyes."""

    id: int | None
    roles: frozenset[str] = frozenset()
    is_superuser: bool = False
    is_system: bool = False


@dataclass(frozen=True, kw_only=True)
class ActFacts:
    """What a decision needs to know of an act."""

    state: str
    origin: str
    path: str
    attested: bool = False
    preparers: frozenset[int] = frozenset()
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Decision:
    """`allowed`, or why not: `relevant` False when the event has no place here at all (no button)."""

    allowed: bool
    reason: str = ""
    relevant: bool = True
    missing: tuple[Missing, ...] = ()
    refused_by_rule: bool = False


_OFFICER, _LAWYER, _DIRECTOR = frozenset({R.OFFICER}), frozenset({R.LAWYER}), frozenset({R.DIRECTOR})

_ROWS = (
    Transition(
        event=Event.SUBMIT,
        sources=(S.DRAFT, S.TO_CORRECT),
        target=S.IN_REVIEW,
        roles=_OFFICER,
        checks_content=True,
    ),
    Transition(
        event=Event.REQUEST_CORRECTION,
        sources=(S.IN_REVIEW, S.APPROVED),
        target=S.TO_CORRECT,
        roles=_LAWYER | _DIRECTOR,
        needs=("reason",),
    ),
    Transition(
        event=Event.APPROVE,
        sources=(S.IN_REVIEW,),
        target=S.APPROVED,
        roles=_LAWYER,
        four_eyes=True,
        checks_content=True,
    ),
    Transition(
        event=Event.FREEZE,
        sources=(S.APPROVED,),
        target=S.TO_SIGN,
        roles=_OFFICER,
        checks_content=True,
    ),
    Transition(
        event=Event.TAKE_BACK,
        sources=(S.APPROVED, S.TO_SIGN),
        target=S.DRAFT,
        roles=_OFFICER,
        needs=("reason",),
        destructive=True,
    ),
    Transition(
        event=Event.FILE_SCAN,
        sources=(S.TO_SIGN, S.PARTLY_SIGNED),
        target=S.SIGNED,
        roles=_OFFICER,
        path=SigningPath.INK,
        needs=("scan", "signed_on"),
    ),
    Transition(
        event=Event.RECORD_REPRISE,
        sources=(S.DRAFT,),
        target=S.SIGNED,
        roles=_OFFICER,
        origin=ActOrigin.REPRISE,
        checks_content=True,
    ),
    Transition(
        event=Event.ATTEST_REPRISE,
        sources=(S.SIGNED,),
        target=None,
        roles=_LAWYER | _DIRECTOR,
        origin=ActOrigin.REPRISE,
        four_eyes=True,
        checks_content=True,
        destructive=True,
    ),
    Transition(
        event=Event.DECLINE,
        sources=(S.TO_SIGN, S.PARTLY_SIGNED),
        target=S.DECLINED,
        roles=_OFFICER,
        needs=("reason",),
        destructive=True,
    ),
    Transition(
        event=Event.CANCEL,
        sources=(S.TO_SIGN, S.PARTLY_SIGNED),
        target=S.CANCELLED,
        roles=_OFFICER | _DIRECTOR,
        needs=("reason",),
        destructive=True,
    ),
    Transition(
        event=Event.EXPIRE,
        sources=(S.TO_SIGN, S.PARTLY_SIGNED),
        target=S.EXPIRED,
        roles=_OFFICER,
        needs=("reason",),
        destructive=True,
    ),
    Transition(
        event=Event.ABANDON,
        sources=(S.DRAFT, S.IN_REVIEW, S.TO_CORRECT, S.APPROVED),
        target=S.ABANDONED,
        roles=_OFFICER,
        origin=None,
        needs=("reason",),
        destructive=True,
    ),
)

TABLE: dict[Event, Transition] = {row.event: row for row in _ROWS}


def decide(facts: ActFacts, event: Event, actor: Actor) -> Decision:
    """May this actor do this to this act now? Pure. The reason is a French sentence that says what to do."""
    rule = TABLE[event]
    if not _is_relevant(rule, facts):
        return Decision(allowed=False, relevant=False, reason=_wrong_state(rule))
    if not actor.is_system and not actor.is_superuser and rule.roles.isdisjoint(actor.roles):
        names = " ou ".join(sorted(str(role.label) for role in rule.roles))
        return Decision(allowed=False, reason=f"Réservé au rôle : {names}.", refused_by_rule=True)
    if rule.four_eyes and actor.id in facts.preparers:
        reason = "Vous avez préparé ce dossier : une autre personne doit le valider."
        return Decision(allowed=False, reason=reason, refused_by_rule=True)
    if facts.missing:
        count = len(facts.missing)
        reason = "Il manque un élément." if count == 1 else f"Il manque {count} éléments."
        return Decision(allowed=False, reason=reason, missing=facts.missing)
    return Decision(allowed=True)


def _is_relevant(rule: Transition, facts: ActFacts) -> bool:
    return (
        facts.state in rule.sources
        and rule.origin in (None, facts.origin)
        and rule.path in (None, facts.path)
        and not (rule.event == Event.ATTEST_REPRISE and facts.attested)
    )


def _wrong_state(rule: Transition) -> str:
    states = ", ".join(str(state.label) for state in rule.sources)
    return f"Action impossible dans l’état actuel de l’acte. Elle demande l’état : {states}."


def missing_details(event: Event, details: dict[str, Any]) -> tuple[str, ...]:
    """Names of the details an event needs and did not get."""
    return tuple(name for name in TABLE[event].needs if not details.get(name))
