"""Seal the journal of the day before; print the line to keep apart. Run it every day, `balayer` does it too."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from conventions.domain.journal import digests
from conventions.models import JournalDigest


class Command(BaseCommand):
    help = (
        "Scelle le journal de la veille, une seule fois, et affiche son empreinte, à garder hors de la base."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--montrer",
            action="store_true",
            help="Afficher toutes les empreintes enregistrées, sans rien sceller.",
        )

    def handle(self, *args: Any, montrer: bool, **options: Any) -> None:
        if montrer:
            for digest in JournalDigest.objects.order_by("day").iterator():
                self.stdout.write(digest.line)
            return
        made = digests.seal_day()
        row = made or JournalDigest.objects.order_by("-day").first()
        if made is None:
            self.stdout.write("Le journal de la veille est déjà scellé :")
        if row is not None:
            self.stdout.write(row.line)
