"""Write docs/coverage.md from the law of coverage, so that the page and the code say the same.

Usage: .venv/bin/python scripts/coverage.py           (a test says when it must be run again)
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db import models

    from conventions.domain.acts.coverage import Declaration

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "coverage.md"
sys.path.insert(0, str(ROOT))

INTRODUCTION = """# Ce que l’acte imprime

Page écrite par `scripts/coverage.py` à partir de `conventions.domain.acts.coverage.LAW`. Ne la modifiez pas à la main.

L’acte dit tout ce que promet le dossier : chaque champ est imprimé, interne avec sa raison, ou refusé avant de figer.
« Depuis » donne la première mise en page qui l’imprime toujours. `manage.py verifier_textes` relit de même chaque acte
figé : voir [Exploitation](operations.md).
"""
HEADINGS = "| champ | dans l’acte | où, ou pourquoi |\n|---|---|---|"


def set_up() -> None:
    """Load the application; nothing here reads the database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opt_partners.settings")
    os.environ.setdefault("DEBUG", "1")
    import django

    django.setup()


def coverage_page() -> str:
    """The whole page, in Markdown."""
    from conventions.domain.acts.coverage import LAW, Printed
    from conventions.models.terms import Term

    lines = [model for model in LAW if issubclass(model, Term)]
    common = [field.name for field in Term._meta.fields] + ["id", "act", "replaces"]
    shared = {name: declared for name, declared in LAW[lines[0]].items() if name in common}
    total = sum(map(len, LAW.values()))
    printed = sum(isinstance(one, Printed) for declared in LAW.values() for one in declared.values())
    count = f"{total} champs : {printed} imprimés, {total - printed} internes ou refusés, aucun sans déclaration.\n"
    parts = [INTRODUCTION, count, _table("Toutes les lignes d’un acte", lines[0], shared)]
    for model, declared in LAW.items():
        kept = {name: one for name, one in declared.items() if model not in lines or name not in shared}
        parts.append(_table(str(model._meta.verbose_name), model, kept))
    return "\n".join(parts)


def _table(title: str, model: "type[models.Model]", declared: "dict[str, Declaration]") -> str:
    rows = [_row(_name(model, name), one) for name, one in declared.items()]
    return "\n".join([f"## {title[:1].upper()}{title[1:]}", "", HEADINGS, *rows, ""])


def _name(model: "type[models.Model]", name: str) -> str:
    label = str(getattr(model._meta.get_field(name), "verbose_name", name))
    return f"`{name}`" if label in (name, name.replace("_", " "), "ID") else f"{label} (`{name}`)"


def _row(name: str, one: "Declaration") -> str:
    from conventions.domain.acts.coverage import Internal, Printed

    if isinstance(one, Internal):
        return f"| {name} | interne | {one.why} |"
    if not isinstance(one, Printed):
        return f"| {name} | refusé avant de figer | « {one.sentence} » |"
    since = f", depuis la mise en page {one.since}" if one.since else ""
    asked = f" ; à défaut : « {one.refused} »" if one.refused else ""
    return f"| {name} | imprimé{since} | {one.where}{asked} |"


if __name__ == "__main__":
    set_up()
    PAGE.write_text(coverage_page(), encoding="utf-8")
