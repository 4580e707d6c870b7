"""`manage.py charger_demo [--si-vide]`: load the demonstration."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from conventions.demonstration import loading


class Command(BaseCommand):
    help = "Charge les comptes, les cas publiés et les conventions fictives de la démonstration (DEMO=1 seulement)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--si-vide",
            action="store_true",
            dest="only_if_empty",
            help="ne rien faire si des conventions existent déjà",
        )
        parser.add_argument(
            "--limite",
            type=int,
            default=None,
            dest="limit",
            help="au plus ce nombre de conventions fictives par état",
        )

    def handle(
        self, *args: Any, only_if_empty: bool = False, limit: int | None = None, **options: Any
    ) -> None:
        if only_if_empty and loading.has_conventions():
            self.stdout.write("Des conventions existent déjà : rien n’est chargé.")
            return
        started = time.monotonic()
        try:
            added = loading.load(say=self._say, limit=limit)
        except loading.DemonstrationClosed as error:
            raise CommandError(str(error)) from None
        seconds = round(time.monotonic() - started)
        self._say(
            f"{added['cas']} cas publiés et {added['fictives']} conventions fictives chargés ({seconds} s)"
        )

    def _say(self, text: str) -> None:
        self.stdout.write(f"  {text}")
        self.stdout.flush()
