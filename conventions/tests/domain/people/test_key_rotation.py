"""A new key takes over what older keys encrypted, whenever it is stopped and started again."""

import io

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.core.management.base import CommandError

from conventions.domain.people import bank_accounts, key_rotation
from conventions.domain.people.security import second_factor
from conventions.domain.space import proposals
from conventions.enums import Role
from conventions.formats import NBSP
from conventions.models import BankAccount, BankProposal, JournalEntry, SecondFactor
from conventions.tests.factories import BankProposalFactory, PartnerFactory, SecondFactorFactory, UserFactory
from conventions.tests.factories.people import fictitious_iban

pytestmark = pytest.mark.django_db
EVENT = "cles_bancaires_renouvelees"


@pytest.fixture
def officer():
    return UserFactory(role=Role.OFFICER)


@pytest.fixture
def accounts(officer):
    partner = PartnerFactory()
    return [
        bank_accounts.add_account(partner, number=fictitious_iban(rank), holder="Association", by=officer)
        for rank in (1, 2, 3)
    ]


@pytest.fixture
def new_key(settings):
    """Called once the rows are there: the site then has a newer key before the one they are under."""

    def add() -> str:
        key = Fernet.generate_key().decode()
        settings.FIELD_ENCRYPTION_KEYS = [key, *settings.FIELD_ENCRYPTION_KEYS]
        return key

    return add


def run() -> list[str]:
    told = io.StringIO()
    call_command("renouveler_cles", stdout=told)
    return told.getvalue().replace(NBSP, " ").splitlines()


def told_in_the_journal() -> list[str]:
    return [row.payload for row in JournalEntry.objects.filter(event=EVENT).order_by("pk")]


def test_everything_is_read_with_the_new_key_alone(accounts, officer, settings, new_key):
    proposal = BankProposalFactory()
    factor = SecondFactorFactory()
    secret, number = second_factor.secret_of(factor), proposals.read_proposed(proposal, by=officer)
    key = new_key()
    assert run() == [
        "Sous la nouvelle clé : 3 comptes bancaires.",
        "Sous la nouvelle clé : 1 RIB proposé.",
        "Sous la nouvelle clé : 1 second facteur.",
        "Sous la nouvelle clé : 0 texte gardé.",
        "Tout est sous la première clé : les autres peuvent être retirées.",
    ]
    settings.FIELD_ENCRYPTION_KEYS = [key]
    for rank, account in enumerate(accounts, 1):
        account.refresh_from_db()
        assert bank_accounts.reveal(account, by=officer) == fictitious_iban(rank)
        assert bank_accounts.same_account(account.partner, fictitious_iban(rank)) == account
    assert second_factor.secret_of(SecondFactor.objects.get()) == secret
    assert proposals.read_proposed(BankProposal.objects.get(), by=officer) == number


def test_before_the_rotation_old_accounts_are_read_and_recognised(accounts, officer, new_key):
    new_key()
    assert bank_accounts.reveal(accounts[0], by=officer) == fictitious_iban(1)
    assert bank_accounts.same_account(accounts[0].partner, fictitious_iban(1)) == accounts[0]


def test_a_second_run_writes_nothing(accounts, new_key):
    new_key()
    run()
    before = list(BankAccount.objects.order_by("pk").values_list("iban_encrypted", "iban_fingerprint"))
    assert run()[0] == "Sous la nouvelle clé : 0 compte bancaire."
    assert before == list(
        BankAccount.objects.order_by("pk").values_list("iban_encrypted", "iban_fingerprint")
    )
    assert len(told_in_the_journal()) == 1


def test_a_run_that_stops_goes_on_where_it_stopped(accounts, new_key, monkeypatch):
    new_key()
    monkeypatch.setattr(key_rotation, "BATCH", 1)
    rotation = key_rotation.rotate_keys()
    assert next(rotation) == key_rotation.Batch("comptes", 1, ())
    rotation.close()
    assert ['"comptes":1' in line for line in told_in_the_journal()] == [True]
    assert run()[0] == "Sous la nouvelle clé : 2 comptes bancaires."


def test_a_row_that_no_key_opens_is_named_and_the_others_renewed(accounts, officer, settings, new_key):
    old = settings.FIELD_ENCRYPTION_KEYS
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    lost = bank_accounts.add_account(PartnerFactory(), number=fictitious_iban(4), holder="X", by=officer)
    settings.FIELD_ENCRYPTION_KEYS = old
    new_key()
    with pytest.raises(CommandError, match=rf"Aucune clé n’ouvre : compte bancaire {lost.pk}\."):
        run()
    assert BankAccount.objects.get(pk=lost.pk).iban_encrypted == lost.iban_encrypted
    assert ['"comptes":3' in line for line in told_in_the_journal()] == [True]


def test_without_a_key_the_command_says_so(settings):
    settings.FIELD_ENCRYPTION_KEYS = []
    with pytest.raises(CommandError, match="FIELD_ENCRYPTION_KEYS n’est pas définie"):
        run()


def test_journal_tells_no_number(accounts, new_key):
    new_key()
    run()
    assert not any(fictitious_iban(rank) in line for rank in (1, 2, 3) for line in told_in_the_journal())


@pytest.mark.parametrize("count", [1, 30])
def test_rotation_reads_by_batches(count, officer, new_key, query_budget):
    partner = PartnerFactory()
    for rank in range(count):
        bank_accounts.add_account(partner, number=fictitious_iban(rank), holder="X", by=officer)
    new_key()
    run()
    with query_budget(12):
        list(key_rotation.rotate_keys())
