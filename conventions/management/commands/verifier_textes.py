"""Read the stored PDF of each frozen act against what its rows promise; exit code 1 when something new is lost."""

import time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from conventions.domain.acts import coverage
from conventions.domain.foundation.refusals import Refused
from conventions.formats import counted
from conventions.models import User


class Command(BaseCommand):
    help = (
        "Cherche dans le texte de chaque acte figé tout ce que promet son dossier. "
        "Code de sortie 1 si une promesse qui n’est pas déjà connue ne s’y lit pas."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "references", nargs="*", metavar="REFERENCE", help="Ces actes seulement, par leur numéro."
        )
        parser.add_argument(
            "--noter",
            default="",
            metavar="MOTIF",
            help="Noter au journal que ce qui manque à ces actes est connu, et pourquoi. Demande --par.",
        )
        parser.add_argument(
            "--par", default="", metavar="IDENTIFIANT", help="Le compte de la personne qui le note."
        )
        parser.add_argument(
            "--tout", action="store_true", help="Dire aussi, une à une, les promesses déjà connues."
        )

    def handle(
        self, *args: Any, references: list[str], noter: str, par: str, tout: bool, **options: Any
    ) -> None:
        started = time.monotonic()
        reader = self._reader(noter, par, references)
        acts = new = known = 0
        by_layout: dict[int, int] = {}
        try:
            for found in coverage.check(references):
                acts += 1
                if reader is not None and found.new:
                    coverage.note_known(found, by=reader, reason=noter)
                    known += len(found.new)
                else:
                    new += len(found.new) + bool(found.unread)
                    self._tell(found)
                known += len(found.known)
                if found.of_layout:
                    by_layout[found.layout] = by_layout.get(found.layout, 0) + len(found.of_layout)
                if tout:
                    for promise in (*found.known, *found.of_layout):
                        self.stdout.write(f"Acte {found.act.number}, déjà connu. {promise}")
        except (Refused, PermissionDenied) as refusal:
            raise CommandError(str(refusal)) from refusal
        self._conclude(acts, new, known, by_layout, time.monotonic() - started)

    def _reader(self, reason: str, name: str, references: list[str]) -> User | None:
        if not reason:
            return None
        if not references:
            raise CommandError("Nommez les actes à noter : chacun se lit avant d’être noté.")
        found = User.objects.filter(username=name, is_active=True).first()
        if found is None:
            raise CommandError("Dites qui le note : --par, puis l’identifiant d’un compte ouvert.")
        return found

    def _tell(self, found: coverage.Finding) -> None:
        if found.unread:
            self.stderr.write(
                f"Acte {found.act.number} : {found.unread}. Lancez « manage.py verifier_archives »."
            )
        for promise in found.new:
            self.stderr.write(f"Acte {found.act.number}. Ne se lit pas dans son texte : {promise}.")

    def _conclude(self, acts: int, new: int, known: int, by_layout: dict[int, int], seconds: float) -> None:
        for layout, count in sorted(by_layout.items()):
            self.stdout.write(
                f"Mise en page {layout} : {counted(count, 'promesse')} qu’elle n’imprimait pas toujours."
            )
        if known:
            self.stdout.write(f"Déjà connu, noté au journal : {counted(known, 'promesse')}.")
        seen = f"{counted(acts, 'acte figé', 'actes figés')}, {seconds:.1f} s"
        if new:
            told = counted(new, "promesse ne se lit pas", "promesses ne se lisent pas")
            raise CommandError(f"{told} dans le texte de son acte ({seen}).", returncode=1)
        self.stdout.write(f"Tout se lit : {seen}.")
