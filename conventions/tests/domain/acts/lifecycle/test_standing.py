"""Where each state stands: one sentence, and its place on the way."""

import pytest
from django.utils import timezone

from conventions.domain.acts.lifecycle import standing, wording
from conventions.enums import ENDED_STATES, ActKind, ActOrigin, ActState, Event
from conventions.models import Act

S = ActState
MARKS = {"done": "x", "current": "o", "": "."}


def way(act: Act) -> str:
    """« xxo.. »: done, done, current, to come, to come."""
    return "".join(MARKS[step.state] for step in standing.steps(act))


@pytest.mark.parametrize(
    ("state", "marks"),
    [
        (S.DRAFT, "o...."),
        (S.TO_CORRECT, "o...."),
        (S.IN_REVIEW, "xo..."),
        (S.APPROVED, "xxo.."),
        (S.TO_SIGN, "xxxo."),
        (S.PARTLY_SIGNED, "xxxo."),
        (S.TO_SEAL, "xxxo."),
        (S.SIGNED, "xxxxx"),
        *((state, "") for state in ENDED_STATES),
    ],
)
def test_place_on_the_way(state, marks):
    assert way(Act(kind=ActKind.INITIAL, state=state)) == marks


@pytest.mark.parametrize(
    ("state", "attested", "marks", "sentence"),
    [
        (S.DRAFT, False, "o..", "Saisissez les faits établis et leurs sources, puis enregistrez la reprise."),
        (
            S.SIGNED,
            False,
            "xo.",
            "Reprise enregistrée. Elle se complète jusqu’à ce qu’une seconde personne l’atteste.",
        ),
        (S.SIGNED, True, "xxx", "Reprise attestée. Ses faits ne changent plus."),
    ],
)
def test_reprise_has_its_own_way(state, attested, marks, sentence):
    act = Act(kind=ActKind.INITIAL, origin=ActOrigin.REPRISE, state=state)
    act.attested_at = timezone.now() if attested else None
    assert (way(act), standing.next_sentence(act)) == (marks, sentence)


@pytest.mark.parametrize("kind", ActKind)
@pytest.mark.parametrize("state", ActState)
def test_every_state_of_every_act_has_its_sentence(kind, state):
    assert "{" not in standing.next_sentence(Act(kind=kind, state=state))


@pytest.mark.parametrize(
    ("kind", "state", "label", "sentence"),
    [
        (ActKind.INITIAL, S.SIGNED, "signée", "La convention est signée. Ses termes ne changent plus."),
        (ActKind.AMENDMENT, S.SIGNED, "signé", "L’avenant est signé. Ses termes ne changent plus."),
        (ActKind.AMENDMENT, S.APPROVED, "validé", "L’avenant peut être figé et mis à la signature."),
        (ActKind.TERMINATION, S.CANCELLED, "annulée", "Cette résiliation a été annulée."),
    ],
)
def test_words_agree_with_the_act(kind, state, label, sentence):
    act = Act(kind=kind, state=state)
    assert (standing.state_wording(act), standing.next_sentence(act)) == (label, sentence)


@pytest.mark.parametrize("event", sorted(wording.EXPLANATIONS))
@pytest.mark.parametrize("kind", ActKind)
def test_event_is_named_explained_and_told(event, kind):
    act = Act(kind=kind)
    told = [say(Event(event), act) for say in (wording.name, wording.explanation, wording.done)]
    assert all(text and "{" not in text for text in told)
