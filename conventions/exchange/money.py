"""What the screens of envelopes export: one table of columns each (`exchange.tables` writes them)."""

from conventions.exchange.tables import Column
from conventions.formats import show_amount

# Envelopes as `domain.money.budgets.standings` reads them.
ENVELOPE_COLUMNS = (
    Column("Exercice", lambda row: row.envelope.year),
    Column("Enveloppe", lambda row: row.envelope.label),
    Column("Pour", lambda row: row.envelope.scope),
    Column("Voté (F CFP)", lambda row: row.voted),
    Column("Engagé (F CFP)", lambda row: row.committed_sum),
    Column("Réservé (F CFP)", lambda row: row.reserved_sum),
    Column("Reste (F CFP)", lambda row: row.left),
    Column("Transmis (F CFP)", lambda row: row.sent),
    Column("Versé (F CFP)", lambda row: row.paid),
    Column("Lignes non comptées", lambda row: row.left_out),
)
# Lines as `domain.money.budgets.rows_of` reads them.
CHARGED_COLUMNS = (
    Column("Convention", lambda row: row.act.convention.title),
    Column("Nature", lambda row: row.act.convention.kind.name),
    Column("Libellé", lambda row: row.label or "Soutien financier"),
    Column("Exercice", lambda row: row.budget_year),
    Column("Où elle en est", lambda row: "engagé" if row.is_signed else "réservé"),
    Column("Montant connu (F CFP)", lambda row: row.amount if row.status == "connu" else None),
    Column("Montant dit", lambda row: show_amount(row.amount, row.status)),
    Column("Transmis (F CFP)", lambda row: row.sent),
    Column("Versé (F CFP)", lambda row: row.paid),
)
