"""`manage.py comptes_demo`: who can sign in to the demonstration, and where; one screen of 80 columns."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from conventions.demonstration import progress
from conventions.demonstration.loading import DemonstrationClosed, account_lines
from conventions.demonstration.plan import accounts

ADDRESSES = {
    "Site public": "public:home",
    "Administration": "admin:index",
    "Espace des associations": "portal:home",
    "Comptes, codes, courriels": "demo:accounts",
}


class Command(BaseCommand):
    help = "Affiche les comptes et les adresses de la démonstration (DEMO=1 seulement)."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lines = account_lines()
        except DemonstrationClosed as error:
            raise CommandError(str(error)) from None
        if not lines:
            self.stdout.write("Aucun compte de démonstration. Chargez-les : python manage.py charger_demo")
            return
        staff = [line for line in lines if line.is_staff]
        self.stdout.write(f"Agents de l’OPT-NC : mot de passe {accounts.PASSWORD}")
        width = max(len(line.sign_in) for line in staff)
        for line in staff:
            then = " (puis le code affiché sur /demo/)" if line.needs_code else ""
            self.stdout.write(f"  {line.sign_in:<{width}}  {line.role}{then}")
        self.stdout.write("\nAssociations (fictif) : un code par courriel ; leurs comptes sont sur /demo/")
        for line in lines[len(staff) :]:
            self.stdout.write(f"  {line.sign_in}  {line.role}")
        site = f"http://127.0.0.1:{os.environ.get('PORT') or '8000'}"
        self.stdout.write("")
        for name, page in ADDRESSES.items():
            self.stdout.write(f"{name:<{max(map(len, ADDRESSES))}}  {site}{reverse(page)}")
        if progress.is_wanted():
            self.stdout.write("Les conventions fictives se chargent encore : leur avancement est sur /demo/.")
