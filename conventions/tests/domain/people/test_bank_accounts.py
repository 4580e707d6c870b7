"""Bank details: nothing readable in the database, each full reading journalled."""

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import connection

from conventions.domain.foundation.refusals import Refused
from conventions.domain.people import bank_accounts
from conventions.enums import Role
from conventions.formats import Rib, rib_key
from conventions.models import BankAccount, JournalEntry
from conventions.tests.factories import PartnerFactory, UserFactory
from conventions.tests.factories.people import fictitious_iban

pytestmark = pytest.mark.django_db
IBAN = fictitious_iban(77)


@pytest.fixture
def officer():
    return UserFactory(role=Role.OFFICER)


@pytest.fixture
def account(officer):
    return bank_accounts.add_account(PartnerFactory(), number=IBAN, holder="Association", by=officer)


def every_text_of_the_database() -> str:
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found.append(repr(cursor.fetchall()))
    return "".join(found)


def test_account_comes_back_whole_and_stands_nowhere_in_clear(account, officer):
    assert bank_accounts.reveal(account, by=officer) == IBAN
    stored = every_text_of_the_database()
    compact = IBAN.replace(" ", "")
    assert compact not in stored
    assert compact[4:] not in stored
    assert compact[4:20] not in stored
    assert account.iban_masked.replace("\u00a0", "") == f"FR76{'•' * 19}{IBAN[-4:]}"


def test_typed_rib_and_iban_are_the_same_account(account, officer):
    bank, branch, number = "99999", "00001", f"{77:011d}"
    rib = f"{bank} {branch} {number} {rib_key(bank, branch, number)}"
    assert Rib(bank, branch, number, rib_key(bank, branch, number)).iban == IBAN
    with pytest.raises(Refused) as refused:
        bank_accounts.add_account(account.partner, number=rib, holder="X", by=officer)
    assert refused.value.faults == {"number": "Ce compte est déjà enregistré pour ce partenaire."}
    assert BankAccount.objects.count() == 1


@pytest.mark.parametrize("number", ["FR76 1234", "FR2314168000010123456789011"])
def test_wrong_number_is_refused_on_its_field(officer, number):
    with pytest.raises(Refused) as refused:
        bank_accounts.add_account(PartnerFactory(), number=number, holder="X", by=officer)
    assert list(refused.value.faults) == ["number"]
    assert BankAccount.objects.count() == 0


@pytest.mark.parametrize("role", Role.values)
def test_reading_in_full_is_for_officers_and_the_accountant(account, role):
    reader = UserFactory(role=role)
    if role in {Role.OFFICER, Role.ACCOUNTANT}:
        assert bank_accounts.reveal(account, by=reader) == IBAN
        entry = JournalEntry.objects.get(event="compte_bancaire_consulte")
        assert (entry.actor, entry.partner) == (reader, account.partner)
        assert IBAN not in entry.payload
    else:
        with pytest.raises(PermissionDenied):
            bank_accounts.reveal(account, by=reader)
        assert not JournalEntry.objects.filter(event="compte_bancaire_consulte").exists()


def test_lost_key_is_said_plainly(account, officer, settings):
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(bank_accounts.UnreadableAccount):
        bank_accounts.reveal(account, by=officer)


def test_without_a_key_nothing_is_stored(officer, settings):
    settings.FIELD_ENCRYPTION_KEYS = []
    with pytest.raises(ImproperlyConfigured):
        bank_accounts.add_account(PartnerFactory(), number=IBAN, holder="X", by=officer)
    assert BankAccount.objects.count() == 0


def test_account_no_longer_used_is_kept_and_journalled(account, officer):
    bank_accounts.set_active(account, False, by=officer)
    account.refresh_from_db()
    assert account.active is False
    assert '"active":[true,false]' in JournalEntry.objects.get(event="compte_bancaire_modifie").payload
