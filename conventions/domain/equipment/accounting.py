"""What left the inventory of accounting: its rows, year by year, and the list that is printed for the accountant."""

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import ExtractYear
from django.utils import timezone

from conventions import permissions
from conventions.domain.documents.rendering.write_offs import WriteOffContext, WriteOffLine, render_write_offs
from conventions.equipment_enums import DeviceState
from conventions.formats import show_date
from conventions.models import Device, EquipmentItem, User

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Left(TypedDict):
        state: str
        given_to: str | None
        given_under: str | None

    LeftDevice = WithAnnotations[Device, Left]


@dataclass(frozen=True, slots=True)
class YearOut:
    """How many devices left the inventory in a year."""

    year: int
    count: int


def years() -> list[YearOut]:
    """Years in which devices left, the latest first."""
    rows = Device.objects.filter(written_off_on__isnull=False).order_by()
    counts = rows.annotate(year=ExtractYear("written_off_on")).values("year").annotate(count=Count("pk"))
    return [YearOut(row["year"], row["count"]) for row in counts.order_by("-year")]


def left_in(year: int) -> QuerySet[Any]:
    """Devices that left that year, by day; each with `given_to` and `given_under`: its convention, and the number."""
    items = EquipmentItem.objects.open().filter(device=OuterRef("pk")).order_by("-pk")
    rows: QuerySet[Any] = (
        Device.objects.filter(written_off_on__year=year).with_state().select_related("board_decision")
    )
    return rows.annotate(
        given_to=Subquery(items.values("equipment__act__convention__title")[:1]),
        given_under=Subquery(items.values("equipment__act__number")[:1]),
    ).order_by("written_off_on", "nature", "pk")


def printed_list(year: int, *, by: User, on: datetime.date | None = None) -> bytes:
    """The PDF of what left that year, as it stands now; it is never stored."""
    permissions.require(permissions.can_read_conventions, by)
    lines = tuple(_line(row) for row in left_in(year))
    return render_write_offs(
        WriteOffContext(year=year, made_on=on or timezone.localdate(), lines=lines)
    ).content


def _line(row: "LeftDevice") -> WriteOffLine:
    return WriteOffLine(
        name=row.name,
        serial=row.serial,
        tag=row.inventory_tag,
        bought=bought(row),
        amount=row.amount,
        status=row.status,
        left_on=row.written_off_on,
        why=why(row),
    )


def bought(row: Device) -> str:
    """« mars 2018 »: no more than is known; empty when nobody knows."""
    return show_date(row.purchased_on, row.purchased_on_precision) if row.purchased_on else ""


def why(row: "LeftDevice") -> str:
    """« donné, convention n° 2026-014 (Les Kimonos du Cœur) », « perdu », « réformé par délibération n° 12 »."""
    under = f", convention n° {row.given_under}" if row.given_under else ""
    if row.given_to:
        return f"{DeviceState(row.state).label}{under} ({row.given_to})"
    if row.lost_on:
        return str(DeviceState.LOST.label)
    return f"réformé par {row.board_decision}" if row.board_decision else ""
