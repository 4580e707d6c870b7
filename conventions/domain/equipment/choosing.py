"""Devices chosen together: named in an address, read with where each stands, shown by lots that are alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from conventions.domain.foundation.refusals import Refused
from conventions.equipment_enums import DeviceState, MediaState
from conventions.formats import counted, show_number
from conventions.models import Convention, Device, EquipmentItem
from conventions.models.equipment import READY

MOST = 500  # devices at once: what an address and a form hold
UNREADABLE = "Cette sélection ne se lit pas. Revenez à la liste, puis choisissez de nouveau."
TOO_MANY = (
    f"Choisissez {show_number(MOST)} appareils au plus à la fois : filtrez la liste, ou allez par parties."
)
# Why the data of a device keep it here.
HELD_BY_DATA = {
    MediaState.NOT_LISTED: "supports de données non relevés",
    MediaState.TO_ERASE: "données à effacer",
    MediaState.FAILED: "effacement échoué : à recommencer, ou support à retirer",
    MediaState.STALE: "a resservi depuis son effacement : à effacer de nouveau",
}
HERE = (DeviceState.IN_STOCK, DeviceState.REFORMED, DeviceState.RESERVED)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A device, and the reservation that stands for it, if any."""

    device: Device
    item: EquipmentItem | None

    @property
    def state(self) -> DeviceState:
        return DeviceState(self.device.state)

    @property
    def media_state(self) -> MediaState:
        return MediaState(self.device.media_state)

    @property
    def convention(self) -> Convention | None:
        return self.item.equipment.act.convention if self.item else None

    @property
    def is_here(self) -> bool:
        return self.state in HERE

    @property
    def is_ready(self) -> bool:
        return self.media_state in READY

    @property
    def held_by_data(self) -> str:
        """Why its data keep it here; empty when they do not."""
        return HELD_BY_DATA.get(self.media_state, "")


@dataclass(frozen=True, slots=True)
class Lot:
    """Devices alike that stand alike: one line that opens."""

    name: str
    state: DeviceState
    media_state: MediaState
    rows: tuple[Chosen, ...]

    @property
    def title(self) -> str:
        """« 10 × Ordinateur Kaori Bureau 400 »; the name alone for one."""
        name = self.name[:1].upper() + self.name[1:]
        return f"{len(self.rows)} × {name}" if len(self.rows) > 1 else name

    @property
    def keys(self) -> str:
        return written(row.device.pk for row in self.rows)


def read(text: str) -> list[int]:
    """« 1-3,7 » → [1, 2, 3, 7]. Raises Refused for what is not such a list, or holds more than `MOST`."""
    found: dict[int, None] = {}
    for part in filter(None, text.replace(" ", "").split(",")):
        first, dash, last = part.partition("-")
        bounds = (first, last if dash else first)
        if not all(bound.isascii() and bound.isdecimal() and len(bound) < 16 for bound in bounds):
            raise Refused(UNREADABLE)
        low, high = map(int, bounds)
        if high - low >= MOST or len(found) + high - low >= MOST:
            raise Refused(TOO_MANY)
        found.update(dict.fromkeys(range(low, high + 1)))
    return list(found)


def written(keys: Iterable[int]) -> str:
    """[1, 2, 3, 7] → « 1-3,7 »: short enough for an address."""
    spans: list[list[int]] = []
    for key in sorted(set(keys)):
        if spans and key == spans[-1][1] + 1:
            spans[-1][1] = key
        else:
            spans.append([key, key])
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in spans)


def chosen(keys: Sequence[int]) -> list[Chosen]:
    """These devices as they stand, in the order of the stock; those that are gone are left out. Two queries."""
    devices = Device.objects.filter(pk__in=keys).with_state().with_media_state().order_by("nature", "pk")
    items = EquipmentItem.objects.open().filter(device__in=keys).select_related("equipment__act__convention")
    held = {item.device_id: item for item in items}
    return [Chosen(device, held.get(device.pk)) for device in devices]


def lots(rows: Iterable[Chosen]) -> list[Lot]:
    """Those alike together, in their order."""
    found: dict[tuple, list[Chosen]] = {}
    for row in rows:
        found.setdefault((row.device.name, row.state, row.media_state), []).append(row)
    return [Lot(name, state, media, tuple(alike)) for (name, state, media), alike in found.items()]


def how_many(rows: Sequence[Chosen]) -> str:
    return counted(len(rows), "appareil")
