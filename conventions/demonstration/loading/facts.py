"""What happened after the invented signatures: payments, equipment, reports, returns, reviews, closings."""

import datetime
from dataclasses import replace

from django.db.models import Exists, OuterRef
from django.utils import timezone

from conventions.demonstration.loading import papers
from conventions.demonstration.loading.accounts import Team
from conventions.demonstration.loading.clock import standing_at
from conventions.demonstration.loading.partners import add_bank_account
from conventions.demonstration.loading.uploads import pdf_upload
from conventions.demonstration.plan.fictive.goods import serials
from conventions.demonstration.plan.shapes import ConventionPlan, PaymentPlan, ReportPlan
from conventions.domain import following, space
from conventions.domain.acts import handover
from conventions.domain.documents import attachments
from conventions.domain.equipment import media
from conventions.domain.money import queries
from conventions.domain.people import bank_accounts
from conventions.enums import AttachmentKind, ObligationKind
from conventions.equipment_enums import SanitisationTechnique
from conventions.models import (
    Act,
    Attachment,
    BankAccount,
    Convention,
    EquipmentItem,
    Funding,
    Handover,
    InstalmentTerm,
    Payment,
    Representative,
    User,
)

CONDITION = "bon état"
HANDOVER_PLACE = "Nouméa"
LATELY = datetime.timedelta(days=170)
SENT_AGO = tuple(datetime.timedelta(days=days) for days in (23, 9, 2))


def record_facts(convention: Convention, row: ConventionPlan, team: Team) -> None:
    """Every fact of the plan, on its day, by the person whose work it is."""
    act = convention.acts.get(rank=0)
    _payments(convention, act, row, team)
    _reports(convention, act, row, team)
    _returns(convention, act, row, team)
    if row.handover is not None:
        _equipment(act, row, team)
    _closing(convention, row, team)


def _payments(convention: Convention, act: Act, row: ConventionPlan, team: Team) -> None:
    """Sent by the officer, paid by the accountant, each on its day."""
    terms = list(act.instalmentterm_set.order_by("position"))
    for rank, line in enumerate(row.payments, start=1):
        term = terms[line.instalment] if line.instalment is not None else None
        for part, (funding, amount) in enumerate(_parts(act, line.amount)):
            reference = f"FICTIF-M{convention.pk:03d}{rank}" + ("" if part == 0 else f"-{part + 1}")
            one = replace(line, amount=amount)
            _pay(
                convention, one, funding, None if part else term, reference, team.officers[row.officer], team
            )


def _pay(
    convention: Convention,
    line: PaymentPlan,
    funding: Funding | None,
    term: InstalmentTerm | None,
    reference: str,
    officer: User,
    team: Team,
) -> None:
    account = _account(convention, team)
    with standing_at(line.sent_on):
        payment = following.record_payment(
            convention,
            funding=funding,
            instalment=term,
            bank_account=account,
            amount=line.amount,
            sent_on=line.sent_on,
            by=_sender(account, officer, team),
        )
    if line.paid_on is None:
        return
    with standing_at(line.paid_on):
        change = following.account_change(payment, [account])
        following.mark_paid(
            payment,
            paid_on=line.paid_on,
            reference=reference,
            confirmed=change.key if change else "",
            by=team.accountant,
        )


def _parts(act: Act, amount: int) -> list[tuple[Funding | None, int]]:
    """On which lines of its convention a sum is paid, in their order: what one has no room for goes on the next."""
    found: list[tuple[Funding | None, int]] = []
    rows = Funding.objects.current().granted().filter(act__convention=act.convention)
    for row in rows.order_by("position", "pk"):
        left = queries.left_on(row)
        part = amount if left is None else min(amount, max(left, 0))
        if part:
            found.append((row, part))
            amount -= part
    return [*found, (None, amount)] if amount else found


def _account(convention: Convention, team: Team) -> BankAccount:
    """The one its partner is paid on: recorded before a first payment is asked for."""
    partners = [
        party.partner for party in convention.parties.filter(partner__is_opt=False).order_by("position", "pk")
    ]
    found = BankAccount.objects.filter(partner__in=partners, active=True).first()
    return found or add_bank_account(partners[0], team)


def send_lately(team: Team, today: datetime.date) -> None:
    """The next instalments are sent and wait for the accountant; the oldest one's account changed since."""
    if Payment.objects.waiting().filter(convention__is_demo=True).exists():
        return
    ended = Payment.objects.standing().filter(instalment__line=OuterRef("line"))
    coming = InstalmentTerm.objects.current().filter(due_on__gte=today, amount__isnull=False)
    coming = coming.filter(act__convention__is_demo=True, act__convention__closed_on=None)
    rows = coming.exclude(Exists(ended)).select_related("act__convention").order_by("due_on", "pk")
    sent = [_send(row, today - ago, team) for row, ago in zip(rows[: len(SENT_AGO)], SENT_AGO, strict=False)]
    if sent and sent[0].bank_account is not None:
        former = sent[0].bank_account
        add_bank_account(former.partner, team, changed=True)
        bank_accounts.set_active(former, False, by=team.officers[0])


def _send(row: InstalmentTerm, day: datetime.date, team: Team) -> Payment:
    convention, account = row.act.convention, _account(row.act.convention, team)
    day = max(day, row.act.signed_on or day)
    funding, amount = _parts(row.act, row.amount or 0)[0]
    with standing_at(day):
        return following.record_payment(
            convention,
            amount=amount,
            sent_on=day,
            funding=funding,
            instalment=row,
            bank_account=account,
            by=_sender(account, team.officers[0], team),
        )


def _sender(account: BankAccount | None, officer: User, team: Team) -> User:
    """Who accepted an account asks no payment on it: a colleague does."""
    accepted = account.accepted_by_id if account else None
    return next(one for one in (officer, *team.officers) if one.pk != accepted)


def _reports(convention: Convention, act: Act, row: ConventionPlan, team: Team) -> None:
    officer = team.officers[row.officer]
    for line in row.reports:
        asked = act.obligation_set.filter(kind=line.kind, reports=None)  # one for each accounting year
        obligation = asked.order_by("due_on", "position").first()
        if obligation is None:  # an amendment gave more time, and asks for no more
            continue
        with standing_at(line.accepted_on or line.received_on):
            report = following.record_report(
                obligation,
                received_on=line.received_on,
                spent=line.spent,
                attachment=_report_file(convention, line, officer),
                by=officer,
            )
            if line.accepted_on is not None:
                following.accept_report(report, accepted_on=line.accepted_on, by=officer)


def _report_file(convention: Convention, line: ReportPlan, officer: User) -> Attachment:
    is_financial = line.kind == ObligationKind.FINANCIAL_REPORT
    title = "Compte rendu d’emploi" if is_financial else "Bilan du projet"
    content = papers.sheet(title, "Pièce de démonstration : aucune somme ici n’a été dépensée.")
    return attachments.file_upload(
        pdf_upload(title, content),
        kind=AttachmentKind.REPORT,
        by=officer,
        title=f"{title} (fictif)",
        convention=convention,
    )


def _returns(convention: Convention, act: Act, row: ConventionPlan, team: Team) -> None:
    for term, line in zip(act.inkind_set.order_by("position")[: len(row.in_kind)], row.in_kind, strict=True):
        if line.returned_on is None:
            continue
        with standing_at(line.returned_on):
            following.record_return(
                term,
                returned_on=line.returned_on,
                quantity=line.quantity,
                condition=CONDITION,
                by=team.logistics,
            )


def _equipment(act: Act, row: ConventionPlan, team: Team) -> None:
    """Set aside, erased, handed over: as far as the plan says."""
    steps = row.handover
    if steps is None:
        return
    items: list[EquipmentItem] = []
    with standing_at(steps.set_aside_on):
        for term in act.equipmentterm_set.order_by("position"):
            named = (
                [(term.serial, term.inventory_tag)] if term.serial else serials(row.key, term.quantity or 1)
            )
            items += handover.set_aside(term, named, by=team.logistics, note=CONDITION)
    if steps.erased_on is not None:
        _erase(items, steps.erased_on, team)
    if steps.handed_on is not None:
        _hand_over(act, items, steps.handed_on, team)


def _erase(items: list[EquipmentItem], day: datetime.date, team: Team) -> None:
    with standing_at(day):
        for item in items:
            media.erase(
                [item.device],
                technique=SanitisationTechnique.OVERWRITE,
                done_on=day,
                agent=str(team.logistics),
                certificate=f"FICTIF-{item.pk:04d}",
                by=team.logistics,
            )


def _hand_over(act: Act, items: list[EquipmentItem], day: datetime.date, team: Team) -> None:
    person = act.signatories.exclude(party__partner__is_opt=True).order_by("order").first()
    with standing_at(day):
        given = handover.record_handover(
            act,
            items=items,
            handed_on=day,
            place=HANDOVER_PLACE,
            given_by=f"{team.logistics}, {team.logistics.job_title}",
            received_by=f"{person}, {person.title}" if person else "",
            by=team.logistics,
        )
    _acknowledge(given, day)


def _acknowledge(given: Handover, day: datetime.date) -> None:
    """The partner's president confirms two days later; the latest remises still wait for it."""
    answered = day + datetime.timedelta(days=2)
    if answered > timezone.localdate() - LATELY:
        return
    parties = given.act.convention.parties.filter(partner__is_opt=False).values("partner")
    mandates = Representative.objects.in_office(on=answered).filter(partner__in=parties, user__isnull=False)
    mandate = mandates.select_related("partner", "user").order_by("position").first()
    if mandate is not None and mandate.user is not None:
        with standing_at(answered):
            space.acknowledge(given, partner=mandate.partner, by=mandate.user)


def _closing(convention: Convention, row: ConventionPlan, team: Team) -> None:
    if row.closed_on is None:
        return
    officer = team.officers[row.officer]
    with standing_at(row.closed_on):
        if row.review:
            following.record_review(
                convention, reviewed_on=row.closed_on, conclusion=row.review, renew=True, by=officer
            )
        following.close(convention, closed_on=row.closed_on, confirmed=True, by=officer)
