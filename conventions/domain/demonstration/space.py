"""What the associations' space shows at work: a question answered and one that waits, a RIB and a president to examine.

Played once, on the day of the load, by the invented presidents; files and people say « (fictif) ».
"""

import datetime

from django.db import transaction

from conventions.domain import banking, proposals, talking
from conventions.domain.demonstration import papers
from conventions.domain.demonstration.accounts import Team
from conventions.domain.demonstration.partners import FICTITIOUS_BANK
from conventions.domain.demonstration.uploads import pdf_upload
from conventions.enums import ActState, MandateKind
from conventions.formats import Rib, rib_key, rib_to_iban
from conventions.models import Convention, MandateProposal, Partner, Representative
from conventions.reference.demo.accounts import DOMAIN

TALKS, SENDS, AWAITS = "passerelles-numeriques", "pirogues-de-la-baie", "maison-de-l-igname"
QUESTION = "Pouvons-nous acheter des casques audio avec le solde ? Le texte parle de « petit matériel »."
ANSWER = "Oui, les casques sont du petit matériel. Gardez la facture pour le compte rendu."
SECOND = "Merci. Et pour la publication des photos de l’atelier, qui demande l’accord des parents ?"


def play(team: Team, today: datetime.date) -> None:
    """Everything that is not there yet."""
    if MandateProposal.objects.filter(partner__is_demo=True).exists():
        return
    with transaction.atomic():
        _talk(team)
        _new_president(today)
        _account_sent()
        _account_awaited(team)


def _mandate(slug: str) -> Representative | None:
    """The mandate by which somebody with an account speaks for an invented partner."""
    rows = Representative.objects.in_office().filter(partner__slug__startswith=slug, partner__is_demo=True)
    rows = rows.filter(user__isnull=False, reads_only=False).select_related("partner", "user")
    return rows.order_by("position").first()


def _talk(team: Team) -> None:
    mandate = _mandate(TALKS)
    convention = _signed(mandate.partner) if mandate else None
    if mandate is None or convention is None:
        return
    first = talking.ask(
        convention, partner=mandate.partner, subject="La convention", body=QUESTION, by=mandate.user
    )
    talking.answer(first, body=ANSWER, by=team.officers[0])
    talking.ask(
        convention, partner=mandate.partner, subject="Communication et image", body=SECOND, by=mandate.user
    )


def _signed(partner: Partner) -> Convention | None:
    rows = Convention.objects.filter(parties__partner=partner, closed_on=None, acts__rank=0)
    return rows.filter(acts__state=ActState.SIGNED).order_by("-acts__signed_on").first()


def _new_president(today: datetime.date) -> None:
    mandate = _mandate(TALKS)
    if mandate is None:
        return
    content = papers.sheet(
        "Procès-verbal d’assemblée", "Pièce de démonstration : cette assemblée n’a pas eu lieu."
    )
    proposals.declare_person(
        mandate.partner,
        proposals.Person(
            civility="m",
            first_name="Waoulo",
            last_name="HMEUN",
            title="président de l’association",
            email=f"nouveau.{TALKS}@{DOMAIN}",
            mandate_start=today + datetime.timedelta(days=10),
        ),
        kind=MandateKind.PRESIDENT,
        replaces=mandate,
        upload=pdf_upload("Procès-verbal d’assemblée", content),
        by=mandate.user,
    )


def _account_sent() -> None:
    mandate = _mandate(SENDS)
    if mandate is None:
        return
    bank, branch = FICTITIOUS_BANK
    account = f"{mandate.partner.pk + 500:011d}"
    number = rib_to_iban(Rib(bank, branch, account, rib_key(bank, branch, account)))
    proposals.send_account(
        mandate.partner,
        number=number,
        holder=mandate.partner.name,
        bank_name="Banque de démonstration (fictif)",
        by=mandate.user,
    )


def _account_awaited(team: Team) -> None:
    """Its bank has changed: a new RIB is awaited."""
    mandate = _mandate(AWAITS)
    if mandate is None:
        return
    for account in mandate.partner.bank_accounts.filter(active=True):
        banking.set_active(account, False, by=team.officers[0])
