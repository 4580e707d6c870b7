"""What waits after a signature, before an end, or for a reader: one query per kind, whatever the number of rows."""

import datetime
from collections import defaultdict
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When, prefetch_related_objects
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from conventions import permissions
from conventions.domain.documents import sealing
from conventions.domain.foundation.mail_catalogue import title_of
from conventions.domain.worklist.tasks import Scope, Task
from conventions.enums import ActOrigin, ConventionStatus, PressState, Transfer
from conventions.formats import (
    NBSP,
    as_phrase,
    bare_label,
    capitalise,
    join_first,
    plural,
    show_number,
    show_xpf,
)
from conventions.models import (
    Act,
    Bounds,
    Convention,
    Delegation,
    EquipmentItem,
    EquipmentTerm,
    InKind,
    InstalmentTerm,
    Obligation,
    OutgoingMail,
    Party,
    Payment,
    PressRelease,
    ReportReceived,
    Representative,
    Return,
)
from conventions.models.bounds import REPORTS
from conventions.money_enums import OPEN, STANDING, PaymentState

MANDATE_DAYS = 60
LISTED = 8  # lines of equipment in a reminder
LENT_LISTED = 40  # devices to give back, in one
FAILED_DAYS = 30  # a mail that failed longer ago is no longer worth a line


def convention_task(convention: Convention, why: str = "", **values: Any) -> Task:
    values.setdefault("key", str(convention.pk))
    return Task(
        title=convention.title,
        why=why,
        pk=convention.pk,
        officer=convention.officer_id,
        is_demo=convention.is_demo,
        **values,
    )


def to_publish(scope: Scope) -> list[Task]:
    """Signed conventions that have no page yet."""
    rows = Convention.objects.to_publish().annotate(day=_signed_on())
    return [convention_task(row, "Signée, pas encore publiée", since=row.day) for row in scope.of(rows, "")]


def _signed_on() -> Subquery:
    """Since when it waits: the signature or, of an act of paper, the day it was attested or begun here."""
    recorded = Case(
        When(origin=ActOrigin.REPRISE, then=TruncDate(Coalesce("attested_at", "created_at"))),
        default=F("signed_on"),
    )
    acts = Act.objects.filter(convention=OuterRef("pk"), rank=0).annotate(waits_since=recorded)
    return Subquery(acts.values("waits_since")[:1])


def _awaited(rows: Any, date: str) -> Any:
    """Without what an act of paper wanted before it was recorded here: it tells the past, it waits for nobody."""
    recorded = TruncDate("act__created_at")
    return rows.exclude(Q(act__origin=ActOrigin.REPRISE) & Q(**{f"{date}__lt": recorded}))


def press_drafts(scope: Scope) -> list[Task]:
    rows = scope.only(PressRelease.objects.filter(state=PressState.DRAFT))
    return [
        Task(
            title=row.title,
            key=str(row.pk),
            why="Texte à relire",
            page="pressrelease",
            pk=row.pk,
            since=row.dateline,
            is_demo=row.is_demo,
        )
        for row in rows
    ]


def reports_due(scope: Scope) -> list[Task]:
    """Reports that current obligations ask for and nobody received."""
    received = ReportReceived.objects.filter(obligation__line=OuterRef("line"), refused_on=None)
    owed = scope.owed(Obligation.objects.current().filter(kind__in=REPORTS, due_on__lte=scope.soon))
    rows = _awaited(owed, "due_on").exclude(Exists(received))
    rows = scope.of(rows, "act__convention", key="line").select_related("act__convention", "party__partner")
    return [
        convention_task(
            row.act.convention,
            from_party(row),
            key=str(row.line),
            due=row.due_on,
            page="suivi",
            anchor="comptes-rendus",
            owed=str(row.get_kind_display()),
            terms=(row.text, row.proof and f"Ce qui en fait foi{NBSP}: {row.proof}"),
            party=row.party_id,
        )
        for row in rows
    ]


def from_party(row: Obligation) -> str:
    label = str(row.get_kind_display()).capitalize()
    return f"{label}{NBSP}: {row.party.partner.short_name}" if row.party else label


def loans_due(scope: Scope) -> list[Task]:
    """What was lent and is to come back: supports in kind, then devices line by line."""
    return [*_supports_due(scope), *_devices_due(scope)]


def _devices_due(scope: Scope) -> list[Task]:
    """Lines of devices lent, handed over, of which some are not back: each of those is named."""
    out = EquipmentItem.objects.lent_out()
    lent = EquipmentTerm.objects.current().filter(transfer=Transfer.LENT, return_on__lte=scope.soon)
    lent = lent.filter(Exists(out.filter(equipment__line=OuterRef("line"))))
    rows = list(scope.of(lent, "act__convention", key="line").select_related("act__convention"))
    awaited = _marks(out, [row.line for row in rows])
    return [
        convention_task(
            row.act.convention,
            bare_label(row.nature),
            key=str(row.line),
            due=row.return_on,
            page="suivi",
            anchor="materiel",
            owed=f"retour du matériel prêté, {as_phrase(row.nature)}",
            terms=(f"À rendre{NBSP}: {join_first(awaited[row.line], LENT_LISTED)}",),
        )
        for row in rows
    ]


def _marks(items: QuerySet[EquipmentItem], lines: list[UUID]) -> dict[UUID, list[str]]:
    """How each device of these lines is named."""
    found = defaultdict(list)
    for item in items.filter(equipment__line__in=lines).select_related("equipment").order_by("pk"):
        found[item.equipment.line].append(str(item))
    return found


def _supports_due(scope: Scope) -> list[Task]:
    returned = Return.objects.filter(in_kind__line=OuterRef("line"))
    lent = scope.owed(InKind.objects.current().filter(return_on__lte=scope.soon))
    rows = _awaited(lent, "return_on").exclude(Exists(returned))
    rows = scope.of(rows, "act__convention", key="line").select_related("act__convention")
    return [
        convention_task(
            row.act.convention,
            bare_label(row.description),
            key=str(row.line),
            due=row.return_on,
            page="suivi",
            anchor="prets",
            owed=f"retour du prêt, {as_phrase(row.description)}",
            terms=(row.conditions,),
        )
        for row in rows
    ]


def to_hand_over(scope: Scope) -> list[Task]:
    """Signed conventions whose equipment nobody handed over; a reprise tells the past, it waits for nobody."""
    waiting = Bounds.objects.filter(to_hand_over=True).conventions()
    rows = EquipmentTerm.objects.current().filter(act__convention__in=waiting)
    rows = rows.exclude(act__origin=ActOrigin.REPRISE)
    rows = scope.of(rows, "act__convention", key="act__convention").select_related("act__convention")
    found: dict[int, list[EquipmentTerm]] = {}
    for row in rows:
        found.setdefault(row.act.convention_id, []).append(row)
    return [_handover_task(lines) for lines in found.values()]


def _handover_task(lines: list[EquipmentTerm]) -> Task:
    """To fetch what a convention gives or lends; where and before when, as its first line says."""
    first = lines[0]
    several = [f"{show_number(row.quantity)}{NBSP}× {row}" if row.quantity else str(row) for row in lines]
    return convention_task(
        first.act.convention,
        "Matériel à effacer puis à remettre",
        since=first.act.signed_on,
        due=first.pickup_by,
        page="suivi",
        anchor="materiel",
        owed="enlèvement du matériel" if first.pickup_by else "",
        terms=(
            first.pickup and f"À retirer{NBSP}: {first.pickup}",
            f"{plural(len(lines), 'Ligne')} de matériel{NBSP}: {join_first(several, LISTED)}",
        ),
    )


def renewals_due(scope: Scope) -> list[Task]:
    rows = Convention.objects.in_state(ConventionStatus.TO_RENEW, on=scope.today)
    return [
        convention_task(row, "Fin proche, sans suite préparée", due=row.current_end)
        for row in scope.of(rows, "")
    ]


def mandates_ending(scope: Scope) -> list[Task]:
    """Mandates that end soon, at partners with a convention in preparation or signed."""
    limit = scope.today + datetime.timedelta(days=MANDATE_DAYS)
    parties = Party.objects.filter(partner=OuterRef("partner"))
    live = replace(scope, key="").of(parties).exclude(convention__closed_on__isnull=False)
    rows = Representative.objects.filter(mandate_end__gte=scope.today, mandate_end__lte=limit)
    rows = scope.only(rows.filter(Exists(live))).select_related("partner")
    return [
        Task(
            title=f"{row}, {row.title}",
            key=str(row.pk),
            why=str(row.partner),
            page="partner",
            pk=row.partner_id,
            due=row.mandate_end,
            is_demo=row.partner.is_demo,
        )
        for row in rows
    ]


def instalments_due(scope: Scope) -> list[Task]:
    """Instalments promised that were neither sent to the accountant nor paid, or that came back."""
    paid = Payment.objects.standing().filter(instalment__line=OuterRef("line"))
    promised = scope.owed(InstalmentTerm.objects.current().filter(due_on__lte=scope.soon))
    rows = _awaited(promised, "due_on").exclude(Exists(paid))
    rows = scope.of(rows, "act__convention", key="line").select_related("act__convention")
    return [
        convention_task(
            row.act.convention,
            capitalise(bare_label(row.label)),
            key=str(row.line),
            due=row.due_on,
            page="suivi",
            anchor="versements",
        )
        for row in rows
    ]


def payments_waiting(scope: Scope) -> list[Task]:
    """Payments sent to the accountant, neither paid nor sent back; never for who prepares files and sent one."""
    waiting = scope.of(Payment.objects.waiting())
    rows = list(waiting.select_related("convention", "instalment"))
    refused = _refused_senders(rows, scope)
    return [
        convention_task(
            row.convention,
            _payment_words(row),
            key=str(row.pk),
            since=row.sent_on,
            page="suivi",
            url=row.address,
            not_for=refused & {row.position.sent_by_id},
        )
        for row in rows
    ]


def payments_to_settle(scope: Scope) -> list[Task]:
    """Payments sent back or rejected that nothing has replaced since, and those paid too much until it comes back."""
    later = Payment.objects.in_state(*OPEN, *STANDING).filter(
        convention=OuterRef("convention"), pk__gt=OuterRef("pk")
    )
    back = Q(position__state__in=(PaymentState.RETURNED, PaymentState.REJECTED)) & ~Q(Exists(later))
    rows = scope.of(Payment.objects.filter(Q(position__state=PaymentState.OVERPAID) | back))
    return [
        convention_task(
            row.convention,
            f"{capitalise(str(row.position.get_state_display()))}{NBSP}: {_payment_words(row)}",
            key=str(row.pk),
            since=row.returned_on or row.paid_on,
            page="suivi",
            url=row.address,
        )
        for row in rows.select_related("convention", "instalment")
    ]


def _payment_words(payment: Payment) -> str:
    """« 500 000 F CFP, solde, Association X »."""
    parts = [show_xpf(payment.position.to_reverse or payment.amount)]
    if payment.instalment is not None:
        parts.append(payment.instalment.label)
    if payment.bank_account is not None:
        parts.append(payment.bank_account.partner.short_name)
    return ", ".join(parts)


def _refused_senders(payments: list[Payment], scope: Scope) -> frozenset[int]:
    """Those whom `following.mark_paid` refuses on what they sent: the reader or, when nobody asks, any sender."""
    if scope.reader is not None:
        senders = [scope.reader]
    else:
        senders = [row.position.sent_by for row in payments if row.position.sent_by]
        prefetch_related_objects(senders, "groups")
    return frozenset(sender.pk for sender in senders if permissions.can_edit_conventions(sender))


def mails_failed(scope: Scope) -> list[Task]:
    """Mails about a file that were given up lately and not sent again."""
    since = timezone.now() - datetime.timedelta(days=FAILED_DAYS)
    rows = OutgoingMail.objects.failed().filter(convention__isnull=False, created_at__gte=since)
    return [
        Task(
            title=row.convention.title,
            key=str(row.pk),
            why=f"{title_of(row.template)}{NBSP}: {row.error}",
            page="outgoingmail",
            pk=row.pk,
            since=timezone.localtime(row.created_at).date(),
            officer=row.convention.officer_id,
            is_demo=row.convention.is_demo,
        )
        for row in scope.of(rows).select_related("convention")
        if row.convention
    ]


def absences_alone(scope: Scope) -> list[Task]:
    """Signatories of OPT-NC who are away, or about to be, and whom nobody replaces."""
    rows = Delegation.objects.without_deputy().filter(starts_on__lte=scope.soon)
    rows = scope.only(rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=scope.today)))
    return [
        Task(
            title=f"{row.absent}, {row.absent.title}",
            key=str(row.pk),
            why=f"Absence {row.period}, personne n’est désigné pour signer",
            page="delegation",
            pk=row.pk,
            due=row.starts_on if row.starts_on >= scope.today else None,
            since=row.starts_on,
            is_demo=row.is_demo,
        )
        for row in rows.select_related("absent")
    ]


def seal_alerts(scope: Scope) -> list[Task]:
    """The certificate of the seal expires, or cannot be read: for superusers, whom no rule leaves out."""
    return [Task(title=warning, key="sceau", page="sceau") for warning in sealing.warnings()]
