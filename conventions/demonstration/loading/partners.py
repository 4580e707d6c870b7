"""Partners of the demonstration, real and invented, with those who speak for them and their accounts."""

import datetime

from django.db import transaction

from conventions.demonstration.loading.accounts import Team
from conventions.demonstration.loading.clock import standing_at
from conventions.demonstration.plan import accounts, cases
from conventions.demonstration.plan.fictive.partners import OPT_PEOPLE
from conventions.demonstration.plan.shapes import DemoPartner, FictivePlan, Person
from conventions.domain import journal
from conventions.domain.people import bank_accounts, partner_accounts
from conventions.enums import PartnerNature
from conventions.formats import rib_key, typeset
from conventions.models import Area, BankAccount, Partner, PressContact, Representative, User

# Before the first invented convention, and before every mandate of the data.
OPENED = datetime.timedelta(days=1900)
ASSOCIATION = "association régie par la loi du 1er juillet 1901"
# What public sources say of OPT-NC; the rest stays to be filled in by the office.
OPT_STANDING = {
    "legal_form": "établissement public à caractère industriel et commercial",
    "founding_texts": "décret n° 2002-716 du 2 mai 2002",
}
FICTITIOUS_BANK = ("99999", "00001")


def load_partners(plan: FictivePlan, team: Team) -> None:
    """Every partner that is not there yet; real ones get no account, no address, no bank account."""
    with standing_at(plan.today - OPENED):
        for row in cases.PARTNERS:
            _partner(row, plan.today, team, is_demo=False)
        for row in plan.partners:
            _partner(row, plan.today, team, is_demo=True)
        _opt_people(plan.today)
        _opt_standing(team)
        for contact in (cases.PRESS_CONTACT, accounts.PRESS_CONTACT):
            PressContact.objects.get_or_create(email=contact["email"], defaults=contact)
    _open_spaces(plan, team)
    _link_opt_accounts()


def _partner(row: DemoPartner, today: datetime.date, team: Team, *, is_demo: bool) -> None:
    if Partner.objects.filter(slug=row.slug).exists():
        return
    area = Area.objects.filter(slug=row.commune).first() if row.commune else None
    with transaction.atomic():
        partner = Partner.objects.create(
            slug=row.slug,
            name=row.name,
            acronym=row.acronym,
            nature=row.nature,
            gender=row.gender,
            designation=row.designation,
            legal_form=ASSOCIATION if is_demo and row.nature == PartnerNature.ASSOCIATION else "",
            commune=area,
            postal_code=area.postal_code if area and is_demo else "",
            country=row.country,
            address=row.address,
            ridet=row.ridet,
            rna=row.rna,
            email=row.email,
            phone=row.phone,
            presentation=typeset(row.presentation),
            purpose=row.purpose,
            is_demo=is_demo,
        )
        journal.record("partenaire_cree", by=team.officers[0], partner=partner)
        _representatives(partner, row.people, today)
        if row.has_account:
            add_bank_account(partner, team)


def _representatives(partner: Partner, rows: tuple[Person, ...], today: datetime.date) -> None:
    """Days of a mandate are told from today; a real person's are unknown and stay empty."""
    Representative.objects.bulk_create(
        Representative(
            partner=partner,
            civility=row.civility,
            first_name=row.first_name,
            last_name=row.last_name,
            title=row.title,
            email=row.email,
            mandate_start=_day(today, row.from_day),
            mandate_end=_day(today, row.to_day),
            usual_signatory=row.usual,
            position=rank,
        )
        for rank, row in enumerate(rows)
    )


def _day(today: datetime.date, days: int | None) -> datetime.date | None:
    return today + datetime.timedelta(days=days) if days is not None else None


def add_bank_account(partner: Partner, team: Team, *, changed: bool = False) -> BankAccount:
    """A number whose key is right, at a bank that does not exist."""
    account = f"{partner.pk + 700 * changed:011d}"
    return bank_accounts.add_account(
        partner,
        number="".join((*FICTITIOUS_BANK, account, rib_key(*FICTITIOUS_BANK, account))),
        holder=partner.name,
        bank_name="Banque de démonstration (fictif)",
        by=team.officers[0],
    )


def _opt_people(today: datetime.date) -> None:
    """Real people of OPT-NC, never proposed as signatories; and invented ones, who sign invented conventions."""
    opt = Partner.objects.opt()
    real = tuple(_unusual(row) for row in cases.OPT_PEOPLE)
    known = set(opt.representatives.values_list("last_name", flat=True))
    rows = tuple(row for row in (*OPT_PEOPLE, *real) if row.last_name not in known)
    _representatives(opt, rows, today)


def _opt_standing(team: Team) -> None:
    """OPT-NC's own form and texts, where nobody has said them."""
    opt = Partner.objects.opt()
    missing = {name: value for name, value in OPT_STANDING.items() if not getattr(opt, name)}
    if not missing:
        return
    with transaction.atomic():
        Partner.objects.filter(pk=opt.pk).update(**missing)
        changes = {name: ["", value] for name, value in missing.items()}
        journal.record("partenaire_modifie", by=team.officers[0], partner=opt, changes=changes)


def _unusual(row: Person) -> Person:
    return Person(
        civility=row.civility,
        first_name=row.first_name,
        last_name=row.last_name,
        title=row.title,
        usual=False,
    )


def _link_opt_accounts() -> None:
    """Who signs for OPT-NC online does it from an account of the demonstration."""
    for user in User.objects.filter(username__in=accounts.SIGNATORIES, is_demo=True):
        mandates = Partner.objects.opt().representatives.filter(last_name=user.last_name, user=None)
        mandates.update(user=user)


def _open_spaces(plan: FictivePlan, team: Team) -> None:
    """Spaces of the invented presidents, opened the day their mandate begins."""
    wanted = {(row.slug, person.last_name): person for row in plan.partners for person in row.people}
    rows = Representative.objects.filter(partner__is_demo=True, user=None).select_related("partner")
    for row in rows:
        person = wanted.get((row.partner.slug, row.last_name))
        if person is not None and person.account and row.mandate_start is not None:
            with standing_at(row.mandate_start):
                partner_accounts.open_access(row, by=team.administrator)
