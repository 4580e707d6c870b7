"""What the store room of the demonstration holds beside what conventions were promised: invented, each marked so."""

import datetime
from typing import Any

from conventions.demonstration.loading.accounts import Team
from conventions.demonstration.loading.clock import standing_at
from conventions.domain.equipment import media, stock
from conventions.enums import AmountStatus, DatePrecision
from conventions.equipment_enums import (
    DeviceCondition,
    MediumKind,
    SanitisationCheck,
    SanitisationOutcome,
    SanitisationTechnique,
)
from conventions.models import BoardDecision, Device

SERIALS = "FICTIF-STOCK"
PLACES = ("dépôt de démonstration (fictif)", "agence de démonstration (fictif)")
COMPUTERS, SCREENS = 9, 4
DAYS = {"entered": 40, "reformed": 33, "erased": 12, "failed": 11}  # ago


def fill(team: Team, today: datetime.date) -> None:
    """Computers with one or two disks, some reformed, some erased, one whose erasure failed, screens; once."""
    if Device.objects.filter(serial__startswith=SERIALS).exists():
        return
    day = {name: today - datetime.timedelta(days=ago) for name, ago in DAYS.items()}
    with standing_at(day["entered"]):
        computers = stock.enter([_computer(rank, today) for rank in range(COMPUTERS)], by=team.logistics)
        stock.enter(
            [_screen(rank, today) for rank in range(SCREENS)], by=team.logistics, source="saisie (fictif)"
        )
        disks = media.add(
            [
                media.NewMedium(
                    device=row, kind=MediumKind.SSD, maker="Cagou", serial=f"FICTIF-DISQUE-{row.pk}-{number}",
                    size_bytes=256 * 10**9,
                )
                for rank, row in enumerate(computers)
                for number in range(1, 3 if rank % 3 == 0 else 2)
            ],
            by=team.logistics,
        )  # fmt: skip
    decision = BoardDecision.objects.filter(is_demo=True, decided_on__lte=day["reformed"]).first()
    with standing_at(day["reformed"]):
        stock.reform(computers[:7], on=day["reformed"], decision=decision, by=team.logistics)
    told: dict[str, Any] = {
        "agent": str(team.logistics), "technique": SanitisationTechnique.OVERWRITE,
        "verification": SanitisationCheck.FULL, "tool": "outil fictif",
    }  # fmt: skip
    with standing_at(day["erased"]):
        media.erase(
            computers[:4], done_on=day["erased"], certificate="FICTIF-LOT-1", by=team.logistics, **told
        )
    with standing_at(day["failed"]):
        failed = next(disk for disk in disks if disk.device_id == computers[4].pk)
        outcome = SanitisationOutcome.FAILED
        one = media.Try(medium=failed, done_on=day["failed"], outcome=outcome, **told)
        media.sanitise([one], by=team.logistics)


def _computer(rank: int, today: datetime.date) -> stock.Entry:
    return stock.Entry(
        nature="ordinateur de bureautique",
        maker="Kaori",
        model="Bureau 420",
        serial=f"{SERIALS}-{rank + 1:02d}",
        inventory_tag=f"INV-STOCK-{rank + 1:02d}",
        purchased_on=datetime.date(today.year - 6, 1 + rank, 1),
        purchased_on_precision=DatePrecision.MONTH,
        status=AmountStatus.KNOWN if rank % 2 else AmountStatus.UNKNOWN,
        amount=20_000 if rank % 2 else None,
        condition=DeviceCondition.WORN if rank % 4 == 0 else DeviceCondition.GOOD,
        place=PLACES[rank % 2],
        weight_grams=7_400,
        notes={"Ancien usager": f"Prénom NOM {rank + 1} (fictif)"},
    )


def _screen(rank: int, today: datetime.date) -> stock.Entry:
    return stock.Entry(
        nature="écran",
        maker="Niaouli",
        model="Vision 24",
        serial=f"{SERIALS}-E{rank + 1:02d}",
        purchased_on=datetime.date(today.year - 5, 1, 1),
        purchased_on_precision=DatePrecision.YEAR,
        condition=DeviceCondition.GOOD,
        place=PLACES[0],
        holds_data=False,
        weight_grams=3_900,
    )
