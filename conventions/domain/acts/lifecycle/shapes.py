"""What the table of transitions is made of, and what a decision reads and says. Pure: no database, no clock."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from conventions.enums import ActKind, ActOrigin, ActState, Event, Role, SigningPath


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
    SIGN = "signer", _("enregistre la signature, invite les suivants")
    SEAL = "sceller", _("range le document scellé, date la signature")
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
    the application itself may, once a date or the last seal says so. `by_signatory`: the person whose turn it is to
    sign may; with no role beside, nobody else. `last`: only by the last who signs, or only by another.
    `opens_act`: it begins another act, so the convention must be open.
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
    by_signatory: bool = False
    last: bool | None = None
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
    """Who asks. `roles` are group names; a superuser holds every role but not other people's eyes, nor their hand.

    `signs`: he or she is asked to sign this act now.
    """

    id: int | None
    roles: frozenset[str] = frozenset()
    is_superuser: bool = False
    is_system: bool = False
    signs: bool = False


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
    due: bool = False  # what the application waits for has come: the last day to sign, the last seal
    awaited: int = 0  # signatures
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
