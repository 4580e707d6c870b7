"""Add again by hand each total that screens show, of one year or of all; exit code 1 when something differs."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from conventions.domain.money import checking, years
from conventions.formats import counted


class Command(BaseCommand):
    help = (
        "Refait les comptes ligne à ligne : totaux des écrans, enveloppes, position et dossier de chaque versement. "
        "Code de sortie 1 si quelque chose diffère."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "annee",
            nargs="?",
            type=int,
            metavar="ANNEE",
            help="Cet exercice seulement ; tous si rien n’est dit.",
        )

    def handle(self, *args: Any, annee: int | None, **options: Any) -> None:
        if annee is not None and not 1990 <= annee <= 2100:
            raise CommandError(years.NO_SUCH_YEAR)
        started, problems = time.monotonic(), 0
        accounts = checking.Accounts(annee)
        for problem in checking.problems(accounts):
            problems += 1
            self.stderr.write(problem)
        seen = f"{counted(len(accounts.payments), 'versement')}, {time.monotonic() - started:.1f} s"
        if problems:
            raise CommandError(f"{counted(problems, 'différence')} ({seen}).")
        self.stdout.write(f"Tout concorde : {seen}.")
