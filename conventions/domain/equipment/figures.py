"""Figures of the stock: how many devices, of which kinds, where, of what weight; each opens its rows."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, Sum

from conventions.domain.equipment import queries
from conventions.domain.equipment.queries import NOT_SAID, OTHERS
from conventions.equipment_enums import DeviceState
from conventions.formats import NBSP, capitalise, counted, show_number
from conventions.models import Device


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure: `share` from 0 to 100 of the longest; `query` opens its rows in the list."""

    label: str
    count: int
    share: float
    query: str

    @property
    def text(self) -> str:
        return show_number(self.count)


@dataclass(frozen=True, slots=True)
class Figures:
    """All of the stock: `weight` says what it left out; `without_weight` opens those rows, `given` those given."""

    count: int
    states: list[Bar]
    kinds: list[Bar]
    places: list[Bar]
    weight: str
    given_weight: str
    without_weight: str
    given: str


def figures() -> Figures:
    """Of the stock as it stands: five queries, whatever its size."""
    found = queries.counts()
    by_state = {code: count for code, _label, count in found}
    rows = [(label, count, {"etat": code}) for code, label, count in found]
    given = Device.objects.in_state(DeviceState.GIVEN)
    return Figures(
        count=sum(by_state.values()),
        states=_bars(rows),
        kinds=_by("nature"),
        places=_by("place"),
        weight=_weight(Device.objects.all()),
        given_weight=_weight(given) if by_state.get(DeviceState.GIVEN) else "",
        without_weight=urlencode({"poids": NOT_SAID}),
        given=urlencode({"etat": DeviceState.GIVEN}),
    )


def _by(column: str) -> list[Bar]:
    """The words most used in a column; `queries.by_word` reads the rows of each, of none and of all the others."""
    parameter = {"nature": "nature", "place": "lieu"}[column]
    found = queries.most_used(column)
    rows = [
        (capitalise(word or queries.WITHOUT[column]), count, {parameter: word or NOT_SAID})
        for word, count in found[: queries.MOST]
    ]
    others = sum(count for _word, count in found[queries.MOST :])
    return _bars(
        [*rows, (f"{len(found) - queries.MOST} autres", others, {parameter: OTHERS})] if others else rows
    )


def _bars(rows: list[tuple[str, int, dict[str, str]]]) -> list[Bar]:
    most = max((count for _label, count, _query in rows), default=0)
    return [Bar(label, count, 100 * count / most, urlencode(query)) for label, count, query in rows]


def _weight(rows: QuerySet[Device]) -> str:
    """« 1 250 kg, sans compter 12 appareils de poids inconnu »; empty when no weight is known."""
    told = rows.aggregate(grams=Sum("weight_grams"), unknown=Count("pk", filter=Q(weight_grams=None)))
    if not told["grams"]:
        return ""
    kilograms = f"{show_number(round(told['grams'] / 1000))}{NBSP}kg"
    left_out = counted(told["unknown"], "appareil") + " de poids inconnu"
    return f"{kilograms}, sans compter {left_out}" if told["unknown"] else kilograms
