"""Ask for the reminders of the day. `balayer` does it once a day; by hand, `--a-blanc` shows without sending."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from conventions.domain.mails import daily_reminders, delivery
from conventions.formats import counted


class Command(BaseCommand):
    help = "Envoie les rappels du jour : ce qui attend trop, ce qui arrive à échéance, ce qui est en retard."

    def add_arguments(self, parser):
        parser.add_argument(
            "--a-blanc", action="store_true", help="Montrer les rappels qui partiraient, sans rien envoyer."
        )

    def handle(self, *args, a_blanc=False, **options):
        today = timezone.localdate()
        found = daily_reminders.due(today=today) if a_blanc else daily_reminders.ask_for_all(today=today)
        for reminder in found:
            self.stdout.write(f"{reminder.title} – {reminder.task.title}")
        if a_blanc:
            self.stdout.write(
                f"{counted(len(found), 'rappel partirait', 'rappels partiraient')}. Rien n’est envoyé."
            )
            return
        delivery.queue_summaries()
        self.stdout.write(f"{counted(len(found), 'rappel demandé', 'rappels demandés')}.")
