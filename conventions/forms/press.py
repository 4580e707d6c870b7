"""Forms of press releases."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from conventions.domain.journal import SITE_CHAIN
from conventions.forms.choosing import FoundChoiceField
from conventions.forms.fields import field_of
from conventions.forms.typed import Form
from conventions.forms.versions import VersionedForm
from conventions.models import Ceremony, PressRelease


class PressSubjectForm(Form):
    """What the release is about: one convention, or all those of a ceremony."""

    convention = FoundChoiceField(label=_("Convention"), source="sujets", required=False, empty_label="—")
    ceremony = forms.ModelChoiceField(
        label=_("Cérémonie"), queryset=Ceremony.objects.none(), required=False, empty_label="—"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "ceremony", forms.ModelChoiceField).queryset = Ceremony.objects.all()

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        given = [cleaned.get("convention"), cleaned.get("ceremony")]
        if sum(subject is not None for subject in given) != 1 and not self.errors:
            raise ValidationError(_("Choisissez une convention ou une cérémonie, l’une des deux."))
        return cleaned


class PressReleaseForm(VersionedForm):
    class Meta:
        model = PressRelease
        fields = ["title", "standfirst", "body", "place", "dateline", "contact", "embargo_until"]
        widgets = {
            "title": forms.TextInput(attrs={"class": "vTextField"}),
            "standfirst": forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
            "body": forms.Textarea(attrs={"rows": 24, "class": "vLargeTextField opt-release-body"}),
        }

    def chain_of(self, stored: PressRelease) -> str:
        return f"convention:{stored.convention_id}" if stored.convention_id else SITE_CHAIN
