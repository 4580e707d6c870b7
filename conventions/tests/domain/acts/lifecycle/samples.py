"""For each event, an act that it may be done to, and the details that it takes."""

from django.utils import timezone

from conventions.domain.acts import lifecycle, signing
from conventions.domain.documents import sealing
from conventions.enums import ActState, Event, SignatureMethod
from conventions.models import Act, SignatureRequest
from conventions.tests import online
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
    if event in ONLINE:
        return ONLINE[event]()
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


def _signed_but(left: int) -> Act:
    """A frozen act to be signed online that waits for `left` signatures more."""
    act = online.frozen_act()
    requests = list(SignatureRequest.objects.filter(document=act.frozen_document).order_by("rank"))
    for request in requests[: len(requests) - left]:
        online.sign(act, request.signatory, request=request)
    return act


def _to_seal() -> Act:
    act = _signed_but(0)
    sealing.apply_seals(act.frozen_document)
    sealing.signed_document(act.frozen_document)
    Act.objects.filter(pk=act.pk).update(state=ActState.TO_SEAL)
    return Act.objects.get(pk=act.pk)


ONLINE = {
    Event.SIGN: lambda: _signed_but(2),
    Event.SIGN_LAST: lambda: _signed_but(1),
    Event.SEAL: _to_seal,
}


def waiting_request(act: Act) -> SignatureRequest:
    """The invitation whose turn it is."""
    rows = SignatureRequest.objects.filter(document=act.frozen_document, revoked_at=None).unsigned()
    return rows.select_related("signatory", "document").order_by("rank").first()


def by_of(event: Event, act: Act, user):
    """Who does this: the user, the signatory invited, the application itself."""
    if event == Event.SEAL:
        return None
    if event in ONLINE:
        asked = waiting_request(act)
        return lifecycle.Signer(signatory_id=asked.signatory_id, document_id=asked.document_id)
    return user


def details_of(event: Event, act: Act | None = None) -> dict:
    """What the event takes; a signature is made for the act."""
    if event in (Event.SIGN, Event.SIGN_LAST) and act is not None:
        request = waiting_request(act)
        signature = signing.Signature(
            request=request,
            method=SignatureMethod.EMAIL_CODE,
            typed_name=str(request.signatory),
            consent="Je signe ce document.",
            identity_check="code envoyé à l’adresse p…e@exemple.invalid",
        )
        return {"signature": signature}
    if event == Event.SEAL and act is not None:
        return {"document": sealing.signed_document(act.frozen_document)}
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
    rule = lifecycle.TABLE[event]
    return {name: known[name] for name in (*rule.needs, *rule.accepts) if name in known}
