"""Copy the database and the files to a folder, while the site is at work."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from conventions.domain.foundation import backups
from conventions.domain.foundation.refusals import Refused
from conventions.formats import counted


class Command(BaseCommand):
    help = "Copie la base et les fichiers dans un dossier, site en marche. Les clés n’y sont pas : gardez-les ailleurs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dossier", type=Path, metavar="DOSSIER")

    def handle(self, *args: Any, dossier: Path, **options: Any) -> None:
        try:
            base, new = backups.back_up(dossier)
        except Refused as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"La sauvegarde n’est pas entière ({error}). Recommencez.") from error
        files = counted(new, "nouveau fichier", "nouveaux fichiers")
        self.stdout.write(f"Sauvegardé : {base}, {files}. Gardez les clés dans un autre lieu.")
