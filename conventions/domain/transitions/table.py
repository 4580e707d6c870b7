"""The life of an act as one table: state × event × role × guard × effect. Pure: no database, no clock.

Screens, guards, tests and documentation all read `TABLE`; `decide` is its only interpreter. One more event is one
member of `enums.Event`, one row here, and one effect.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from conventions.enums import ActKind, ActOrigin, ActState, Event, Role, SigningPath

S, R = ActState, Role


class Effect(TextChoices):
    """What an event writes besides the state; `effects.EFFECTS` holds one function for each."""

    SUBMIT = "soumettre", _("date la soumission, retient qui prépare")
    ASK_CORRECTION = "demander_correction", _("enregistre ce qu’il faut corriger, retire la validation")
    APPROVE = "valider", _("date la validation, retient qui valide et ce qui a été lu")
    FREEZE = "figer", _("donne le numéro, enregistre le PDF et son empreinte")
    TAKE_BACK = "reprendre", _("écarte le document figé, retire la validation, révoque les liens")
    CORRECT_FROZEN = (
        "corriger_fige",
        _("écarte le document figé, enregistre ce qu’il faut corriger, révoque les liens"),
    )
    FILE_SCAN = "classer_scan", _("range le scan, note la signature de chacun")
    RECORD_REPRISE = "enregistrer_reprise", _("retient qui a saisi")
    ATTEST = "attester", _("date l’attestation, verrouille les faits")
    END = "terminer", _("date la fin et garde son motif, révoque les liens")
    START_AMENDMENT = "commencer_avenant", _("crée le brouillon d’un avenant")
    START_TERMINATION = "commencer_resiliation", _("crée le brouillon d’une résiliation")
    CLOSE = "clore", _("date la clôture de la convention, note ce qui restait ouvert")


@dataclass(frozen=True, kw_only=True)
class Transition:
    """One event: where from, where to, who may, what it needs, what it writes.

    `target` None keeps the state. `four_eyes`: never by someone who prepared the file, superuser included. `by_system`:
    the application itself may, once a date says so. `opens_act`: it begins another act, so the convention must be open.
    `needs` names details that `apply` must receive (« reason », « scan », « signed_on »), `accepts` those it may.
    `sensitive`: a refusal is written in the journal, whatever its reason.
    """

    event: Event
    sources: tuple[ActState, ...]
    target: ActState | None
    roles: frozenset[Role]
    effect: Effect
    kind: ActKind | None = None
    origin: ActOrigin | None = ActOrigin.NEW
    path: SigningPath | None = None
    four_eyes: bool = False
    by_system: bool = False
    opens_act: bool = False
    needs: tuple[str, ...] = ()
    accepts: tuple[str, ...] = ()
    checks_content: bool = False
    destructive: bool = False
    sensitive: bool = False


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
    """What a decision needs to know of an act and its convention."""

    state: str
    origin: str
    path: str
    kind: str = ActKind.INITIAL.value
    attested: bool = False
    closed: bool = False  # the convention
    terminated: bool = False  # the convention, by a signed act
    overdue: bool = False  # the last day to sign has passed
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
        if rule.by_system and facts.overdue:
            return ""
        return "L’application ne fait cette action d’elle-même que si une date le dit."
    if not actor.is_superuser and rule.roles.isdisjoint(actor.roles):
        names = " ou ".join(sorted(str(role.label) for role in rule.roles))
        return f"Réservé au rôle : {names}."
    if rule.four_eyes and actor.id in facts.preparers:
        return "Vous avez préparé ce dossier : une autre personne doit le valider."
    return ""


def missing_details(event: Event, details: dict[str, Any]) -> tuple[str, ...]:
    """Names of the details an event needs and did not get."""
    return tuple(name for name in TABLE[event].needs if not details.get(name))
