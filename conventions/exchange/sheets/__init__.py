"""The one reader of tables that people bring: files of spreadsheets of all ages, and what is pasted.

    sheet = read_sheet(content, "parc.xlsx")      # or read_text(pasted)
    table = find_table(sheet, VOCABULARY)         # headings recognised; titles, totals and notes named and left out

What a cell means is for who asked: an identifier, an amount, a day (`values`).
"""

import io

from conventions.exchange.sheets.books import read_book
from conventions.exchange.sheets.cells import (
    MAX_BYTES,
    TOO_BIG,
    Cell,
    Kind,
    Row,
    Sheet,
    UnreadableSheet,
)
from conventions.exchange.sheets.text import read_text
from conventions.formats import kind_of_file
from conventions.formats.encodings import read_table

__all__ = ["Cell", "Kind", "Row", "Sheet", "UnreadableSheet", "read_sheet", "read_text"]

BOOKS = ("xlsx", "ods", "xls")
REFUSED = {
    "macros": "Ce classeur contient des macros. Enregistrez-le au format .xlsx ou .ods, puis recommencez.",
    "encrypted": "Ce classeur est protégé par un mot de passe. Enregistrez-en une copie sans protection.",
}
NOT_A_TABLE = "Ce fichier n’est pas un tableau. Envoyez un classeur (.xlsx, .ods, .xls) ou un fichier CSV."


def read_sheet(content: bytes, name: str) -> Sheet:
    """The rows of a file, whatever made it; its bytes tell its kind. Raises UnreadableSheet."""
    if len(content) > MAX_BYTES:
        raise UnreadableSheet(TOO_BIG)
    kind = kind_of_file(io.BytesIO(content), name).kind
    if kind in BOOKS:
        return read_book(content, kind)
    if kind not in ("csv", "unknown"):
        raise UnreadableSheet(REFUSED.get(kind, NOT_A_TABLE))
    table = read_table(content)
    if table is None:
        raise UnreadableSheet(NOT_A_TABLE)
    return read_text(table.text, charset=table.charset)
