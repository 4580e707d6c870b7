"""Who receives equipment signs its procès-verbal from the space, on a phone, where it is handed over."""

from __future__ import annotations

from dataclasses import dataclass

from conventions.domain.acts import refusing
from conventions.domain.acts.handover import reference_of
from conventions.domain.acts.requests import handover_codes
from conventions.domain.acts.requests.addresses import masked_address
from conventions.domain.acts.signing import handovers
from conventions.domain.acts.signing.entries import Entry, consent_sentence
from conventions.domain.space.mandates import require
from conventions.domain.space.sending import refuse_foreign
from conventions.models import (
    Document,
    Handover,
    HandoverCode,
    HandoverSignature,
    Partner,
    Representative,
    User,
)


def why_not(handover: Handover, *, partner: Partner, by: User) -> str:
    """Why this person cannot sign its procès-verbal now, in French; empty when he or she can.

    Raises PermissionDenied.
    """
    return handovers.why_not(handover, _mandate(handover, partner, by))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the page tells of a remise: its number, what was refused and remarked, its papers, its signature."""

    number: str
    refused: str
    paper: Document | None
    signature: HandoverSignature | None
    sealed: Document | None


def told(handover: Handover) -> Told:
    """Read again: the signature may be a second old."""
    return Told(
        number=reference_of(handover),
        refused=refusing.of([handover]).get(handover.pk, ""),
        paper=handover.document,
        signature=HandoverSignature.objects.filter(handover=handover).first(),
        sealed=handovers.sealed_of(handover),
    )


def paper_to_sign(handover: Handover) -> Document | None:
    """Its procès-verbal, where it may be signed on screen."""
    return handovers.paper_of(handover)


def agreed_to(handover: Handover, *, partner: Partner, by: User) -> tuple[str, str]:
    """(the sentence one agrees to, one's name as the procès-verbal has it)."""
    mandate = _mandate(handover, partner, by)
    return consent_sentence(handover, mandate), str(mandate)


def check_entry(handover: Handover, entry: Entry, *, partner: Partner, by: User) -> None:
    """Raise what stands in the way before a code is sent: FaultyEntry, SigningRefused, ClockHeld."""
    handovers.refuse_unless_signable(handover, entry, mandate=_mandate(handover, partner, by))


def ask_code(handover: Handover, *, shown_sha256: str, partner: Partner, by: User) -> HandoverCode:
    """Send digits to the account. Raises PermissionDenied."""
    _mandate(handover, partner, by)
    return handover_codes.ask(handover, shown_sha256=shown_sha256, by=by)


def live_code(handover: Handover, user: User) -> HandoverCode | None:
    """The code that would do, its mail gone or about to leave."""
    return handover_codes.live(handover, user)


def address_of(user: User) -> str:
    """Where the code goes, masked."""
    return masked_address(user.email)


def sign_handover(
    handover: Handover, entry: Entry, *, digits: str, partner: Partner, by: User
) -> HandoverSignature:
    """Sign the procès-verbal of a remise, and so confirm that it arrived.

    Raises PermissionDenied; FaultyEntry, SigningRefused, WrongCode, CodeOver in French, nothing signed.
    """
    mandate = _mandate(handover, partner, by)
    return handovers.sign(handover, entry, digits=digits, mandate=mandate, by=by)


def _mandate(handover: Handover, partner: Partner, by: User) -> Representative:
    mandate = require(by, partner)
    refuse_foreign(handover.act.convention, partner)
    return mandate
