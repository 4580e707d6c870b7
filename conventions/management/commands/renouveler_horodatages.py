"""Renew the time stamps of signed documents that end within thirteen months. `balayer` does it once a day.

What fails stops nothing else: the command says it at the end, with an exit code that is not 0.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from conventions.domain.documents import sealing
from conventions.domain.documents.sealing import renewing
from conventions.domain.foundation.failures import Failures
from conventions.formats import counted


class Command(BaseCommand):
    help = "Renouvelle l’horodatage des documents signés avant la fin du certificat qui l’a posé."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--a-blanc", action="store_true", help="Compter ce qui serait renouvelé, sans rien faire."
        )

    def handle(self, *args: Any, a_blanc: bool = False, **options: Any) -> None:
        if a_blanc:
            count = renewing.due(at=timezone.now()).count()
            self.stdout.write(f"{counted(count, 'horodatage', 'horodatages')} à renouveler. Rien n’est fait.")
            return
        if not settings.TSA_URL:
            raise CommandError("Aucune autorité d’horodatage n’est réglée (TSA_URL) : rien n’est renouvelé.")
        failures = Failures()
        try:
            done = renewing.renew_due(failures)
        except sealing.SealingError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{counted(done, 'horodatage renouvelé', 'horodatages renouvelés')}.")
        if failures.told:
            raise CommandError(failures.summary)
