"""Lines pasted from a spreadsheet: understood, or reported with their number; none is dropped."""

import datetime

import pytest

from conventions.enums import AmountStatus, ImportKind
from conventions.exchange.equipment.annex import MAX_LINES, TOO_MANY, read_paste
from conventions.exchange.sheets.tables import headings_key
from conventions.models import ColumnMapping, JournalEntry
from conventions.tests.admin.conventions.browser_post import form_data

pytestmark = pytest.mark.django_db


def read_terms(text, **how):
    """The terms of a paste of which every line is understood."""
    found = read_paste(text, **how)
    assert found.bad == []
    return found.instances()


def test_headings_in_any_order_are_recognised():
    found = read_paste(
        "N° de série\tDésignation\tMarque\tDate d’achat\tValeur\nSN1-2\técran\tHP\t03/2019\t10 000 F\n"
    )
    [term] = found.instances()
    assert [line.number for line in found.lines] == [2]
    assert (term.serial, term.nature, term.brand, term.quantity) == ("SN1-2", "écran", "HP", 1)
    assert (term.purchased_on, term.purchased_on_precision) == (datetime.date(2019, 3, 1), "mois")
    assert (term.amount, term.status) == (10_000, AmountStatus.KNOWN)
    assert found.told == []


def test_without_headings_columns_come_in_the_order_of_the_help():
    found = read_paste("ordinateur;10;HP;ProDesk\n\nécran;?;Dell;")
    terms = zip(found.lines, found.instances(), strict=True)
    assert [(line.number, term.nature, term.quantity, term.brand) for line, term in terms] == [
        (1, "ordinateur", 10, "HP"),
        (3, "écran", None, "Dell"),
    ]
    assert found.bad == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("\t1\tHP", "La nature du matériel manque."),
        (
            "écran\tdeux\tHP",
            "Quantité : « deux » n’est pas un nombre entier d’au moins 1. Corrigez-le, ou laissez vide.",
        ),
        (
            "écran\t0\tHP",
            "Quantité : « 0 » n’est pas un nombre entier d’au moins 1. Corrigez-le, ou laissez vide.",
        ),
        ("écran\t2\tHP\tX\tSN1-2", "1 numéro de série pour une quantité : 2. Écrivez-les tous."),
        ("x" * 121, "Nature : 121 caractères, 120 au plus."),
    ],
)
def test_bad_line_says_its_number_and_why(line, message):
    found = read_paste(f"clavier\t1\n{line}\nsouris\t1")
    assert [line.values["nature"] for line in found.lines] == ["clavier", "souris"]
    assert [(bad.number, bad.message.replace("\u00a0", " ")) for bad in found.bad] == [(2, message)]


def test_unreadable_value_and_date_are_reported():
    found = read_paste("Nature\tValeur\tDate d’achat\nécran\tabc\t\nclavier\t\tdemain\nsouris\t\t12/03/2119")
    assert [(bad.number, bad.message.split("\u00a0: ")[0]) for bad in found.bad] == [
        (2, "Valeur"),
        (3, "Date d’achat"),
        (4, "Date d’achat"),
    ]


@pytest.mark.parametrize("cell", ["3,56938E+14", "#N/A"])
def test_number_that_a_spreadsheet_lost_is_to_be_mended(cell):
    found = read_paste(f"Nature\tN° de série\nécran\t{cell}\nclavier\tAB-12")
    assert [bad.number for bad in found.bad] == [2]
    assert cell in found.bad[0].message
    assert [term.serial for term in found.instances()] == ["AB-12"]


def test_column_without_a_place_is_told_with_its_cells():
    found = read_paste("Nature\tMarque\tCouleur\tPoids\nécran\tHP\tnoir\t2 kg\nclavier\tDell\t\t")
    assert [(term.nature, term.brand) for term in found.instances()] == [("écran", "HP"), ("clavier", "Dell")]
    told = [text.replace("\u00a0", " ") for text in found.told]
    assert told == [
        "Colonne « Couleur » sans place dans l’annexe, non reprise : ligne 2, noir.",
        "Colonne « Poids » sans place dans l’annexe, non reprise : ligne 2, 2 kg.",
    ]


def test_cell_beyond_the_headings_is_told():
    found = read_paste("Nature\tMarque\nécran\tHP\tDell")
    [told] = found.told
    assert "ligne 2, Dell" in told


def test_heading_that_was_chosen_for_the_stock_is_known_to_the_annex():
    headings = ["Nature", "Coloris", "Marque"]
    ColumnMapping.objects.create(
        kind=ImportKind.STOCK, headings_key=headings_key(headings), mapping={"coloris": "model"}
    )
    [term] = read_terms("Nature\tColoris\tMarque\nécran\tP24\tHP")
    assert (term.model, term.brand) == ("P24", "HP")


def test_totals_titles_and_notes_are_left_out_and_named():
    found = read_paste(
        "Parc réformé 2024\t\t\nNature\tQuantité\tMarque\nécran\t2\tHP\nTotal\t2\t\n\nVu par le magasin\t\t\n"
    )
    assert [(term.nature, term.quantity) for term in found.instances()] == [("écran", 2)]
    assert [text.split("\u00a0")[0] for text in found.told] == [
        "Ligne 1, titre au-dessus du tableau",
        "Ligne 4, ligne de total laissée de côté",
        "Ligne 6, remarque hors du tableau",
    ]


def test_ten_serials_on_one_line_are_ten_devices():
    serials = [f"KAO-{rank:04d}" for rank in range(10)]
    found = read_paste(
        f'Nature\tQuantité\tN° de série\tValeur\nordinateur\t10\t"{", ".join(serials)}"\t100 000'
    )
    terms = found.instances()
    assert [(term.serial, term.quantity, term.amount) for term in terms] == [
        (one, 1, None) for one in serials
    ]
    assert len(found.told) == 10
    assert "Écrivez-la sur chaque ligne" in found.told[0]


def test_lot_without_serials_is_one_line_with_its_value():
    [term] = read_terms("Nature\tQuantité\tValeur\nordinateur\t600\t100 000")
    assert (term.quantity, term.amount) == (600, 100_000)


def test_identical_lines_are_one_with_their_quantity_and_value():
    found = read_paste(
        "Nature\tMarque\tValeur\nécran\tHP\t5 000\nclavier\t\t\nécran\tHP\t5 000\nécran\tHP\t6 000"
    )
    assert [(term.nature, term.quantity, term.amount) for term in found.instances()] == [
        ("écran", 2, 10_000),
        ("clavier", 1, None),
        ("écran", 1, 6_000),
    ]
    assert found.told == ["Lignes 2 et 4, identiques\u00a0: une seule ligne, quantité 2."]


def test_one_serial_twice_is_counted_once_or_to_be_mended():
    found = read_paste(
        "Nature\tMarque\tN° de série\tLieu\nécran\tHP\tAB-12\tDucos\nécran\tHP\tAB-12\tDucos\nécran\tHP\tab12\tKoné"
    )
    assert [term.serial for term in found.instances()] == ["AB-12"]
    assert found.told == ["Ligne 3\u00a0: la même que la ligne 2, comptée une fois."]
    assert [(bad.number, bad.message) for bad in found.bad] == [
        (4, "Même n° de série que la ligne 2, avec autre chose. Corrigez l’une des deux.")
    ]


def test_number_that_is_none_is_told():
    found = read_paste("Nature\tN° de série\nécran\tTo be filled by O.E.M.")
    assert [term.serial for term in found.instances()] == [""]
    assert found.told == [
        "Ligne 2\u00a0: N° de série\u00a0: «\u00a0To be filled by O.E.M.\u00a0» ne désigne aucun appareil."
    ]


def test_too_many_lines_are_refused_whole():
    found = read_paste(
        "\n".join(["Nature\tN° de série", *(f"écran\tSER-{rank:04d}" for rank in range(MAX_LINES + 1))])
    )
    assert [(bad.number, bad.message) for bad in found.bad] == [(MAX_LINES + 2, TOO_MANY)]


def test_quoted_cells_hold_separators_and_line_breaks():
    [term] = read_terms('Nature,Marque,Lieu\n"écran, 24 pouces",HP,"dépôt\nde Ducos"')
    assert (term.nature, term.brand, term.pickup_place) == ("écran, 24 pouces", "HP", "dépôt de Ducos")


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
    assert form.errors == {"equipment_paste": ["Ligne 2 : La nature du matériel manque."]}
    assert form["equipment_paste"].value() == text
    assert the_act.equipmentterm_set.count() == 0


def test_what_a_paste_leaves_out_is_told_once_saved(as_role, officer, draft, page_of, the_act):
    client = as_role(officer)
    data = form_data(client.get(page_of(draft)))
    data["equipment_paste"] = ["Nature\tCouleur\nécran\tnoir\nTotal\t1"]
    page = client.post(page_of(draft), data, follow=True)
    assert [term.nature for term in the_act.equipmentterm_set.all()] == ["écran"]
    [_saved, told] = [str(message) for message in page.context["messages"]]
    assert "«\u00a0Couleur\u00a0» sans place dans l’annexe, non reprise\u00a0: ligne 2, noir." in told
    assert "Ligne 3, ligne de total laissée de côté" in told


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
