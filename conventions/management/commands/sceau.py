"""The certificate of the seal: what it is; renewing the one the application made; a new authority after a loss."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from conventions.domain.documents import sealing
from conventions.domain.documents.sealing import authority


class Command(BaseCommand):
    help = "Montre le certificat du sceau, ou renouvelle celui que l’application a fabriqué."

    def add_arguments(self, parser: CommandParser) -> None:
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--renouveler", action="store_true", help="nouvelle clé, même autorité")
        choice.add_argument(
            "--cle-volee",
            action="store_true",
            help="nouvelle clé, même autorité ; l’ancienne rejoint la liste de révocation",
        )
        choice.add_argument(
            "--nouvelle-autorite",
            action="store_true",
            help="après la perte définitive du dossier des clés : nouvelle autorité, nouvelle clé",
        )

    def handle(
        self, *args: Any, renouveler: bool, cle_volee: bool, nouvelle_autorite: bool, **options: Any
    ) -> None:
        folder = authority.embedded_folder()
        if (renouveler or cle_volee or nouvelle_autorite) and settings.SEAL_CERTIFICATE:
            raise CommandError("Le certificat est donné par SEAL_CERTIFICATE : remplacez ses fichiers.")
        if nouvelle_autorite and folder.exists():
            raise CommandError(f"{folder} existe : ses clés servent encore. Rien n’a été fait.")
        try:
            if nouvelle_autorite:
                authority.create_embedded(folder)
            if renouveler or cle_volee:
                authority.renew_embedded(folder, stolen=cle_volee)
            self._tell(sealing.seal_key(create=False))
        except sealing.SealUnavailable as error:
            raise CommandError(str(error)) from error

    def _tell(self, key: sealing.SealKey) -> None:
        origin = "fabriqué par l’application" if key.embedded else "donné par réglage"
        self.stdout.write(
            f"Certificat du sceau, {origin}, valable jusqu’au {key.expires_at:%d/%m/%Y}\n"
            f"  empreinte SHA-256 {key.fingerprint}\n"
            f"  autorité          {sealing.fingerprint(key.anchor)}"
        )
        for warning in sealing.warnings():
            self.stdout.write(f"  {warning}")
