"""What the partner sends back: the reports it owes, the loans it returns."""

import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.foundation import outbox
from conventions.domain.money.refusals import NOT_SIGNED, refuse_if_any, to_come
from conventions.enums import ActState
from conventions.formats import counted
from conventions.models import Attachment, InKind, Obligation, ReportReceived, Return, User


def record_report(
    obligation: Obligation,
    *,
    received_on: datetime.date,
    by: User,
    attachment: Attachment | None = None,
    spent: int | None = None,
) -> ReportReceived:
    """Record a report that was received; `spent` is what it justifies (XPF), None when it does not say.

    Raises PermissionDenied, or Refused when the act is not signed, the day is to come, or the file is another's.
    """
    permissions.require(permissions.can_edit_conventions, by)
    convention = obligation.act.convention
    faults = to_come(received_on=received_on)
    if obligation.act.state != ActState.SIGNED:
        faults[""] = NOT_SIGNED
    if attachment is not None and attachment.convention_id != convention.pk:
        faults["attachment"] = "Cette pièce est rangée dans un autre dossier."
    refuse_if_any(faults)
    with transaction.atomic():
        report = ReportReceived.objects.create(
            obligation=obligation, received_on=received_on, attachment=attachment, spent=spent, recorded_by=by
        )
        details = {"compte_rendu": report.pk, "type": obligation.kind, "date": received_on}
        journal.record("compte_rendu_recu", by=by, convention=convention, details=details)
    return report


def accept_report(report: ReportReceived, *, accepted_on: datetime.date, by: User) -> ReportReceived:
    """Say that a report received is accepted. Raises PermissionDenied or Refused."""
    permissions.require(permissions.can_edit_conventions, by)
    convention = report.obligation.act.convention
    with transaction.atomic():
        journal.hold(convention)
        locked = ReportReceived.objects.select_for_update().get(pk=report.pk)
        faults = to_come(accepted_on=accepted_on)
        if locked.accepted_on is not None:
            faults["accepted_on"] = "Ce compte rendu est déjà accepté."
        elif locked.refused_on is not None:
            faults["accepted_on"] = "Ce compte rendu a été redemandé : acceptez celui qui le remplace."
        elif accepted_on < locked.received_on:
            faults["accepted_on"] = "L’acceptation précède la réception. Corrigez la date."
        refuse_if_any(faults)
        locked.accepted_on = accepted_on
        locked.save(update_fields=["accepted_on"])
        details = {"compte_rendu": locked.pk, "type": report.obligation.kind, "date": accepted_on}
        journal.record(
            "compte_rendu_accepte", by=by, convention=convention, details=details, holds_chain=True
        )
    return locked


def ask_again(report: ReportReceived, *, reason: str, by: User) -> ReportReceived:
    """Say why a report received does not do: the partner sends another. Raises PermissionDenied, Refused."""
    permissions.require(permissions.can_edit_conventions, by)
    convention = report.obligation.act.convention
    with transaction.atomic():
        journal.hold(convention)
        locked = ReportReceived.objects.select_for_update().get(pk=report.pk)
        faults = {} if reason.strip() else {"reason": "Dites ce qu’il faut reprendre."}
        if locked.accepted_on is not None:
            faults[""] = "Ce compte rendu est déjà accepté."
        elif locked.refused_on is not None:
            faults[""] = "Ce compte rendu est déjà redemandé."
        refuse_if_any(faults)
        locked.refused_on, locked.refusal = timezone.localdate(), reason.strip()
        locked.save(update_fields=["refused_on", "refusal"])
        details = {"compte_rendu": locked.pk, "type": report.obligation.kind}
        journal.record(
            "compte_rendu_redemande", by=by, convention=convention, details=details, holds_chain=True
        )
        outbox.queue("compte_rendu_a_reprendre", params={"compte_rendu": locked.pk}, convention=convention)
    return locked


def record_return(
    in_kind: InKind, *, returned_on: datetime.date, by: User, quantity: int | None = None, condition: str = ""
) -> Return:
    """Record that a loan came back, in whole (`quantity` None) or in part. Raises PermissionDenied or Refused."""
    permissions.require(permissions.can_edit_equipment, by)
    with transaction.atomic():
        locked = (
            InKind.objects.select_for_update(of=("self",))
            .select_related("act__convention")
            .get(pk=in_kind.pk)
        )
        refuse_if_any(_return_faults(locked, returned_on, quantity))
        back = Return.objects.create(
            in_kind=locked,
            returned_on=returned_on,
            quantity=quantity,
            condition=condition.strip(),
            recorded_by=by,
        )
        details = {"restitution": back.pk, "quantite": quantity, "date": returned_on}
        journal.record("pret_rendu", by=by, convention=locked.act.convention, details=details)
    return back


def _return_faults(in_kind: InKind, returned_on: datetime.date, quantity: int | None) -> dict[str, str]:
    faults = to_come(returned_on=returned_on)
    if in_kind.act.state != ActState.SIGNED:
        faults[""] = NOT_SIGNED
    elif not in_kind.is_lent:
        faults[""] = "Ce soutien n’est pas un prêt : rien n’est à rendre."
    if in_kind.starts_on and returned_on < in_kind.starts_on:
        faults.setdefault("returned_on", "Le retour précède le début du prêt. Corrigez la date.")
    earlier = Return.objects.filter(in_kind__line=in_kind.line)
    if earlier.filter(quantity=None).exists():
        faults[""] = "Ce prêt est déjà rendu en entier."
    elif quantity is not None and in_kind.quantity is not None:
        left = in_kind.quantity - (earlier.aggregate(total=Sum("quantity"))["total"] or 0)
        if quantity > left:
            told = counted(left, "objet reste", "objets restent")
            faults["quantity"] = f"{told} à rendre : vous en indiquez {quantity}."
    return faults
