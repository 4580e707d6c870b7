"""Why a fact cannot be recorded, field by field."""

import datetime

from django.utils import timezone

from conventions.domain.foundation.refusals import Refused
from conventions.enums import ActState
from conventions.models import Act, Convention

NOT_SIGNED = "Cette convention n’est pas signée : le suivi commence à la signature."


def refuse_if_any(faults: dict[str, str]) -> None:
    """Raises Refused unless there is nothing to say."""
    if faults:
        raise Refused(faults)


def unsigned(convention: Convention) -> dict[str, str]:
    signed = Act.objects.filter(convention=convention, state=ActState.SIGNED).exists()
    return {} if signed else {"": NOT_SIGNED}


def to_come(**days: datetime.date | None) -> dict[str, str]:
    """Dates, by argument, that are still to come in Nouméa."""
    today = timezone.localdate()
    return {
        name: "Cette date est dans le futur. Corrigez-la."
        for name, day in days.items()
        if day and day > today
    }
