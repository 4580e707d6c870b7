"""Several rows among those that a page has read, as boxes to tick; each with its own reason where one is asked."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from conventions.formats import NBSP, join_list
from conventions.forms.fields import LoadedChoiceField

LONGEST_REASON = 120


class LoadedChoicesField(LoadedChoiceField):
    """Several rows among those read, as boxes to tick; gives a list."""

    widget = forms.CheckboxSelectMultiple

    def load(self, rows: Iterable[Any]) -> None:
        super().load(rows)
        self.widget.choices = list(self.widget.choices)[1:]

    def prepare_value(self, value: Any) -> Any:
        return [getattr(one, "pk", one) for one in value] if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> list:
        found = [super(LoadedChoicesField, self).to_python(one) for one in value or []]
        return [row for row in found if row is not None]


class ReasonedBoxes(forms.CheckboxSelectMultiple):
    """Boxes, each with a line for its reason. The value is {key: (whether it is ticked, its reason)}."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, tuple[bool, str]]:
        ticked = [str(key) for key in super().value_from_datadict(data, files, name) or []]
        keys = dict.fromkeys([*(str(key) for key, _label in self.choices), *ticked])
        said = {key: (key in ticked, str(data.get(reason_name(name, key), "")).strip()) for key in keys}
        return {key: (box, reason) for key, (box, reason) in said.items() if box or reason}

    def format_value(self, value: Any) -> list[str]:
        return [key for key, (box, _reason) in (value or {}).items() if box]

    def subwidgets(self, name: str, value: Any, attrs: Any = None) -> Iterator[dict[str, Any]]:
        for option in super().subwidgets(name, value, attrs):
            key = str(option["value"])
            reason = (value or {}).get(key, (False, ""))[1]
            yield {**option, "reason": reason, "reason_name": reason_name(name, key)}


def reason_name(name: str, key: str) -> str:
    """The name under which the reason of a box is sent."""
    return f"{name}-motif-{key}"


class ReasonedChoicesField(LoadedChoicesField):
    """Rows to tick, each with its reason; gives {row: reason}, empty where none was written."""

    widget = ReasonedBoxes

    def to_python(self, value: Any) -> Any:
        told: Mapping[str, tuple[bool, str]] = value or {}
        rows = {key: row for key in told for row in super(ReasonedChoicesField, self).to_python([key])}
        alone = [self.label_of(row) for key, row in rows.items() if not told[key][0]]
        if alone:
            raise ValidationError(
                f"Un motif est écrit sans que la case soit cochée{NBSP}: {join_list(alone)}. Cochez-la, ou effacez-le."
            )
        long = [self.label_of(row) for key, row in rows.items() if len(told[key][1]) > LONGEST_REASON]
        if long:
            raise ValidationError(
                f"Motif de plus de {LONGEST_REASON} caractères{NBSP}: {join_list(long)}. Abrégez-le."
            )
        return {row: told[key][1] for key, row in rows.items()}

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)
