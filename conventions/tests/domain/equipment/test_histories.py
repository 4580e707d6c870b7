"""Whatever happens to devices, in whatever order: one open reservation each, and nothing earlier changes."""

from contextlib import suppress

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conventions.domain.acts import handover
from conventions.domain.equipment import media, reserving, stock
from conventions.domain.equipment.refusals import EquipmentRefused
from conventions.enums import ActState
from conventions.equipment_enums import DeviceState
from conventions.models import Device, DeviceEvent, EquipmentItem, Sanitisation
from conventions.models.equipment import READY
from conventions.tests.domain.equipment.conftest import entered
from conventions.tests.factories import ActFactory, HandoverFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DEVICES, LINES = 3, 2
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["reserve", "release", "erase", "fail", "use", "lose", "find", "off", "hand"]),
        st.integers(0, DEVICES - 1),
        st.integers(0, LINES - 1),
    ),
    min_size=1,
    max_size=14,
)


class World:
    """Three computers, two signed lines, and the verbs by name."""

    def __init__(self):
        self.by = UserFactory(role="logistique")
        count = Device.objects.count()
        self.devices = entered(DEVICES, by=self.by, prefix=f"H{count}")
        acts = [ActFactory(state=ActState.SIGNED, equipment=[{"quantity": 10}]) for _ in range(LINES)]
        self.lines = [act.equipmentterm_set.get() for act in acts]
        self.day = timezone.localdate()

    def do(self, step, device, line) -> None:
        one = [Device.objects.get(pk=self.devices[device].pk)]
        held = EquipmentItem.objects.open().filter(device__in=one)
        of_stock = {
            "use": stock.use_again,
            "lose": stock.lose,
            "find": stock.find_again,
            "off": stock.write_off,
        }
        if step in of_stock:
            of_stock[step](one, on=self.day, by=self.by)
        elif step == "reserve":
            reserving.reserve(self.lines[line], one, by=self.by)
        elif step == "release":
            reserving.release(held, by=self.by)
        elif step == "hand":
            self.hand(held)
        else:
            outcome = "reussi" if step == "erase" else "echoue"
            media.erase(one, done_on=self.day, agent="Noa AGENT (fictif)", outcome=outcome, by=self.by)

    def hand(self, held) -> None:
        if not held:
            return
        act = held[0].equipment.act
        if not handover.handover_obstacles(act, held, self.day):
            HandoverFactory(act=act).items.set(held)

    def rows(self) -> list:
        """All that may never change."""
        return [
            *DeviceEvent.objects.order_by("pk").values_list(),
            *Sanitisation.objects.order_by("pk").values_list(),
            *EquipmentItem.handovers.through.objects.order_by("pk").values_list(),
        ]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(steps=STEPS)
def test_histories_keep_what_was_and_promise_once(steps):
    world = World()
    before = world.rows()
    for step in steps:
        given_before = set(EquipmentItem.objects.open().handed().values_list("device", flat=True))
        with suppress(EquipmentRefused):
            world.do(*step)
        after = world.rows()
        assert [row for row in before if row not in after] == []
        before = after
        open_of = list(EquipmentItem.objects.open().values_list("device", flat=True))
        assert len(open_of) == len(set(open_of))
        assert given_before <= set(EquipmentItem.objects.open().handed().values_list("device", flat=True))
    told = Device.objects.with_state().with_media_state()
    for device in told.filter(state=DeviceState.GIVEN):
        assert device.media_state in READY
