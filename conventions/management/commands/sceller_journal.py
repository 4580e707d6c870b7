"""Seal the journal of the day before; print the line to keep apart. Run it every day, `balayer` does it too."""

from django.core.management.base import BaseCommand

from conventions.domain.journal import digests
from conventions.models import JournalDigest


class Command(BaseCommand):
    help = (
        "Scelle le journal de la veille, une seule fois, et affiche son empreinte, à garder hors de la base."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--montrer",
            action="store_true",
            help="Afficher toutes les empreintes enregistrées, sans rien sceller.",
        )

    def handle(self, *args, montrer, **options):
        if montrer:
            for row in JournalDigest.objects.order_by("day").iterator():
                self.stdout.write(row.line)
            return
        made = digests.seal_day()
        row = made or JournalDigest.objects.order_by("-day").first()
        if made is None:
            self.stdout.write("Le journal de la veille est déjà scellé :")
        self.stdout.write(row.line)
