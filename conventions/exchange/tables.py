"""One table of columns, written as CSV (streamed) or as an Excel workbook.

    columns = (Column("Nom", lambda partner: partner.name), Column("Créé le", lambda p: p.created_at))
    return csv_response(columns, queryset.iterator(chunk_size=500), name="partenaires")
    return xlsx_response(columns, rows, name="partenaires", title="Partenaires")

A value may be None (an empty cell: unknown is never 0), a text, an int (amounts are whole XPF), a date or a
datetime. A text that a spreadsheet would read as a formula is made harmless: see `safe_text`.
"""

import csv
import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, BinaryIO

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone

if TYPE_CHECKING:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_CELL = 32_767
MAX_WIDTH = 60
ROWS_MEASURED = 200  # for the width of a column
LINES_SENT = 200  # at a time
HEADING_GROUND, HEADING_INK = "0A6673", "FFFFFF"

CellValue = str | int | datetime.date | datetime.datetime | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its French heading and how to read its value from a row."""

    heading: str
    value: Callable[[Any], Any]


def safe_text(text: str) -> str:
    """The text as a CSV cell that no spreadsheet computes (OWASP, CSV injection).

    What starts with = + - @ TAB or CR, spaces set aside, gets an apostrophe in front. A workbook needs none: there
    the cell itself says that it is a text.
    """
    return f"'{text}" if is_formula_like(text) else text


def is_formula_like(text: str) -> bool:
    return text.lstrip(" \n\u00a0\u202f").startswith(FORMULA_STARTS)


def plain_value(value: Any) -> CellValue:
    """What a cell holds: text, whole number, date (moments in Nouméa's time), or nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    if isinstance(value, int | datetime.date):
        return value
    return str(value)


def csv_lines(columns: Iterable[Column], rows: Iterable[Any], *, headings: bool = True) -> Iterator[str]:
    """CSV text, line by line: semicolons as French spreadsheets expect, dates as ISO 8601."""
    columns = tuple(columns)
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    if headings:
        yield writer.writerow([safe_text(str(column.heading)) for column in columns])
    for row in rows:
        yield writer.writerow([_csv_cell(plain_value(column.value(row))) for column in columns])


def csv_response(columns: Iterable[Column], rows: Iterable[Any], *, name: str) -> StreamingHttpResponse:
    """A streamed download « name-AAAA-MM-JJ.csv », in UTF-8 with the mark that Excel needs."""
    response = StreamingHttpResponse(_sent(csv_lines(columns, rows)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{dated_name(name)}.csv"'
    return response


def write_xlsx(file: BinaryIO, columns: Iterable[Column], rows: Iterable[Any], *, title: str) -> int:
    """Write an Excel workbook of one sheet: headings frozen and filtered, texts as texts. Returns how many rows.

    Rows are written as they are read: memory holds the first ones, which give the widths.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    columns = tuple(columns)
    table = ([plain_value(column.value(row)) for column in columns] for row in rows)
    first = list(islice(table, ROWS_MEASURED))
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for index, column in enumerate(columns):
        sheet.column_dimensions[get_column_letter(index + 1)].width = _width(column, first, index)
    heads = []
    for column in columns:
        cell = WriteOnlyCell(sheet, value=str(column.heading))
        cell.font = Font(bold=True, color=HEADING_INK)
        cell.fill = PatternFill("solid", fgColor=HEADING_GROUND)
        heads.append(cell)
    sheet.append(heads)
    written = 0
    for values in chain(first, table):
        sheet.append([_xlsx_cell(sheet, value) for value in values])
        written += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{written + 1}"
    book.save(file)
    return written


def xlsx_bytes(columns: Iterable[Column], rows: Iterable[Any], *, title: str) -> bytes:
    """The bytes of `write_xlsx`."""
    buffer = BytesIO()
    write_xlsx(buffer, columns, rows, title=title)
    return buffer.getvalue()


def xlsx_response(columns: Iterable[Column], rows: Iterable[Any], *, name: str, title: str) -> HttpResponse:
    """A download « name-AAAA-MM-JJ.xlsx »."""
    response = HttpResponse(xlsx_bytes(columns, rows, title=title), content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{dated_name(name)}.xlsx"'
    return response


def dated_name(name: str) -> str:
    """A plain file name with today's date in Nouméa."""
    return f"{name}-{timezone.localdate().isoformat()}"


class _Echo:
    """A file that gives back what is written, for csv.writer."""

    def write(self, text: str) -> str:
        return text


def _sent(lines: Iterator[str]) -> Iterator[str]:
    """With the mark; many lines at a time, since each part that is sent has its own cost."""
    yield "\ufeff"
    while part := "".join(islice(lines, LINES_SENT)):
        yield part


def _csv_cell(value: CellValue) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return safe_text(value)
    return value.isoformat(sep=" ") if isinstance(value, datetime.datetime) else str(value)


def _xlsx_cell(sheet: "WriteOnlyWorksheet", value: CellValue) -> "WriteOnlyCell":
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value)[:MAX_CELL])
        cell.data_type = "s"
        cell.quotePrefix = is_formula_like(value)
        return cell
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, datetime.datetime):
        cell.number_format = "dd/mm/yyyy hh:mm"
    elif isinstance(value, datetime.date):
        cell.number_format = "dd/mm/yyyy"
    elif isinstance(value, int):
        cell.number_format = "#,##0"
    return cell


def _width(column: Column, table: list[list[CellValue]], index: int) -> int:
    longest = max([len(str(column.heading)), *(len(str(row[index] or "")) for row in table)])
    return min(longest + 3, MAX_WIDTH)
