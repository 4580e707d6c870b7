"""The verdict on PDF files, as the page « Vérifier un document » gives it; exit code 1 when one is not sound."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from conventions.domain.documents import verification
from conventions.formats import counted


class Command(BaseCommand):
    help = "Vérifie des fichiers PDF : empreinte, sceaux, ce qui en est connu. Code de sortie 1 si l’un n’est pas sûr."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("fichiers", nargs="+", type=Path, metavar="FICHIER")

    def handle(self, *args: Any, fichiers: list[Path], **options: Any) -> None:
        unsound = 0
        for path in fichiers:
            try:
                content = path.read_bytes()
            except OSError as error:
                raise CommandError(f"{path} ne se lit pas ({error.strerror}).") from error
            unsound += not self._tell(path, verification.of_file(content))
        if unsound:
            told = counted(unsound, "fichier n’est pas sûr", "fichiers ne sont pas sûrs")
            raise CommandError(f"{told}, sur {len(fichiers)}. Lisez pourquoi ci-dessus.", returncode=1)

    def _tell(self, path: Path, found: verification.Finding) -> bool:
        words = verification.wording(found.verdict)
        told = [words.meaning, found.added, words.advice]
        lines = [f"{path} : {words.title}", *(f"  {line}" for line in told if line)]
        if found.sha256:
            lines.append(f"  SHA-256 {found.sha256}")
        if found.facts:
            origin = "Document d’origine" if found.is_origin else "Document"
            facts = found.facts
            lines.append(f"  {origin} : {facts.kind} {facts.reference}, {facts.partners}.")
            lines.append(f"  {facts.document}. {facts.state}.")
        self.stdout.write("\n".join(lines))
        return words.is_sound
