"""Tell whether the clock waits to be confirmed, and confirm it in the name of an administrator."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from conventions.domain.foundation.refusals import Refused
from conventions.domain.journal import clock
from conventions.models import User


class Command(BaseCommand):
    help = "Dit si la date du serveur attend une confirmation ; --confirmer --par COMPTE la confirme, au journal."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--confirmer", action="store_true", help="La date du serveur est la bonne.")
        parser.add_argument("--par", metavar="COMPTE", help="Le compte d’administrateur qui confirme.")

    def handle(self, *args: Any, confirmer: bool, par: str | None, **options: Any) -> None:
        if not confirmer:
            if reason := clock.held():
                raise CommandError(f"{reason} {clock.WHAT_TO_DO}")
            self.stdout.write("L’horloge n’attend aucune confirmation.")
            return
        user = User.objects.filter(username=par or "").first()
        if user is None:
            raise CommandError("Dites qui confirme : --par suivi d’un compte d’administrateur.")
        try:
            clock.confirm(by=user)
        except (Refused, PermissionDenied) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write("La date est confirmée : ce qui attendait reprend au prochain balayage.")
