"""`manage.py comptes_demo`: who can sign in to the demonstration, and where."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from conventions.demonstration.loading import DemonstrationClosed, account_lines
from conventions.demonstration.plan import accounts


class Command(BaseCommand):
    help = "Affiche les comptes et les adresses de la démonstration (DEMO=1 seulement)."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lines = account_lines()
        except DemonstrationClosed as error:
            raise CommandError(str(error)) from None
        site = f"http://127.0.0.1:{os.environ.get('PORT') or '8000'}"
        if not lines:
            self.stdout.write("Aucun compte de démonstration. Chargez-les : python manage.py charger_demo")
            return
        staff = [line for line in lines if line.is_staff]
        self.stdout.write(f"\nAgents de l’OPT-NC : mot de passe {accounts.PASSWORD}")
        width = max(len(line.sign_in) for line in staff)
        for line in staff:
            then = " (puis le code affiché sur /demo/)" if line.needs_code else ""
            self.stdout.write(f"  {line.sign_in:<{width}}  {line.role}{then}")
        self.stdout.write("\nDes associations (fictif) : un code par courriel, à lire sur /demo/courriels/")
        for line in lines:
            if not line.is_staff:
                self.stdout.write(f"  {line.role}\n      {line.sign_in}")
        addresses = [
            ("Site public", reverse("public:home")),
            ("Administration", reverse("admin:index")),
            ("Espace des associations", reverse("portal:home")),
            ("Comptes, codes, courriels", reverse("demo:accounts")),
        ]
        self.stdout.write("\nAdresses")
        width = max(len(name) for name, _path in addresses)
        for name, path in addresses:
            self.stdout.write(f"  {name:<{width}}  {site}{path}")
