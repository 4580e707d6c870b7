"""Triggers that the database should hold."""

from collections.abc import Iterator

from conventions.domain.foundation import triggers


def missing_locks() -> Iterator[str]:
    """Triggers that the database should hold and does not: gone, disabled, or no longer as they were written."""
    held = {name for _table, name in triggers.installed()}
    for name, rule in triggers.triggers().items():
        if name not in held:
            yield f"Verrou absent sur {rule.table} ({name}) : lancez « manage.py migrate » pour le remettre."
