"""Encrypt again what older keys encrypted. May be stopped and run again; the exit code is 1 while a row resists."""

from collections import Counter
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from conventions.domain.people import key_rotation
from conventions.formats import counted

NAMES = {
    "comptes": ("compte bancaire", "comptes bancaires"),
    "rib_proposes": ("RIB proposé", "RIB proposés"),
    "seconds_facteurs": ("second facteur", "seconds facteurs"),
    "textes_gardes": ("texte gardé", "textes gardés"),
}


class Command(BaseCommand):
    help = (
        "Chiffre de nouveau, sous la première clé de FIELD_ENCRYPTION_KEYS, ce que les suivantes ont chiffré."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        renewed: Counter[str] = Counter()
        unreadable = []
        try:
            for batch in key_rotation.rotate_keys():
                renewed[batch.store] += batch.renewed
                unreadable += [f"{NAMES[batch.store][0]} {key}" for key in batch.unreadable]
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        for store, names in NAMES.items():
            self.stdout.write(f"Sous la nouvelle clé : {counted(renewed[store], *names)}.")
        if unreadable:
            raise CommandError(
                f"Aucune clé n’ouvre : {', '.join(unreadable)}. Remettez la clé d’autrefois à la suite des autres "
                "dans FIELD_ENCRYPTION_KEYS, puis recommencez. Ne retirez aucune clé d’ici là."
            )
        self.stdout.write("Tout est sous la première clé : les autres peuvent être retirées.")
