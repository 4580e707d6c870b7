"""Copies that were scanned, page by page: for who files them."""

from conventions.tests.matrix.lines import Line, R, staff_only
from conventions.tests.matrix.world import World


def _part(world: World) -> dict:
    part = world.row("scanpart")
    return {"pk": part.batch_id, "part": part.pk}


def _scanned_page(world: World) -> dict:
    page = world.row("scanpage")
    return {"pk": page.file.batch_id, "page": page.pk}


SCANS: dict[str, Line] = {
    "admin:scan_part": Line(staff_only([R.OFFICER]), _part),
    "admin:scan_thumbnail": Line(staff_only([R.OFFICER]), _scanned_page, page=False),
    "admin:scan_picture": Line(staff_only([R.OFFICER]), _scanned_page, page=False),
}
