"""Encrypt everything again under the first of FIELD_ENCRYPTION_KEYS, so that older keys may be withdrawn."""

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from conventions.domain.foundation.encryption import UnreadableSecret
from conventions.domain.people import bank_accounts
from conventions.formats import counted


class Command(BaseCommand):
    help = "Chiffre de nouveau les coordonnées bancaires et les seconds facteurs sous la première clé."

    def handle(self, *args, **options):
        try:
            accounts = bank_accounts.rotate_keys()
        except (bank_accounts.UnreadableAccount, UnreadableSecret, ImproperlyConfigured) as error:
            raise CommandError(f"{error} Rien n’a été changé.") from error
        self.stdout.write(
            f"{counted(accounts, 'compte bancaire chiffré', 'comptes bancaires chiffrés')} sous la première clé. "
            "Les RIB proposés et les seconds facteurs ont suivi : les autres clés peuvent être retirées."
        )
