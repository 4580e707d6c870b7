"""Support other than money in invented conventions: equipment with its serial numbers, loans, services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from conventions.demonstration.plan.fictive.editions import Edition
from conventions.demonstration.plan.shapes import EquipmentPlan, InKindPlan
from conventions.enums import AmountStatus, DatePrecision

Made = Callable[[date, date | None], InKindPlan]

KNOWN = AmountStatus.KNOWN
# Brands that nobody sells: a serial number here can be no real device.
_MODELS = (
    ("Kaori", "Bureau 400", 18_000),
    ("Kaori", "Bureau 420", 22_000),
    ("Niaouli", "Mini T5", 15_000),
)
PICKUP_PLACE = "dépôt de démonstration (fictif)"


def equipment(row: Edition, rng: Random, start: date) -> tuple[EquipmentPlan, ...]:
    """One line per computer, with its serial; or one lot whose devices are named when they are set aside."""
    pickup_by = start + timedelta(days=90)
    bought = date(start.year - 5, rng.randint(1, 12), 1)
    brand, model, value = rng.choice(_MODELS)
    if row.lot:
        return (
            EquipmentPlan(
                nature="écran et unité centrale réformés",
                quantity=row.lot,
                brand=brand,
                model=model,
                purchased_on=date(start.year - 6, 1, 1),
                purchased_on_precision=DatePrecision.YEAR,
                pickup_place=PICKUP_PLACE,
                pickup_by=pickup_by,
            ),
        )
    return tuple(
        EquipmentPlan(
            nature="ordinateur de bureautique réformé",
            brand=brand,
            model=model,
            serial=f"FICTIF-{(number := rng.randint(100_000, 999_999))}-{rank:02d}",
            inventory_tag=f"INV-{start.year}-{rng.randint(1000, 9999)}-{number}",
            purchased_on=bought,
            status=KNOWN,
            amount=value,
            pickup_place=PICKUP_PLACE,
            pickup_by=pickup_by,
        )
        for rank in range(1, row.computers + 1)
    )


def serials(key: str, count: int) -> list[tuple[str, str]]:
    """Serial number and inventory tag of each device of a lot, when it is set aside."""
    rng = Random(key)
    found = []
    for rank in range(1, count + 1):
        number, tag = rng.randint(100_000, 999_999), rng.randint(1000, 9999)
        found.append((f"FICTIF-{number}-{rank:02d}", f"INV-L-{tag}-{number}"))
    return found


def in_kind(row: Edition, start: date, end: date | None) -> tuple[InKindPlan, ...]:
    return tuple(_KINDS[name](start, end) for name in row.in_kind)


def _telecom(description: str, amount: int | None, conditions: str = "") -> Made:
    status = KNOWN if amount is not None else AmountStatus.UNKNOWN

    def made(start: date, end: date | None) -> InKindPlan:
        return InKindPlan(
            kind_id="telecom",
            description=description,
            status=status,
            amount=amount,
            conditions=conditions,
            starts_on=start,
        )

    return made


def _loan(description: str, quantity: int, unit: str, amount: int, *, returned: bool = False) -> Made:
    def made(start: date, end: date | None) -> InKindPlan:
        back = end or start + timedelta(days=365)
        return InKindPlan(
            kind_id="pret",
            description=description,
            quantity=quantity,
            unit=unit,
            status=KNOWN,
            amount=amount,
            starts_on=start,
            return_on=back,
            returned_on=back + timedelta(days=6) if returned else None,
        )

    return made


def _other(kind: str, description: str, quantity: int, unit: str, amount: int | None) -> Made:
    def made(start: date, end: date | None) -> InKindPlan:
        return InKindPlan(
            kind_id=kind,
            description=description,
            quantity=quantity,
            unit=unit,
            status=KNOWN if amount is not None else AmountStatus.UNKNOWN,
            amount=amount,
        )

    return made


_KINDS = {
    "fibre": _telecom("abonnement à la fibre", 118_800, "pendant la durée de la convention"),
    "ligne": _telecom("abonnement et consommations d’une ligne téléphonique", None, "sans plafond"),
    "liaison": _telecom("liaison entre deux centres de recherche", None),
    "hebergement": _telecom("hébergement des enregistrements", 60_000),
    "local": _other("local", "bureau dans une agence", 1, "bureau", 240_000),
    "competences": _other("competences", "formation par des agents de l’OPT-NC", 2, "journées", 96_000),
    "timbre": _other("timbre", "émission d’un timbre", 1, "émission", None),
    "telephones": _loan("téléphone par satellite", 4, "appareils", 320_000),
    "bornes": _loan("borne de réseau sans fil", 12, "bornes", 540_000),
    "bornes-rendues": _loan("borne de réseau sans fil", 10, "bornes", 450_000, returned=True),
}
