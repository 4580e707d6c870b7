"""Filters of the journal, and the erasure of personal details."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conventions.domain.journal.erasure import Found
from conventions.domain.journal.story import Filters
from conventions.domain.journal.story.timeline import Choices
from conventions.formats import collapse_spaces
from conventions.forms.fields import field_of
from conventions.forms.typed import Form

ALL = [("", _("Tout"))]


class JournalFilterForm(Form):
    """What the reader keeps; every field optional, the address can be shared. `offered`: journal_reading.Choices."""

    q = forms.CharField(label=_("Rechercher"), max_length=120, required=False)
    quoi = forms.ChoiceField(label=_("Ce qui s’est passé"), required=False)
    qui = forms.ChoiceField(label=_("Qui"), required=False)
    acte = forms.ChoiceField(label=_("Acte"), required=False)
    du = forms.DateField(label=_("Depuis le"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    au = forms.DateField(label=_("Jusqu’au"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Mapping[str, Any] | None, *, offered: Choices) -> None:
        super().__init__(data, auto_id="journal_%s")
        field_of(self, "quoi", forms.ChoiceField).choices = [*ALL, *offered.events]
        field_of(self, "qui", forms.ChoiceField).choices = [*ALL, *offered.actors]
        field_of(self, "acte", forms.ChoiceField).choices = [*ALL, *offered.act_names]
        if len(offered.act_names) < 2:
            del self.fields["acte"]

    def clean_q(self) -> str:
        return collapse_spaces(self.cleaned_data["q"])

    def filters(self) -> Filters:
        """The filters asked for; a value that means nothing filters nothing and is told by `ignored`."""
        self.is_valid()
        asked = self.cleaned_data
        what = asked.get("quoi") or ""
        subject, colon, _rest = what.partition(":")
        return Filters(
            actor=asked.get("qui") or "",
            subject=subject if colon else "",
            event="" if colon else what,
            act=int(asked["acte"]) if asked.get("acte") else None,
            since=asked.get("du"),
            until=asked.get("au"),
            text=asked.get("q") or "",
        )

    @property
    def ignored(self) -> list[str]:
        """Labels of the filters whose value means nothing."""
        return [str(self.fields[name].label) for name in self.errors]


class ErasureForm(Form):
    """Which lines lose their personal details, why, and the box that says it is for good."""

    lines = forms.MultipleChoiceField(label=_("Lignes"), required=False)
    reason = forms.CharField(
        label=_("Motif"),
        max_length=200,
        help_text=_(
            "Il reste au journal : n’y écrivez ni nom ni adresse. Par exemple « demande du 12 mars 2026 »."
        ),
    )
    sure = forms.BooleanField(
        label=_("J’efface pour toujours : ces détails ne pourront pas être retrouvés."),
        error_messages={"required": _("Cochez cette case pour effacer.")},
    )

    def __init__(self, data: Mapping[str, Any] | None, *, found: list[Found]) -> None:
        super().__init__(data)
        field_of(self, "lines", forms.ChoiceField).choices = [(row.key, str(row.entry)) for row in found]

    def clean_lines(self) -> list[str]:
        chosen = self.cleaned_data["lines"]
        if not chosen:
            raise forms.ValidationError(_("Choisissez au moins une ligne."))
        return chosen
