"""Bank details: the only door that records, compares and shows them.

Encrypted under keys of their own, apart from SECRET_KEY (`foundation.encryption`). Equality is told by a keyed hash,
so that neither the database nor a copy of it holds a number or anything to guess it from.
"""

import hashlib
import hmac

from django.db import transaction
from django.utils import timezone

from conventions import permissions
from conventions.domain import journal
from conventions.domain.foundation import encryption
from conventions.domain.foundation.refusals import Refused
from conventions.domain.people.security import proofs
from conventions.formats import NBSP, FormatError, mask_iban, normalise_bank_account, normalise_iban
from conventions.models import Attachment, BankAccount, Partner, User

WRONG_NUMBER = f"La clé de ce numéro est fausse{NBSP}: aucun compte ne peut le porter."
NEW_ONE = f"{WRONG_NUMBER} Demandez un nouveau RIB avant de verser."


class UnreadableAccount(Exception):
    """The stored details were encrypted under a key that the site no longer has."""


def add_account(
    partner: Partner,
    *,
    number: str,
    holder: str,
    bank_name: str = "",
    attachment: Attachment | None = None,
    by: User,
) -> BankAccount:
    """Record an account from a typed RIB or IBAN; only its encrypted, masked and hashed forms are kept.

    Raises ProofNeeded, or Refused on the field « number » for a wrong number or one already recorded.
    """
    permissions.require(permissions.can_edit_partners, by)
    proofs.require(by)
    iban = read_number(number)
    with transaction.atomic():
        if same_account(partner, iban) is not None:
            raise Refused({"number": "Ce compte est déjà enregistré pour ce partenaire."})
        account = BankAccount.objects.create(
            partner=partner,
            holder=holder.strip(),
            bank_name=bank_name.strip(),
            iban_encrypted=encryption.encrypt(iban),
            iban_fingerprint=fingerprint(iban),
            iban_masked=mask_iban(iban),
            attachment=attachment,
            accepted_by=by,
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


def reveal(account: BankAccount, *, by: User) -> str:
    """The IBAN in full; the look is written in the journal first.

    Raises PermissionDenied for who may not see it, UnreadableAccount when no key opens it.
    """
    permissions.require(permissions.can_see_bank_details, by)
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


def set_active(account: BankAccount, active: bool, *, by: User) -> None:
    """Say whether the account is still used; it stays readable where it was paid. Raises ProofNeeded."""
    permissions.require(permissions.can_edit_partners, by)
    proofs.require(by)
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


def fingerprint(iban: str) -> str:
    """HMAC-SHA256 (hex) of an IBAN under the newest key."""
    return _fingerprints(iban)[0]


def _fingerprints(iban: str) -> list[str]:
    return [
        hmac.new(b"iban:" + key.encode(), iban.encode(), hashlib.sha256).hexdigest()
        for key in encryption.site_keys()
    ]


def _decrypt(account: BankAccount) -> str:
    try:
        return encryption.decrypt(account.iban_encrypted)
    except encryption.UnreadableSecret as error:
        raise UnreadableAccount(f"Aucune clé n’ouvre le compte bancaire {account.pk}.") from error
