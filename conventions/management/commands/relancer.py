"""Ask for the reminders of the day. `balayer` does it once a day; by hand, `--a-blanc` shows without sending.

What fails stops nothing else: the command says it at the end, with an exit code that is not 0.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from conventions.domain.foundation.failures import Failures
from conventions.domain.mails import daily_reminders, delivery
from conventions.formats import counted


class Command(BaseCommand):
    help = "Envoie les rappels du jour : ce qui attend trop, ce qui arrive à échéance, ce qui est en retard."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--a-blanc", action="store_true", help="Montrer les rappels qui partiraient, sans rien envoyer."
        )

    def handle(self, *args: Any, a_blanc: bool = False, **options: Any) -> None:
        today = timezone.localdate()
        failures = Failures()
        found = (daily_reminders.due if a_blanc else daily_reminders.ask_for_all)(failures, today=today)
        for reminder in found:
            self.stdout.write(f"{reminder.title} – {reminder.task.title}")
        if a_blanc:
            self.stdout.write(
                f"{counted(len(found), 'rappel partirait', 'rappels partiraient')}. Rien n’est envoyé."
            )
        else:
            with failures.of("Résumés quotidiens"):
                delivery.queue_summaries(failures)
            self.stdout.write(f"{counted(len(found), 'rappel demandé', 'rappels demandés')}.")
        if failures.told:
            raise CommandError(failures.summary)
