"""For each event, an act that it may be done to, and the details that it takes."""

from django.utils import timezone

from conventions.domain import transitions
from conventions.enums import ActState, Event
from conventions.models import Act
from conventions.tests.factories import (
    ActFactory,
    BoardDecisionFactory,
    ConventionFactory,
    SignatureRequestFactory,
    SourceFactory,
    small_pdf,
)

CLAUSES = [
    {"code": "objet", "heading": "Objet", "body": "L’OPT-NC soutient {{ du_beneficiaire }} : {{ objet }}"},
    {"code": "cloture", "heading": "", "body": "Fait à {{ lieu }}, {{ date_a_completer }}."},
]
STATES = {
    Event.SUBMIT: ActState.DRAFT,
    Event.REQUEST_CORRECTION: ActState.APPROVED,
    Event.APPROVE: ActState.IN_REVIEW,
    Event.FREEZE: ActState.APPROVED,
    Event.TAKE_BACK: ActState.TO_SIGN,
    Event.CORRECT_BEFORE_SIGNING: ActState.PARTLY_SIGNED,
    Event.FILE_SCAN: ActState.TO_SIGN,
    Event.START_AMENDMENT: ActState.SIGNED,
    Event.START_TERMINATION: ActState.SIGNED,
    Event.CLOSE: ActState.SIGNED,
    Event.DECLINE: ActState.TO_SIGN,
    Event.CANCEL: ActState.TO_SIGN,
    Event.EXPIRE: ActState.TO_SIGN,
    Event.ABANDON: ActState.IN_REVIEW,
}
REPRISES = {Event.RECORD_REPRISE: ActState.DRAFT, Event.ATTEST_REPRISE: ActState.SIGNED}


def an_act(event: Event, **values) -> Act:
    """`values` go to ActFactory, as ConventionFactory takes them: `act__prepared_by=…`."""
    if event in REPRISES:
        convention = ConventionFactory(act=None)
        SourceFactory(convention=convention)
        act = ActFactory(
            convention=convention,
            reprise=True,
            state=REPRISES[event],
            signed_on_wording="courant 2021",
            **{name.removeprefix("act__"): value for name, value in values.items()},
        )
    else:
        convention = ConventionFactory(
            act=STATES[event],
            act__clauses=CLAUSES,
            act__fundings=[{"amount": 500_000, "budget_year": 2026}] * 3,
            act__board_decision=BoardDecisionFactory(),
            act__path="papier",
            **values,
        )
        act = convention.acts.get()
    if act.frozen_document_id:
        SignatureRequestFactory(document=act.frozen_document, signatory=act.signatories.first())
    return act


def details_of(event: Event) -> dict:
    today = timezone.localdate()
    known = {
        "reason": "Une date est fausse.",
        "corrections": (("duree", "Fin au 31 décembre."), ("soutien", "En deux fois.")),
        "scan": small_pdf("signé"),
        "signed_on": today,
        "effective_on": today,
        "closed_on": today,
        "confirmed": True,
    }
    rule = transitions.TABLE[event]
    return {name: known[name] for name in (*rule.needs, *rule.accepts) if name in known}
