"""A new file from five fields, a reprise, a renewal, a partner met on the way."""

import calendar
import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.acts.drafting import clauses, signatories
from conventions.domain.acts.drafting.saving import free_slug
from conventions.domain.foundation.refusals import Refused
from conventions.enums import (
    ActKind,
    ActOrigin,
    ActState,
    GrammaticalGender,
    ObligationKind,
    PartnerNature,
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
MASCULINE_NATURES = (PartnerNature.STATE, PartnerNature.PUBLIC_BODY, PartnerNature.OTHER)


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

    A reprise gets its parties only: its content is what the sources say, nothing is proposed. `act_values` are
    further columns of the act (signed_on, old_reference…).
    """
    permissions.require(permissions.can_edit_conventions, by)
    with transaction.atomic():
        convention = Convention.objects.create(
            title=title,
            slug=free_slug(Convention, title),
            kind=kind,
            officer=officer,
            renews=renews,
            plan=_plan_on(starts_on),
            press_contact=PressContact.objects.filter(active=True).first(),
            is_demo=partner.is_demo,
        )
        act = Act.objects.create(
            convention=convention,
            origin=origin,
            prepared_by=by,
            term_kind=_term_kind(origin, starts_on, ends_on),
            starts_on=starts_on,
            ends_on=ends_on,
            **act_values,
        )
        parties = _add_parties(convention, partner)
        if origin == ActOrigin.NEW:
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


def _add_parties(convention: Convention, partner: Partner) -> list[Party]:
    return Party.objects.bulk_create(
        [
            Party(convention=convention, partner=Partner.objects.opt(), role=PartyRole.OPT, position=0),
            Party(convention=convention, partner=partner, role=PartyRole.BENEFICIARY, position=1),
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


def create_partner(name: str, *, nature: PartnerNature, by: User, acronym: str = "") -> Partner:
    """A partner known by its name only; the rest is filled in later on its own page.

    Raises Refused when one of that name exists: accents, case and hyphens do not count.
    """
    permissions.require(permissions.can_edit_partners, by)
    twin = Partner.objects.lookalikes(name, acronym).first()
    if twin is not None:
        raise Refused(f"« {twin} » existe déjà. Choisissez ce partenaire dans la liste.")
    gender = GrammaticalGender.MASCULINE if nature in MASCULINE_NATURES else GrammaticalGender.FEMININE
    with transaction.atomic():
        partner = Partner.objects.create(
            name=name, acronym=acronym, nature=nature, gender=gender, slug=free_slug(Partner, name)
        )
        journal.record("partenaire_cree", by=by, partner=partner, details={"nature": str(nature)})
    return partner


def is_renewable(acts: list[Act]) -> bool:
    """Whether the page offers to renew a convention of these acts, in order: signed, and not terminated."""
    ended = any(act.kind == ActKind.TERMINATION and act.state == ActState.SIGNED for act in acts)
    return acts[0].state == ActState.SIGNED and not ended


def renew(convention: Convention, *, by: User) -> Convention:
    """A new file for the year that follows, linked to this one and prefilled from it.

    Nothing that was promised is copied: amounts, equipment and dates of the new act are decided anew; signatories are
    those in office today. Raises Refused when the convention is not signed or was terminated, when a renewal is already
    being prepared or the other party is unknown.
    """
    permissions.require(permissions.can_edit_conventions, by)
    if not convention.acts.signed().filter(rank=0).exists():
        raise Refused("Cette convention n’est pas encore signée : modifiez-la plutôt que de la renouveler.")
    if convention.acts.signed_terminations().exists():
        raise Refused(
            "Cette convention est résiliée : elle ne se renouvelle pas. Créez une nouvelle convention."
        )
    existing = convention.renewals.first()
    if existing is not None:
        raise Refused(f"Cette convention a déjà un renouvellement : « {existing} ».")
    parties = list(convention.parties.select_related("partner").order_by("position", "pk"))
    other = next((party for party in parties if not party.partner.is_opt), None)
    if other is None:
        raise Refused("Cette convention n’a pas d’autre partie que l’OPT-NC : ajoutez-la d’abord.")
    starts_on, ends_on = _following_term(convention)
    with transaction.atomic():
        made = create_convention(
            by=by,
            partner=other.partner,
            kind=convention.kind,
            title=convention.title,
            starts_on=starts_on,
            ends_on=ends_on,
            officer=convention.officer or by,
            renews=convention,
        )
        _carry_over(convention, made, [party for party in parties if party.partner_id != other.partner_id])
    return made


def _carry_over(old: Convention, new: Convention, others: list[Party]) -> None:
    """What describes the project rather than a promise: purpose, project, themes, further parties, preamble."""
    for name in ("purpose", "project", "press_contact", "public_summary", "is_demo"):
        setattr(new, name, getattr(old, name))
    new.save()
    for name in ("areas", "themes", "values", "final_beneficiaries"):
        getattr(new, name).set(getattr(old, name).all())
    further = [party for party in others if not party.partner.is_opt]
    added = Party.objects.bulk_create(
        Party(convention=new, partner=party.partner, role=party.role, position=rank)
        for rank, party in enumerate(further, start=2)
    )
    act = new.acts.get()
    signatories.propose_signatories(act, added)
    act.preamble = old.acts.get(rank=0).preamble
    act.save(update_fields=["preamble", "updated_at"])
    new.save(update_fields=["search_key"])


def _following_term(convention: Convention) -> tuple[datetime.date, datetime.date]:
    """The day after the last period and as long again; without a known term, the next calendar year."""
    row = Convention.objects.with_status().get(pk=convention.pk)
    if row.last_start and row.current_end:
        length = row.current_end - row.last_start
        start = row.current_end + datetime.timedelta(days=1)
        if (start.day, start.month) == (row.last_start.day, row.last_start.month):
            years = start.year - row.last_start.year
            return start, _shift_years(row.current_end, years)
        return start, start + length
    year = timezone.localdate().year + 1
    return datetime.date(year, 1, 1), datetime.date(year, 12, 31)


def _shift_years(day: datetime.date, years: int) -> datetime.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return datetime.date(day.year + years, 2, 28)
