"""The certificate of the seal: what it is; renewing the one the application made; a new authority after a loss."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from conventions.domain.acts.signing import sealing as signing
from conventions.domain.documents import sealing
from conventions.domain.documents.sealing import authority
from conventions.domain.documents.storage import DamagedDocument
from conventions.domain.foundation.refusals import Refused
from conventions.models import Act


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
            "--sans-preuves",
            metavar="NUMERO",
            default="",
            help="terminer cet acte « à sceller », dont une autorité a fermé, sans les preuves de long terme",
        )
        parser.add_argument("--motif", default="", help="avec --sans-preuves : ce qui a disparu")
        choice.add_argument(
            "--nouvelle-autorite",
            action="store_true",
            help="après la perte définitive du dossier des clés : nouvelle autorité, nouvelle clé",
        )

    def handle(
        self,
        *args: Any,
        renouveler: bool,
        cle_volee: bool,
        nouvelle_autorite: bool,
        sans_preuves: str,
        motif: str,
        **options: Any,
    ) -> None:
        if sans_preuves:
            self._end(sans_preuves, motif)
            return
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

    def _end(self, number: str, reason: str) -> None:
        act = Act.objects.select_related("frozen_document", "convention").filter(number=number).first()
        if act is None:
            raise CommandError(
                f"Aucun acte ne porte le numéro {number}. Donnez-le comme sur la page de l’acte."
            )
        if not reason.strip():
            raise CommandError("Dites ce qui a disparu : --motif « … ». Le journal le garde.")
        try:
            signing.without_proofs(act, by=None, reason=reason.strip())
        except (Refused, sealing.SealingError, DamagedDocument) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{number} est signé. Ses sceaux restent tels quels, sans preuves de long terme.")

    def _tell(self, key: sealing.SealKey) -> None:
        origin = "fabriqué par l’application" if key.embedded else "donné par réglage"
        self.stdout.write(
            f"Certificat du sceau, {origin}, valable jusqu’au {key.expires_at:%d/%m/%Y}\n"
            f"  empreinte SHA-256 {key.fingerprint}\n"
            f"  autorité          {sealing.fingerprint(key.anchor)}"
        )
        for warning in sealing.warnings():
            self.stdout.write(f"  {warning}")
