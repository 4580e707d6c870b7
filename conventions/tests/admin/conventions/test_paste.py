"""Lines pasted from a spreadsheet: understood, or reported with their number; none is dropped."""

import datetime

import pytest

from conventions.enums import AmountStatus
from conventions.forms.equipment import read_paste
from conventions.models import JournalEntry
from conventions.tests.admin.conventions.browser_post import form_data


def test_headings_in_any_order_are_recognised():
    found = read_paste(
        "N° de série\tDésignation\tMarque\tDate d’achat\tValeur\nSN1\técran\tHP\t03/2019\t10 000 F\n"
    )
    [(number, row)] = found.rows
    assert number == 2
    assert (row["serial"], row["nature"], row["brand"], row["quantity"]) == ("SN1", "écran", "HP", 1)
    assert (row["purchased_on"], row["purchased_on_precision"]) == (datetime.date(2019, 3, 1), "mois")
    assert (row["amount"], row["status"]) == (10_000, AmountStatus.KNOWN)


def test_without_headings_columns_come_in_the_order_of_the_help():
    found = read_paste("ordinateur;10;HP;ProDesk\n\nécran;?;Dell;")
    assert [(number, row["nature"], row["quantity"]) for number, row in found.rows] == [
        (1, "ordinateur", 10),
        (3, "écran", None),
    ]
    assert found.bad == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("\t1\tHP", "La nature du matériel manque (première colonne)."),
        ("écran\tdeux\tHP", "Quantité illisible : « deux ». Écrivez un nombre entier, ou laissez vide."),
        ("écran\t0\tHP", "Quantité illisible : « 0 ». Écrivez un nombre entier, ou laissez vide."),
        ("écran\t2\tHP\tX\tSN1", "Un numéro de série désigne un seul appareil : la quantité est 1."),
        ("x" * 121, "Nature : 121 caractères, 120 au plus."),
    ],
)
def test_bad_line_says_its_number_and_why(line, message):
    found = read_paste(f"clavier\t1\n{line}\nsouris\t1")
    assert [row["nature"] for _number, row in found.rows] == ["clavier", "souris"]
    assert [(bad.number, bad.message, bad.text) for bad in found.bad] == [(2, message, line)]


def test_line_with_too_many_columns_is_reported():
    found = read_paste("Nature\tMarque\nécran\tHP\tDell")
    assert [bad.number for bad in found.bad] == [2]


def test_unreadable_value_and_date_are_reported():
    found = read_paste("Nature\tValeur\tDate d’achat\nécran\tabc\t\nclavier\t\tdemain")
    assert [(bad.number, bad.message.split("\u00a0: ")[0]) for bad in found.bad] == [
        (2, "Valeur"),
        (3, "Date d’achat"),
    ]


@pytest.mark.slow
def test_hundred_lines_are_saved_at_once(as_role, officer, draft, page_of, the_act):
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    lines = [f"ordinateur\t1\tHP\tProDesk\tSN{rank:03d}\tINV{rank:03d}" for rank in range(100)]
    data["equipment_paste"] = ["\r\n".join(lines)]
    assert client.post(page_of(draft), data).status_code == 302
    rows = list(the_act.equipmentterm_set.order_by("position"))
    assert [row.serial for row in rows] == [f"SN{rank:03d}" for rank in range(100)]
    data = form_data(client.get(page_of(draft)))
    data["equipmentterm-99-brand"] = ["Dell"]
    assert client.post(page_of(draft), data).status_code == 302
    assert the_act.equipmentterm_set.get(serial="SN099").brand == "Dell"


def test_one_bad_line_keeps_the_whole_paste_and_saves_nothing(as_role, officer, draft, page_of, the_act):
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    text = "écran\t1\tHP\n\t1\tDell"
    data["equipment_paste"] = [text]
    page = client.post(page_of(draft), data)
    form = page.context["sheet"].paste_form
    assert form.errors == {"equipment_paste": ["Ligne 2 : La nature du matériel manque (première colonne)."]}
    assert form["equipment_paste"].value() == text
    assert the_act.equipmentterm_set.count() == 0


def test_preview_shows_what_was_understood_and_saves_nothing(as_role, officer, draft, page_of, the_act):
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    data["equipment_paste"] = ["écran\t2\tHP"]
    data["title"] = ["Titre pas encore enregistré (fictif)"]
    page = client.post(page_of(draft), data | {"_apercu": "1"})
    sheet = page.context["sheet"]
    assert sheet.paste_form.pasted.shown == [(1, ["écran", "2", "HP"])]
    assert sheet.convention_form["title"].value() == "Titre pas encore enregistré (fictif)"
    assert (the_act.equipmentterm_set.count(), JournalEntry.objects.count()) == (0, 1)
