"""The life of an act as one table: state × event × role × guard × effect. Pure: no database, no clock.

Screens, guards, tests and documentation all read `TABLE`; `decide` is its only interpreter. One more event is one
member of `enums.Event`, one row here, and one effect.
"""

from typing import Any

from conventions.domain.acts.lifecycle.shapes import ActFacts, Actor, Decision, Effect, Missing, Transition
from conventions.enums import ActKind, ActOrigin, ActState, Event, Role, SigningPath

__all__ = [
    "TABLE",
    "ActFacts",
    "Actor",
    "Decision",
    "Effect",
    "Missing",
    "Transition",
    "decide",
    "missing_details",
]

S, R = ActState, Role
_OFFICER, _LAWYER, _DIRECTOR = frozenset({R.OFFICER}), frozenset({R.LAWYER}), frozenset({R.DIRECTOR})

_WAITING = (S.TO_SIGN, S.PARTLY_SIGNED)

_ROWS = (
    Transition(
        event=Event.SUBMIT,
        sources=(S.DRAFT, S.TO_CORRECT),
        target=S.IN_REVIEW,
        roles=_OFFICER,
        effect=Effect.SUBMIT,
        checks_content=True,
    ),
    Transition(
        event=Event.REQUEST_CORRECTION,
        sources=(S.IN_REVIEW, S.APPROVED),
        target=S.TO_CORRECT,
        roles=_LAWYER | _DIRECTOR,
        effect=Effect.ASK_CORRECTION,
        needs=("reason",),
        accepts=("corrections",),
    ),
    Transition(
        event=Event.APPROVE,
        sources=(S.IN_REVIEW,),
        target=S.APPROVED,
        roles=_LAWYER,
        effect=Effect.APPROVE,
        four_eyes=True,
        checks_content=True,
        sensitive=True,
    ),
    Transition(
        event=Event.FREEZE,
        sources=(S.APPROVED,),
        target=S.TO_SIGN,
        roles=_OFFICER,
        effect=Effect.FREEZE,
        checks_content=True,
        sensitive=True,
    ),
    Transition(
        event=Event.TAKE_BACK,
        sources=(S.APPROVED, S.TO_SIGN),
        target=S.DRAFT,
        roles=_OFFICER,
        effect=Effect.TAKE_BACK,
        needs=("reason",),
        destructive=True,
        sensitive=True,
    ),
    Transition(
        event=Event.CORRECT_BEFORE_SIGNING,
        sources=_WAITING,
        target=S.TO_CORRECT,
        roles=_OFFICER | _LAWYER | _DIRECTOR,
        effect=Effect.CORRECT_FROZEN,
        by_signatory=True,
        needs=("reason",),
        accepts=("corrections",),
        destructive=True,
        sensitive=True,
    ),
    Transition(
        event=Event.FILE_SCAN,
        sources=_WAITING,
        target=S.SIGNED,
        roles=_OFFICER,
        effect=Effect.FILE_SCAN,
        path=SigningPath.INK,
        needs=("scan", "signed_on"),
        sensitive=True,
    ),
    Transition(
        event=Event.SIGN,
        sources=_WAITING,
        target=S.PARTLY_SIGNED,
        roles=frozenset(),
        effect=Effect.SIGN,
        path=SigningPath.ONLINE,
        four_eyes=True,
        by_signatory=True,
        last=False,
        needs=("signature",),
        sensitive=True,
    ),
    Transition(
        event=Event.SIGN_LAST,
        sources=_WAITING,
        target=S.TO_SEAL,
        roles=frozenset(),
        effect=Effect.SIGN,
        path=SigningPath.ONLINE,
        four_eyes=True,
        by_signatory=True,
        last=True,
        needs=("signature",),
        sensitive=True,
    ),
    Transition(
        event=Event.SEAL,
        sources=(S.TO_SEAL,),
        target=S.SIGNED,
        roles=frozenset(),
        effect=Effect.SEAL,
        path=SigningPath.ONLINE,
        by_system=True,
        needs=("document",),
        sensitive=True,
    ),
    Transition(
        event=Event.RECORD_REPRISE,
        sources=(S.DRAFT,),
        target=S.SIGNED,
        roles=_OFFICER,
        effect=Effect.RECORD_REPRISE,
        origin=ActOrigin.REPRISE,
        checks_content=True,
        sensitive=True,
    ),
    Transition(
        event=Event.ATTEST_REPRISE,
        sources=(S.SIGNED,),
        target=None,
        roles=_LAWYER | _DIRECTOR,
        effect=Effect.ATTEST,
        origin=ActOrigin.REPRISE,
        four_eyes=True,
        checks_content=True,
        destructive=True,
        sensitive=True,
    ),
    Transition(
        event=Event.START_AMENDMENT,
        sources=(S.SIGNED,),
        target=None,
        roles=_OFFICER,
        effect=Effect.START_AMENDMENT,
        kind=ActKind.INITIAL,
        origin=None,
        opens_act=True,
        needs=("reason",),
        accepts=("ends_on",),
    ),
    Transition(
        event=Event.START_TERMINATION,
        sources=(S.SIGNED,),
        target=None,
        roles=_OFFICER,
        effect=Effect.START_TERMINATION,
        kind=ActKind.INITIAL,
        origin=None,
        opens_act=True,
        needs=("reason", "effective_on"),
        accepts=("ground",),
        destructive=True,
    ),
    Transition(
        event=Event.CLOSE,
        sources=(S.SIGNED,),
        target=None,
        roles=_OFFICER,
        effect=Effect.CLOSE,
        kind=ActKind.INITIAL,
        origin=None,
        needs=("closed_on",),
        accepts=("confirmed",),
        destructive=True,
        sensitive=True,
    ),
    Transition(
        event=Event.DECLINE,
        sources=_WAITING,
        target=S.DECLINED,
        roles=_OFFICER,
        effect=Effect.END,
        by_signatory=True,
        needs=("reason",),
        destructive=True,
        sensitive=True,
    ),
    Transition(
        event=Event.CANCEL,
        sources=_WAITING,
        target=S.CANCELLED,
        roles=_OFFICER | _DIRECTOR,
        effect=Effect.END,
        needs=("reason",),
        destructive=True,
        sensitive=True,
    ),
    Transition(
        event=Event.EXPIRE,
        sources=_WAITING,
        target=S.EXPIRED,
        roles=_OFFICER,
        effect=Effect.END,
        by_system=True,
        needs=("reason",),
        destructive=True,
        sensitive=True,
    ),
    Transition(
        event=Event.ABANDON,
        sources=(S.DRAFT, S.IN_REVIEW, S.TO_CORRECT, S.APPROVED),
        target=S.ABANDONED,
        roles=_OFFICER,
        effect=Effect.END,
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
    if refusal := _of_convention(rule, facts):
        return Decision(allowed=False, relevant=False, reason=refusal)
    if refusal := _of_actor(rule, facts, actor):
        return Decision(allowed=False, reason=refusal, refused_by_rule=True)
    if facts.missing:
        count = len(facts.missing)
        reason = "Il manque un élément." if count == 1 else f"Il manque {count} éléments."
        return Decision(allowed=False, reason=reason, missing=facts.missing)
    return Decision(allowed=True)


def _is_relevant(rule: Transition, facts: ActFacts) -> bool:
    return (
        facts.state in rule.sources
        and rule.kind in (None, facts.kind)
        and rule.origin in (None, facts.origin)
        and rule.path in (None, facts.path)
        and not (rule.effect == Effect.ATTEST and facts.attested)
        and rule.last in (None, facts.awaited == 1)
    )


def _wrong_state(rule: Transition) -> str:
    states = ", ".join(f"«\u00a0{state.label}\u00a0»" for state in rule.sources)
    return f"Cette action n’est plus possible\u00a0: l’acte a changé d’état. Elle demande l’état {states}."


def _of_convention(rule: Transition, facts: ActFacts) -> str:
    """Why the convention itself forbids it; empty when it does not."""
    if facts.closed and (rule.opens_act or rule.effect == Effect.CLOSE):
        return "La convention est close."
    if facts.terminated and rule.opens_act:
        return "La convention est résiliée\u00a0: préparez une nouvelle convention."
    return ""


def _of_actor(rule: Transition, facts: ActFacts, actor: Actor) -> str:
    """Why this actor may not; empty when he or she may."""
    if actor.is_system:
        if rule.by_system and facts.due:
            return ""
        return "L’application ne fait cette action d’elle-même que quand son moment est venu."
    if refusal := _of_role(rule, actor):
        return refusal
    if rule.four_eyes and actor.id in facts.preparers:
        verb = "signer" if rule.by_signatory else "valider"
        return f"Vous avez préparé ce dossier : une autre personne doit le {verb}."
    return ""


def _of_role(rule: Transition, actor: Actor) -> str:
    """Why neither a role nor an invitation to sign lets this actor; a superuser signs for nobody."""
    if rule.by_signatory and actor.signs:
        return ""
    if not rule.roles:
        return "Réservé au signataire invité." if rule.by_signatory else "L’application le fait d’elle-même."
    if actor.is_superuser or not rule.roles.isdisjoint(actor.roles):
        return ""
    names = " ou ".join(sorted(str(role.label) for role in rule.roles))
    return f"Réservé au rôle : {names}."


def missing_details(event: Event, details: dict[str, Any]) -> tuple[str, ...]:
    """Names of the details an event needs and did not get."""
    return tuple(name for name in TABLE[event].needs if not details.get(name))
