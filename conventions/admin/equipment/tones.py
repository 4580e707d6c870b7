"""Where a device and its data stand, as badges."""

from django.utils.text import capfirst

from conventions.admin.base import badge
from conventions.equipment_enums import DeviceState, MediaState

TONES = {
    DeviceState.IN_STOCK: "neutral", DeviceState.REFORMED: "info", DeviceState.RESERVED: "warn",
    DeviceState.LENT: "info", DeviceState.GIVEN: "ok", DeviceState.LOST: "bad", DeviceState.WRITTEN_OFF: "done",
}  # fmt: skip
MEDIA_TONES = {
    MediaState.NO_DATA: "plain", MediaState.NOT_LISTED: "warn", MediaState.TO_ERASE: "warn", MediaState.FAILED: "bad",
    MediaState.STALE: "warn", MediaState.DONE: "ok",
}  # fmt: skip


def state_badge(state: str) -> str:
    """Of a DeviceState."""
    found = DeviceState(state)
    return badge(TONES[found], capfirst(found.label))


def media_badge(state: str) -> str:
    """Of a MediaState."""
    found = MediaState(state)
    return badge(MEDIA_TONES[found], capfirst(found.label))
