"""`manage.py charger_demo [--si-vide] [--sans-fictives | --fictives]`: load the demonstration, at once or in two."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from conventions.demonstration import loading, progress
from conventions.formats import counted

WORDS = {
    "cas": ("cas publié", "cas publiés"),
    "fictives": ("convention fictive", "conventions fictives"),
}


class Command(BaseCommand):
    help = "Charge les comptes, les cas publiés et les conventions fictives de la démonstration (DEMO=1 seulement)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--si-vide",
            action="store_true",
            dest="only_if_empty",
            help="ne rien faire si des conventions existent déjà, sauf un chargement à finir",
        )
        steps = parser.add_mutually_exclusive_group()
        steps.add_argument(
            "--sans-fictives",
            action="store_true",
            dest="start_only",
            help="seulement les comptes, les partenaires et les cas publiés",
        )
        steps.add_argument(
            "--fictives",
            action="store_true",
            dest="rest_only",
            help="seulement les conventions fictives qui restent à charger, pendant que le site tourne",
        )
        parser.add_argument(
            "--limite",
            type=int,
            default=None,
            dest="limit",
            help="au plus ce nombre de conventions fictives par état",
        )

    def handle(
        self,
        *args: Any,
        only_if_empty: bool = False,
        start_only: bool = False,
        rest_only: bool = False,
        limit: int | None = None,
        **options: Any,
    ) -> None:
        if only_if_empty and loading.has_conventions() and not progress.is_wanted():
            self.stdout.write("Des conventions existent déjà : rien n’est chargé.")
            return
        if rest_only and not progress.is_wanted():
            self.stdout.write("Aucune convention fictive n’attend d’être chargée.")
            return
        started = time.monotonic()
        try:
            added = self._load(start_only, rest_only, limit)
        except loading.DemonstrationClosed as error:
            raise CommandError(str(error)) from None
        told = ", ".join(counted(count, *WORDS[what]) for what, count in added.items())
        self._say(f"Chargé : {told} ({round(time.monotonic() - started)} s)")

    def _load(self, start_only: bool, rest_only: bool, limit: int | None) -> dict[str, int]:
        if start_only:
            return {"cas": loading.load_start(say=self._say)}
        if rest_only:
            return {"fictives": loading.load_invented(say=self._say, limit=limit)}
        return loading.load(say=self._say, limit=limit)

    def _say(self, text: str) -> None:
        self.stdout.write(f"  {text}")
        self.stdout.flush()
