"""Tables of text of every age: encodings, separators, quotation marks, line breaks, titles, totals."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conventions.exchange.sheets import UnreadableSheet, read_sheet, read_text
from conventions.exchange.sheets.cells import EMPTY, MAX_ROWS, TOO_LONG, TOO_WIDE
from conventions.exchange.sheets.text import separator_of

ROWS = [["Matériel", "Série", "Lieu"], ["Écran à dalle", "CN0123", "Nouméa"], ["Clé d’accès", "K-77", "Poé"]]


def texts(sheet) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in sheet.rows]


CODECS = ["utf-8", "utf-8-sig", "cp1252", "cp850", "mac_roman", "utf-16", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("codec", CODECS)
def test_same_rows_whatever_the_program(codec):
    for separator in ";,\t|":
        for ends in ("\n", "\r\n", "\r"):
            text = ends.join(separator.join(row) for row in ROWS) + ends
            if codec == "cp850":
                text = text.replace("’", "'")
            sheet = read_sheet(text.encode(codec), "parc.csv")
            assert [[text.replace("'", "’") for text in row] for row in texts(sheet)] == ROWS


def test_line_that_names_the_separator_is_no_row():
    sheet = read_text("sep=;\r\nSérie;Prix\r\nA,B,C;1,5\r\n")
    assert texts(sheet) == [["Série", "Prix"], ["A,B,C", "1,5"]]
    assert sheet.rows[0].number == 1


def test_empty_first_line_keeps_the_numbers_of_a_spreadsheet():
    sheet = read_text('\n"Nom";"Série"\n"PC-1";"ABC1"\n\n"PC-2";"ABC2"\n')
    assert [row.number for row in sheet.rows] == [2, 3, 5]


def test_line_break_in_a_cell_stays_in_it():
    sheet = read_text('Nom;Adresse;Série\nA;"12 rue\r\nBP 3";S1\nB;"Poé\nRT1";S2\n')
    assert texts(sheet)[1] == ["A", "12 rue\nBP 3", "S1"]
    assert [row.number for row in sheet.rows] == [1, 2, 3]


@pytest.mark.parametrize(
    "line",
    ['Écran 24";S1;Nouméa', 'Achat d’un "écran;S1;Nouméa', '"Écran 24;S1;Nouméa', '"Écran" plat;S1;Nouméa'],
)
def test_orphan_mark_swallows_nothing(line):
    sheet = read_text(f"Nom;Série;Lieu\n{line}\nPC;S2;Poé\nPC;S3;Dumbéa\n")
    assert [row.cells[1].text for row in sheet.rows] == ["Série", "S1", "S2", "S3"]


def test_two_orphans_do_not_join_their_lines():
    sheet = read_text('Nom;Série\n"Écran;S1\nPC";S2\nPC;S3\n')
    assert [row.cells[1].text for row in sheet.rows] == ["Série", "S1", "S2", "S3"]
    assert "Ligne 2" in sheet.told[0]


@pytest.mark.parametrize("cell", ["a;\n;b", "\n", ";;\n;;", '"\n";'])
def test_program_that_quotes_every_cell_is_believed(cell):
    quoted = cell.replace('"', '""')
    sheet = read_text(f'"Nom";"Note";"Série"\n"A";"{quoted}";"S1"\n"B";"";"S2"\n')
    assert [row.cells[2].text for row in sheet.rows] == ["Série", "S1", "S2"]


def test_doubled_marks_are_one():
    assert texts(read_text('a;"un ""gros"" écran";c\nd;e;f\n'))[0][1] == 'un "gros" écran'


def test_marks_nobody_sees_are_gone_and_names_stay():
    sheet = read_text("Série\tNom\n\u202aS1\u202c\tʻŌfisi\u200b d’Ana\nS2\tD’ALMEIDA\n")
    assert texts(sheet)[1] == ["S1", "ʻŌfisi d’Ana"]


def test_one_serial_a_line_is_one_column():
    assert separator_of("5CG1\n5CG2\n5CG3\n") == ""
    assert texts(read_text("5CG1\n\n5CG2")) == [["5CG1"], ["5CG2"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", EMPTY),
        ("\n;;;\n ; \n", EMPTY),
        ("a;b\n" * (MAX_ROWS + 1), TOO_LONG),
        (";".join(["x"] * 201) + "\n" + ";".join(["y"] * 201), TOO_WIDE),
        (";".join(["x"] * 100_000), TOO_WIDE),
        ("a;" + "x" * 40_000 + "\nb;c\n", "32 767"),
    ],
)
def test_limits_are_said(text, said):
    with pytest.raises(UnreadableSheet) as refusal:
        read_text(text)
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n" + b"0" * 50, b"%PDF-1.7\n" + b"0" * 50, b"\x00\x01\x02" * 90]
)
def test_what_is_no_table_is_refused(content):
    with pytest.raises(UnreadableSheet):
        read_sheet(content, "parc.csv")


@pytest.mark.parametrize("piece", ['"', '";"', '"a""b;', 'x;"', '"\r', '"";"""a'])
def test_hostile_marks_take_no_time(piece):
    start = time.process_time()
    with pytest.raises(UnreadableSheet):
        read_text(piece * (400_000 // len(piece)))
    assert time.process_time() - start < 20


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(st.text(alphabet="abé12 ;,\"'\n", max_size=8), min_size=3, max_size=3),
        min_size=2,
        max_size=6,
    )
)
def test_what_a_spreadsheet_wrote_is_read_back(rows):
    """With every cell quoted, as GLPI writes: no guess is needed."""
    rows = [[f"k{index}", *row[1:]] for index, row in enumerate(rows)]
    text = "sep=;\n" + "".join(
        ";".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) + "\n" for row in rows
    )
    read = [row + [""] * (3 - len(row)) for row in texts(read_text(text))]
    assert read == [[cell.strip() for cell in row] for row in rows]
