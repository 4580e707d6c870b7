"""Where an act stands, in words: its state, the next thing to do, the steps before and after."""

from dataclasses import dataclass

from django.utils.text import capfirst

from conventions.enums import ActState
from conventions.formats import act_words
from conventions.models import Act

STEPS = (
    ("Brouillon", (ActState.DRAFT, ActState.TO_CORRECT)),
    ("Relecture", (ActState.IN_REVIEW,)),
    ("Validé", (ActState.APPROVED,)),
    ("Signature", (ActState.TO_SIGN, ActState.PARTLY_SIGNED, ActState.TO_SEAL)),
    ("Signé", (ActState.SIGNED,)),
)
REPRISE_STEPS = (("Saisie", (ActState.DRAFT,)), ("Enregistrée", (ActState.SIGNED,)), ("Attestée", ()))
NEXT = {
    ActState.DRAFT: "Complétez le dossier, puis soumettez-le au juridique.",
    ActState.TO_CORRECT: "Corrigez ce qui est demandé, puis soumettez de nouveau.",
    ActState.IN_REVIEW: "Le juridique relit {the}.",
    ActState.APPROVED: "{The} peut être figé{e} et mis{e} à la signature.",
    ActState.TO_SIGN: "Le document est figé. Il attend les signatures.",
    ActState.PARTLY_SIGNED: "Il manque encore des signatures.",
    ActState.TO_SEAL: "Tout le monde a signé. Le document va être scellé.",
    ActState.SIGNED: "{The} est signé{e}. Ses termes ne changent plus.",
    ActState.ABANDONED: "Ce brouillon a été abandonné.",
    ActState.CANCELLED: "{This} a été annulé{e}.",
    ActState.DECLINED: "Une partie a refusé de signer.",
    ActState.EXPIRED: "{This} n’a pas été signé{e} à temps.",
}


@dataclass(frozen=True, slots=True)
class Step:
    """`state`: « done », « current », or nothing for what is to come."""

    title: str
    state: str


def state_wording(act: Act) -> str:
    """« brouillon », « signé » or « signée »: the state, in the gender of the act."""
    label = str(act.get_state_display())
    return act_words(act.kind).agree(label) if label.endswith("é") else label


def next_sentence(act: Act) -> str:
    """What is awaited now, and of whom."""
    if act.is_reprise and act.state == ActState.SIGNED:
        if act.attested_at is None:
            return "Reprise enregistrée. Elle se complète jusqu’à ce qu’une seconde personne l’atteste."
        return "Reprise attestée. Ses faits ne changent plus."
    if act.is_reprise and act.state == ActState.DRAFT:
        return "Saisissez les faits établis et leurs sources, puis enregistrez la reprise."
    words = act_words(act.kind)
    return NEXT[ActState(act.state)].format(
        the=words.the, The=capfirst(words.the), This=capfirst(words.this), e=words.agree("")
    )


def steps(act: Act) -> list[Step]:
    """The whole way, from the draft to the signed act; none for an act that ended before."""
    if act.is_reprise:
        rank = 0 if act.state == ActState.DRAFT else 1 if act.attested_at is None else 2
        titles = [title for title, _states in REPRISE_STEPS]
    else:
        titles = [title for title, _states in STEPS]
        rank = next((rank for rank, (_title, states) in enumerate(STEPS) if act.state in states), -1)
    if rank < 0:
        return []
    return [Step(title, _step_state(index, rank, len(titles) - 1)) for index, title in enumerate(titles)]


def _step_state(index: int, rank: int, last: int) -> str:
    if index < rank or rank == index == last:
        return "done"
    return "current" if index == rank else ""
