"""The stock of equipment: read by the staff, written by who follows equipment."""

from conventions.tests.matrix.lines import SIGN_IN, Line, R, answers, staff_only
from conventions.tests.matrix.world import World

WRITERS = (R.OFFICER, R.LOGISTICS)


def _gesture(world: World) -> dict:
    """Its address names devices by their keys: one is there."""
    return _of_device(world) | {"code": "sortir"}


def _of_device(world: World) -> dict:
    world.row("device")
    return {}


def _medium(world: World) -> dict:
    medium = world.row("medium")
    return {"pk": medium.device_id, "medium": medium.pk, "fate": "retire"}


def _device(world: World) -> dict:
    return {"pk": world.row("device").pk}


STOCK: dict[str, Line] = {
    "admin:conventions_sheetimport_history": Line(
        staff_only(ok=302) | dict.fromkeys(("superuser", *WRITERS), 200),
        lambda world: {"object_id": world.row("sheetimport").pk},
    ),
    "admin:conventions_device_together": Line(staff_only(WRITERS), _gesture, query="?appareils=1-499"),
    "admin:conventions_device_scan": Line(staff_only(WRITERS)),
    "admin:conventions_device_scan_read": Line(staff_only(WRITERS), page=False),
    "admin:conventions_device_labels": Line(staff_only(), _of_device, query="?appareils=1-499"),
    "admin:conventions_device_labels_pdf": Line(
        staff_only(), _of_device, query="?appareils=1-499", page=False
    ),
    "admin:conventions_device_write_offs": Line(staff_only()),
    "admin:conventions_device_write_offs_pdf": Line(staff_only(), lambda world: {"year": 2026}, page=False),
    "admin:conventions_device_write_offs_export": Line(
        staff_only(), lambda world: {"kind": "csv"}, page=False
    ),
    "admin:conventions_device_loans": Line(staff_only()),
    "admin:conventions_device_figures": Line(staff_only()),
    "admin:conventions_device_correct": Line(staff_only(WRITERS), _device),
    "admin:conventions_device_photo": Line(staff_only(WRITERS), _device),
    "admin:conventions_device_picture": Line(answers(SIGN_IN, staff=404), _device, page=False),
    "admin:conventions_device_paper": Line(
        answers(SIGN_IN, staff=404), lambda world: _device(world) | {"file": 999_999}, page=False
    ),
    "admin:conventions_device_media": Line(staff_only(WRITERS), _device),
    "admin:conventions_device_medium_left": Line(staff_only(WRITERS, ok=302), _medium, page=False),
}
