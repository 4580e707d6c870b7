"""What the acts of a convention, in order, let one do next."""

import pytest

from conventions.domain.acts import amending, drafting
from conventions.enums import ActKind, ActOrigin, ActState
from conventions.models import Act

INITIAL, AMENDMENT, TERMINATION = ActKind.INITIAL, ActKind.AMENDMENT, ActKind.TERMINATION
SIGNED, DRAFT = ActState.SIGNED, ActState.DRAFT


@pytest.mark.parametrize(
    ("acts", "renewable"),
    [
        ([(INITIAL, DRAFT)], False),
        ([(INITIAL, SIGNED)], True),
        ([(INITIAL, SIGNED), (AMENDMENT, SIGNED)], True),
        ([(INITIAL, SIGNED), (TERMINATION, DRAFT)], True),
        ([(INITIAL, SIGNED), (TERMINATION, SIGNED)], False),
    ],
)
def test_signed_convention_that_nobody_terminated_is_renewable(acts, renewable):
    assert drafting.is_renewable([Act(kind=kind, state=state) for kind, state in acts]) is renewable


@pytest.mark.parametrize(
    ("origin", "states", "told"),
    [
        (ActOrigin.NEW, [DRAFT], False),
        (ActOrigin.NEW, [SIGNED], True),
        (ActOrigin.NEW, [SIGNED, DRAFT], True),
        (ActOrigin.REPRISE, [SIGNED], False),
        (ActOrigin.REPRISE, [SIGNED, DRAFT], False),
        (ActOrigin.REPRISE, [SIGNED, SIGNED], True),
    ],
)
def test_reprise_alone_has_no_text_in_force(origin, states, told):
    acts = [Act(origin=ActOrigin.NEW, kind=AMENDMENT, state=state) for state in states]
    acts[0].origin, acts[0].kind = origin, INITIAL
    assert amending.has_text(acts) is told
