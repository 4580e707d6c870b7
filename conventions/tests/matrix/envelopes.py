"""Envelopes: read by the staff, written by officers and the accountant; a year is closed by the accountant."""

import uuid

from conventions.tests.matrix.lines import Line, R, staff_only
from conventions.tests.matrix.world import World

WRITERS = (R.OFFICER, R.ACCOUNTANT)


def _envelope(world: World) -> dict:
    return {"pk": world.row("envelope").pk}


def _object(world: World) -> dict:
    return {"object_id": world.row("envelope").pk}


ENVELOPES: dict[str, Line] = {
    "admin:conventions_envelope_export": Line(staff_only(), lambda world: {"kind": "csv"}, page=False),
    "admin:conventions_envelope_charge": Line(staff_only(WRITERS), query="?annee=2026"),
    "admin:conventions_envelope_close_year": Line(staff_only((R.ACCOUNTANT,)), lambda world: {"year": 2024}),
    "admin:conventions_envelope_move": Line(staff_only(WRITERS), _envelope),
    "admin:conventions_envelope_transfer": Line(staff_only(WRITERS), _envelope),
    "admin:conventions_envelope_take_out": Line(
        staff_only(WRITERS, ok=302), lambda world: _envelope(world) | {"line": uuid.UUID(int=7)}, page=False
    ),
    "admin:conventions_envelope_rows": Line(
        staff_only(), lambda world: _envelope(world) | {"kind": "csv"}, page=False
    ),
}
