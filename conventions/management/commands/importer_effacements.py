"""Records certificates of erasure from a file or a ZIP, or says what would be."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from conventions.domain.foundation.refusals import Refused
from conventions.equipment_enums import SanitisationCheck, SanitisationTechnique
from conventions.exchange.equipment import erasures
from conventions.exchange.equipment.certificates import unpacked
from conventions.exchange.equipment.matching import Plan, plan
from conventions.models import User


class Command(BaseCommand):
    help = "Enregistre des certificats d’effacement (JSON de nwipe, ou ZIP), rapprochés par numéro de série."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("fichiers", nargs="+", metavar="FICHIER", type=Path)
        parser.add_argument(
            "--essai", action="store_true", help="dire ce qui serait fait, sans rien enregistrer"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="répondre en JSON")
        parser.add_argument(
            "--par", default="", metavar="ADRESSE", help="le compte de logistique qui enregistre"
        )
        parser.add_argument("--agent", default="", help="qui a effacé, quand le fichier ne le dit pas")
        parser.add_argument(
            "--technique", default=SanitisationTechnique.UNKNOWN, choices=SanitisationTechnique.values,
            help="que le fichier de nwipe ne dit pas",
        )  # fmt: skip
        parser.add_argument(
            "--verification", default=SanitisationCheck.UNKNOWN, choices=SanitisationCheck.values
        )

    def handle(
        self,
        *args: Any,
        fichiers: list[Path],
        essai: bool,
        as_json: bool,
        par: str,
        agent: str,
        technique: str,
        verification: str,
        **options: Any,
    ) -> None:
        try:
            files = [(path.name, path.read_bytes()) for path in fichiers]
        except OSError as error:
            raise CommandError(f"Fichier illisible : {error.filename}.") from error
        by = None if essai else _recorder(par)
        told = ""
        try:
            found = plan(erasures.read(list(unpacked(files))))
            if by is not None and found.going:
                told = erasures.record(
                    found.going, by=by, agent=agent, technique=technique, verification=verification
                )
        except PermissionDenied as error:
            raise CommandError(f"{par} n’a pas le droit de modifier le matériel.") from error
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_as_json(found, essai) if as_json else _as_text(found, told, essai))


def _recorder(address: str) -> User:
    by = User.objects.filter(email__iexact=address, is_active=True).first() if address else None
    if by is None:
        raise CommandError("Dites qui enregistre : --par ADRESSE, d’un compte de logistique. Ou --essai.")
    return by


def _as_json(found: Plan, is_trial: bool) -> str:
    files = [
        {
            "fichier": one.file,
            "resultat": one.fate.value,
            "serie": one.certificate.serial if one.certificate else "",
            "appareil": str(one.device) if one.device else "",
            "raison": " ".join([one.why, *one.told]).strip(),
        }
        for one in found.files
    ]
    counts = {fate.value: count for fate, _words, count in found.counts}
    return json.dumps({"essai": is_trial, "comptes": counts, "fichiers": files}, ensure_ascii=False, indent=2)


def _as_text(found: Plan, told: str, is_trial: bool) -> str:
    lines = [f"{words} : {count}" for _fate, words, count in found.counts]
    for one in found.files:
        device = f" → {one.device}" if one.device else ""
        why = " ".join([one.why, *one.told]).strip()
        lines.append(f"  {one.file} : {one.fate}{device}{f'. {why}' if why else ''}")
    lines.append("Essai : rien n’est enregistré." if is_trial else told or "Rien n’a été enregistré.")
    return "\n".join(lines)
