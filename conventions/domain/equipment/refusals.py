"""Why nothing was done to equipment: French sentences, one for each device or row that stands in the way."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import models

from conventions.domain.foundation.refusals import Refused


class EquipmentRefused(Refused):
    """`reasons` are French sentences; by the row that each speaks of when they are given by key."""

    def __init__(self, reasons: Sequence[str] | dict[str, str]) -> None:
        # One key each: a form shows them one below the other.
        told = (
            reasons
            if isinstance(reasons, dict)
            else {f"reason {rank}": reason for rank, reason in enumerate(reasons, start=1)}
        )
        super().__init__(told)
        self.reasons = list(told.values())


def refuse_if_any(reasons: Sequence[str]) -> None:
    """Raise EquipmentRefused with these reasons, if there are some."""
    if reasons:
        raise EquipmentRefused(reasons)


def field_faults(row: models.Model, *, without: Iterable[str]) -> list[str]:
    """What the columns of a row refuse, `without` these, each named in French; no query."""
    try:
        row.clean_fields(exclude=set(without))
    except ValidationError as error:
        labels = {column.name: str(column.verbose_name) for column in row._meta.fields}
        told = [
            f"{labels[name]} : {said}" for name, messages in error.message_dict.items() for said in messages
        ]
        return [said[:1].upper() + said[1:] for said in told]
    return []
