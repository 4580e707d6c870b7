"""A stock from GLPI: what each line will be, those that can go, go; nothing is counted twice, nothing dropped."""

import datetime
import time

import pytest
from django.core.exceptions import PermissionDenied

from conventions.domain.foundation import jobs
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ImportKind, JobState, Role
from conventions.exchange.equipment import desk, stock_import
from conventions.exchange.equipment.stock_import import Fate
from conventions.models import ColumnMapping, Device, DeviceEventText, SheetImport
from conventions.tests import factories as f

pytestmark = pytest.mark.django_db
HEAD = "Nom;Fabricant;Numéro de série;Type;Modèle;Lieu;Numéro d'inventaire;Usager;Date d'achat;Valeur\n"


@pytest.fixture
def by():
    return f.UserFactory(role=Role.LOGISTICS)


def rows(count: int, start: int = 1) -> str:
    return "".join(
        f"PC-{n};HP;5CG{n:05d}X;Ordinateur;ProDesk;Nouméa;INV{n:05d};Ana WÉA (fictif);09/07/2019;85000.0000\n"
        for n in range(start, start + count)
    )


def bring(text, by, name="parc.csv") -> SheetImport:
    return desk.receive_sheet(by=by, content=text.encode(), name=name)


def counts(row) -> dict:
    return {fate: count for fate, _words, count in stock_import.plan(row).counts}


def test_glpi_enters_with_what_is_no_field_as_notes(by):
    row = bring(HEAD + rows(2), by)
    assert counts(row) == {Fate.NEW: 2}
    assert Device.objects.count() == 0
    assert stock_import.confirm(row, by=by) == "2\u00a0appareils entrés au stock."
    device = Device.objects.get(serial="5CG00001X")
    assert (device.maker, device.model, device.place, device.inventory_tag) == (
        "HP",
        "ProDesk",
        "Nouméa",
        "INV00001",
    )
    assert (device.purchased_on, device.amount) == (datetime.date(2019, 7, 9), 85000)
    notes = DeviceEventText.objects.get(event__device=device).data["notes"]
    assert notes == {"Nom": "PC-1", "Usager": "Ana WÉA (fictif)"}
    row.refresh_from_db()
    assert counts(row) == {Fate.DONE: 2}


def test_same_file_twice_is_known(by):
    stock_import.confirm(bring(HEAD + rows(3), by), by=by)
    again = bring(HEAD + rows(3), by)
    assert counts(again) == {Fate.KNOWN: 3}
    with pytest.raises(Refused):
        stock_import.confirm(again, by=by)
    assert Device.objects.count() == 3


def test_lines_without_numbers_are_known_by_their_file(by):
    text = "Type;Marque;Quantité\nÉcran;Dell;3\n"
    stock_import.confirm(bring(text, by), by=by)
    assert Device.objects.count() == 3
    assert counts(bring(text, by)) == {Fate.KNOWN: 3}


def test_119_go_and_the_wrong_one_stays_to_mend(by):
    text = HEAD + rows(119) + "PC-120;HP;3,56938E+14;Ordinateur;ProDesk;Nouméa;INV00120;;01/02/2119;85000\n"
    row = bring(text, by)
    assert counts(row) == {Fate.NEW: 119, Fate.REFUSED: 1}
    assert stock_import.confirm(row, by=by) == ""
    row.refresh_from_db()
    jobs.run_job(row.job_id)
    row.refresh_from_db()
    assert row.job.state == JobState.DONE, row.job.error
    assert row.job.result["text"] == "119\u00a0appareils entrés au stock."
    assert Device.objects.count() == 119
    [wrong] = stock_import.plan(row).of(Fate.REFUSED)
    assert wrong.line.number == 121
    assert "3,56938E+14" in " ".join(wrong.why)
    assert "2119" in " ".join(wrong.why)
    desk.mend(row, 121, {"serial": "5CG99999X", "purchased_on": "mars 2018"}, by=by)
    row.refresh_from_db()
    stock_import.confirm(row, by=by)
    device = Device.objects.get(serial="5CG99999X")
    assert (device.purchased_on, device.purchased_on_precision) == (datetime.date(2018, 3, 1), "mois")
    assert Device.objects.count() == 120


def test_known_device_that_changed_is_told_and_corrected_when_asked(by):
    stock_import.confirm(bring(HEAD + rows(2), by), by=by)
    row = bring(HEAD + rows(2).replace("Nouméa", "Koné", 1), by)
    [one] = stock_import.plan(row).of(Fate.CHANGED)
    assert one.changes == [("Lieu", "Nouméa", "Koné")]
    with pytest.raises(Refused):
        stock_import.confirm(row, by=by, with_changes=False)
    assert stock_import.confirm(row, by=by, with_changes=True) == "1\u00a0fiche corrigée."
    assert Device.objects.get(serial="5CG00001X").place == "Koné"


@pytest.mark.parametrize(
    ("line", "fate", "said"),
    [
        (";HP;5CG00001X;Ordinateur;ProDesk;Nouméa;INV00001;;09/07/2019;85000\n", Fate.TWICE, "ligne 2"),
        (";HP;5CG00001X;Ordinateur;Autre;Nouméa;INV00009;;;\n", Fate.REFUSED, "ligne 2"),
        (";HP;#N/A;Ordinateur;;;;;;\n", Fate.REFUSED, "#N/A"),
        (";HP;àà'HA\";Ordinateur;;;;;;\n", Fate.ASKED, "004HQ3"),
        (";HP;5CG00003X;;;;;;;\n", Fate.REFUSED, "nature"),
        (";HP;5CG00003X;Écran;;;;;;12,5\n", Fate.REFUSED, "12,5"),
    ],
)
def test_each_doubt_is_told_by_line(by, line, fate, said):
    [one] = stock_import.plan(bring(HEAD + rows(1) + line, by)).of(fate)
    assert one.line.number == 3
    assert said in " ".join(one.why)


def test_o_for_zero_is_asked_and_kept_when_it_is_right(by):
    f.DeviceFactory(serial="5CG0O291")
    row = bring("Type;Numéro de série\nPC;5CG00291\nPC;5CG77777\n", by)
    [one] = stock_import.plan(row).of(Fate.ASKED)
    assert "5CG0O291" in one.why[0]
    desk.mend(row, 2, {}, by=by, as_it_is="2")
    row.refresh_from_db()
    assert counts(row) == {Fate.NEW: 2}


@pytest.mark.parametrize("serials", ["S0001,S0002,S0003", '"S0001\nS0002\nS0003"', "S0001 S0002 S0003"])
def test_serials_of_one_line_are_as_many_devices(by, serials):
    row = bring(f"Type;Quantité;Numéro de série;Valeur\nPC;3;{serials};300000\n", by)
    assert counts(row) == {Fate.NEW: 3}
    stock_import.confirm(row, by=by)
    assert sorted(Device.objects.values_list("serial", flat=True)) == ["S0001", "S0002", "S0003"]
    assert set(Device.objects.values_list("amount", flat=True)) == {
        None
    }  # of one, or of all: not counted thrice


def test_nine_serials_for_ten_is_to_mend(by):
    row = bring("Type;Quantité;Numéro de série\nPC;10;S0001,S0002\n", by)
    [one] = stock_import.plan(row).of(Fate.REFUSED)
    assert "quantité\xa0: 10" in one.why[0]


def test_columns_are_chosen_and_remembered(by):
    text = "Engin;Immat;Teinte\nPC;S0001;vert\n"
    row = bring(text, by)
    assert counts(row) == {Fate.REFUSED: 1}
    desk.choose(row, {0: "nature", 1: "serial"}, from_1904=False, by=by)
    row.refresh_from_db()
    assert counts(row) == {Fate.NEW: 1}
    assert ColumnMapping.objects.get().kind == ImportKind.STOCK
    assert counts(bring(text.replace("S0001", "S0002"), by)) == {Fate.NEW: 1}
    with pytest.raises(Refused, match="Deux colonnes"):
        desk.choose(row, {0: "serial", 1: "serial"}, from_1904=False, by=by)


def test_days_of_1904_are_a_choice(by):
    row = bring("Type;Numéro de série;Date d'achat\nPC;S0001;42193\n", by)
    assert stock_import.plan(row).lines[0].line.values["purchased_on"] == datetime.date(2015, 7, 8)
    desk.choose(row, {}, from_1904=True, by=by)
    row.refresh_from_db()
    assert stock_import.plan(row).lines[0].line.values["purchased_on"] == datetime.date(2019, 7, 9)


def test_rights_and_purge(by):
    row = bring(HEAD + rows(1), by)
    reader = f.UserFactory(role=Role.LAWYER)
    for verb in (
        lambda: desk.receive_sheet(by=reader, pasted="a;b\nc;d"),
        lambda: stock_import.confirm(row, by=reader),
        lambda: desk.mend(row, 2, {}, by=reader),
        lambda: desk.choose(row, {}, from_1904=False, by=reader),
        lambda: desk.discard(row, by=reader),
    ):
        with pytest.raises(PermissionDenied):
            verb()
    assert desk.purge() == 0
    assert desk.purge(at=row.touched_at + desk.FOR) == 1


def test_a_thousand_rows_of_glpi_are_read_dry_in_time(by, django_assert_max_num_queries):
    row = bring(HEAD + rows(1000), by)
    start = time.process_time()
    with django_assert_max_num_queries(8):
        assert counts(row) == {Fate.NEW: 1000}
    assert time.process_time() - start < 5
