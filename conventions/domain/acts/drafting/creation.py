"""A new file from five fields, a reprise."""

import calendar
import datetime
from typing import Any

from django.db import transaction

from conventions import permissions
from conventions.domain import journal
from conventions.domain.acts.drafting import clauses, signatories
from conventions.domain.acts.drafting.newcomers import free_slug
from conventions.enums import (
    ActOrigin,
    ObligationKind,
    PartyRole,
    TermKind,
)
from conventions.formats import bare_label, long_date
from conventions.models import Act, Convention, Kind, Obligation, Partner, Party, Plan, PressContact, User

YEAR_END = (31, 12)  # of an association whose accounting year is not known
REPORT_MONTHS = 6  # a financial report is due within six months of the end of the accounting year
REPORT_TEXT = "Remettre le compte rendu d’emploi du soutien, signé par la personne habilitée."
REPORT_WORDING = "dans les six mois qui suivent la fin de chaque exercice comptable concerné"
LOAN_KIND = "mise_a_disposition"  # as delivered: nothing is paid, so no use of money is reported
REVIEW_TEXT = "Remettre un bilan du projet : actions menées, personnes touchées, difficultés."
VISIBILITY_TEXT = "Mentionner le soutien de l’OPT-NC sur les supports de communication du projet."


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
            _add_usual_obligations(act, parties[-1])
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


def accounting_years(
    starts_on: datetime.date | None, ends_on: datetime.date | None, year_end: tuple[int, int] = YEAR_END
) -> list[datetime.date]:
    """The last day of each accounting year that the term touches; none without an end. `year_end`: day and month."""
    if ends_on is None:
        return []
    first = starts_on or ends_on
    ends = [_day_of(year, *year_end) for year in range(first.year, ends_on.year + 2)]
    return [
        end
        for before, end in zip([datetime.date.min, *ends], ends, strict=False)
        if end >= first and before < ends_on
    ]


def report_due_on(year_end: datetime.date) -> datetime.date:
    """Six months after the end of an accounting year, at the end of the month if the year ends so."""
    months = year_end.month + REPORT_MONTHS
    year, month = year_end.year + (months - 1) // 12, (months - 1) % 12 + 1
    ends_month = (year_end + datetime.timedelta(days=1)).day == 1
    return _day_of(year, 31 if ends_month else year_end.day, month)


def _day_of(year: int, day: int, month: int) -> datetime.date:
    """This day, or the last of the month where the month is shorter."""
    return datetime.date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _add_usual_obligations(act: Act, beneficiary: Party) -> None:
    paid = act.convention.kind.slug != LOAN_KIND
    reports = _reports(act, beneficiary.partner) if paid else []
    usual = [
        *((ObligationKind.FINANCIAL_REPORT, *report) for report in reports),
        (ObligationKind.REVIEW, REVIEW_TEXT, act.ends_on, ""),
        (ObligationKind.VISIBILITY, VISIBILITY_TEXT, None, "pendant la durée de la convention"),
    ]
    Obligation.objects.bulk_create(
        Obligation(
            act=act, party=beneficiary, kind=kind, text=text, due_on=due, due_wording=wording, position=rank
        )
        for rank, (kind, text, due, wording) in enumerate(usual)
    )


def _reports(act: Act, partner: Partner) -> list[tuple[str, datetime.date | None, str]]:
    """(text, due date, words) of a report for each accounting year: its date alone, or words where no date is known."""
    known = partner.year_end_day is not None and partner.year_end_month is not None
    year_end = (partner.year_end_day or 0, partner.year_end_month or 0) if known else YEAR_END
    years = accounting_years(act.starts_on, act.ends_on, year_end)
    if not years:
        return [(REPORT_TEXT, None, REPORT_WORDING)]
    if len(years) == 1 and not known:
        return [(REPORT_TEXT, report_due_on(years[0]), "")]
    said = bare_label(REPORT_TEXT)
    return [
        (
            f"{said}, pour l’{'exercice clos le ' + long_date(end) if known else f'année {end.year}'}.",
            report_due_on(end),
            "",
        )
        for end in years
    ]
