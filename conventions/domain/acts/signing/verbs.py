"""What a signatory does: sign, decline, ask for a correction. Each goes through `lifecycle.apply`.

Signing, in order: the link, the turn and the mandate; what was typed; the code or the account's second factor; the
drawing's bytes stored; then one transaction: lock, act of signature, state, journal, mails. Sealing comes after, by
the worker (`signing.sealing_work`).
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied

from conventions.domain.acts import lifecycle
from conventions.domain.acts.lifecycle.effects import Signature
from conventions.domain.acts.requests import codes, invitations
from conventions.domain.acts.requests.addresses import address_of, masked_address
from conventions.domain.acts.requests.refusals import SigningRefused
from conventions.domain.acts.signing.entries import Entry, consent_sentence, faults, store_drawing
from conventions.domain.journal import clock
from conventions.enums import Event, PartyRole, SignatureMethod
from conventions.formats import long_date
from conventions.models import Act, SignatureRequest, User

STALE = "Le texte affiché n’est plus celui qui est à signer. Rechargez la page et relisez-le."
RETRIES = 3  # two signatories at the same second: the second one finds itself last


class FaultyEntry(SigningRefused):
    """What was typed will not do, field by field."""


def signs_with_account(request: SignatureRequest) -> bool:
    """OPT-NC's signatories sign with their account and second factor; partners with a code."""
    return request.signatory.party.role == PartyRole.OPT


def sign_with_code(request: SignatureRequest, entry: Entry, *, digits: str, by: User | None = None) -> Act:
    """A partner's signatory signs: typed name, consent and the code sent to the known address.

    Raises FaultyEntry, LinkRefused, WrongCode, CodeOver, SigningRefused: in French, nothing signed.
    """
    if signs_with_account(request):
        raise SigningRefused("Vous signez pour l’OPT-NC : connectez-vous à votre compte pour signer.")
    _refuse_colleague(request, by)
    refuse_unless_signable(request, entry)
    codes.check(request, shown_sha256=entry.shown_sha256, typed=digits)
    address = masked_address(address_of(request))
    return _apply(request, entry, SignatureMethod.EMAIL_CODE, f"code envoyé à l’adresse {address}", by=by)


def sign_with_account(request: SignatureRequest, entry: Entry, *, by: User, second_factor: bool) -> Act:
    """An OPT-NC signatory signs, signed in with the second factor. Raises PermissionDenied for anybody else."""
    representative = request.signatory.representative
    if representative is None or representative.user_id != by.pk or not signs_with_account(request):
        raise PermissionDenied("Une autre personne doit signer ici.")
    if not second_factor:
        raise SigningRefused(
            "Confirmez d’abord votre second facteur : sans lui, personne ne signe pour l’OPT-NC."
        )
    refuse_unless_signable(request, entry)
    check = "compte personnel du signataire et second facteur"
    return _apply(request, entry, SignatureMethod.ACCOUNT, check, by=by)


def _refuse_colleague(request: SignatureRequest, by: User | None) -> None:
    """A member of staff who opened somebody else's link does nothing in his or her name."""
    representative = request.signatory.representative
    if by is None or not by.is_staff or (representative is not None and representative.user_id == by.pk):
        return
    raise SigningRefused(
        "Vous êtes connecté avec un compte de l’OPT-NC : personne n’agit ici à la place du signataire. "
        "Laissez-le ouvrir le lien de son courriel."
    )


def refuse_unless_signable(request: SignatureRequest, entry: Entry) -> None:
    """Raise what stands in the way before any code is used; clock.ClockHeld too."""
    clock.require()
    refuse_unless_turn(request)
    document, act = request.document, request.act
    if entry.shown_sha256 != document.sha256 or act.frozen_document_id != document.pk:
        raise SigningRefused(STALE)
    found = faults(entry, request.signatory)
    if found:
        raise FaultyEntry(found)


def refuse_unless_turn(request: SignatureRequest) -> None:
    """Raise unless the request lives, waits for this person now, and his or her mandate runs."""
    invitations.refuse_if_over(request)
    if hasattr(request, "act_of_signature"):
        raise SigningRefused(invitations.ALREADY)
    if not invitations.is_their_turn(request):
        raise SigningRefused(invitations.NOT_YET)
    last = invitations.mandate_over(request)
    if last is not None:
        raise SigningRefused(
            f"Votre mandat a pris fin le {long_date(last)} : vous ne pouvez plus signer pour ce "
            "partenaire. Prévenez votre interlocuteur à l’OPT-NC, qui inscrira le nouveau signataire."
        )


def _apply(
    request: SignatureRequest, entry: Entry, method: SignatureMethod, identity_check: str, *, by: User | None
) -> Act:
    act, person = request.act, request.signatory
    signature = Signature(
        request=request,
        method=method,
        typed_name=" ".join(entry.typed_name.split()),
        consent=consent_sentence(act, person),
        identity_check=identity_check,
        drawing_sha256=store_drawing(entry.drawing),
    )
    signer = _signer(request, by)
    for _attempt in range(RETRIES):
        event = Event.SIGN_LAST if invitations.awaited(act) == 1 else Event.SIGN
        try:
            return lifecycle.apply(act, event, by=signer, signature=signature)
        except lifecycle.EventRefused as refusal:
            if refusal.decision.relevant:
                raise SigningRefused(str(refusal)) from refusal
            act = Act.objects.get(pk=act.pk)
            request = invitations.for_reader(request.pk) or request
            invitations.refuse_if_over(request)
    raise SigningRefused("Une autre personne signait au même moment. Recommencez.")


def _signer(request: SignatureRequest, by: User | None) -> lifecycle.Signer:
    return lifecycle.Signer(signatory_id=request.signatory_id, document_id=request.document_id, user=by)


def decline(request: SignatureRequest, *, reason: str, by: User | None = None) -> Act:
    """The signatory will not sign, and says why; everyone is told. Raises SigningRefused."""
    return _leave(request, Event.DECLINE, by=by, reason=_required(reason, "Dites en une phrase pourquoi."))


def ask_correction(request: SignatureRequest, *, reason: str, by: User | None = None) -> Act:
    """The signatory asks for a change: the text goes back to OPT-NC, links stop working. Raises SigningRefused."""
    reason = _required(reason, "Dites ce qu’il faut corriger.")
    return _leave(request, Event.CORRECT_BEFORE_SIGNING, by=by, reason=reason)


def _required(text: str, message: str) -> str:
    if not text.strip():
        raise FaultyEntry({"reason": message})
    return text.strip()


def _leave(request: SignatureRequest, event: Event, *, by: User | None, **details: Any) -> Act:
    _refuse_colleague(request, by)
    refuse_unless_turn(request)
    signer = _signer(request, by)
    try:
        return lifecycle.apply(request.act, event, by=signer, **details)
    except lifecycle.EventRefused as refusal:
        raise SigningRefused(str(refusal)) from refusal
