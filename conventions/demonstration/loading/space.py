"""What the associations' space shows at work: questions, RIBs, reports and presidents, waiting, accepted and refused.

Played once, on the day of the load, by the invented presidents; files and people say « (fictif) ».
"""

import datetime
from typing import cast

from django.db import transaction
from django.db.models import Q

from conventions.demonstration.loading import papers
from conventions.demonstration.loading.accounts import Team
from conventions.demonstration.loading.partners import FICTITIOUS_BANK
from conventions.demonstration.loading.uploads import pdf_upload
from conventions.demonstration.plan.accounts import SHOWN_SPACE
from conventions.domain import following, space
from conventions.domain.people import bank_accounts
from conventions.domain.space import proposals, threads
from conventions.enums import ActState, MandateKind
from conventions.formats import Rib, rib_key, rib_to_iban
from conventions.models import (
    BankProposal,
    Convention,
    MandateProposal,
    Obligation,
    Partner,
    ReportReceived,
    Representative,
    User,
)

TALKS, SENDS, AWAITS = SHOWN_SPACE, "pirogues-de-la-baie", "maison-de-l-igname"
PAID, CHANGED = "radio-du-recif", "ecoute-brousse"
NOT_OURS = "Ce RIB est à votre nom. Envoyez celui de l’association (fictif)."
UNSIGNED = "Le compte rendu n’est pas signé. Signez-le, puis renvoyez-le (fictif)."
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
        _president_replaced(team, today)
        _account_sent(SENDS)
        _account_accepted(team)
        _account_refused(team)
        _report(SENDS)
        _report_to_redo(team)


def _mandate(slug: str) -> Representative | None:
    """The mandate by which somebody with an account speaks for an invented partner."""
    rows = Representative.objects.in_office().filter(partner__slug__startswith=slug, partner__is_demo=True)
    rows = rows.filter(user__isnull=False, reads_only=False).select_related("partner", "user")
    return rows.order_by("position").first()


def _speaker(mandate: Representative) -> User:
    """The account of somebody who has one."""
    return cast(User, mandate.user)


def _talk(team: Team) -> None:
    mandate = _mandate(TALKS)
    convention = _signed(mandate.partner) if mandate else None
    if mandate is None or convention is None:
        return
    first = threads.ask(
        convention, partner=mandate.partner, subject="La convention", body=QUESTION, by=_speaker(mandate)
    )
    threads.answer(first, body=ANSWER, by=team.officers[0])
    threads.ask(
        convention,
        partner=mandate.partner,
        subject="Communication et image",
        body=SECOND,
        by=_speaker(mandate),
    )


def _signed(partner: Partner) -> Convention | None:
    rows = Convention.objects.filter(parties__partner=partner, closed_on=None, acts__rank=0)
    return rows.filter(acts__state=ActState.SIGNED).order_by("-acts__signed_on").first()


def _declare(
    mandate: Representative, person: proposals.Person, replaces: Representative | None = None
) -> MandateProposal:
    text = "Pièce de démonstration : cette assemblée n’a pas eu lieu."
    content = papers.sheet("Procès-verbal d’assemblée", text)
    return proposals.declare_person(
        mandate.partner,
        person,
        kind=MandateKind.PRESIDENT if replaces else MandateKind.READER,
        replaces=replaces,
        upload=pdf_upload("Procès-verbal d’assemblée", content),
        by=_speaker(mandate),
    )


def _new_president(today: datetime.date) -> None:
    """To be examined."""
    mandate = _mandate(TALKS)
    if mandate is None:
        return
    start = today + datetime.timedelta(days=10)
    _declare(mandate, _person("m", "Waoulo", "HMEUN", "président", f"nouveau.{TALKS}", start), mandate)


def _president_replaced(team: Team, today: datetime.date) -> None:
    """Accepted: the new president reads everything, the former one what she signed. A colleague reads too."""
    mandate = _mandate(CHANGED)
    if mandate is None:
        return
    start = today - datetime.timedelta(days=6)
    reader = _person("mme", "Odile", "KABWA", "bénévole", f"lecture.{CHANGED}", start)
    proposals.accept_person(_declare(mandate, reader), by=team.officers[0])
    president = _person("m", "Thierry", "NAAOUTCHOUÉ", "président", f"president.{CHANGED}", start)
    proposals.accept_person(_declare(mandate, president, mandate), by=team.officers[0])


def _person(
    civility: str, first_name: str, last_name: str, title: str, name: str, start: datetime.date
) -> proposals.Person:
    return proposals.Person(
        civility=civility,
        first_name=first_name,
        last_name=last_name,
        title=f"{title} de l’association",
        email=f"{name}@exemple.invalid",
        mandate_start=start,
    )


def _account_sent(slug: str) -> BankProposal | None:
    mandate = _mandate(slug)
    if mandate is None:
        return None
    bank, branch = FICTITIOUS_BANK
    account = f"{mandate.partner.pk + 500:011d}"
    return proposals.send_account(
        mandate.partner,
        number=rib_to_iban(Rib(bank, branch, account, rib_key(bank, branch, account))),
        holder=mandate.partner.name,
        bank_name="Banque de démonstration (fictif)",
        by=_speaker(mandate),
    )


def _account_accepted(team: Team) -> None:
    sent = _account_sent(PAID)
    if sent is not None:
        proposals.accept_account(sent, by=team.officers[0])


def _account_refused(team: Team) -> None:
    """Its bank has changed, and the first RIB sent was somebody's own: another is awaited."""
    sent = _account_sent(AWAITS)
    if sent is None:
        return
    for account in sent.partner.bank_accounts.filter(active=True):
        bank_accounts.set_active(account, False, by=team.officers[0])
    proposals.refuse(sent, reason=NOT_OURS, by=team.officers[0])


def _report_to_redo(team: Team) -> None:
    sent = _report(PAID)
    if sent is not None:
        following.ask_again(sent, reason=UNSIGNED, by=team.officers[0])


def _report(slug: str) -> ReportReceived | None:
    """The first paper that is still to come, sent by who speaks for the partner."""
    mandate = _mandate(slug)
    convention = _signed(mandate.partner) if mandate else None
    if mandate is None or convention is None:
        return None
    ours = Q(party=None) | Q(party__partner=mandate.partner)
    duties = Obligation.objects.current().filter(ours, act__convention=convention, kind__in=space.PAPERS)
    duty = next((row for row in duties.order_by("due_on", "pk") if not space.is_received(row)), None)
    if duty is None:
        return None
    text = "Pièce de démonstration : ce compte rendu ne rend compte de rien."
    upload = pdf_upload("Compte rendu", papers.sheet("Compte rendu", text))
    return space.send_report(
        duty,
        partner=mandate.partner,
        upload=upload,
        note="Envoyé depuis l’espace (fictif).",
        by=_speaker(mandate),
    )
