"""Take away the second factor of a member of staff who lost it, from the server: the journal tells it.

Another administrator does it from the page of the account. This is for the one who has nobody to ask.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from conventions.domain.people.security import second_factor
from conventions.formats import elide
from conventions.models import User


class Command(BaseCommand):
    help = "Retire le second facteur d’un agent qui l’a perdu, et ferme ses connexions. Le journal le dit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("identifiant", help="Identifiant de connexion de l’agent.")

    def handle(self, *args: Any, identifiant: str, **options: Any) -> None:
        user = User.objects.filter(username=identifiant, is_staff=True).first()
        if user is None:
            raise CommandError(f"Aucun agent ne se connecte sous « {identifiant} ».")
        if second_factor.factor_of(user) is None:
            raise CommandError(f"{user} n’a pas de second facteur. Rien n’a été changé.")
        second_factor.reset_from_server(user)
        self.stdout.write(
            f"Le second facteur {elide('de', str(user))} est retiré et ses connexions sont fermées. "
            "À sa prochaine connexion, « Mon compte » en propose un autre."
        )
