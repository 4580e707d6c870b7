"""The form of a clause template: every merge field must be one of the registry."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from conventions.domain.acts.templates.reading import CONDITIONS
from conventions.domain.documents.merge_fields import TemplateError, check_template
from conventions.formats import NBSP, NNBSP
from conventions.forms.typed import ModelForm
from conventions.models import ClauseTemplate


class VersionedTextForm(ModelForm):
    """A text that has versions: two texts of one code and of one version are refused beside the code."""

    def _get_validation_exclusions(self) -> set[str]:
        """The version is not typed: it counts all the same."""
        return super()._get_validation_exclusions() - {"version"}  # type: ignore[misc]  # not in the stubs


class ClauseTemplateForm(VersionedTextForm):
    condition = forms.ChoiceField(label=_("Retenu d’office"), choices=CONDITIONS, required=False)

    class Meta:
        model = ClauseTemplate
        fields = [
            "act_kind", "code", "variant", "kinds", "condition", "heading", "body", "position", "note",
        ]  # fmt: skip
        widgets = {
            "heading": forms.TextInput(attrs={"class": "vTextField"}),
            "body": forms.Textarea(attrs={"rows": 18, "class": "vLargeTextField opt-clause-body"}),
            "note": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "kinds": forms.CheckboxSelectMultiple,
        }

    def clean_body(self) -> str:
        body = self.cleaned_data["body"].replace("\r\n", "\n")
        errors = check_template(body)
        if errors:
            raise ValidationError([told(error) for error in errors])
        return body


def told(error: TemplateError) -> str:
    """« Ligne 3 : Champ inconnu : « montan ». Vouliez-vous dire « montant_total » ? »"""
    text = f"Ligne {error.line}{NBSP}: {error.message}"
    if error.suggestion:
        text += f" Vouliez-vous dire «{NBSP}{error.suggestion}{NBSP}»{NNBSP}?"
    return text
