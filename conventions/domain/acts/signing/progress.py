"""What pages tell of the signing of a document: who signed, who is awaited, what waits for somebody."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from conventions.domain.acts.requests.addresses import address_of
from conventions.domain.acts.requests.invitations import mandate_over
from conventions.domain.acts.requests.refusals import SigningRefused
from conventions.domain.acts.signing.verbs import refuse_unless_turn
from conventions.enums import AWAITING_SIGNATURE_STATES
from conventions.formats import typeset
from conventions.models import Document, SignatureCode, SignatureRequest, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One signatory of a document: `state` is signe, attendu or plus_tard."""

    request_id: int
    name: str
    title: str
    party: str
    state: str
    signed_at: datetime.datetime | None
    sealed: bool
    opened_at: datetime.datetime | None  # the link, not the text
    read_at: datetime.datetime | None  # the browser told that the end of the text was on screen
    sent_at: datetime.datetime | None
    expires_at: datetime.datetime | None
    address: str
    mandate_ended: datetime.date | None  # he or she can no longer sign: staff must choose somebody else


def progress(document: Document) -> list[Line]:
    """The signatories of a document in their order, with where each stands: one query."""
    rows = (
        SignatureRequest.objects.filter(document=document, revoked_at=None)
        .select_related(
            "signatory__party__partner", "signatory__representative__user", "act_of_signature__seal"
        )
        .order_by("rank", "pk")
    )
    found = list(rows)
    turn = min((row.rank for row in found if not hasattr(row, "act_of_signature")), default=0)
    return [_line(row, turn) for row in found]


def _line(row: SignatureRequest, turn: int) -> Line:
    signature = getattr(row, "act_of_signature", None)
    partner = row.signatory.party.partner
    state = "signe" if signature else "attendu" if row.rank == turn else "plus_tard"
    return Line(
        request_id=row.pk,
        name=str(row.signatory),
        title=typeset(row.signatory.title),
        party=typeset(partner.acronym or partner.name),
        state=state,
        signed_at=signature.signed_at if signature else None,
        sealed=signature is not None and hasattr(signature, "seal"),
        opened_at=row.opened_at,
        read_at=row.read_at,
        sent_at=row.sent_at,
        expires_at=row.expires_at,
        address=address_of(row),
        mandate_ended=None if signature else mandate_over(row),
    )


def waiting_for(user: User) -> list[SignatureRequest]:
    """Requests that this person may sign now, the oldest first; those of later turns are left out."""
    rows = (
        SignatureRequest.objects.live()
        .unsigned()
        .filter(signatory__representative__user=user, document__act__state__in=AWAITING_SIGNATURE_STATES)
        .select_related("document__act__convention", "document__act__ceremony", "signatory__party__partner")
        .order_by("document__act__ceremony__held_on", "created_at", "pk")
    )
    mine = list(rows)
    documents = [row.document_id for row in mine]
    others = SignatureRequest.objects.filter(document__in=documents, revoked_at=None).unsigned()
    turns: dict[int, int] = {}
    for document, rank in others.values_list("document", "rank"):
        turns[document] = min(rank, turns.get(document, rank))
    return [row for row in mine if row.rank == turns.get(row.document_id)]


def is_signatory(user: User | AnonymousUser, request: SignatureRequest) -> bool:
    """Whether this signed-in person is the one who is asked to sign."""
    if not (user.is_authenticated and user.is_active):
        return False
    representative = request.signatory.representative
    return representative is not None and representative.user_id == user.pk


def waiting_reason(request: SignatureRequest) -> str:
    """Why the person cannot sign yet, in French; empty when it is his or her turn."""
    try:
        refuse_unless_turn(request)
    except SigningRefused as refusal:
        return str(refusal)
    return ""


def live_code(request: SignatureRequest) -> SignatureCode | None:
    """The code that would do, its mail gone or about to leave."""
    return SignatureCode.objects.usable().filter(request=request).order_by("-pk").first()
