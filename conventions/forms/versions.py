"""Two people on one page: the second sees what the first saved beside what he or she typed, and loses nothing."""

import json
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from conventions.domain import journal
from conventions.forms.typed import ModelForm
from conventions.models import JournalEntry


@dataclass(frozen=True, slots=True)
class ChangedMeanwhile:
    """One field someone else saved: what is stored, what was typed. `adopted`: the stored value now stands."""

    label: str
    stored: Any
    typed: Any
    adopted: bool


class VersionedForm(ModelForm):
    """For a model with `version`, whose saves raise it and journal it in `details`.

    A form opened on an older version is refused once. Fields that only the other person changed take the stored
    value; those that both changed are listed in `meanwhile` with both values. Saving again keeps what is typed.
    """

    data: QueryDict
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meanwhile: list[ChangedMeanwhile] = []
        self.meanwhile_others: list[str] = []
        self.fields["version"].initial = self.instance.version

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        opened = self.cleaned_data.get("version")
        if self.instance.pk and opened is not None:
            stored = type(self.instance).objects.select_for_update().get(pk=self.instance.pk)
            if stored.version != opened:
                self._compare(stored, opened)
        return cleaned

    def _compare(self, stored: Any, opened: int) -> None:
        entries = [entry for entry in self.entries_since(stored) if self._is_newer(entry, stored, opened)]
        before: dict[str, Any] = {}
        names = []
        for entry in entries:
            changes = json.loads(entry.payload)["changes"] | _personal(entry)
            for name, (old, _new) in changes.items():
                before.setdefault(name, old)
            names.append(str(entry.actor or _("Quelqu’un")))
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(stored.version)
        stored_values = journal.field_values(stored, [name for name in before if name in self.fields])
        for name, value in stored_values.items():
            self._compare_field(name, before[name], value, stored)
        self.meanwhile_others = [name for name in before if name not in self.fields]
        who = ", ".join(dict.fromkeys(names)) or str(_("Quelqu’un"))
        self.add_error(
            None,
            _(
                "%(who)s a enregistré cette page pendant votre saisie. Rien n’est perdu : comparez plus haut, "
                "puis enregistrez de nouveau pour garder ce qui est affiché."
            )
            % {"who": who},
        )

    def _compare_field(self, name: str, before: Any, value: Any, stored: Any) -> None:
        typed = self._typed(name)
        if typed == value:
            return
        adopted = typed == before
        if adopted:
            raw = self.fields[name].prepare_value(stored._meta.get_field(name).value_from_object(stored))
            self.data[self.add_prefix(name)] = self.fields[name].widget.format_value(raw) if raw else ""
            if isinstance(self.fields[name], forms.BooleanField):
                self._set_checkbox(name, bool(raw))
        label = str(self.fields[name].label)
        self.meanwhile.append(ChangedMeanwhile(label, value, typed, adopted))

    def _set_checkbox(self, name: str, checked: bool) -> None:
        self.data.pop(self.add_prefix(name), None)
        if checked:
            self.data[self.add_prefix(name)] = "on"

    def _typed(self, name: str) -> Any:
        value: Any = self.cleaned_data.get(name)
        if hasattr(value, "_meta"):
            return f"{value} (#{value.pk})"
        return value.isoformat() if hasattr(value, "isoformat") else value

    def entries_since(self, stored: Any) -> list[JournalEntry]:
        """Journal lines of this row, in order; the newest fifty of its chain are enough for a page left open."""
        newest = JournalEntry.objects.filter(chain=self.chain_of(stored)).order_by("-sequence")
        return list(newest.select_related("actor", "personal")[:50])[::-1]

    def chain_of(self, stored: Any) -> str:
        """The chain where saves of this row are journalled."""
        return f"{stored._meta.model_name}:{stored.pk}"

    def _is_newer(self, entry: JournalEntry, stored: Any, opened: int) -> bool:
        details = json.loads(entry.payload)["details"]
        about = details.get("objet", stored._meta.model_name), details.get("id", stored.pk)
        return about == (stored._meta.model_name, stored.pk) and details.get("version", 0) > opened


def _personal(entry: JournalEntry) -> dict:
    side = getattr(entry, "personal", None)
    pairs = side.data if side is not None else {}
    return {name: pair for name, pair in pairs.items() if isinstance(pair, list) and len(pair) == 2}
