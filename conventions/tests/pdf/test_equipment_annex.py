"""The annex of equipment: what every line shares, or none says, stands once."""

from dataclasses import replace

import pytest

from conventions.domain.documents.rendering import render_agreement
from conventions.domain.documents.rendering.annexes import equipment_table
from conventions.tests.pdf import samples
from conventions.tests.pdf.reading import plain, text_of

pytestmark = pytest.mark.pdf
UNSAID = {
    "quantity": None,
    "unit": "",
    "value": None,
    "amount": None,
    "status": "inconnu",
    "unit_price": None,
    "purchased": None,
}


def labels(table):
    return [column.label for column in table.columns]


def test_what_no_line_says_is_said_once():
    lines = tuple(replace(line, **UNSAID) for line in samples.equipment(12))
    table = equipment_table(lines)
    assert labels(table) == ["N°", "Nature, marque et modèle", "N° de série, inventaire"]
    text = text_of(render_agreement(samples.agreement(equipment=lines)).content)
    annex = text[text.index("Nature, marque et modèle") :]
    assert annex.count("non précisée") == 2
    assert annex.count("Quantité non précisée ; valeur estimée non précisée") == 1
    assert "Total" not in annex


def test_known_values_alone_have_their_sum_under_them():
    table = equipment_table(tuple(replace(line, quantity=None, unit="") for line in samples.equipment(2)))
    assert labels(table)[-1] == "Valeur estimée"
    assert [(column.label, plain(total)) for column, total in table.summed] == [
        ("Valeur estimée", "25 000 F CFP")
    ]
    assert (table.foot.label, table.foot.note) == ("Total", "Quantité non précisée")


def test_known_quantities_alone_have_their_sum_under_them():
    unvalued = {"value": None, "amount": None, "status": "inconnu", "unit_price": None}
    table = equipment_table(tuple(replace(line, **unvalued) for line in samples.equipment(2)))
    assert labels(table)[-1] == "Qté"
    assert [(column.label, total) for column, total in table.summed] == [("Qté", "2")]
    assert table.foot.note == "Valeur estimée non précisée"


def test_a_unit_without_a_quantity_is_read():
    line = replace(samples.equipment(1)[0], quantity=None, unit="palettes")
    assert ("palettes",) in equipment_table((line,)).rows[0]


def test_what_one_line_alone_does_not_say_is_a_dash_told_in_the_foot():
    first, second = samples.equipment(2)
    table = equipment_table((first, replace(second, **UNSAID)))
    rows = dict(zip(labels(table), table.rows[1], strict=True))
    assert rows["Valeur estimée"] == rows["Qté"] == ("—",)
    assert plain(table.foot.note) == (
        "1 ligne sans quantité connue, non comptée ; 1 ligne sans valeur connue, non comptée"
    )
