"""Migrations 0053 to 0055 over equipment of before: each device becomes a row of the stock, nothing it had is lost."""

import datetime

import pytest
from django.utils import timezone

from conventions.equipment_enums import DeviceState, MediaState, SanitisationMethod
from conventions.models import Device, DeviceEvent, EquipmentItem, EquipmentTerm, Handover, Sanitisation
from conventions.tests import factories as f
from conventions.tests import migrating

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ERASED, HANDED, GONE = (datetime.date(2026, 3, day) for day in (2, 6, 20))


def lines():
    """Two lines of one act, one of another: lots, as the annex has them; and a device of today, erased, of a fourth."""
    term = {
        "nature": "ordinateur",
        "brand": "Kaori",
        "quantity": 10,
        "purchased_on": datetime.date(2018, 3, 1),
    }
    first = f.ConventionFactory(act="signe", act__equipment=[term, {"nature": "écran", "holds_data": False}])
    other = f.ConventionFactory(act="signe", act__equipment=[term])
    kept = f.EquipmentItemFactory(serial="K-1", inventory_tag="INV-K", holds_data=True)
    f.SanitisationFactory(medium__device=kept.device, certificate="C-K", done_on=ERASED)
    rows = EquipmentTerm.objects.filter(act__convention__in=[first, other]).order_by("pk")
    return [*rows], f.UserFactory(), kept.pk


def devices(apps, made):
    """With and without a serial, erased or not, handed over, out of the inventory; one serial twice, on two lines."""
    (computers, screens, others), user, kept = made
    by = {"recorded_by_id": user.pk, "recorded_at": timezone.now()}
    back = apps.get_model("conventions", "EquipmentItem").objects.get(pk=kept)
    told = (back.serial, back.inventory_tag, back.holds_data, back.erasure.method, back.erasure.erased_on)
    item = apps.get_model("conventions", "EquipmentItem").objects.create
    rows = {
        "erased": item(
            equipment_id=computers.pk, serial="SN-1", inventory_tag="INV-1", note="bon état", **by
        ),
        "bare": item(equipment_id=computers.pk, **by),
        "gone": item(equipment_id=computers.pk, serial="To be filled by O.E.M.", written_off_on=GONE, **by),
        "plain": item(equipment_id=screens.pk, serial="E-1", holds_data=False, **by),
        "twin": item(equipment_id=others.pk, serial="sn-1", **by),
    }
    erasure = apps.get_model("conventions", "Erasure").objects.create
    erasure(
        item=rows["erased"], method="ecrasement", erased_on=ERASED, agent="Noa AGENT (fictif)", certificate="C-1",
        note="deux passes", **by,
    )  # fmt: skip
    erasure(item=rows["gone"], method="destruction", erased_on=ERASED, agent="", **by)
    handover = apps.get_model("conventions", "Handover").objects.create(
        act_id=computers.act_id, handed_on=HANDED, place="Nouméa", **by
    )
    handover.items.set([rows["erased"], rows["plain"]])
    return {name: row.pk for name, row in rows.items()} | {
        "handover": handover.pk, "user": user.pk, "kept": kept,
        "back": (*told, back.erasure.certificate, back.erasure.agent),
    }  # fmt: skip


TRIED = migrating.Tried(before="0052_proofs_and_addresses", today=lines, then=devices)


def device(before, name) -> Device:
    rows = Device.objects.with_state().with_media_state()
    return rows.get(items=before[name])


def test_each_device_keeps_its_marks_and_its_line(before):
    row = device(before, "erased")
    item = EquipmentItem.objects.get(pk=before["erased"])
    assert (row.serial, row.inventory_tag, row.nature, row.maker) == ("SN-1", "INV-1", "ordinateur", "Kaori")
    assert (row.purchased_on, row.condition_words, item.note) == (
        datetime.date(2018, 3, 1),
        "bon état",
        "bon état",
    )
    assert (row.serial_key, row.tag_key, row.entered_by_id) == ("SN1", "INV1", before["user"])
    assert (item.equipment.nature, item.released_at) == ("ordinateur", None)
    assert list(Device.objects.search("kaori sn1").filter(pk=row.pk)) == [row]


def test_each_device_is_where_it_was(before):
    names = ("erased", "bare", "gone", "plain", "twin")
    assert {name: device(before, name).state for name in names} == {
        "erased": DeviceState.GIVEN,
        "bare": DeviceState.RESERVED,
        "gone": DeviceState.RESERVED,
        "plain": DeviceState.GIVEN,
        "twin": DeviceState.RESERVED,
    }
    assert device(before, "gone").written_off_on == GONE


def test_each_erasure_is_a_try_that_succeeded_with_its_words(before):
    names = ("erased", "bare", "gone", "plain")
    assert {name: device(before, name).media_state for name in names} == {
        "erased": MediaState.DONE,
        "bare": MediaState.NOT_LISTED,
        "gone": MediaState.DONE,
        "plain": MediaState.NO_DATA,
    }
    (proof,) = Sanitisation.objects.filter(medium__device=device(before, "erased"))
    assert (proof.technique, proof.method, proof.done_on) == ("ecrasement", SanitisationMethod.CLEAR, ERASED)
    assert (proof.certificate, proof.agent) == ("C-1", "Noa AGENT (fictif)")
    assert proof.event.text.data["mots"] == "deux passes"
    assert not hasattr(Sanitisation.objects.get(technique="destruction").event, "text")


def test_events_tell_the_story(before):
    events = DeviceEvent.objects.filter(device=device(before, "erased")).order_by("pk")
    assert [event.kind for event in events] == ["entre", "reserve", "efface", "remis"]
    handed = events.last()
    assert (handed.handover_id, handed.happened_on) == (before["handover"], HANDED)
    assert set(Handover.objects.get().items.all()) == {
        EquipmentItem.objects.get(pk=before[name]) for name in ("erased", "plain")
    }


def test_one_number_on_two_lines_merges_nothing(before):
    first, twin = device(before, "erased"), device(before, "twin")
    assert (twin.serial, twin.serial_key, twin.pk == first.pk) == ("sn-1", "", False)
    assert twin.events.first().details == {"meme_numero_que_la_ligne": before["erased"]}
    assert twin.alike_key == first.alike_key


def test_going_back_gives_each_line_its_device_and_its_erasure_again(before):
    assert before["back"] == ("K-1", "INV-K", True, "ecrasement", ERASED, "C-K", "Noa AGENT (fictif)")
    row = device(before, "kept")
    assert (row.serial, row.tag_key, row.media_state) == ("K-1", "INVK", MediaState.DONE)
    assert Sanitisation.objects.get(medium__device=row).agent == "Noa AGENT (fictif)"
