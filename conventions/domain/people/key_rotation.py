"""Put every encrypted secret under the newest of `settings.FIELD_ENCRYPTION_KEYS`, so that older keys may go.

Batch by batch, each in its own transaction: it may be stopped and started again at any time, for what is already
under the newest key is passed over. The site may run meanwhile, once it has the new key.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models, transaction

from conventions.domain import journal
from conventions.domain.foundation import encryption
from conventions.domain.people import bank_accounts
from conventions.models import BankAccount, BankProposal, KeptText, SecondFactor

BATCH = 200  # rows in one transaction: a fraction of a second of writing
# Everything that is encrypted: its name in the journal, its rows, the column.
STORES: dict[str, tuple[type[models.Model], str]] = {
    "comptes": (BankAccount, "iban_encrypted"),
    "rib_proposes": (BankProposal, "iban_encrypted"),
    "seconds_facteurs": (SecondFactor, "secret_encrypted"),
    "textes_gardes": (KeptText, "typed_encrypted"),
}


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of some rows of one of STORES: how many were renewed; the keys of those that no key opens."""

    store: str
    renewed: int
    unreadable: tuple[int, ...]


def rotate_keys() -> Iterator[Batch]:
    """Renew batch after batch, as far as the caller goes on. A batch that changes something is told in the journal.

    A row that no key opens is left as it is and named. Raises ImproperlyConfigured without a key.
    """
    encryption.site_keys()
    for store in STORES:
        after: int | None = 0
        while after is not None:
            with transaction.atomic():
                batch, after = _renew_batch(store, after)
            yield batch


def _renew_batch(store: str, after: int) -> tuple[Batch, int | None]:
    """Renew the rows that follow a primary key; return the last one seen, None at the end."""
    model, column = STORES[store]
    rows = model._default_manager.select_for_update().filter(pk__gt=after).exclude(**{column: ""})
    found = list(rows.order_by("pk")[:BATCH])
    renewed, unreadable = 0, []
    for row in found:
        try:
            renewed += _renew(row, column)
        except encryption.UnreadableSecret:
            unreadable.append(row.pk)
    if renewed:
        journal.record("cles_bancaires_renouvelees", by=None, details={store: renewed})
    return Batch(store, renewed, tuple(unreadable)), found[-1].pk if len(found) == BATCH else None


def _renew(row: models.Model, column: str) -> bool:
    """Whether the row had to be written again. Raises UnreadableSecret."""
    token = getattr(row, column)
    text = encryption.decrypt(token)
    # Equality of numbers is told by a hash under the same keys.
    values = {"iban_fingerprint": bank_accounts.fingerprint(text)} if isinstance(row, BankAccount) else {}
    if not encryption.is_newest(token):
        values[column] = encryption.encrypt(text)
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        row.save(update_fields=list(changed))
    return bool(changed)
