"""How the stock is searched, filtered and counted; in the database, whatever its size."""

from typing import TYPE_CHECKING, Any, TypedDict, cast

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from conventions.equipment_enums import DeviceState, MediaState
from conventions.formats import alike_key, capitalise, serial_key, tag_key
from conventions.models import Convention, Device, EquipmentItem
from conventions.models.equipment import READY, DeviceQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Told(TypedDict):
        state: str
        media_state: str
        held_for: str | None

    ToldDevice = WithAnnotations[Device, Told]

MOST_WORDS = 200  # of a menu
MOST = 12  # words told apart in the figures: the others are one sum
# No word of a column: what the addresses ask for instead.
NOT_SAID, OTHERS = "(vide)", "(autres)"
WITHOUT = {"nature": "nature non précisée", "place": "lieu non précisé"}


def search(rows: QuerySet[Device], term: str) -> QuerySet[Device]:
    """By a serial or a tag in any spelling (O for 0 too), what the device is, where, or who has it."""
    if not term.strip():
        return rows
    stock = cast(DeviceQuerySet, rows)
    wanted = Q(pk__in=cast(DeviceQuerySet, Device.objects.all()).search(term).values("pk"))
    if key := serial_key(term):
        wanted |= Q(serial_key=key) | Q(alike_key=alike_key(key))
    if key := tag_key(term):
        wanted |= Q(tag_key=key)
    conventions = Convention.objects.search(term).values("pk")
    held = EquipmentItem.objects.open().filter(equipment__act__convention__in=conventions)
    return stock.filter(wanted | Q(pk__in=held.values("device")))


def in_state(rows: QuerySet[Device], *states: str) -> QuerySet[Device]:
    """Those that stand there today."""
    return cast(DeviceQuerySet, rows).in_state(*states)


def by_data(rows: QuerySet[Device], value: str) -> QuerySet[Device]:
    """« pret »: their data let them leave; « bloque »: they do not; else a MediaState. Anything else leaves all."""
    stock = cast(DeviceQuerySet, rows).with_media_state()
    if value == "pret":
        return stock.filter(media_state__in=READY)
    if value == "bloque":
        return stock.exclude(media_state__in=READY)
    return stock.filter(media_state=value) if value in MediaState.values else rows


def words_of(column: str) -> list[str]:
    """What is typed in a column, each once, in order."""
    rows = Device.objects.exclude(**{column: ""}).order_by(column).values_list(column, flat=True).distinct()
    return list(rows[:MOST_WORDS])


def most_used(column: str) -> list[tuple[str, int]]:
    """(word, how many devices have it) of a column, the most used first; the empty one too."""
    counted = Device.objects.order_by().values_list(column).annotate(count=Count("pk"))
    return list(counted.order_by("-count", column))


def by_word(rows: QuerySet[Device], column: str, value: str) -> QuerySet[Device]:
    """Those of a word; `NOT_SAID`: of none; `OTHERS`: of any that the figures do not tell apart; empty: all."""
    if not value:
        return rows
    if value == OTHERS:
        return rows.exclude(**{f"{column}__in": [word for word, _count in most_used(column)[:MOST]]})
    return rows.filter(**{column: "" if value == NOT_SAID else value})


def by_weight(rows: QuerySet[Device], value: str) -> QuerySet[Device]:
    """`NOT_SAID`: of unknown weight; « connu »: of a known one. Anything else leaves all."""
    known = {NOT_SAID: True, "connu": False}
    return rows.filter(weight_grams__isnull=known[value]) if value in known else rows


def counts() -> list[tuple[str, str, int]]:
    """(code, label, how many) of each state that has some; one query."""
    rows: QuerySet[Any] = Device.objects.with_state().order_by()
    found = {row["state"]: row["count"] for row in rows.values("state").annotate(count=Count("pk"))}
    return [
        (code, capitalise(str(label)), found[code]) for code, label in DeviceState.choices if code in found
    ]


def told(rows: QuerySet[Device]) -> QuerySet[Device]:
    """With what an export says of each: its states, and the convention that has it (`held_for`)."""
    items = EquipmentItem.objects.open().filter(device=OuterRef("pk")).order_by("-pk")
    stock = cast(DeviceQuerySet, rows).with_state().with_media_state()
    read: QuerySet[Any] = stock.select_related("board_decision")
    return read.annotate(held_for=Subquery(items.values("equipment__act__convention__title")[:1]))
