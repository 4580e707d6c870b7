"""What an event of an act needs: a reason, notes by section, dates. A signed copy has its own form (`scans`)."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conventions.enums import CORRECTABLE_SECTIONS, TerminationGround
from conventions.forms.fields import DateInput, TextArea
from conventions.forms.typed import Form

NOTE = "note_"


class EventForm(Form):
    """Only the details that the event takes are asked."""

    reason = forms.CharField(
        label=_("Motif"), widget=TextArea(attrs={"rows": 3, "class": "vLargeTextField"}), max_length=2000
    )
    ends_on = forms.DateField(
        label=_("Nouvelle date de fin"),
        widget=DateInput,
        help_text=_("Seulement si l’avenant change la durée."),
    )
    effective_on = forms.DateField(label=_("Date d’effet de la résiliation"), widget=DateInput)
    ground = forms.ChoiceField(label=_("Cause"), choices=TerminationGround.choices)
    closed_on = forms.DateField(label=_("Close le"), widget=DateInput)
    confirmed = forms.BooleanField(label=_("Clore quand même, même s’il reste quelque chose à faire"))

    def __init__(self, *args: Any, takes: tuple[str, ...], needs: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in [name for name in self.fields if name not in takes]:
            del self.fields[name]
        for name, field in self.fields.items():
            field.required = name in needs
        if "corrections" in takes:
            self._ask_notes()

    def _ask_notes(self) -> None:
        """One note for each section of the page that a lawyer reads."""
        self.fields["reason"].label = _("Ce qu’il faut corriger, en général")
        for section in CORRECTABLE_SECTIONS:
            self.fields[f"{NOTE}{section.value}"] = forms.CharField(
                label=section.label,
                required=False,
                max_length=2000,
                widget=TextArea(attrs={"rows": 2, "class": "vLargeTextField"}),
            )

    @property
    def notes(self) -> list:
        """The fields of the sections, apart from the others."""
        return [self[name] for name in self.fields if name.startswith(NOTE)]

    @property
    def main(self) -> list:
        return [self[name] for name in self.fields if not name.startswith(NOTE)]

    def clean_closed_on(self) -> datetime.date:
        day = self.cleaned_data["closed_on"]
        if day > timezone.localdate():
            raise ValidationError(_("Cette date est dans le futur. Corrigez-la."))
        return day

    def details(self) -> dict:
        """What `lifecycle.apply` takes."""
        found = {
            name: value
            for name, value in self.cleaned_data.items()
            if not name.startswith(NOTE) and value not in (None, "", False)
        }
        notes = [
            (section.value, text)
            for section in CORRECTABLE_SECTIONS
            if (text := self.cleaned_data.get(f"{NOTE}{section.value}", ""))
        ]
        return found | ({"corrections": tuple(notes)} if notes else {})


class DoubtForm(Form):
    """Why a doubt of an act is no trouble; `doubt` is its code."""

    doubt = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        max_length=300,
        error_messages={
            "required": _("Écrivez pourquoi ce n’est pas un problème : le journal garde cette raison."),
            "max_length": _("Cette raison est trop longue : 300 caractères au plus."),
        },
    )
