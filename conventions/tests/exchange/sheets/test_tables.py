"""Headings of GLPI, Snipe-IT and free sheets; what is no line is named; nothing is dropped without a word."""

import pytest

from conventions.exchange.equipment.columns import ANNEX, STOCK
from conventions.exchange.sheets import read_text
from conventions.exchange.sheets.tables import NOTE, find_table, headings_key, mapping_of

GLPI_FR = "Nom;Entité;Statut;Fabricant;Numéro de série;Type;Modèle;Lieu;Numéro d'inventaire;Usager;Dernière modification;Date d'achat;Valeur"  # fmt: skip  # noqa: E501
GLPI_EN = "Name;Entity;Status;Manufacturer;Serial number;Type;Model;Location;Inventory number;Alternate username;Last update;Date of purchase;Value"  # fmt: skip  # noqa: E501
SNIPE = "Company,Asset Name,Asset Tag,Model,Category,Manufacturer,Serial,Purchased,Cost,Location,Status"
FREE = "Désignation\tMarque\tN° de série\tN° d’inventaire\tAcheté le\tPrix (F CFP)\tÉtat\tEmplacement"
USUAL = {"nature", "maker", "serial", "inventory_tag", "purchased_on", "amount", "place"}


def table_of(text, vocabulary=STOCK, **more):
    return find_table(read_text(text), vocabulary, **more)


def fields(table) -> set:
    return {column.field for column in table.columns} - {NOTE}


@pytest.mark.parametrize(
    "headings", [GLPI_FR, GLPI_EN, SNIPE, FREE, FREE.upper(), GLPI_FR.replace(";", '";"').join('""')]
)
def test_headings_are_recognised(headings):
    separator = next(sign for sign in ";,\t" if sign in headings)
    table = table_of(f"{headings}\n{separator.join(['x'] * 13)}\n")
    assert fields(table) >= USUAL
    assert all(column.understood for column in table.columns if not column.heading.startswith("Colonne"))


def test_heading_with_its_table_before_it():
    table = table_of("Ordinateur - Numéro de série;Ordinateur - Fabricant;Type\nS1;HP;PC\n")
    assert fields(table) == {"serial", "maker", "nature"}


def test_unknown_heading_is_named_and_its_cells_are_notes():
    table = table_of("Type;Numéro de série;Couleur de coque\nPC;S1;vert\n")
    [column] = [column for column in table.columns if not column.understood]
    assert (column.heading, column.field, column.sample) == ("Couleur de coque", NOTE, "vert")


def test_second_column_of_a_kind_is_a_note():
    table = table_of("Type;Catégorie;Numéro de série\nPC;Portable;S1\n")
    assert [column.field for column in table.columns] == ["nature", NOTE, "serial"]


def test_titles_totals_notes_and_repeated_headings_are_named_and_left_out():
    table = table_of(
        "Parc réformé 2026;;;\nÉdité le 3 novembre;;;\n\nType;Marque;N° de série;Valeur\nPC;HP;S1;1000\n"
        "Sous-total;;;1000\nType;Marque;N° de série;Valeur\nPC;HP;S2;2000\nTotal;;;3000\n\n"
        "* hors écrans;;;\nSource : GLPI;;;\n"
    )
    assert [row.text(2) for row in table.rows] == ["S1", "S2"]
    assert [(left.number, left.why.split()[0]) for left in table.left_out] == [
        (1, "titre"), (2, "titre"), (6, "ligne"), (7, "titres"), (9, "ligne"), (11, "remarque"), (12, "remarque"),
    ]  # fmt: skip
    assert "3000" in table.left_out[4].sentence


@pytest.mark.parametrize("total", ["Total", "TOTAL GÉNÉRAL", "Total :", "Totaux", "Sous-total HP", "Somme"])
def test_total_in_any_column_is_no_device(total):
    table = table_of(f"N°;Type;N° de série;Valeur\n1;PC;S1;1000\n;{total};;1000\n")
    assert len(table.rows) == 1


def test_total_that_counts_the_serials_is_no_device():
    table = table_of("Type;N° de série;Valeur\nPC;S0001;1000\nTotal;1;1000\n")
    assert [row.text(1) for row in table.rows] == ["S0001"]
    assert table.left_out[0].number == 3


def test_device_called_total_with_a_serial_stays():
    table = table_of("Type;Marque;N° de série\nTotal Station;Leica;S1\nTotal;Leica;S2\n")
    assert len(table.rows) == 2


def test_line_with_little_on_it_stays_to_be_mended():
    table = table_of("Type;Marque;N° de série\nPC;HP;S1\nÉcran;;\nPC;HP;S3\n")
    assert len(table.rows) == 3


@pytest.mark.parametrize(
    "two",
    [
        "Matériel;;;Achat;\nType;Marque;N° de série;Date;Valeur\n",
        "Type;Marque;N° de série;Achat;\n;;;Date;Valeur\n",
    ],
)
def test_two_rows_of_headings_are_one(two):
    table = table_of(f"{two}PC;HP;S1;2019;1000\n")
    assert [column.field for column in table.columns] == [
        "nature",
        "maker",
        "serial",
        "purchased_on",
        "amount",
    ]
    assert [row.text(2) for row in table.rows] == ["S1"]


def test_what_was_chosen_is_remembered_for_the_same_set_in_any_order():
    table = table_of("Engin;Immat;Prix\nPC;S1;1\n")
    table.choose({"engin": "nature", "immat": "serial"})
    kept = {table.key: mapping_of(table)}
    again = table_of("Immat;Prix;Engin\nS2;2;PC\n", remembered=kept.get)
    assert [column.field for column in again.columns] == ["serial", "amount", "nature"]
    assert headings_key(["Prix", "Immat", "Engin"]) == table.key


def test_one_field_is_filled_by_one_column():
    table = table_of("Engin;Immat;Type\nPC;S1;x\n")
    table.choose({"engin": "nature"})
    assert [column.field for column in table.columns].count("nature") == 1


def test_paste_without_headings_is_read_by_position():
    table = table_of("ordinateur\t10\tHP\nécran\t2\tDell\n", ANNEX)
    assert not table.has_headings
    assert [column.field for column in table.columns] == ["nature", "quantity", "maker"]
    assert len(table.rows) == 2


def test_headings_nobody_knows_are_kept_to_be_chosen():
    table = table_of("Engin;Immat;Teinte\nA7;B2;3\n")
    assert [column.heading for column in table.columns] == ["Engin", "Immat", "Teinte"]
    assert not any(column.understood for column in table.columns)


def test_sheet_without_headings_names_its_columns():
    table = table_of("a1;b2;c3\n1;2;3\n")
    assert [column.heading for column in table.columns] == ["Colonne A", "Colonne B", "Colonne C"]
    assert len(table.rows) == 2
