"""Invitations to sign: one per signatory of a frozen document, by rank, each with a link of its own.

A link holds 256 random bits, minted as its mail leaves; the row keeps their SHA-256 alone, so nobody at the office can
copy it. Sending again mints a new link. Looking at a link never changes anything.
"""

from __future__ import annotations

import datetime
import hashlib
import secrets
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.acts.requests import codes
from conventions.domain.acts.requests.refusals import LinkRefused, SigningRefused
from conventions.domain.foundation import outbox
from conventions.domain.people.security import proofs
from conventions.enums import AWAITING_SIGNATURE_STATES, ENDED_STATES, ActState, PartyRole, SigningOrder
from conventions.formats import act_words
from conventions.models import Act, Document, Signatory, SignatureRequest, User
from conventions.models.signing import SignatureRequestQuerySet

LETTER = "invitation_a_signer"
ALREADY = "Vous avez déjà signé : il n’y a plus rien à faire."
NOT_YET = "D’autres signataires passent avant vous. Un courriel vous préviendra."
LATE = "Le délai pour signer est passé."


def invite(act: Act, document: Document) -> list[SignatureRequest]:
    """One request per signatory of the act, for its frozen document; the first rank is written to.

    Called in the transaction that freezes. Partners sign before OPT-NC, each in their order; all at once when the act
    says so.
    """
    expires_at = _end_of_turn()
    requests = SignatureRequest.objects.bulk_create(
        SignatureRequest(document=document, signatory=person, rank=rank, expires_at=expires_at)
        for person, rank in ranked(act)
    )
    send_rank(act, requests, rank=1)
    return requests


def _end_of_turn() -> datetime.datetime:
    """When a turn that begins now ends."""
    return timezone.now() + datetime.timedelta(days=settings.SIGNATURE_LINK_DAYS)


def ranked(act: Act) -> list[tuple[Signatory, int]]:
    """Signatories with their rank, from 1: who signs at the same time shares a rank."""
    people = list(act.signatories.select_related("party").order_by("order", "pk"))
    people.sort(key=lambda person: person.party.role == PartyRole.OPT)
    if act.signing_order == SigningOrder.TOGETHER:
        return [(person, 1) for person in people]
    return [(person, rank) for rank, person in enumerate(people, start=1)]


def send_rank(act: Act, requests: list[SignatureRequest], *, rank: int) -> None:
    """Queue the mails of one rank, in the caller's transaction."""
    for request in requests:
        if request.rank == rank:
            outbox.queue(LETTER, params={"request": request.pk}, convention=act.convention)


def send_next(act: Act, document: Document) -> None:
    """After a signature: write to the next rank once nobody of the ranks before is awaited.

    Its delay begins then: whoever comes after a slow signatory has as many days as the first.
    """
    waiting = list(SignatureRequest.objects.filter(document=document, revoked_at=None).unsigned())
    if not waiting:
        return
    rank = min(request.rank for request in waiting)
    turn = [request for request in waiting if request.rank == rank]
    if all(request.sent_at is None for request in turn):
        SignatureRequest.objects.filter(pk__in=[request.pk for request in turn]).update(
            expires_at=_end_of_turn()
        )
        send_rank(act, turn, rank=rank)


def awaited(act: Act) -> int:
    """How many signatures the frozen document of an act still waits for."""
    return (
        SignatureRequest.objects.filter(document=act.frozen_document_id, revoked_at=None).unsigned().count()
    )


def is_their_turn(request: SignatureRequest) -> bool:
    """Whether everybody of a lower rank has signed."""
    before = SignatureRequest.objects.filter(
        document=request.document_id, rank__lt=request.rank, revoked_at=None
    )
    return not before.unsigned().exists()


def mandate_over(request: SignatureRequest) -> datetime.date | None:
    """The last day of the signatory's mandate once it is over: nobody signs in that name any more."""
    mandate = request.signatory.representative
    last = mandate.mandate_end if mandate else None
    return last if last is not None and last < timezone.localdate() else None


def require_turn(act: Act, signatory_id: int, *, document_id: int) -> None:
    """Under the act's lock, once more: this person is still asked to sign this very document, now.

    Raises LinkRefused, SigningRefused: somebody may have replaced the text, or signed, since the page was read.
    """
    if act.frozen_document_id != document_id:
        raise LinkRefused("remplacee", _replaced_sentence(act))
    rows = _with_everything().filter(document=document_id, signatory=signatory_id)
    request = rows.order_by("-pk").first()
    if request is None:
        raise SigningRefused("Cette personne n’est pas invitée à signer ce texte.")
    refuse_if_over(request)
    if hasattr(request, "act_of_signature"):
        raise SigningRefused(ALREADY)
    if not is_their_turn(request):
        raise SigningRefused(NOT_YET)


@dataclass(frozen=True, slots=True)
class Minted:
    """A link made for one mail, and what the request held before: the hash of the former link, and when it left."""

    request_id: int
    token: str = field(repr=False)
    former_hash: str
    former_sent_at: datetime.datetime | None


def mint_token(request_id: int) -> Minted | None:
    """A new link for a request, kept only as its hash; None when it no longer waits. Called as the mail leaves."""
    with transaction.atomic():
        request = (
            SignatureRequest.objects.select_for_update(of=("self",)).live().unsigned().filter(pk=request_id)
        ).first()
        if request is None:
            return None
        minted = Minted(request.pk, secrets.token_urlsafe(32), request.token_hash, request.sent_at)
        request.token_hash = token_hash(minted.token)
        request.sent_at = timezone.now()
        request.save(update_fields=["token_hash", "sent_at"])
    return minted


def recall(minted: Minted) -> None:
    """Its mail has not left: the former link opens again, unless another was made, or the address corrected, since."""
    SignatureRequest.objects.filter(pk=minted.request_id, token_hash=token_hash(minted.token)).update(
        token_hash=minted.former_hash, sent_at=minted.former_sent_at
    )


def token_hash(token: str) -> str:
    """SHA-256 (hex) of a link: 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def by_token(token: str) -> SignatureRequest:
    """The request a link opens, signed or not. Raises LinkRefused with what to do."""
    request = _with_everything().filter(token_hash=token_hash(token[:200])).first()
    if request is None:
        raise LinkRefused(
            "inconnue",
            "Ce lien ne marche pas, ou un courriel plus récent l’a remplacé. Ouvrez le dernier courriel reçu de "
            "l’OPT-NC, ou demandez-en un nouveau à votre interlocuteur.",
        )
    refuse_if_over(request)
    if is_worn(request):
        raise LinkRefused(
            "expiree",
            "Ce lien ne s’ouvre plus. Le document est dans votre espace : connectez-vous pour le lire.",
        )
    return request


def is_worn(request: SignatureRequest) -> bool:
    """Whether the link of someone who signed has had its day: a mail kept or passed on opens nothing for ever."""
    signed = hasattr(request, "act_of_signature")
    return signed and request.expires_at is not None and request.expires_at <= timezone.now()


def _with_everything() -> SignatureRequestQuerySet:
    return SignatureRequest.objects.select_related(
        "document__act__convention__officer",
        "document__act__convention__kind",
        "signatory__party__partner",
        "signatory__representative__user",
        "act_of_signature",
    )


def for_reader(request_id: int) -> SignatureRequest | None:
    """A request with what its pages show; one query. Who may see it is the caller's question."""
    return _with_everything().filter(pk=request_id).first()


def refuse_if_over(request: SignatureRequest) -> None:
    """Raise LinkRefused when the request can no longer be signed; one already signed is not over."""
    act = request.act
    if hasattr(request, "act_of_signature"):
        return
    if request.revoked_at is not None and act.state not in ENDED_STATES:
        raise LinkRefused("remplacee", _replaced_sentence(act))
    if act.state not in AWAITING_SIGNATURE_STATES:
        raise LinkRefused(act.state, _ended_sentence(act))
    if request.expires_at is not None and request.expires_at <= timezone.now():
        raise LinkRefused("expiree", f"{LATE} Parlez-en à votre interlocuteur à l’OPT-NC.")


def became(request: SignatureRequest) -> str:
    """What became of the act since this person signed, in French; empty while it goes on."""
    act = request.act
    if request.revoked_at is not None and act.state not in ENDED_STATES:
        return f"{_replaced_sentence(act)} Votre signature sur l’ancienne ne compte plus."
    return "" if act.state in AWAITING_SIGNATURE_STATES else _ended_sentence(act)


def _replaced_sentence(act: Act) -> str:
    words = act_words(act.kind)
    replaced = "Le texte a été remplacé depuis : cette version ne se signe plus."
    if act.state in AWAITING_SIGNATURE_STATES:
        return f"{replaced} Ouvrez le dernier courriel reçu de l’OPT-NC : il mène à la nouvelle version."
    if act.state in (ActState.TO_SEAL, ActState.SIGNED):
        return f"{replaced} Toutes les parties ont signé la nouvelle."
    return f"{replaced} Vous recevrez un courriel quand la nouvelle version {words.of} sera prête."


def _ended_sentence(act: Act) -> str:
    words = act_words(act.kind)
    the = words.the.capitalize()
    sentences = {
        ActState.CANCELLED: f"{the} a été {words.agree('annulé')} : il n’y a plus rien à signer.",
        ActState.DECLINED: f"Une partie a refusé de signer : {words.the} ne se signe plus.",
        ActState.EXPIRED: f"Le délai pour signer est passé : {words.the} ne se signe plus.",
        ActState.SIGNED: f"{the} est {words.agree('signé')} par toutes les parties.",
    }
    default = f"{the} n’est pas à la signature en ce moment. Vous recevrez un courriel quand ce sera le cas."
    return sentences.get(ActState(act.state), default)


def open_request(request: SignatureRequest, *, by: User | None = None) -> None:
    """The signatory pressed « Ouvrir »: told once in the journal. Raises LinkRefused."""
    _mark(request, "opened_at", "convention_consultee", by=by)


def mark_read(request: SignatureRequest, *, by: User | None = None) -> None:
    """The browser saw the text to its end: told once, never assumed. Raises LinkRefused."""
    _mark(request, "read_at", "convention_lue", by=by)


def _mark(request: SignatureRequest, column: str, event: str, *, by: User | None) -> None:
    refuse_if_over(request)
    if hasattr(request, "act_of_signature"):
        return  # what is read after signing says nothing of it
    act = request.act
    with transaction.atomic():
        journal.hold(act.convention)
        changed = SignatureRequest.objects.filter(pk=request.pk, **{column: None}).update(
            **{column: timezone.now()}
        )
        if changed:
            journal.record(
                event,
                by=by,
                convention=act.convention,
                details={"acte": act.pk, "signataire": request.signatory_id},
                holds_chain=True,
            )


def revoke_all(act: Act, *, reason: str) -> int:
    """Links of the act's documents stop working, in the caller's transaction. Returns how many were live."""
    return SignatureRequest.objects.filter(document__act=act, revoked_at=None).update(
        revoked_at=timezone.now(), revoked_reason=reason
    )


def send_again(request: SignatureRequest, *, by: User) -> None:
    """A new mail with a new link; the former link stops working as it leaves. Raises SigningRefused."""
    permissions.require(permissions.can_edit_conventions, by)
    act = request.act
    with transaction.atomic():
        journal.hold(act.convention)
        locked = SignatureRequest.objects.select_for_update().get(pk=request.pk)
        _refuse_unless_waiting(locked)
        if not is_their_turn(locked):
            raise SigningRefused(
                "Ce n’est pas encore son tour : le courriel partira après la signature d’avant."
            )
        send_rank(act, [locked], rank=locked.rank)
        journal.record(
            "invitation_renvoyee",
            by=by,
            convention=act.convention,
            details={"acte": act.pk, "signataire": locked.signatory_id},
            holds_chain=True,
        )


def correct_address(request: SignatureRequest, email: str, *, by: User) -> None:
    """Write to another address without starting over; the link and the code sent to the wrong one die at once.

    Raises PermissionDenied, ProofNeeded, SigningRefused.
    """
    permissions.require(permissions.can_edit_conventions, by)
    proofs.require(by)
    act = request.act
    with transaction.atomic():
        journal.hold(act.convention)
        locked = SignatureRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
        _refuse_unless_waiting(locked)
        person = Signatory.objects.select_related("party").get(pk=locked.signatory_id)
        if (
            person.party.role != PartyRole.OPT
            and User.objects.filter(is_staff=True, email__iexact=email).exists()
        ):
            raise SigningRefused(
                "Cette adresse est celle d’un compte de l’OPT-NC. Donnez celle que lit le signataire lui-même."
            )
        before, person.email = person.email, email
        person.save(update_fields=["email"])
        SignatureRequest.objects.filter(pk=locked.pk).update(token_hash="")
        codes.lapse(pk=locked.pk)
        journal.record(
            "adresse_corrigee",
            by=by,
            convention=act.convention,
            details={"acte": act.pk, "signataire": person.pk},
            personal={"courriel": [before, email]},
            holds_chain=True,
        )
        if is_their_turn(locked):
            send_rank(act, [locked], rank=locked.rank)


def _refuse_unless_waiting(request: SignatureRequest) -> None:
    if request.revoked_at is not None:
        raise SigningRefused("Cette demande de signature n’est plus en cours.")
    if request.expires_at is not None and request.expires_at <= timezone.now():
        raise SigningRefused(f"{LATE} Aucun courriel ne part plus pour ce texte.")
    if hasattr(request, "act_of_signature"):
        raise SigningRefused("Cette personne a déjà signé.")
