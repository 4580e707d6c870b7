"""Which event to do for several conventions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from conventions.domain.acts.batch import EVENTS
from conventions.forms.typed import Form


class TogetherForm(Form):
    event = forms.ChoiceField(
        label=_("Que faire\u202f?"), choices=[(event.value, event.label) for event in EVENTS]
    )
