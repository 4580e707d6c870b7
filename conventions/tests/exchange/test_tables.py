"""One table of columns, two formats, and no cell that a spreadsheet would compute."""

import datetime
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from conventions.exchange.tables import Column, csv_lines, csv_response, safe_text, xlsx_bytes

COLUMNS = (
    Column("Nom", lambda row: row["name"]),
    Column("Montant", lambda row: row["amount"]),
    Column("Signée le", lambda row: row["day"]),
)
ROWS = [
    {"name": "Œuvre ; « Île »", "amount": 2_000_000, "day": datetime.date(2023, 3, 14)},
    {"name": '=HYPERLINK("http://x")', "amount": None, "day": None},
]
DANGEROUS = ["=1+1", "+687", "-2", "@SUM(A1)", "\tx", "\r=1", "  =1", "\u00a0=1", "\n=1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_of_a_formula_gets_an_apostrophe(text):
    assert safe_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=1", "Les Kimonos du Cœur", "05.30.30", "1 + 1"])
def test_ordinary_text_is_unchanged(text):
    assert safe_text(text) == text


def test_csv_has_headings_iso_dates_and_empty_unknown_amount():
    assert list(csv_lines(COLUMNS, ROWS)) == [
        "Nom;Montant;Signée le\r\n",
        '"Œuvre ; « Île »";2000000;2023-03-14\r\n',
        '"\'=HYPERLINK(""http://x"")";;\r\n',
    ]


def test_csv_response_is_streamed_with_the_mark_of_utf8():
    response = csv_response(COLUMNS, iter(ROWS), name="essai")
    assert response.streaming
    assert b"".join(response.streaming_content).startswith(b"\xef\xbb\xbfNom;Montant")
    today = timezone.localdate().isoformat()
    assert response["Content-Disposition"] == f'attachment; filename="essai-{today}.csv"'


def test_workbook_keeps_texts_as_texts_and_numbers_as_numbers():
    rows = [*ROWS, *({"name": text, "amount": 1, "day": None} for text in ["+687 82.77.67", "@x"])]
    sheet = load_workbook(BytesIO(xlsx_bytes(COLUMNS, rows, title="Essai"))).active
    assert [cell.value for cell in sheet[1]] == ["Nom", "Montant", "Signée le"]
    assert sheet["B2"].value == 2_000_000
    assert sheet["C2"].value == datetime.datetime(2023, 3, 14)  # noqa: DTZ001 -- a spreadsheet knows no zone
    assert (sheet["A3"].value, sheet["A3"].data_type, sheet["A3"].quotePrefix) == (ROWS[1]["name"], "s", True)
    assert (sheet["B3"].value, sheet["C3"].value) == (None, None)
    assert [(sheet[f"A{row}"].data_type, sheet[f"A{row}"].quotePrefix) for row in (2, 4, 5)] == [
        ("s", False),
        ("s", True),
        ("s", True),
    ]


def test_moment_is_written_in_noumea_time():
    moment = datetime.datetime(2026, 1, 1, 20, 0, tzinfo=datetime.UTC)
    lines = list(csv_lines([Column("Quand", lambda row: row)], [moment]))
    assert lines[1] == "2026-01-02 07:00:00\r\n"
