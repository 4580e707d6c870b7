"""Every role × state × event, against an expectation written apart from the table."""

import itertools

import pytest

from conventions.domain.acts.lifecycle.effects import EFFECTS
from conventions.domain.acts.lifecycle.table import TABLE, ActFacts, Actor, Effect, Missing, decide
from conventions.enums import ActOrigin, ActState, Event, Role, SigningPath

PREPARER, OTHER = 1, 2
WHO = [*Role.values, "superuser", "nobody", "system", "signatory"]
# Those that whoever is asked to sign may do, whatever his or her role.
BY_SIGNATORY = ("signer", "signer_en_dernier", "refuser", "corriger_avant_signature")
BY_SYSTEM = ("expirer", "sceller")
# event: (states it starts from, roles that may, origin, only by someone else than the preparer)
EXPECTED = {
    "soumettre": ("brouillon a_corriger", "gestionnaire", "nouveau", False),
    "demander_correction": ("en_relecture valide", "juriste direction", "nouveau", False),
    "valider": ("en_relecture", "juriste", "nouveau", True),
    "figer": ("valide", "gestionnaire", "nouveau", False),
    "reprendre": ("valide a_signer", "gestionnaire", "nouveau", False),
    "corriger_avant_signature": (
        "a_signer partiellement_signe",
        "gestionnaire juriste direction",
        "nouveau",
        False,
    ),
    "classer_scan": ("a_signer partiellement_signe", "gestionnaire", "nouveau", False),
    "signer": ("a_signer partiellement_signe", "", "nouveau", True),
    "signer_en_dernier": ("a_signer partiellement_signe", "", "nouveau", True),
    "sceller": ("a_sceller", "", "nouveau", False),
    "enregistrer_reprise": ("brouillon", "gestionnaire", "reprise", False),
    "attester_reprise": ("signe", "juriste direction", "reprise", True),
    "preparer_avenant": ("signe", "gestionnaire", "nouveau reprise", False),
    "preparer_resiliation": ("signe", "gestionnaire", "nouveau reprise", False),
    "clore": ("signe", "gestionnaire", "nouveau reprise", False),
    "refuser": ("a_signer partiellement_signe", "gestionnaire", "nouveau", False),
    "annuler": ("a_signer partiellement_signe", "gestionnaire direction", "nouveau", False),
    "expirer": ("a_signer partiellement_signe", "gestionnaire", "nouveau", False),
    "abandonner": ("brouillon en_relecture a_corriger valide", "gestionnaire", "nouveau reprise", False),
}


def actor(who: str, user_id: int) -> Actor:
    if who == "system":
        return Actor(id=None, is_system=True)
    if who == "superuser":
        return Actor(id=user_id, is_superuser=True)
    if who == "signatory":
        return Actor(id=user_id, signs=True)
    return Actor(id=user_id, roles=frozenset({who} if who in Role.values else ()))


def is_expected(event: str, state: str, origin: str, who: str, user_id: int) -> bool:
    states, roles, origins, four_eyes = EXPECTED[event]
    may = {
        "superuser": bool(roles),  # signs for nobody, seals nothing
        "signatory": event in BY_SIGNATORY,
        "system": event in BY_SYSTEM,
    }.get(who, who in roles.split())
    own = four_eyes and user_id == PREPARER
    return state in states.split() and origin in origins.split() and may and not own


def test_table_covers_every_event():
    assert set(EXPECTED) == set(Event.values) == {event.value for event in TABLE}


@pytest.mark.parametrize("event", Event.values)
def test_decide_every_role_state_origin_and_person(event):
    wrong = []
    for state, origin, who, user_id in itertools.product(
        ActState.values, ActOrigin.values, WHO, (PREPARER, OTHER)
    ):
        facts = ActFacts(
            state=state,
            origin=origin,
            path=TABLE[Event(event)].path or SigningPath.INK,
            due=True,
            awaited=1 if event == "signer_en_dernier" else 2,
            preparers=frozenset({PREPARER}),
        )
        allowed = decide(facts, Event(event), actor(who, user_id)).allowed
        if allowed != is_expected(event, state, origin, who, user_id):
            wrong.append((state, origin, who, user_id, allowed))
    assert wrong == []


def test_decide_with_something_missing_refuses_and_lists_it():
    missing = (Missing(code="objet", label="Écrire l’objet."), Missing(code="duree", label="Dater."))
    facts = ActFacts(state="brouillon", origin="nouveau", path="papier", missing=missing)
    decision = decide(facts, Event.SUBMIT, actor("gestionnaire", OTHER))
    assert (decision.allowed, decision.reason, decision.missing) == (
        False,
        "Il manque 2 éléments.",
        missing,
    )


def test_decide_by_the_preparer_says_who_may():
    facts = ActFacts(state="en_relecture", origin="nouveau", path="papier", preparers=frozenset({PREPARER}))
    decision = decide(facts, Event.APPROVE, actor("superuser", PREPARER))
    assert decision.reason == "Vous avez préparé ce dossier : une autre personne doit le valider."
    assert decision.refused_by_rule is True


SIGNED = {"state": "signe", "origin": "nouveau", "path": SigningPath.INK}


@pytest.mark.parametrize("event", ["preparer_avenant", "preparer_resiliation", "clore"])
@pytest.mark.parametrize("kind", ["avenant", "resiliation"])
def test_decide_what_is_done_to_a_convention_has_no_place_on_a_later_act(event, kind):
    facts = ActFacts(**SIGNED, kind=kind)
    assert decide(facts, Event(event), actor("gestionnaire", OTHER)).relevant is False


@pytest.mark.parametrize(
    ("event", "closed", "terminated", "reason"),
    [
        ("preparer_avenant", True, False, "La convention est close."),
        ("preparer_resiliation", True, False, "La convention est close."),
        ("clore", True, False, "La convention est close."),
        (
            "preparer_avenant",
            False,
            True,
            "La convention est résiliée\u00a0: préparez une nouvelle convention.",
        ),
        (
            "preparer_resiliation",
            False,
            True,
            "La convention est résiliée\u00a0: préparez une nouvelle convention.",
        ),
        ("clore", False, True, ""),
    ],
)
def test_decide_on_a_convention_that_ended(event, closed, terminated, reason):
    facts = ActFacts(**SIGNED, closed=closed, terminated=terminated)
    decision = decide(facts, Event(event), actor("superuser", OTHER))
    assert (decision.allowed, decision.reason) == (not reason, reason)


@pytest.mark.parametrize("overdue", [True, False])
def test_decide_the_application_ends_an_act_only_once_a_date_says_so(overdue):
    facts = ActFacts(state="a_signer", origin="nouveau", path=SigningPath.ONLINE, due=overdue)
    assert decide(facts, Event.EXPIRE, actor("system", OTHER)).allowed is overdue


def test_every_effect_is_named_by_a_row_and_done_by_a_function():
    assert {rule.effect for rule in TABLE.values()} == set(Effect) == set(EFFECTS)


def test_decide_scan_on_the_online_path_is_not_relevant():
    facts = ActFacts(state="a_signer", origin="nouveau", path=SigningPath.ONLINE)
    assert decide(facts, Event.FILE_SCAN, actor("gestionnaire", OTHER)).relevant is False


def test_decide_attesting_twice_is_not_relevant():
    facts = ActFacts(state="signe", origin="reprise", path="", attested=True)
    assert decide(facts, Event.ATTEST_REPRISE, actor("juriste", OTHER)).relevant is False


@pytest.mark.parametrize(
    ("awaited", "event"), [(1, "signer"), (2, "signer_en_dernier"), (0, "signer_en_dernier")]
)
def test_decide_last_signature_is_an_event_of_its_own(awaited, event):
    facts = ActFacts(state="a_signer", origin="nouveau", path=SigningPath.ONLINE, awaited=awaited)
    assert decide(facts, Event(event), actor("signatory", OTHER)).relevant is False


def test_decide_signing_on_paper_is_not_relevant():
    facts = ActFacts(state="a_signer", origin="nouveau", path=SigningPath.INK, awaited=2)
    assert decide(facts, Event.SIGN, actor("signatory", OTHER)).relevant is False


def test_decide_signing_by_who_prepared_says_who_may():
    facts = ActFacts(
        state="a_signer",
        origin="nouveau",
        path=SigningPath.ONLINE,
        awaited=2,
        preparers=frozenset({PREPARER}),
    )
    decision = decide(facts, Event.SIGN, actor("signatory", PREPARER))
    assert decision.reason == "Vous avez préparé ce dossier : une autre personne doit le signer."


def test_decide_seal_before_the_last_seal_is_set_waits():
    facts = ActFacts(state="a_sceller", origin="nouveau", path=SigningPath.ONLINE, due=False)
    assert decide(facts, Event.SEAL, actor("system", OTHER)).allowed is False
