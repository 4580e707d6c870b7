"""Someone new at the head of an association, or a colleague who reads its space: declared there, accepted by staff.

Accepted, the person gets an account and a mandate; access follows the mandates, day by day. What the former president
signed stays as it was signed; what still waits for that signature waits for staff to replace the signatory.
"""

import datetime
from dataclasses import asdict, dataclass

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max

from conventions.domain import journal
from conventions.domain.documents import attachments
from conventions.domain.foundation.refusals import Refused
from conventions.domain.people import partner_accounts
from conventions.domain.people.security import proofs
from conventions.domain.space.mandates import require
from conventions.domain.space.proposals.deciding import (
    DecisionRefused,
    locked,
    settle,
    tell_partner,
    tell_staff,
)
from conventions.enums import AttachmentKind, MandateKind, ProposalState
from conventions.models import MandateProposal, Partner, Representative, User

MOST_WAITING = 5  # of one partner: each keeps a file and writes to staff
TOO_MANY = (
    "Cinq demandes attendent déjà une réponse. Attendez celle de l’OPT-NC avant d’en envoyer une autre."
)
WAITING_ALREADY = "Cette personne est déjà déclarée. Attendez la réponse de l’OPT-NC."


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who is declared. Plain dates in Nouméa."""

    civility: str
    first_name: str
    last_name: str
    title: str
    email: str
    mandate_start: datetime.date
    mandate_end: datetime.date | None = None
    phone: str = ""


def declare_person(
    partner: Partner,
    person: Person,
    *,
    kind: MandateKind,
    replaces: Representative | None = None,
    upload: UploadedFile | None = None,
    by: User,
) -> MandateProposal:
    """Declare a new president (with a proof), or a colleague who will read the space.

    `replaces` is the mandate that ends the day before. Raises PermissionDenied, ProofNeeded, or Refused on its fields.
    """
    require(by, partner)
    proofs.require(by)
    if kind == MandateKind.PRESIDENT and upload is None:
        raise Refused({"file": "Joignez le procès-verbal de l’assemblée générale, ou le récépissé."})
    if replaces is not None and replaces.partner_id != partner.pk:
        raise Refused({"replaces": "Cette personne ne représente pas votre association."})
    sent = attachments.inspect(upload) if upload is not None else None
    with transaction.atomic():
        Partner.objects.select_for_update().only("pk").get(pk=partner.pk)
        same = MandateProposal.objects.waiting().filter(partner=partner, email__iexact=person.email)
        if same.filter(last_name__iexact=person.last_name).exists():
            raise Refused(WAITING_ALREADY)
        if MandateProposal.objects.waiting().filter(partner=partner).count() >= MOST_WAITING:
            raise Refused(TOO_MANY)
        file = None
        if sent is not None:
            file = attachments.file_upload(sent, kind=AttachmentKind.MANDATE, by=by, partner=partner)
        row = MandateProposal.objects.create(
            partner=partner, kind=kind, replaces=replaces, attachment=file, sent_by=by, **asdict(person)
        )
        journal.record(
            "mandat_declare",
            by=by,
            partner=partner,
            details={"demande": row.pk, "role": str(kind)},
            personal={"nom": str(row), "titre": row.title, "courriel": row.email},
        )
        tell_staff(row)
    return row


def accept_person(proposal: MandateProposal, *, by: User) -> Representative:
    """Open the mandate and its account; the one replaced ends the day before. Raises ProofNeeded, DecisionRefused."""
    proofs.require(by)
    with transaction.atomic():
        row = locked(proposal, by=by)
        former = _end(row, by=by)
        rank = row.partner.representatives.aggregate(last=Max("position"))["last"] or 0
        mandate = Representative.objects.create(
            partner=row.partner,
            civility=row.civility,
            first_name=row.first_name,
            last_name=row.last_name,
            title=row.title,
            email=row.email,
            phone=row.phone,
            mandate_start=row.mandate_start,
            mandate_end=row.mandate_end,
            usual_signatory=row.kind == MandateKind.PRESIDENT,
            reads_only=row.kind == MandateKind.READER,
            position=rank + 1,
        )
        partner_accounts.open_access(mandate, by=by)
        settle(row, ProposalState.ACCEPTED, by=by)
        row.representative = mandate
        row.save()
        details = {"demande": row.pk, "representant": mandate.pk, "remplace": former.pk if former else None}
        journal.record("mandat_accepte", by=by, partner=row.partner, details=details)
        tell_partner(row)
    return mandate


def _end(row: MandateProposal, *, by: User) -> Representative | None:
    """End the mandate that is replaced; whoever held it signs in again, with what is left."""
    if row.replaces_id is None:
        return None
    former = Representative.objects.select_for_update(of=("self",)).get(pk=row.replaces_id)
    last = row.mandate_start - datetime.timedelta(days=1)
    if former.mandate_start is not None and last < former.mandate_start:
        raise DecisionRefused("Le nouveau mandat commence avant celui qu’il remplace. Vérifiez les dates.")
    if former.mandate_end is None or former.mandate_end > last:
        former.mandate_end = last
    former.usual_signatory = False
    former.save(update_fields=["mandate_end", "usual_signatory"])
    partner_accounts.mandate_changed(former, by=by)
    return former
