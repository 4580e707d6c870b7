"""A device enters the stock once; what happens to it is kept, and moves it."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from conventions.domain.equipment import media, reserving, stock
from conventions.domain.equipment.refusals import EquipmentRefused
from conventions.equipment_enums import DeviceState, MediaState
from conventions.models import Device, DeviceEvent, JournalEntry
from conventions.tests.domain.equipment.conftest import entered
from conventions.tests.factories import BoardDecisionFactory, UserFactory

pytestmark = pytest.mark.django_db


def entry(**values):
    return stock.Entry(**({"nature": "ordinateur", "maker": "Kaori"} | values))


def state(device) -> str:
    return Device.objects.with_state().get(pk=device.pk).state


def media_state(device) -> str:
    return Device.objects.with_media_state().get(pk=device.pk).media_state


def today() -> datetime.date:
    return timezone.localdate()


def refused(action) -> dict[str, str]:
    with pytest.raises(EquipmentRefused) as caught:
        action()
    return caught.value.faults


def test_a_device_enters_with_its_event_its_notes_and_one_line_of_the_journal(logistics):
    made = stock.enter(
        [entry(serial="S/N: ab 12-34", notes={"Usager": "P. NOM (fictif)"}), entry(serial="N/A")],
        by=logistics,
        source="parc.csv",
    )
    assert [(row.serial_key, state(row)) for row in made] == [("AB1234", "stock"), ("", "stock")]
    first = DeviceEvent.objects.get(device=made[0])
    assert first.details == {"source": "parc.csv", "texte": True}
    assert first.text.data == {"notes": {"Usager": "P. NOM (fictif)"}}
    assert DeviceEvent.objects.get(device=made[1]).details == {"source": "parc.csv"}
    assert JournalEntry.objects.filter(event="appareils_entres").count() == 1


def test_what_stands_in_the_way_is_told_by_line_and_nothing_enters(logistics):
    stock.enter([entry(serial="PF0X1", inventory_tag="INV-1")], by=logistics)
    faults = refused(
        lambda: stock.enter(
            [
                entry(serial="NEW-1"),
                entry(serial="pf0x1"),
                entry(serial="new1"),
                entry(serial="NEW-2", inventory_tag="inv 1"),
                entry(nature=" ", serial="NEW-3"),
                entry(serial="NEW-4", purchased_on=datetime.date(2119, 1, 1)),
                entry(serial="x" * 81),
            ],
            by=logistics,
        )
    )
    assert set(faults) == {"1", "2", "3", "4", "5", "6"}
    assert "est déjà au stock" in faults["1"]
    assert "est déjà au stock" in faults["3"]
    assert faults["2"] == "Le numéro de série new1 est déjà à la ligne 1."
    assert "futur" in faults["5"]
    assert Device.objects.count() == 1


def test_the_same_file_twice_enters_nothing_the_second_time(logistics):
    entries = [entry(serial=f"FICTIF-{rank}") for rank in range(3)]
    made = stock.enter(entries, by=logistics)
    assert stock.known(entries) == dict(enumerate(made))
    assert set(refused(lambda: stock.enter(entries, by=logistics))) == {"0", "1", "2"}


def test_one_serial_under_two_makers_is_two_devices_and_under_none_is_known(logistics):
    stock.enter([entry(serial="PF0X1"), entry(serial="PF0X1", maker="Autre")], by=logistics)
    assert set(refused(lambda: stock.enter([entry(serial="PF0X1", maker="")], by=logistics))) == {"0"}


def test_o_for_0_is_another_device_that_looks_alike(logistics):
    (first,) = stock.enter([entry(serial="PF0X1")], by=logistics)
    (second,) = stock.enter([entry(serial="PFOX1")], by=logistics)
    assert first.serial_key != second.serial_key
    assert set(Device.objects.filter(alike_key=first.alike_key)) == {first, second}


@pytest.mark.parametrize("role", ["comptable", "communication", "lecture", "juriste"])
def test_the_stock_is_closed_to_other_roles(role):
    with pytest.raises(PermissionDenied):
        stock.enter([entry(serial="X1234")], by=UserFactory(role=role))


def test_a_correction_is_kept_before_and_after_and_refuses_an_old_page(devices, logistics):
    row = stock.correct(devices[0], {"place": "Ducos", "weight_grams": 8200}, by=logistics, version=1)
    event = DeviceEvent.objects.filter(device=row, kind="corrige").get()
    assert event.details["changes"] == {"place": ["", "Ducos"], "weight_grams": [None, 8200]}
    assert refused(lambda: stock.correct(row, {"place": "Koné"}, by=logistics, version=1)) == {
        "reason 1": stock.CHANGED
    }


def test_a_correction_to_the_serial_of_another_is_refused(devices, logistics):
    told = refused(lambda: stock.correct(devices[0], {"serial": devices[1].serial}, by=logistics, version=1))
    assert "est déjà au stock" in str(told)
    assert Device.objects.get(pk=devices[0].pk).serial == devices[0].serial


def test_a_device_is_reformed_checked_lost_found_and_written_off(devices, logistics):
    device, decision = devices[0], BoardDecisionFactory()
    stock.reform([device], on=today(), decision=decision, by=logistics)
    assert state(device) == DeviceState.REFORMED
    assert "Déjà réformé" in str(refused(lambda: stock.reform([device], on=today(), by=logistics)))
    stock.check([device], on=today(), condition="usage", words="touche cassée", by=logistics)
    stock.lose([device], on=today(), by=logistics, words="introuvable")
    assert state(device) == DeviceState.LOST
    stock.find_again([device], on=today(), by=logistics)
    assert state(device) == DeviceState.REFORMED
    stock.write_off([device], on=today(), by=logistics)
    assert state(device) == DeviceState.WRITTEN_OFF
    kinds = DeviceEvent.objects.filter(device=device).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["entre", "reforme", "controle", "perdu", "retrouve", "sorti"]


def test_what_is_used_again_is_to_be_erased_again(devices, logistics):
    device = devices[0]
    media.erase([device], done_on=today(), agent="Noa AGENT (fictif)", by=logistics)
    assert media_state(device) == MediaState.DONE
    stock.use_again([device], on=today(), by=logistics)
    assert media_state(device) == MediaState.STALE
    media.erase([device], done_on=today(), agent="Noa AGENT (fictif)", by=logistics)
    assert media_state(device) == MediaState.DONE


def test_an_old_certificate_filed_late_proves_nothing_of_what_was_used_since(devices, logistics):
    device = devices[0]
    (medium,) = media.add([media.NewMedium(device=device, serial="D-FICTIF-1")], by=logistics)
    stock.use_again([device], on=today(), by=logistics)
    before = today() - datetime.timedelta(days=3)
    media.sanitise([media.Try(medium=medium, done_on=before, agent="Noa (fictif)")], by=logistics)
    assert media_state(device) == MediaState.STALE


def test_a_day_to_come_is_refused_by_every_verb(devices, logistics):
    later = today() + datetime.timedelta(days=1)
    verbs = (stock.reform, stock.use_again, stock.lose, stock.write_off)
    for verb in verbs:
        assert "futur" in str(refused(lambda verb=verb: verb(devices, on=later, by=logistics)))
    assert set(DeviceEvent.objects.values_list("kind", flat=True)) == {"entre"}


def test_what_is_reserved_does_not_leave_the_inventory(devices, term, logistics):
    reserving.reserve(term, devices[:1], by=logistics)
    assert "Réservés" in str(refused(lambda: stock.write_off(devices, on=today(), by=logistics)))


def test_a_thousand_enter_without_a_query_each(logistics, django_assert_max_num_queries):
    """SQLite takes a thousand values a statement, thirty devices: PostgreSQL takes five hundred devices."""
    for rank, (count, most) in enumerate(((10, 22), (1000, 110))):
        with django_assert_max_num_queries(most):
            entered(count, by=logistics, prefix=f"LOT{rank}")
    assert Device.objects.count() == 1010


def test_a_device_that_bears_the_number_of_another_since_before_the_stock_may_still_be_corrected(
    devices, logistics
):
    Device.objects.filter(pk=devices[1].pk).update(serial=devices[0].serial, serial_key="")
    row = stock.correct(devices[1], {"place": "Ducos"}, by=logistics, version=1)
    assert (row.place, row.serial_key) == ("Ducos", "")
    assert list(Device.objects.search("ducos")) == [row]
    told = refused(lambda: stock.correct(devices[1], {"maker": "Kaori SA"}, by=logistics, version=2))
    assert "est déjà au stock" in str(told)
