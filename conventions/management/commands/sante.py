"""Tell the state of the service, part by part; the exit code is for a supervisor.

0: all is well; 1: something is to be looked at; 2: something is broken.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from conventions.domain.service import health
from conventions.domain.service.health import Level

MARKS = {Level.FINE: "✓", Level.WARNING: "!", Level.ALARM: "✗"}


class Command(BaseCommand):
    help = "Dit l’état du service. Code de sortie : 0 tout va bien, 1 à surveiller, 2 en panne."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--seulement",
            nargs="+",
            metavar="PARTIE",
            help="Ces parties seulement, par exemple : courriels sceaux.",
        )

    def handle(self, *args: Any, seulement: list[str] | None = None, **options: Any) -> None:
        known = health.SERVING | health.WATCHED
        if unknown := sorted(set(seulement or []) - set(known)):
            raise CommandError(
                f"La partie « {unknown[0]} » n’existe pas. Choisissez parmi : {', '.join(known)}."
            )
        parts = [part for part in health.report() if seulement is None or part.code in seulement]
        for part in parts:
            self.stdout.write(f"{MARKS[part.level]} {part.title} : {part.told}")
        if worst := health.worst(parts):
            told = "à surveiller" if worst == Level.WARNING else "en panne"
            count = sum(not part.is_fine for part in parts)
            raise CommandError(f"{count} sur {len(parts)} {told}.", returncode=int(worst))
