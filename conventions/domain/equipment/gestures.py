"""What is done to many devices at once: whom it may be done to and why not, by one call; beyond fifty, by the worker.

A device that stands in the way is left aside and named, with the reason; the others go.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conventions import permissions
from conventions.domain.equipment import choosing, loans, media, reserving, stock
from conventions.domain.equipment.choosing import Chosen
from conventions.domain.foundation import jobs
from conventions.domain.foundation.refusals import Refused
from conventions.equipment_enums import DeviceState, MediaState
from conventions.formats import counted
from conventions.models import BoardDecision, EquipmentTerm, Job, User

KIND = "materiel_par_lot"
AT_ONCE = 50  # beyond, the worker does it, fifty by fifty, and shows how far it is
CHANGED = "a changé entre-temps : {}"


@dataclass(frozen=True, kw_only=True)
class Gesture:
    """`obstacle` says why not to this device, empty when it may; `done` tells how many were (one, several)."""

    code: str
    title: str
    button: str
    obstacle: Callable[[Chosen], str]
    do: Callable[[Sequence[Chosen], Mapping[str, Any], User], Any]
    done: tuple[str, str]
    help: str = ""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A device, and why not; empty when it may."""

    row: Chosen
    reason: str


def _devices(rows: Iterable[Chosen]) -> list:
    return [row.device for row in rows]


def _items(rows: Iterable[Chosen]) -> list:
    return [row.item for row in rows if row.item is not None]


def _is_where(row: Chosen) -> str:
    """Where a device stands, in words that end a reason."""
    held = f" pour « {row.convention} »" if row.convention else ""
    return f"{row.state.label}{held}"


def not_free(row: Chosen) -> str:
    return "" if row.state in (DeviceState.IN_STOCK, DeviceState.REFORMED) else _is_where(row)


def _not_here(row: Chosen) -> str:
    return "" if row.is_here else _is_where(row)


def _nothing_to_erase(row: Chosen) -> str:
    if row.media_state == MediaState.NO_DATA:
        return "ne contient pas de données"
    if row.media_state == MediaState.DONE:
        return "déjà effacé"
    return _not_here(row)


def _not_reserved(row: Chosen) -> str:
    return "" if row.state == DeviceState.RESERVED else _is_where(row)


def _not_lent(row: Chosen) -> str:
    return "" if row.state == DeviceState.LENT else _is_where(row)


def _not_lost(row: Chosen) -> str:
    return "" if row.state == DeviceState.LOST else _is_where(row)


def _lost_already(row: Chosen) -> str:
    return _is_where(row) if row.state in (DeviceState.LOST, DeviceState.WRITTEN_OFF) else ""


def _not_reformable(row: Chosen) -> str:
    return "" if row.device.reformed_on is None and row.is_here else _is_where(row)


def _stays_in_the_books(row: Chosen) -> str:
    if row.device.written_off_on:
        return "déjà sorti de l’inventaire"
    return _is_where(row) if row.state == DeviceState.RESERVED else ""


def _reserve(rows: Sequence[Chosen], values: Mapping[str, Any], by: User) -> None:
    term = EquipmentTerm.objects.select_related("act").get(pk=values["term"])
    reserving.reserve(term, _devices(rows), note=values["note"], by=by)


def _list_media(rows: Sequence[Chosen], values: Mapping[str, Any], by: User) -> None:
    new = [
        media.NewMedium(device=row.device, kind=values["kind"])
        for row in rows
        for _ in range(values["count"])
    ]
    media.add(new, by=by)


def _reform(rows: Sequence[Chosen], values: Mapping[str, Any], by: User) -> None:
    decision = BoardDecision.objects.get(pk=values["decision"]) if values["decision"] else None
    stock.reform(_devices(rows), on=values["on"], decision=decision, by=by)


GESTURES = {
    gesture.code: gesture
    for gesture in (
        Gesture(
            code="reserver", title="Réserver pour une convention", button="Réserver", obstacle=not_free, do=_reserve,
            done=("appareil réservé", "appareils réservés"),
            help="Un appareil réservé n’est promis à personne d’autre.",
        ),
        Gesture(
            code="supports", title="Relever les supports de données", button="Enregistrer les supports",
            obstacle=_not_here, do=_list_media, done=("appareil relevé", "appareils relevés"),
            help="Chaque appareil choisi reçoit ces supports. Pour en noter les numéros de série, ouvrez sa fiche.",
        ),
        Gesture(
            code="effacer", title="Noter l’effacement des données", button="Enregistrer l’effacement",
            obstacle=_nothing_to_erase, done=("appareil effacé", "appareils effacés"),
            do=lambda rows, values, by: media.erase(_devices(rows), by=by, **values),
            help="Tous les supports en place de chaque appareil sont effacés ainsi.",
        ),
        Gesture(
            code="controler", title="Noter l’état constaté", button="Enregistrer l’état", obstacle=_not_here,
            do=lambda rows, values, by: stock.check(_devices(rows), by=by, **values),
            done=("appareil contrôlé", "appareils contrôlés"),
        ),
        Gesture(
            code="reformer", title="Réformer", button="Réformer", obstacle=_not_reformable, do=_reform,
            done=("appareil réformé", "appareils réformés"),
            help="L’OPT-NC ne s’en sert plus : ils peuvent être donnés.",
        ),
        Gesture(
            code="reaffecter", title="Remettre en service à l’OPT-NC", button="Remettre en service", obstacle=_not_here,
            do=lambda rows, values, by: stock.use_again(_devices(rows), by=by, **values),
            done=("appareil remis en service", "appareils remis en service"),
            help="Un effacement fait avant ce jour ne compte plus : il faudra effacer de nouveau avant de donner.",
        ),
        Gesture(
            code="liberer", title="Libérer", button="Libérer", obstacle=_not_reserved,
            do=lambda rows, values, by: reserving.release(_items(rows), by=by, **values),
            done=("appareil libéré", "appareils libérés"),
            help="Ils redeviennent disponibles pour une autre convention.",
        ),
        Gesture(
            code="rendre", title="Noter le retour d’un prêt", button="Enregistrer le retour", obstacle=_not_lent,
            do=lambda rows, values, by: loans.give_back(_items(rows), by=by, **values),
            done=("appareil rendu", "appareils rendus"),
            help="Un appareil rendu a pu resservir : il faudra effacer ses données avant de le remettre de nouveau.",
        ),
        Gesture(
            code="perdre", title="Déclarer perdu", button="Déclarer perdu", obstacle=_lost_already,
            do=lambda rows, values, by: stock.lose(_devices(rows), by=by, **values),
            done=("appareil déclaré perdu", "appareils déclarés perdus"),
        ),
        Gesture(
            code="retrouver", title="Noter comme retrouvé", button="Noter comme retrouvé", obstacle=_not_lost,
            do=lambda rows, values, by: stock.find_again(_devices(rows), by=by, **values),
            done=("appareil retrouvé", "appareils retrouvés"),
        ),
        Gesture(
            code="sortir", title="Sortir de l’inventaire", button="Sortir de l’inventaire",
            obstacle=_stays_in_the_books,
            do=lambda rows, values, by: stock.write_off(_devices(rows), by=by, **values),
            done=("appareil sorti de l’inventaire", "appareils sortis de l’inventaire"),
            help="Ils figurent alors sur la liste des sorties, pour la comptabilité.",
        ),
    )
}  # fmt: skip


def foresee(gesture: Gesture, rows: Iterable[Chosen]) -> list[Foreseen]:
    """What would be done to each, and why not."""
    return [Foreseen(row, gesture.obstacle(row)) for row in rows]


def carry_out(
    gesture: Gesture, rows: Sequence[Chosen], values: Mapping[str, Any], *, by: User
) -> tuple[str, Job | None]:
    """Do it to those it may be done to: (what to tell, None), or ("", the job) beyond `AT_ONCE`. Raises Refused."""
    permissions.require(permissions.can_edit_equipment, by)
    able = [one.row for one in foresee(gesture, rows) if not one.reason]
    if len(able) > AT_ONCE:
        arguments = {
            "gesture": gesture.code,
            "devices": [row.device.pk for row in able],
            "values": _packed(values),
        }
        label = f"{gesture.title} : {counted(len(able), 'appareil')}"
        return "", jobs.start_job(KIND, owner=by, label=label, arguments=arguments)
    gesture.do(able, values, by)
    return told(gesture, len(able)), None


def told(gesture: Gesture, count: int) -> str:
    """« 12 appareils effacés. »"""
    return f"{counted(count, *gesture.done)}."


def _packed(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {"jour": value.isoformat()} if isinstance(value, datetime.date) else value
        for name, value in values.items()
    }


def _unpacked(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.date.fromisoformat(value["jour"]) if isinstance(value, dict) else value
        for name, value in values.items()
    }


@jobs.job(KIND)
def carry_on(job: Job, arguments: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Fifty by fifty, each in its transaction. Begun again after a crash, it passes over what was done."""
    gesture, values = GESTURES[arguments["gesture"]], _unpacked(arguments["values"])
    keys, done, faults = arguments["devices"], 0, []
    by = job.owner
    if by is None:
        raise jobs.JobRefused("La personne qui a demandé ce travail n’a plus de compte.")
    progress(0, len(keys))
    for first in range(0, len(keys), AT_ONCE):
        part = choosing.chosen(keys[first : first + AT_ONCE])
        foreseen = foresee(gesture, part)
        able = [one.row for one in foreseen if not one.reason]
        faults += [_fault(str(one.row.device), one.reason) for one in foreseen if one.reason]
        try:
            if able:
                gesture.do(able, values, by)
                done += len(able)
        except Refused as refusal:
            faults.append(_fault(choosing.how_many(able), str(refusal)))
        progress(min(first + AT_ONCE, len(keys)), len(keys))
    return {"text": f"{told(gesture, done)[:-1]} sur {len(keys)}.", "rows": faults}


def _fault(name: str, reason: str) -> dict[str, Any]:
    return {"name": name, "done": False, "told": reason}
