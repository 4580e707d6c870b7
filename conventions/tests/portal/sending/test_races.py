"""Whatever an association sends once is kept once, however many windows send it at the same second."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from conventions.domain import space
from conventions.domain.foundation.failures import Failures
from conventions.domain.space import addresses, proposals
from conventions.domain.space.addresses import mint
from conventions.enums import MandateKind
from conventions.models import (
    AddressChange,
    BankAccount,
    BankProposal,
    JournalEntry,
    MandateProposal,
    ReportReceived,
)
from conventions.tests import factories as f
from conventions.tests.domain.acts.test_numbering import at_once
from conventions.tests.factories.people import days_from_today, fictitious_iban

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
WINDOWS = 3


@pytest.fixture
def president():
    return f.PresidentFactory(partner=f.PartnerFactory(name="Association Banian (fictif)"))


@pytest.fixture
def partner(president):
    return president.mandates.get().partner


@pytest.fixture
def act(partner):
    obligations = [{"due_on": days_from_today(10)}]
    return f.ConventionFactory(partner=partner, act="signe", act__obligations=obligations).acts.get()


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("piece.pdf", f.small_pdf("Une pièce"))


def lines(event: str) -> int:
    return JournalEntry.objects.filter(event=event).count()


def test_rib_sent_and_accepted_from_several_windows_counts_once(president, partner):
    officer = f.UserFactory(role="gestionnaire")
    sent = at_once(
        WINDOWS,
        lambda rank: proposals.send_account(
            partner, number=fictitious_iban(7), holder="Banian", by=president
        ),
    )
    assert (len(sent), BankProposal.objects.count(), lines("rib_propose")) == (WINDOWS - 1, 1, 1)
    accepted = at_once(WINDOWS, lambda rank: proposals.accept_account(BankProposal.objects.get(), by=officer))
    assert (len(accepted), BankAccount.objects.count(), lines("rib_accepte")) == (WINDOWS - 1, 1, 1)


def test_mandate_declared_and_accepted_from_several_windows_opens_once(president, partner):
    officer = f.UserFactory(role="gestionnaire")
    person = proposals.Person(
        civility="mme", first_name="Nadia", last_name="TEIN (fictif)", title="présidente",
        email="nadia@exemple.invalid", mandate_start=days_from_today(0),
    )  # fmt: skip
    sent = at_once(
        WINDOWS,
        lambda rank: proposals.declare_person(
            partner, person, kind=MandateKind.PRESIDENT, upload=pdf(), by=president
        ),
    )
    assert (len(sent), MandateProposal.objects.count()) == (WINDOWS - 1, 1)
    accepted = at_once(
        WINDOWS, lambda rank: proposals.accept_person(MandateProposal.objects.get(), by=officer)
    )
    assert (len(accepted), partner.representatives.count(), lines("mandat_accepte")) == (WINDOWS - 1, 2, 1)


def test_report_and_receipt_sent_from_several_windows_are_kept_once(president, partner, act):
    obligation, handover = act.obligation_set.get(), f.HandoverFactory(act=act)
    sent = at_once(
        WINDOWS, lambda rank: space.send_report(obligation, partner=partner, upload=pdf(), by=president)
    )
    assert (len(sent), ReportReceived.objects.count(), lines("compte_rendu_envoye")) == (WINDOWS - 1, 1, 1)
    told = at_once(WINDOWS, lambda rank: space.acknowledge(handover, partner=partner, by=president))
    assert (len(told), lines("materiel_recu")) == (WINDOWS - 1, 1)


def test_address_is_confirmed_once_and_tries_of_several_windows_all_count(president, settings):
    change = addresses.ask(president, "neuve@exemple.invalid")
    _address, digits = mint(change.pk)
    wrong = f"{(int(digits) + 1) % 1_000_000:06d}"
    assert len(at_once(3, lambda rank: addresses.confirm(president, wrong))) == 3
    assert AddressChange.objects.get().tries == 3
    assert len(at_once(2, lambda rank: addresses.confirm(president, digits))) == 1
    assert (AddressChange.objects.get().tries, lines("adresse_de_connexion_annoncee")) == (4, 1)
    later = timezone.now() + addresses.DELAY
    assert len(at_once(2, lambda rank: addresses.apply_due(Failures(), at=later))) == 0
    assert lines("adresse_de_connexion_changee") == 1
