"""Check every stored file, journal chain, digest, signature and lock; exit code 1 when something differs."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from conventions.domain.documents import archives
from conventions.formats import counted
from conventions.models import JournalEntry

TERMINAL_EVERY = 0.2  # seconds between two lines of progress


class Command(BaseCommand):
    help = (
        "Vérifie les fichiers archivés, le journal et ses empreintes, les signatures, les verrous et quelques rendus. "
        "Code de sortie 1 si quelque chose diffère."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--echantillon",
            type=int,
            default=3,
            metavar="N",
            help="Nombre de documents récents rendus de nouveau depuis leur contenu figé (3 si rien n’est dit).",
        )
        parser.add_argument(
            "--seulement",
            nargs="+",
            choices=[check.name for check in archives.CHECKS],
            default=[],
            metavar="CONTROLE",
            help="Ne faire que ces contrôles : " + ", ".join(check.name for check in archives.CHECKS) + ".",
        )

    def handle(self, *args: Any, echantillon: int, seulement: list[str], **options: Any) -> None:
        started, self.shown = time.monotonic(), 0.0
        problems = 0
        for check in archives.CHECKS:
            if seulement and check.name not in seulement:
                continue
            for problem in check.run(self.progress, echantillon):
                problems += 1
                self.clear()
                self.stderr.write(problem)
        if not seulement:
            for note in archives.orphans():
                self.clear()
                self.stdout.write(f"Pour information. {note}")
        self.clear()
        self.conclude(problems, time.monotonic() - started)

    def conclude(self, problems: int, seconds: float) -> None:
        files, lines = archives.file_count(), JournalEntry.objects.count()
        seen = f"{counted(files, 'fichier')}, {counted(lines, 'ligne')} de journal"
        if problems:
            raise CommandError(f"{counted(problems, 'anomalie')} ({seen}, {seconds:.1f} s).")
        self.stdout.write(f"Tout concorde : {seen}, {seconds:.1f} s.")

    def progress(self, what: str, done: int) -> None:
        """How far it is, on a terminal only."""
        if not self.stdout.isatty() or time.monotonic() - self.shown < TERMINAL_EVERY:
            return
        self.shown = time.monotonic()
        self.stdout.write(f"\r{what} : {done}", ending="")
        self.stdout.flush()

    def clear(self) -> None:
        if self.stdout.isatty():
            self.stdout.write("\r" + " " * 60 + "\r", ending="")
