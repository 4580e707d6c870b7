"""`manage.py comptes_demo`: who can sign in to the demonstration, and where."""

import os

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from conventions.domain.demonstration import AccountLine, DemonstrationClosed, account_lines

HEADINGS = ("Rôle", "Identifiant", "Mot de passe")


class Command(BaseCommand):
    help = "Affiche les comptes et les adresses de la démonstration (DEMO=1 seulement)."

    def handle(self, *args, **options):
        try:
            lines = account_lines()
        except DemonstrationClosed as error:
            raise CommandError(str(error)) from None
        site = f"http://127.0.0.1:{os.environ.get('PORT') or '8000'}"
        if not lines:
            self.stdout.write("Aucun compte de démonstration. Chargez-les : python manage.py charger_demo")
            return
        self._table("Agents de l’OPT-NC", [line for line in lines if line.is_staff])
        self._table("Associations (fictif)", [line for line in lines if not line.is_staff])
        addresses = [
            ("Site public", reverse("public:home")),
            ("Administration", reverse("admin:index")),
            ("Espace des associations", reverse("portal:home")),
            ("Courriels et codes", reverse("demo:mails")),
        ]
        self.stdout.write("\nAdresses")
        width = max(len(name) for name, _path in addresses)
        for name, path in addresses:
            self.stdout.write(f"  {name:<{width}}  {site}{path}")

    def _table(self, title: str, lines: list[AccountLine]) -> None:
        rows = [(line.role, line.sign_in, line.secret) for line in lines]
        widths = [max(len(row[column]) for row in (HEADINGS, *rows)) for column in range(3)]
        self.stdout.write(f"\n{title}")
        for row in (HEADINGS, tuple("─" * width for width in widths), *rows):
            cells = [f"{text:<{width}}" for text, width in zip(row, widths, strict=True)]
            self.stdout.write(f"  {'  '.join(cells)}".rstrip())
