"""What associations sent from their space, and what a change of president leaves to do: one query per kind of row."""

import datetime
from dataclasses import replace
from typing import Any

from django.db.models import (
    BigIntegerField,
    CharField,
    Exists,
    Model,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from conventions.domain.worklist.acts import AWAITING_INK
from conventions.domain.worklist.dated import convention_task, from_party
from conventions.domain.worklist.tasks import Scope, Task
from conventions.enums import ActOrigin, Event, Role
from conventions.formats import NBSP, elide
from conventions.models import (
    Act,
    AddressChange,
    BankProposal,
    Convention,
    DeviceEvent,
    Handover,
    MandateProposal,
    ReportReceived,
    Representative,
    Signatory,
    Thread,
)

MISSING_DAYS = 60


def proposals_waiting(scope: Scope) -> list[Task]:
    """Accounts and mandates that associations propose, addresses that a colleague asked for: one query for all."""
    asked = _proposed(BankProposal, "RIB à examiner", scope).union(
        _proposed(MandateProposal, "Mandat à examiner", scope), _addresses(scope), all=True
    )
    return [
        Task(
            title=title,
            key=key,
            why=why,
            page="addresses" if asker else "proposals",
            pk=partner,
            since=timezone.localtime(sent_at).date(),
            not_for=frozenset({asker} - {0}),
            is_demo=is_demo,
        )
        for title, key, why, partner, sent_at, is_demo, asker in asked
    ]


def _of_kind(model: type[Model], rows: Any, scope: Scope) -> Any:
    """Narrowed to the key looked for, which says its kind: « bankproposal:12 »."""
    kind, _colon, pk = scope.key.partition(":")
    if scope.key and (kind != model._meta.model_name or not pk):
        return rows.none()
    return replace(scope, key=pk).only(rows)


def _key(model: type[Model]) -> Concat:
    return Concat(Value(f"{model._meta.model_name}:"), Cast("pk", CharField()))


def _proposed(model: type[BankProposal | MandateProposal], why: str, scope: Scope) -> QuerySet[Any, tuple]:
    """What a task tells of the proposals of one kind; a partner nobody is in charge of waits for every officer."""
    rows = _of_kind(model, model.objects.waiting().order_by(), scope)
    if scope.officer_id is not None:
        followed = Convention.objects.filter(parties__partner=OuterRef("partner"))
        mine = followed.filter(officer=scope.officer_id)
        rows = rows.filter(Exists(mine) | ~Exists(followed.filter(officer__isnull=False)))
    told = ("partner", "sent_at", "partner__is_demo", Value(0, output_field=BigIntegerField()))
    return rows.values_list("partner__name", _key(model), Value(why), *told)


def _addresses(scope: Scope) -> QuerySet[Any, tuple]:
    """The same of sign-in addresses that one member of staff asked for: each waits for any other one."""
    mandate = Representative.objects.in_office(on=scope.today).filter(user=OuterRef("user")).order_by("pk")
    rows = _of_kind(AddressChange, AddressChange.objects.to_approve().order_by(), scope)
    first = {
        name: Subquery(mandate.values(path)[:1])
        for name, path in (("named", "partner__name"), ("partner", "partner"), ("demo", "partner__is_demo"))
    }
    rows = rows.filter(Exists(mandate)).annotate(**first)
    why = Value("Adresse de connexion à approuver")
    return rows.values_list("named", _key(AddressChange), why, "partner", "created_at", "demo", "asked_by")


def messages_waiting(scope: Scope) -> list[Task]:
    """Threads whose last word is the association's; for who is only a lawyer, those on an article."""
    rows = scope.of(Thread.objects.filter(waits_for_staff=True)).select_related("convention", "partner")
    reader = scope.reader
    if reader is not None and not reader.is_superuser and Role.OFFICER not in reader.roles:
        rows = rows.filter(on_clause=True)
    return [
        convention_task(
            row.convention,
            f"{row.partner.short_name}{NBSP}: {row.subject}",
            key=str(row.pk),
            since=timezone.localtime(row.updated_at).date(),
            page="messages",
            anchor=f"echange-{row.pk}",
        )
        for row in rows
    ]


def reports_to_accept(scope: Scope) -> list[Task]:
    """Reports received that nobody accepted nor asked for again."""
    accepted = ReportReceived.objects.filter(
        obligation__line=OuterRef("obligation__line"), accepted_on__isnull=False
    )
    rows = ReportReceived.objects.filter(accepted_on=None, refused_on=None).exclude(Exists(accepted))
    rows = scope.of(rows, "obligation__act__convention")
    rows = rows.select_related("obligation__act__convention", "obligation__party__partner")
    return [
        convention_task(
            row.obligation.act.convention,
            from_party(row.obligation),
            key=str(row.pk),
            since=row.received_on,
            page="suivi",
            anchor="comptes-rendus",
        )
        for row in rows
    ]


def handovers_incomplete(scope: Scope) -> list[Task]:
    """Remises of which the association says that something is missing, lately."""
    since = timezone.now() - datetime.timedelta(days=MISSING_DAYS)
    rows = Handover.objects.filter(acknowledged_at__gte=since).exclude(missing="")
    settled = DeviceEvent.objects.filter(handover=OuterRef("pk"), details__has_key="suite")
    rows = rows.exclude(Exists(settled))
    rows = scope.of(rows, "act__convention").select_related("act__convention")
    return [
        convention_task(
            row.act.convention,
            row.missing,
            key=str(row.pk),
            since=timezone.localtime(row.acknowledged_at).date(),
            page="suivi",
            anchor="materiel",
        )
        for row in rows
    ]


def signatories_gone(scope: Scope) -> list[Task]:
    """Acts to sign that name somebody whose mandate is over: nobody can sign in that name any more."""
    rows = Signatory.objects.filter(
        act__in=Act.objects.of_open_files().filter(state__in=AWAITING_INK).values("pk"),
        act__origin=ActOrigin.NEW,
        signed_on=None,
        representative__mandate_end__lt=scope.today,
        party__partner__is_opt=False,
    )
    rows = scope.of(rows, "act__convention").select_related("act__convention", "representative")
    return [
        convention_task(
            row.act.convention,
            f"Le mandat {elide('de', str(row))} a pris fin. Reprenez le texte, puis inscrivez son successeur",
            key=str(row.pk),
            since=row.representative.mandate_end if row.representative else None,
            rank=row.act.rank,
            event=Event.TAKE_BACK,
        )
        for row in rows
    ]
