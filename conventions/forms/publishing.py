"""Publishing a convention: now, or at an hour agreed with the partner."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conventions.forms.typed import Form


class PublishForm(Form):
    embargo_until = forms.DateTimeField(
        label=_("Sous embargo jusqu’au"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M"],
        help_text=_("Heure de Nouméa. Vide : en ligne tout de suite."),
    )

    def clean_embargo_until(self) -> datetime.datetime | None:
        moment = self.cleaned_data["embargo_until"]
        if moment is not None and moment <= timezone.now():
            raise ValidationError(_("Cette heure est passée. Donnez une heure à venir, ou laissez vide."))
        return moment
