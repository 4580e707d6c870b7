"""Check every stored document, journal chain and lock; exit code 1 when something differs."""

import time

from django.core.management.base import BaseCommand, CommandError

from conventions.domain import archives
from conventions.formats import counted
from conventions.models import Document, JournalEntry


class Command(BaseCommand):
    help = "Vérifie les documents archivés, le journal et les verrous. Code de sortie 1 si quelque chose diffère."

    def add_arguments(self, parser):
        parser.add_argument(
            "--rendus",
            type=int,
            default=3,
            metavar="N",
            help="Nombre de documents récents rendus de nouveau depuis leur contenu figé (3 si rien n’est dit).",
        )

    def handle(self, *args, rendus, **options):
        started = time.monotonic()
        problems = []
        checks = [
            archives.damaged_documents(),
            archives.broken_chains(),
            archives.missing_locks(),
            archives.changed_renders(rendus),
        ]
        for check in checks:
            for problem in check:
                problems.append(problem)
                self.stderr.write(problem)
        stored, lines = Document.objects.count(), JournalEntry.objects.count()
        seen = f"{counted(stored, 'document')}, {counted(lines, 'ligne')} de journal"
        seconds = time.monotonic() - started
        if problems:
            raise CommandError(f"{counted(len(problems), 'anomalie')} ({seen}, {seconds:.1f} s).")
        self.stdout.write(f"Tout concorde : {seen}, {seconds:.1f} s.")
