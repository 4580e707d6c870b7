"""Bank details: the only door that encrypts, decrypts and compares them.

Encrypted under `settings.FIELD_ENCRYPTION_KEYS` (MultiFernet, newest key first), apart from SECRET_KEY. Equality is
told by a keyed hash, so that neither the database nor a copy of it holds a number or anything to guess it from.
"""

import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.foundation import encryption
from conventions.domain.foundation.refusals import Refused
from conventions.domain.people.security import second_factor
from conventions.formats import NBSP, FormatError, mask_iban, normalise_bank_account, normalise_iban
from conventions.models import BankAccount, BankProposal, Partner

WRONG_NUMBER = f"La clé de ce numéro est fausse{NBSP}: aucun compte ne peut le porter."
NEW_ONE = f"{WRONG_NUMBER} Demandez un nouveau RIB avant de verser."


class UnreadableAccount(Exception):
    """The stored details were encrypted under a key that the site no longer has."""


def add_account(
    partner: Partner, *, number: str, holder: str, bank_name: str = "", attachment=None, by
) -> BankAccount:
    """Record an account from a typed RIB or IBAN; only its encrypted, masked and hashed forms are kept.

    Raises Refused on the field « number » for a wrong number or one already recorded.
    """
    iban = read_number(number)
    with transaction.atomic():
        if same_account(partner, iban) is not None:
            raise Refused({"number": "Ce compte est déjà enregistré pour ce partenaire."})
        account = BankAccount.objects.create(
            partner=partner,
            holder=holder.strip(),
            bank_name=bank_name.strip(),
            iban_encrypted=_cipher().encrypt(iban.encode()).decode(),
            iban_fingerprint=fingerprint(iban),
            iban_masked=mask_iban(iban),
            attachment=attachment,
        )
        details = {"compte": account.pk, "iban": account.iban_masked}
        journal.record("compte_bancaire_ajoute", by=by, partner=partner, details=details)
    return account


def read_number(number: str) -> str:
    """The IBAN (no spaces) of a typed RIB or IBAN. Raises Refused on « number »."""
    try:
        return normalise_bank_account(number)
    except FormatError as error:
        raise Refused({"number": error.message}) from error


def same_account(partner: Partner, iban: str) -> BankAccount | None:
    """The partner's account with this IBAN, whichever key hashed it."""
    return BankAccount.objects.filter(partner=partner, iban_fingerprint__in=_fingerprints(iban)).first()


def reveal(account: BankAccount, *, by) -> str:
    """The IBAN in full; the look is written in the journal first.

    Raises PermissionDenied for who may not see it, UnreadableAccount when no key opens it.
    """
    if not permissions.can_see_bank_details(by):
        raise PermissionDenied("Ce compte bancaire est réservé aux gestionnaires et au comptable.")
    with transaction.atomic():
        details = {"compte": account.pk, "iban": account.iban_masked}
        journal.record("compte_bancaire_consulte", by=by, partner=account.partner, details=details)
        return _decrypt(account)


def advice_on(account: BankAccount) -> str:
    """What to do, in French, about an account in use, recorded before its keys were checked as today; else nothing.

    It reads on as it is: what was paid was paid there. Nothing of its number is told.
    """
    try:
        return NEW_ONE if account.active and is_wrong(_decrypt(account)) else ""
    except UnreadableAccount:
        return ""


def is_wrong(iban: str) -> bool:
    """Whether a kept IBAN would be refused today."""
    try:
        normalise_iban(iban)
    except FormatError:
        return True
    return False


def set_active(account: BankAccount, active: bool, *, by) -> None:
    """Say whether the account is still used; it stays readable where it was paid."""
    with transaction.atomic():
        before, account.active = account.active, active
        account.retired_on = None if active else timezone.localdate()
        account.save(update_fields=["active", "retired_on"])
        journal.record(
            "compte_bancaire_modifie",
            by=by,
            partner=account.partner,
            changes={"active": [before, active]},
            details={"compte": account.pk, "iban": account.iban_masked},
        )


def rotate_keys(*, by=None) -> int:
    """Encrypt and hash every account under the newest key; returns how many. Then older keys may be withdrawn.

    The numbers that associations propose and the secrets of second factors, under the same keys, follow.
    """
    with transaction.atomic():
        accounts = list(BankAccount.objects.select_for_update().order_by("pk"))
        for account in accounts:
            iban = _decrypt(account)
            account.iban_encrypted = _cipher().encrypt(iban.encode()).decode()
            account.iban_fingerprint = fingerprint(iban)
            account.save(update_fields=["iban_encrypted", "iban_fingerprint"])
        for proposal in BankProposal.objects.select_for_update().exclude(iban_encrypted="").order_by("pk"):
            proposal.iban_encrypted = encryption.encrypt(encryption.decrypt(proposal.iban_encrypted))
            proposal.save(update_fields=["iban_encrypted"])
        second_factor.encrypt_again()
        journal.record("cles_bancaires_renouvelees", by=by, details={"comptes": len(accounts)})
    return len(accounts)


def fingerprint(iban: str) -> str:
    """HMAC-SHA256 (hex) of an IBAN under the newest key."""
    return _fingerprints(iban)[0]


def _fingerprints(iban: str) -> list[str]:
    return [hmac.new(b"iban:" + key.encode(), iban.encode(), hashlib.sha256).hexdigest() for key in _keys()]


def _decrypt(account: BankAccount) -> str:
    try:
        return _cipher().decrypt(account.iban_encrypted.encode()).decode()
    except InvalidToken as error:
        raise UnreadableAccount(f"Aucune clé n’ouvre le compte bancaire {account.pk}.") from error


def _cipher() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in _keys()])


def _keys() -> list[str]:
    if not settings.FIELD_ENCRYPTION_KEYS:
        raise ImproperlyConfigured(
            "FIELD_ENCRYPTION_KEYS n’est pas définie : les comptes bancaires ne peuvent être ni lus ni enregistrés."
        )
    return settings.FIELD_ENCRYPTION_KEYS
