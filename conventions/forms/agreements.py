"""The form of an agreement template's articles."""

from django import forms
from django.utils.translation import gettext_lazy as _

from conventions.domain.acts.templates.reading import CONDITIONS
from conventions.forms.typed import ModelForm
from conventions.models import AgreementLine


class AgreementLineForm(ModelForm):
    condition = forms.ChoiceField(
        label=_("Seulement"), choices=(("", _("dans tous les cas")), *CONDITIONS[1:]), required=False
    )

    class Meta:
        model = AgreementLine
        fields = ["position", "code", "mandatory", "condition"]
