"""After a year, an association tells what became of the equipment that it was given."""

import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from conventions.domain import journal
from conventions.domain.equipment import happening
from conventions.domain.equipment.happening import Happening
from conventions.domain.foundation.refusals import Refused
from conventions.domain.space.mandates import require
from conventions.domain.space.sending import NEWS_AFTER, refuse_foreign
from conventions.enums import ActOrigin, Transfer
from conventions.equipment_enums import DeviceEventKind, News
from conventions.models import DeviceEvent, EquipmentItem, Handover, Partner, User

ASKED_FOR = datetime.timedelta(days=180)  # what was given long before is not asked about out of the blue
CHOOSE = "Choisissez une réponse."
NOTHING_GIVEN = "Rien de ce qui a été remis ce jour-là n’est un don : il n’y a pas de nouvelles à donner."


def awaited(on: datetime.date) -> QuerySet[Handover]:
    """Remises of a year ago of which devices were given, and nothing was told since."""
    given = EquipmentItem.objects.open().filter(handovers=OuterRef("pk"), equipment__transfer=Transfer.GIVEN)
    told = DeviceEvent.objects.filter(handover=OuterRef("pk"), kind=DeviceEventKind.BECOME)
    rows = Handover.objects.filter(handed_on__lte=on - NEWS_AFTER, handed_on__gt=on - NEWS_AFTER - ASKED_FOR)
    rows = rows.exclude(act__origin=ActOrigin.REPRISE)
    return rows.filter(Exists(given)).exclude(Exists(told)).order_by("pk")


def tell(handover: Handover, *, partner: Partner, news: str, by: User, words: str = "") -> None:
    """Say what became of what was given at a remise. Raises PermissionDenied, Refused."""
    require(by, partner)
    convention = handover.act.convention
    refuse_foreign(convention, partner)
    if news not in News.values:
        raise Refused({"news": CHOOSE})
    with transaction.atomic():
        journal.hold(convention)
        given = EquipmentItem.objects.open().filter(handovers=handover, equipment__transfer=Transfer.GIVEN)
        items = list(given.select_related("equipment"))
        if not items:
            raise Refused({"news": NOTHING_GIVEN})
        label = str(News(news).label)
        happening.write(
            (
                Happening(
                    item.device,
                    DeviceEventKind.BECOME,
                    timezone.localdate(),
                    convention=convention,
                    line=item.equipment.line,
                    handover=handover,
                    details={"nouvelles": label},
                    text={"mots": words.strip()},
                )
                for item in items
            ),
            by=by,
        )
        details = {"remise": handover.pk, "nouvelles": news}
        personal = {"mots": words.strip()} if words.strip() else None
        journal.record(
            "materiel_nouvelles",
            by=by,
            convention=convention,
            details=details,
            personal=personal,
            holds_chain=True,
        )
