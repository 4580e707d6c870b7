"""What the public list exports: what the pages show, and nothing else. Rows are sheets read whole (`Published`)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from conventions.domain.documents.context import PublicSheetContext
from conventions.domain.publication import stored_context, wording
from conventions.exchange.tables import Column
from conventions.formats import Tally, join_list, tally
from conventions.models import PublicSheet


@dataclass(frozen=True, slots=True)
class Published:
    """A sheet with its facts and its full address."""

    sheet: PublicSheet
    facts: PublicSheetContext
    url: str


def published_rows(sheets: Iterable[PublicSheet], *, site_url: str) -> Iterator[Published]:
    """Rows for CONVENTION_COLUMNS, read one after the other."""
    for sheet in sheets:
        yield Published(sheet, stored_context(sheet), f"{site_url}{sheet.get_absolute_url()}")


def _granted(row: Published) -> Tally:
    return tally(line.stated for line in wording.granted(row.facts))


def _years(row: Published) -> str:
    return ", ".join(
        sorted({str(line.budget_year) for line in wording.granted(row.facts) if line.budget_year})
    )


CONVENTION_COLUMNS = (
    Column("Convention", lambda row: row.facts.title),
    Column("Référence", lambda row: row.facts.reference),
    Column("Nature", lambda row: row.sheet.kind_label),
    Column("Partenaires", lambda row: join_list(party.name for party in wording.others(row.facts))),
    Column("Signée le", lambda row: wording.signature_date(row.facts.signed_on, row.facts.signed_wording)),
    Column(
        "Date de signature",
        lambda row: row.sheet.signed_on if row.sheet.signed_on_precision == "jour" else None,
    ),
    Column("Objet", lambda row: row.facts.object),
    Column("Territoires", lambda row: row.facts.area),
    Column("Thèmes", lambda row: ", ".join(row.facts.themes)),
    Column("Valeurs", lambda row: ", ".join(row.facts.values)),
    Column("Exercices", _years),
    Column("Montant communiqué (F CFP)", lambda row: _granted(row).total),
    Column("Montants non communiqués ou non fixés", lambda row: _granted(row).left_out),
    Column("Soutien en nature", lambda row: " ; ".join(line.label for line in row.facts.supports)),
    Column("Page", lambda row: row.url),
    Column("Fictif", lambda row: row.sheet.is_demo),
)
