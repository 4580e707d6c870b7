"""A device is promised once, whoever asks and however; what is released may be promised again."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from conventions.domain.acts import handover, lifecycle
from conventions.domain.acts.drafting import from_stock, saving
from conventions.domain.equipment import media, reserving, stock
from conventions.domain.equipment.refusals import EquipmentRefused
from conventions.enums import ActState, Event
from conventions.models import Device, DeviceEvent, EquipmentItem
from conventions.tests.domain.acts.test_numbering import at_once
from conventions.tests.domain.equipment.conftest import entered
from conventions.tests.factories import ActFactory, HandoverFactory, UserFactory, small_pdf

pytestmark = pytest.mark.django_db
CROWD = 20


def reasons(action) -> list[str]:
    with pytest.raises(EquipmentRefused) as caught:
        action()
    return caught.value.reasons


def another_line(**values):
    act = ActFactory(state=ActState.SIGNED, equipment=[{"nature": "ordinateur", "quantity": 10}], **values)
    return act.equipmentterm_set.get()


def refuses(sql, *values) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except IntegrityError:
        return True
    return False


def test_a_reserved_device_is_refused_to_another_line_which_names_who_has_it(devices, term, logistics):
    reserving.reserve(term, devices[:2], by=logistics)
    other = another_line()
    (told,) = reasons(lambda: reserving.reserve(other, devices, by=logistics))
    assert f"« {term.act.convention} »" in told
    assert devices[0].serial in told
    assert devices[1].serial in told
    assert devices[2].serial not in told
    assert EquipmentItem.objects.filter(equipment=other).count() == 0


def test_what_is_released_is_reserved_again_and_both_are_told(devices, term, logistics):
    items = reserving.reserve(term, devices, by=logistics)
    assert reserving.release(items[:1], by=logistics, words="autre choix") == 1
    reserving.reserve(another_line(), devices[:1], by=logistics)
    events = DeviceEvent.objects.filter(device=devices[0]).order_by("pk")
    assert [event.kind for event in events] == ["entre", "reserve", "libere", "reserve"]
    assert events[2].text.data == {"motif": "autre choix"}
    assert "déjà libérés" in str(reasons(lambda: reserving.release(items[:1], by=logistics)))


def test_lost_or_written_off_devices_are_not_promised(devices, term, logistics):
    stock.lose(devices[:1], on=timezone.localdate(), by=logistics)
    stock.write_off(devices[1:2], on=timezone.localdate(), by=logistics)
    told = reasons(lambda: reserving.reserve(term, devices, by=logistics))
    assert [("perdu" in one, "sorti" in one) for one in told] == [(True, False), (False, True)]


def test_a_line_takes_no_more_than_it_promises(logistics, term):
    many = entered(11, by=logistics)
    assert "vous en indiquez 11 en tout" in str(reasons(lambda: reserving.reserve(term, many, by=logistics)))


def test_a_draft_reserves_and_an_ended_act_does_not(devices, logistics):
    draft = ActFactory(equipment=[{"nature": "ordinateur", "quantity": 3}]).equipmentterm_set.get()
    assert len(reserving.reserve(draft, devices[:1], by=logistics)) == 1
    ended = ActFactory(state=ActState.ABANDONED, equipment=[{"quantity": 3}]).equipmentterm_set.get()
    assert reasons(lambda: reserving.reserve(ended, devices[1:], by=logistics)) == [reserving.ENDED]


def test_120_devices_are_reserved_in_as_many_queries_as_one(logistics, django_assert_max_num_queries):
    act = ActFactory(state=ActState.SIGNED, equipment=[{"quantity": None}, {"quantity": None}])
    for line, count in zip(act.equipmentterm_set.order_by("pk"), (1, 120), strict=True):
        found = entered(count, by=logistics, prefix=f"LOT{count}")
        with django_assert_max_num_queries(20):
            reserving.reserve(line, found, by=logistics)
    assert EquipmentItem.objects.count() == 121


def given(devices, term, logistics):
    items = reserving.reserve(term, devices, by=logistics)
    media.erase(devices, done_on=timezone.localdate(), agent="Noa AGENT (fictif)", by=logistics)
    row = HandoverFactory(act=term.act)
    row.items.set(items)
    return items


def test_raw_sql_cannot_give_one_device_twice(devices, term, logistics):
    (item,) = given(devices[:1], term, logistics)
    other = another_line()
    insert = (
        "INSERT INTO conventions_equipmentitem (equipment_id, device_id, note, recorded_at, released_at)"
        " VALUES (%s, %s, '', %s, NULL)"
    )
    assert refuses(insert, other.pk, item.device_id, timezone.now())
    assert refuses("UPDATE conventions_equipmentitem SET released_at = %s", timezone.now())
    assert refuses("DELETE FROM conventions_equipmentitem")
    assert refuses("UPDATE conventions_equipmentitem SET equipment_id = %s", other.pk)
    assert refuses("DELETE FROM conventions_handover_items")
    again = HandoverFactory(act=term.act)
    assert refuses(
        "INSERT INTO conventions_handover_items (handover_id, equipmentitem_id) VALUES (%s, %s)",
        again.pk,
        item.pk,
    )
    assert EquipmentItem.objects.open().handed().get() == item


def test_what_was_handed_over_is_not_released(devices, term, logistics):
    items = given(devices, term, logistics)
    assert "Déjà remis" in str(reasons(lambda: reserving.release(items, by=logistics)))
    assert EquipmentItem.objects.open().count() == 3


def test_an_act_cancelled_after_half_was_handed_over_frees_the_other_half(devices, term, logistics):
    """The half that left stays given; what waits is released, and reserved again elsewhere."""
    items = given(devices[:1], term, logistics)
    waiting = reserving.reserve(term, devices[1:], by=logistics)
    assert reserving.release(waiting, by=logistics, words="convention résiliée") == 2
    assert set(Device.objects.free()) == set(devices[1:])
    reserving.reserve(another_line(), devices[1:], by=logistics)
    assert EquipmentItem.objects.open().handed().get() == items[0]


def test_removed_line_of_a_draft_gives_its_devices_back(devices, logistics):
    draft = ActFactory(equipment=[{"nature": "ordinateur", "quantity": 3}]).equipmentterm_set.get()
    reserving.reserve(draft, devices, by=logistics)
    with transaction.atomic():
        assert reserving.release_lines([draft], by=logistics, words=reserving.LINE_GONE) == 3
        draft.delete()
    assert Device.objects.free().count() == 3
    assert DeviceEvent.objects.filter(kind="libere", line=draft.line).count() == 3


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twenty_reservations_of_one_device_at_once_make_one():
    logistics = UserFactory(role="logistique")
    (device,) = entered(1, by=logistics)
    lines = [another_line() for _ in range(CROWD)]
    failures = at_once(CROWD, lambda rank: reserving.reserve(lines[rank], [device], by=logistics))
    assert len(failures) == CROWD - 1
    assert {failure.partition("(")[0] for failure in failures} == {"EquipmentRefused"}
    winner = EquipmentItem.objects.get()
    assert all(str(winner.equipment.act.convention) in failure for failure in failures)
    assert DeviceEvent.objects.filter(kind="reserve").count() == 1


def test_a_device_erased_then_used_again_inside_is_not_handed_over(devices, term, logistics):
    day = timezone.localdate()
    items = reserving.reserve(term, devices[:1], by=logistics)
    media.erase(devices[:1], done_on=day - datetime.timedelta(days=5), agent="Noa (fictif)", by=logistics)
    assert handover.handover_obstacles(term.act, items, day) == []
    stock.use_again(devices[:1], on=day - datetime.timedelta(days=2), by=logistics)
    (told,) = handover.handover_obstacles(term.act, items, day)
    assert "a resservi depuis son effacement" in told


def test_an_annex_is_filled_from_the_stock_alike_devices_on_one_line(logistics):
    act = ActFactory()
    ten = entered(10, by=logistics, prefix="LOT", place="Ducos", status="connu", amount=15_000)
    (phone,) = entered(1, by=logistics, prefix="TEL", place="Koné", inventory_tag="INV-9")
    from_stock.annex(act, [*ten, phone], transfer="don", by=logistics)
    told = [
        (row.quantity, row.serial, row.inventory_tag, row.amount, row.pickup_place, row.items.count())
        for row in act.equipmentterm_set.order_by("position")
    ]
    assert told == [
        (10, "", "", 150_000, "Ducos", 10),
        (1, "TEL-0000", "INV-9", None, "Koné", 1),
    ]
    assert act.convention.journal.filter(event="convention_modifiee").count() == 1


def test_an_annex_is_not_filled_with_what_is_taken_nor_once_signed(devices, term, logistics):
    reserving.reserve(term, devices[:1], by=logistics)
    draft = ActFactory()
    told = reasons(lambda: from_stock.annex(draft, devices, transfer="don", by=logistics))
    assert f"« {term.act.convention} »" in told[0]
    assert draft.equipmentterm_set.count() == 0
    told = reasons(lambda: from_stock.annex(term.act, devices[1:], transfer="don", by=logistics))
    assert told == [from_stock.NOT_EDITABLE]


def test_a_line_that_leaves_the_page_and_an_act_that_is_abandoned_free_their_devices(devices, logistics):
    officer = UserFactory(role="gestionnaire")
    act = ActFactory()
    first, second = (
        from_stock.annex(act, [device], transfer="don", by=logistics)[0] for device in devices[:2]
    )
    act.refresh_from_db()
    edit = saving.Edit(
        convention=act.convention, act=act, rows=[saving.RowEdit(key="equipmentterm", removed=[first])]
    )
    act.convention.refresh_from_db()
    saving.save(edit, by=officer, version=act.convention.version)
    assert devices[0] in Device.objects.free()
    act.refresh_from_db()
    lifecycle.apply(act, Event.ABANDON, by=officer, reason="essai")
    assert set(Device.objects.free()) == set(devices)
    assert second.items.count() == 0
    assert DeviceEvent.objects.filter(kind="libere").count() == 2


def test_more_of_the_same_devices_go_on_their_line(logistics):
    act = ActFactory()
    many = entered(7, by=logistics, place="Ducos", status="connu", amount=15_000)
    for part in (many[:3], many[3:]):
        act.refresh_from_db()
        from_stock.annex(act, part, transfer="don", by=logistics)
    row = act.equipmentterm_set.get()
    assert (row.quantity, row.amount, row.items.count()) == (7, 105_000, 7)


def test_the_gesture_of_the_list_fills_the_annex(as_role, devices):
    act = ActFactory()
    keys = ",".join(str(device.pk) for device in devices)
    address = reverse("admin:conventions_device_together", args=["annexer"]) + f"?appareils={keys}"
    client = as_role("logistique")
    assert from_stock.told(act) in client.get(address).content.decode()
    done = client.post(address, {"act": act.pk, "transfer": "don"})
    assert (done.status_code, act.equipmentterm_set.get().items.count()) == (302, 3)


def test_a_termination_that_is_signed_frees_what_was_not_handed_over(devices, term, logistics):
    """Cancelled after one of three was given: that one stays given, the two others are free, and the events say why."""
    given(devices[:1], term, logistics)
    reserving.reserve(term, devices[1:], by=logistics)
    ending = ActFactory(convention=term.act.convention, termination=True, state=ActState.TO_SIGN)
    signed = {
        "scan": small_pdf("résiliation (fictif)"),
        "signed_on": timezone.localdate(),
        "confirmed_pages": 1,
    }
    lifecycle.apply(ending, Event.FILE_SCAN, by=UserFactory(role="gestionnaire"), **signed)
    assert set(Device.objects.free()) == set(devices[1:])
    told = DeviceEvent.objects.filter(kind="libere").select_related("text")
    assert {event.text.data["motif"] for event in told} == {reserving.TERMINATED}


def test_an_amendment_that_removes_a_line_frees_its_devices_once_signed(devices, term, logistics):
    reserving.reserve(term, devices, by=logistics)
    gone = {"line": term.line, "replaces": term, "removed": True, "quantity": 10}
    change = ActFactory(
        convention=term.act.convention, amendment=True, state=ActState.SIGNED, equipment=[gone]
    )
    with transaction.atomic():
        assert reserving.release_ended(change, by=logistics) == 3
    assert Device.objects.free().count() == 3
