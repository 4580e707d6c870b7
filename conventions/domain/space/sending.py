"""What an association sends about a signed convention: that equipment arrived, a report."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from conventions.domain import journal
from conventions.domain.acts import letters
from conventions.domain.acts import missing as lost_on_the_way
from conventions.domain.documents import attachments
from conventions.domain.foundation import outbox
from conventions.domain.foundation.refusals import Refused
from conventions.domain.space.mandates import NOT_IN_OFFICE, require
from conventions.enums import ActState, AttachmentKind, PartyRole
from conventions.formats import join_list
from conventions.models import (
    Act,
    Convention,
    EquipmentItem,
    FormalLetter,
    Handover,
    Obligation,
    Partner,
    ReportReceived,
    User,
)

NOT_AWAITED = "Ce document n’est plus attendu."


ANSWERED = "La réception de ce matériel est déjà confirmée."
TOLD_WITHIN = datetime.timedelta(days=60)  # after the answer: boxes are opened later


NEWS_AFTER = datetime.timedelta(days=365)


def is_old_enough(handover: Handover) -> bool:
    """Whether a year has passed since a remise: its association may tell what became of it."""
    return handover.handed_on <= timezone.localdate() - NEWS_AFTER and not handover.act.is_reprise


def may_tell_missing(handover: Handover) -> bool:
    """Whether who answered that all arrived may still say that something is missing."""
    answered = handover.acknowledged_at
    return answered is not None and not handover.missing and timezone.now() < answered + TOLD_WITHIN


def acknowledge(
    handover: Handover,
    *,
    partner: Partner,
    missing: str = "",
    items: Sequence[EquipmentItem] = (),
    by: User,
) -> Handover:
    """Say that the equipment of a remise arrived; `missing`: what did not, `items` which devices.

    Once; what is found missing when the boxes are opened may be told later. Raises PermissionDenied, Refused.
    """
    require(by, partner)
    convention = handover.act.convention
    refuse_foreign(convention, partner)
    with transaction.atomic():
        journal.hold(convention)
        row = Handover.objects.select_for_update(of=("self",)).get(pk=handover.pk)
        told = missing.strip() or join_list([str(item) for item in items])[:500]
        if row.acknowledged_at is not None and not (told and may_tell_missing(row)):
            raise Refused(ANSWERED)
        if row.acknowledged_at is None:
            row.acknowledged_at, row.acknowledged_by = timezone.now(), by
        row.missing = told
        row.save(update_fields=["acknowledged_at", "acknowledged_by", "missing"])
        event = "materiel_incomplet" if row.missing else "materiel_recu"
        details = {"remise": row.pk}
        lost_on_the_way.note(row, items, words=missing, by=by)
        journal.record(event, by=by, convention=convention, details=details, holds_chain=True)
        for letter in ("materiel_accuse", "recu_de_remise"):
            outbox.queue(letter, params={"remise": row.pk}, convention=convention)
    return row


def refuse_foreign(convention: Convention, partner: Partner) -> None:
    """Raises PermissionDenied for who is not a party of the convention, or is OPT-NC."""
    parties = convention.parties.exclude(role=PartyRole.OPT)
    if not parties.filter(partner=partner).exists():
        raise PermissionDenied(NOT_IN_OFFICE)


def send_report(
    obligation: Obligation,
    *,
    partner: Partner,
    upload: UploadedFile,
    spent: int | None = None,
    note: str = "",
    by: User,
) -> ReportReceived:
    """Send a report that an obligation asks for; `spent` (XPF) is None when it does not say.

    It counts as received today, and waits for staff to accept it. Raises PermissionDenied, or
    Refused, on « file » for one that is not taken.
    """
    require(by, partner)
    convention = obligation.act.convention
    refuse_foreign(convention, partner)
    if obligation.act.state != ActState.SIGNED:
        raise Refused(NOT_AWAITED)
    sent = attachments.inspect(upload)
    with transaction.atomic():
        journal.hold(convention)
        if is_received(obligation):
            raise Refused(NOT_AWAITED)
        file = attachments.file_upload(sent, kind=AttachmentKind.REPORT, by=by, convention=convention)
        report = ReportReceived.objects.create(
            obligation=obligation,
            received_on=timezone.localdate(),
            attachment=file,
            spent=spent,
            note=note.strip(),
            recorded_by=by,
        )
        details = {"compte_rendu": report.pk, "type": obligation.kind}
        journal.record("compte_rendu_envoye", by=by, convention=convention, details=details, holds_chain=True)
        outbox.queue("compte_rendu_depose", params={"compte_rendu": report.pk}, convention=convention)
    return report


def ask_receipt(act: Act, *, partner: Partner, by: User) -> FormalLetter:
    """The model of a receipt of mécénat, for the association to complete. Raises PermissionDenied, Refused."""
    mandate = require(by, partner)
    refuse_foreign(act.convention, partner)
    party = act.convention.parties.select_related("partner").get(partner=partner)
    return letters.prepare_receipt(act, party, by=by, mandate=mandate)


def is_received(obligation: Obligation) -> bool:
    """Whether a report stands for this line: received, and not asked for again."""
    return ReportReceived.objects.filter(obligation__line=obligation.line, refused_on=None).exists()
