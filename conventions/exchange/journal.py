"""The journal outside the application: readable columns for a spreadsheet, the bare chain for who checks it."""

from typing import Any

from conventions.domain.journal.story import Line
from conventions.exchange.columns import Column
from conventions.models import JournalEntry


def _changes(line: Line) -> str:
    return "\n".join(f"{change.label} : {change.before} → {change.after}" for change in line.changes)


def _details(line: Line) -> str:
    return "\n".join(f"{label} : {text}" for label, text in line.details)


def _about(line: Line) -> str:
    return str(line.entry.convention or line.entry.partner or "le site")


JOURNAL_COLUMNS = (
    Column("Quand", lambda line: line.entry.at),
    Column("Qui", lambda line: line.actor),
    Column("Rôle", lambda line: line.role),
    Column("Ce qui s’est passé", lambda line: line.sentence),
    Column("Type", lambda line: line.title),
    Column("À propos de", _about),
    Column("Acte", lambda line: line.act),
    Column("Avant → après", _changes),
    Column("Précisions", _details),
    Column("Détails personnels", lambda line: line.personal_note or line.personal),
    Column("Chaîne", lambda line: line.entry.chain),
    Column("Rang", lambda line: line.entry.sequence),
    Column("Empreinte", lambda line: line.entry.hash),
    Column("Empreinte précédente", lambda line: line.entry.previous_hash),
)


def chain_document(chain: str) -> dict[str, Any]:
    """A whole chain as it is hashed: personal details are not in it, their salted hash is."""
    entries = JournalEntry.objects.of_chain(chain).values("sequence", "payload", "previous_hash", "hash")
    return {"chaine": chain, "lignes": list(entries)}
