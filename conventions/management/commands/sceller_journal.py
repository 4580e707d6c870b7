"""Seal the journal of the day before, and of those that were missed; print the lines to keep apart.

Run it every day; `balayer` does it too.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from conventions.domain.foundation.refusals import Refused
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
            for digest in JournalDigest.objects.order_by("pk").iterator():
                self.stdout.write(digest.line)
            return
        try:
            made = digests.seal_missed()
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        for row in made:
            self.stdout.write(row.line)
        last = JournalDigest.objects.order_by("-pk").first()
        if not made and last is not None:
            self.stdout.write("Le journal de la veille est déjà scellé :")
            self.stdout.write(last.line)
