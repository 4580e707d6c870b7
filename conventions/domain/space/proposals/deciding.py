"""Deciding of a proposal: once, under lock, by an officer, and the partner is told."""

from typing import TypeVar, cast

from django.db import transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.foundation import outbox
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ProposalState
from conventions.models import BankProposal, MandateProposal, User

ALREADY = "Cette demande a déjà été examinée."
Row = TypeVar("Row", bound=BankProposal | MandateProposal)
REFUSALS = {BankProposal: "rib_refuse", MandateProposal: "mandat_refuse"}


class DecisionRefused(Refused):
    """Why a proposal cannot be decided."""


def locked(proposal: Row, *, by: User) -> Row:
    """The proposal, locked, still waiting. Raises PermissionDenied or DecisionRefused."""
    permissions.require(permissions.can_decide_proposals, by)
    model = type(proposal)
    row = model.objects.select_for_update(of=("self",)).select_related("partner").get(pk=proposal.pk)
    if row.state != ProposalState.WAITING:
        raise DecisionRefused(ALREADY)
    return cast(Row, row)


def settle(row: Row, state: ProposalState, *, by: User) -> None:
    """Mark who decided, and when. The caller saves."""
    row.state, row.decided_by, row.decided_at = state, by, timezone.now()
    if isinstance(row, BankProposal):
        row.iban_encrypted = ""


def refuse(proposal: Row, *, reason: str, by: User) -> Row:
    """Refuse, and say why: the partner reads it. Raises PermissionDenied or DecisionRefused."""
    if not reason.strip():
        raise DecisionRefused({"reason": "Un refus se motive : écrivez pourquoi."})
    with transaction.atomic():
        row = locked(proposal, by=by)
        settle(row, ProposalState.REFUSED, by=by)
        row.reason = reason.strip()
        row.save()
        journal.record(REFUSALS[type(row)], by=by, partner=row.partner, details={"demande": row.pk})
        tell_partner(row)
    return row


def tell_partner(row: BankProposal | MandateProposal) -> None:
    """A letter to who sent the proposal: accepted, or why not."""
    sort = "rib" if isinstance(row, BankProposal) else "mandat"
    outbox.queue("demande_examinee", params={"sorte": sort, "demande": row.pk})


def tell_staff(row: BankProposal | MandateProposal) -> None:
    """A letter to who is in charge of the partner's files."""
    sort = "rib" if isinstance(row, BankProposal) else "mandat"
    outbox.queue("demande_recue", params={"sorte": sort, "demande": row.pk})
