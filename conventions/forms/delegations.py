"""Form of an absence of a signatory of OPT-NC."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conventions.forms.fields import field_of
from conventions.forms.typed import ModelForm
from conventions.models import Delegation, Representative
from conventions.validators import DOCUMENT_KINDS, UploadValidator, accept_attribute


class DelegationForm(ModelForm):
    """People of OPT-NC only; the absent person stays locked until the row is saved, so that two forms never overlap."""

    file = forms.FileField(
        label=_("Pièce justificative"),
        required=False,
        validators=[UploadValidator(DOCUMENT_KINDS)],
        widget=forms.ClearableFileInput(attrs={"accept": accept_attribute(DOCUMENT_KINDS)}),
        help_text=_("L’arrêté ou la décision, en PDF ou en image."),
    )

    class Meta:
        model = Delegation
        fields = ("absent", "deputy", "kind", "starts_on", "ends_on", "printed_title", "basis")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Representative.objects.filter(partner__is_opt=True).order_by("last_name", "first_name")
        for name in ("absent", "deputy"):
            if name in self.fields:
                field = field_of(self, name, forms.ModelChoiceField)
                field.queryset = people
                field.label_from_instance = _named  # type: ignore[method-assign, assignment]  # Django's way

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        absent = cleaned.get("absent")
        if absent is not None:
            Representative.objects.select_for_update(of=("self",)).filter(pk=absent.pk).first()
        return cleaned


def _named(person: Representative) -> str:
    return f"{person}, {person.title}" if person.title else str(person)
