"""A new file from five fields, a reprise."""

import datetime
from typing import Any

from django.db import transaction

from conventions import permissions
from conventions.domain import journal
from conventions.domain.acts.drafting import clauses, signatories, usual_duties
from conventions.domain.acts.drafting.newcomers import free_slug
from conventions.enums import (
    ActOrigin,
    PartyRole,
    TermKind,
)
from conventions.models import Act, Convention, Kind, Partner, Party, Plan, PressContact, User


def create_convention(
    *,
    by: User,
    partner: Partner,
    kind: Kind,
    title: str,
    starts_on: datetime.date | None,
    ends_on: datetime.date | None,
    officer: User | None,
    origin: ActOrigin = ActOrigin.NEW,
    renews: Convention | None = None,
    **act_values: Any,
) -> Convention:
    """A draft with its parties, usual signatories, articles and usual obligations (dates are plain, in Nouméa).

    A reprise gets its parties only, whose part in it nobody said: its content is what the sources say, nothing is
    proposed. `act_values` are further columns of the act (signed_on, old_reference…).
    """
    permissions.require(permissions.can_edit_conventions, by)
    is_new = origin == ActOrigin.NEW
    with transaction.atomic():
        convention = Convention.objects.create(
            title=title,
            slug=free_slug(Convention, title),
            kind=kind,
            officer=officer,
            renews=renews,
            plan=_plan_on(starts_on) if is_new else None,
            press_contact=PressContact.objects.filter(active=True).first() if is_new else None,
            is_demo=partner.is_demo,
        )
        act = Act.objects.create(
            convention=convention,
            origin=origin,
            prepared_by=by,
            term_kind=_term_kind(origin, starts_on, ends_on),
            starts_on=starts_on,
            ends_on=ends_on,
            **({} if is_new else {"place": ""}) | act_values,
        )
        parties = _add_parties(convention, partner, PartyRole.BENEFICIARY if is_new else PartyRole.PARTY)
        if is_new:
            signatories.propose_signatories(act, parties)
            usual_duties.add(act, parties[-1])
            clauses.choose_clauses(act)
        convention.save(update_fields=["search_key"])
        details = {"acte": act.pk, "origine": str(origin), "partenaire": partner.pk, "version": 1}
        if renews is not None:
            details["renouvelle"] = renews.pk
        journal.record("convention_creee", by=by, convention=convention, details=details)
    return convention


def _term_kind(origin: ActOrigin, starts_on: datetime.date | None, ends_on: datetime.date | None) -> TermKind:
    if origin == ActOrigin.REPRISE and not (starts_on or ends_on):
        return TermKind.UNKNOWN
    return TermKind.DATES


def _plan_on(day: datetime.date | None) -> Plan | None:
    """The only plan that covers the day; a plan without dates covers any, two leave the choice to people."""
    plans = [
        plan
        for plan in Plan.objects.filter(active=True)
        if day is None
        or (
            (plan.starts_on is None or plan.starts_on <= day)
            and (plan.ends_on is None or plan.ends_on >= day)
        )
    ]
    return plans[0] if len(plans) == 1 else None


def _add_parties(convention: Convention, partner: Partner, role: PartyRole) -> list[Party]:
    return Party.objects.bulk_create(
        [
            Party(convention=convention, partner=Partner.objects.opt(), role=PartyRole.OPT, position=0),
            Party(convention=convention, partner=partner, role=role, position=1),
        ]
    )
